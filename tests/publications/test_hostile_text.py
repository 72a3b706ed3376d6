"""Nothing that people write becomes code: on write, on render, in the feed (R-SEC-6, R-SEC-7)."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication
from tests.cast import Cast
from tests.publications.conftest import Say

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[lien](javascript:alert(1))",
    "[lien](JaVaScRiPt:alert(1))",
    "[lien](data:text/html;base64,PHNjcmlwdD4=)",
    "[lien](vbscript:msgbox)",
    "<javascript:alert(1)>",
    "![x](https://exemple.fr/x.png)",
    "<iframe src=//exemple.fr></iframe>",
    "<style>body{display:none}</style>",
    "<a href='https://exemple.fr' onclick='alert(1)' style='position:fixed'>x</a>",
    "`<script>alert(1)</script>`",
    "[x](https://exemple.fr \"' onmouseover=alert(1) '\")",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form action=//exemple.fr><input name=p></form>",
    "[x]: javascript:alert(1)\n\n[x]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


class Alarm(HTMLParser):
    """Notes every element that could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.rung: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        wrong = tag in {"script", "img", "iframe", "style", "object", "embed", "math", "base", "meta", "link"}
        wrong |= tag == "svg" and not values.get("class", "").startswith("icon")
        wrong |= any(name.startswith("on") or name in {"style", "srcdoc", "xlink:href"} for name in values)
        address = values.get("href") or values.get("action") or values.get("src") or "/"
        wrong |= not address.startswith(("/", "#", "?", "http://", "https://", "mailto:", "tel:"))
        wrong |= tag == "form" and not values.get("action", "/").startswith("/")
        if wrong or address.startswith("//"):
            self.rung.append(self.get_starttag_text() or tag)


def alarms(page: str) -> list[str]:
    """The dangerous elements of an HTML text."""
    alarm = Alarm()
    alarm.feed(page)
    alarm.close()
    return alarm.rung


def test_the_alarm_rings() -> None:
    raw = [payload for payload in PAYLOADS if payload.startswith("<") and "javascript:alert(1)>" not in payload]
    assert [payload for payload in raw if not alarms(payload)] == []
    assert alarms('<a href="javascript:alert(1)">x</a>')


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_written_becomes_code(
    territory: Cast,
    routes: Voice,
    agent: Person,
    trusted_bruno: Person,
    client: Client,
    send: Say,
    payload: str,
) -> None:
    line = payload.replace("\n", " ")[:160]
    post = send(trusted_bruno.voice, trusted_bruno, line, territory.clairval, kind="post", body=payload)
    notice = send(routes, agent, line, territory.clairval, body=payload)
    assert alarms(notice.body_html) == []
    # Even if the stored HTML were altered, the page would clean it again.
    Publication.objects.filter(pk=notice.pk).update(body_html=notice.body_html + payload)
    actions.reply(post, voice=routes, by=agent, body=payload)
    actions.correct(post, by=trusted_bruno, title=line, body=payload + " corrigé")
    for address in (notice.get_absolute_url(), post.get_absolute_url(), "/avis/"):
        page = client.get(address).content.decode()
        assert alarms(page.partition('<main id="main"')[2].partition("</main>")[0]) == []
    feed = client.get("/avis.atom").content.decode()
    # In Atom, HTML travels escaped; what it says once read is checked.
    entry = feed.partition("<entry>")[2].partition("<summary")[2].partition("</summary>")[0].partition(">")[2]
    assert "<" not in entry
    assert alarms(entry.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) == []
