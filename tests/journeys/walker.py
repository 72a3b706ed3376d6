"""Someone in front of the site: reads pages, follows links, fills in forms as they stand. HTTP only."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

CODE = re.compile(r"\b\d{4} \d{4}\b")
SPACES = re.compile(r"[\s\u00a0\u202f]+")


def plain(text: str) -> str:
    """Words on one line, with plain spaces and apostrophes."""
    return SPACES.sub(" ", text).replace("’", "'").strip()


class Form:
    """A form of the page: where it goes, and what it sends if nobody touches it."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.sent: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.buttons: list[tuple[str, str]] = []

    def holds(self, name: str, value: str) -> None:
        """A field that sends `value`."""
        self.sent.setdefault(name, []).append(value)


class PageReader(HTMLParser):
    """Gathers the forms, the links and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self._inside: Form | None = None
        self._area = self._select = ""
        self._link: tuple[str, list[str]] | None = None
        self._silent = 0
        self.feed(html)

    @property
    def text(self) -> str:
        """All that one reads."""
        return plain(" ".join(self.words))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        name = said.get("name", "")
        if tag in {"script", "style", "title"}:
            self._silent += 1
        elif tag == "a":
            self._link = (said.get("href", ""), [])
        elif tag == "form":
            self._inside = Form(said.get("action", ""), said.get("method", "get"))
            self.forms.append(self._inside)
        elif self._inside and name:
            self._inside.names.add(name)
            self._field(tag, name, said, self._inside)
        elif tag == "option" and self._inside and "selected" in said:
            self._inside.sent[self._select] = [said.get("value", "")]

    def _field(self, tag: str, name: str, said: dict[str, str], form: Form) -> None:
        kind = said.get("type", "text")
        if tag == "select":
            self._select = name
            form.holds(name, "")
        elif tag == "textarea":
            self._area = name
            form.holds(name, "")
        elif tag == "button":
            form.buttons.append((name, said.get("value", "")))
        elif tag == "input" and kind in {"checkbox", "radio"} and "checked" in said:
            form.holds(name, said.get("value", "on"))
        elif tag == "input" and kind not in {"checkbox", "radio", "file", "submit"}:
            form.holds(name, said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "a" and self._link:
            self.links.setdefault(plain(" ".join(self._link[1])), self._link[0])
            self._link = None
        elif tag in {"script", "style", "title"}:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            written = self._inside.sent[self._area]
            # HTML leaves out the line end that opens a text area.
            written[-1] = written[-1] + data if written[-1] else data.removeprefix("\n")
        if not self._silent:
            self.words.append(data)
        if self._link:
            self._link[1].append(data)


class Walker:
    """One person's browser; CSRF is checked as in life."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.address, self.status = "", 0
        self.page = PageReader("")

    def visit(self, address: str, status: int = 200) -> "Walker":
        """Open an address, wherever it leads."""
        self._keep(self.client.get(address, follow=True), address)
        assert self.status == status, (address, self.status, self.page.text[:300])
        return self

    def _keep(self, response: Any, address: str) -> None:
        chain = getattr(response, "redirect_chain", [])
        self.address = urljoin(address, chain[-1][0]) if chain else address
        self.status = response.status_code
        self.page = PageReader(response.content.decode())

    def reads(self, *sentences: str) -> "Walker":
        """All of this is on the page."""
        for sentence in sentences:
            assert plain(sentence) in self.page.text, (sentence, self.address, self.page.text)
        return self

    def does_not_read(self, *sentences: str) -> "Walker":
        """None of this is on the page."""
        for sentence in sentences:
            assert plain(sentence) not in self.page.text, (sentence, self.address)
        return self

    def click(self, words: str) -> "Walker":
        """Follow the link that says `words`, or begins so."""
        found = [address for said, address in self.page.links.items() if said.startswith(plain(words))]
        assert found, (words, sorted(self.page.links))
        return self.visit(urljoin(self.address, found[0]))

    def submit(self, *, button: tuple[str, str] | None = None, status: int = 200, **fields: Any) -> "Walker":
        """Fill in the form that has these fields and this button, and send it."""
        names = set(fields)
        for form in self.page.forms:
            if form.method.lower() == "post" and names <= form.names and (button is None or button in form.buttons):
                break
        else:
            raise AssertionError((names, button, self.address, [sorted(form.names) for form in self.page.forms]))
        data: dict[str, Any] = form.sent | fields | (dict([button]) if button else {})
        address = urljoin(self.address, form.action)
        self._keep(self.client.post(address, data, follow=True), address)
        assert self.status == status, (address, self.status, self.page.text)
        return self

    def answer(self, question: str, choice: str) -> "Walker":
        """Answer one more question of a form that came back, with all that was typed before."""
        fields: dict[str, Any] = {question: choice, "accepted": "on"}
        return self.submit(**fields)

    def sign_in(self, email: str) -> "Walker":
        """By the code that comes by mail."""
        self.visit("/connexion/recevoir-un-code/").submit(email=email)
        return self.submit(code=code_for(email))


def letters_to(email: str) -> list[EmailMessage]:
    """The mail someone received, oldest first."""
    return [message for message in mail.outbox if email in message.to]


def code_for(email: str) -> str:
    """The code in the last mail someone received."""
    found = CODE.search(str(letters_to(email)[-1].body))
    assert found
    return found.group()
