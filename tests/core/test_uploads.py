"""How much anyone may send."""

import io

import pytest
from django.test import Client

from tests.cast import Cast


def test_a_body_nobody_sends_in_good_faith_is_refused_unread(territory: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.core.uploads.MOST_BYTES", 50_000)
    client = Client()
    for size, status in ((10_000, 200), (60_000, 400)):
        file = io.BytesIO(b"x" * size)
        assert client.post("/inscription/", {"name": "Jo", "photo": file}).status_code == status
