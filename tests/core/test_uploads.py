"""How much anyone may send, and what is said of what is refused unread."""

import io
import logging

import pytest
from django.test import Client

from tests.cast import Cast


def test_a_body_nobody_sends_in_good_faith_is_refused_unread(territory: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.core.uploads.MOST_BYTES", 50_000)
    client = Client()
    for size, status in ((10_000, 200), (60_000, 413)):
        file = io.BytesIO(b"x" * size)
        assert client.post("/inscription/", {"name": "Jo", "photo": file}).status_code == status


@pytest.mark.parametrize(
    ("data", "host", "status", "sentence"),
    [
        ({"name": "x" * 5_000_000}, "testserver", 413, "Ce que vous envoyez est trop lourd"),
        ({"name": "Jo"}, "autre.example", 400, "Cette demande n’a pas été comprise"),
    ],
)
def test_what_is_refused_unread_has_a_page_in_french_and_one_line_in_the_log(
    territory: Cast, data: dict[str, str], host: str, status: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [console] = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    # Not by its `setStream`, which writes to the former: another test may have closed it.
    monkeypatch.setattr(console, "stream", log := io.StringIO())
    answer = Client(headers={"host": host}).post("/inscription/", data)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert log.getvalue().count("\n") == 1
