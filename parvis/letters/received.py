"""A mail that came in, as far as it matters here: who wrote, to which of our addresses, and what they said themselves.

What they quote, their signature and what their program adds are left out. Nothing in it is trusted.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from hashlib import sha256
from html import unescape

from parvis.letters.replying import token_of

# Where servers say for whom a mail came, the surest first.
ENVELOPE = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
# What begins all that one did not write: « Le 28 nov. 2026 à 10:02, Parvis <…> a écrit : » and its like.
BEGINS = re.compile(
    r"^(?:"
    r"(?:Le|On)\b[^\n]{0,200}(?:\n[^\n]{0,200})?(?:a écrit|wrote)\s*:"
    r"|-{2,}\s*(?:Message d.origine|Original Message|Message transféré|Forwarded message)\b"
    r"|_{10,}\s*$"
    r"|(?:De|From)\s*:[^\n]*\n(?:Envoyé|Date|Sent|À|To)\s*:"
    r"|-- ?$"
    r"|(?:Envoyé de(?:puis)? |Sent from |Obtenir Outlook|Get Outlook|Téléchargez Outlook)[^\n]*$"
    r"|[^\n]*" + "\u2193" + r"[^\n]*$"
    r")",
    re.MULTILINE | re.IGNORECASE,
)
QUOTED = re.compile(r"^>.*\n?", re.MULTILINE)
# Each tag ends before the next begins, and what is not closed goes to the end: else a few kilobytes take minutes.
QUOTED_HTML = re.compile(
    r"<blockquote.*|<div[^<>]*(?:gmail_quote|moz-cite-prefix|divRplyFwdMsg|appendonsend|yahoo_quoted).*"
    r"|<style.*?(?:</style>|\Z)|<script.*?(?:</script>|\Z)|<!--.*?(?:-->|\Z)",
    re.DOTALL | re.IGNORECASE,
)
BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d|tr)>", re.IGNORECASE)
# The longest text looked at: a message has a tenth of it.
LONGEST = 100_000
# The library reads these headers in the square of their length: one that is longer is of no mail program.
MOST_HEADERS = 1_000
ENDLESS = re.compile(
    rb"^(?:From|To|Cc|X-Original-To|Delivered-To|Envelope-To|Return-Path|Message-ID|List-Id|Auto-Submitted|Precedence"
    rb"|X-Auto[a-z]+|X-Loop|Content-[a-z-]+)[ \t]*:(?:[^\n]|\n[ \t]){4000}",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Received:
    """One mail that came in."""

    sender: str
    # The signed part of the address it came to; empty when it came to none of ours.
    token: str
    key: str
    words: str
    has_files: bool
    # An absence, a bounce, a list: answered by nobody, lest machines talk to each other (RFC 3834).
    is_automatic: bool


def parsed(raw: bytes, to: str = "") -> Received | None:
    """The mail in `raw`, which the server says came for `to`; None when nobody could read it."""
    if ENDLESS.search(raw):
        return None
    try:
        message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
        if len(message) > MOST_HEADERS:
            return None
        addresses = [to, *(address for _name, address in getaddresses(_all(message, ENVELOPE)))]
        tokens = [token for address in addresses if (token := token_of(address)) is not None]
        return Received(
            sender=parseaddr(str(message["From"] or ""))[1].lower(),
            token=tokens[0] if tokens else "",
            key=str(message["Message-ID"] or "") or sha256(raw).hexdigest(),
            words=own_words(_text(message)),
            has_files=any(part.get_content_disposition() == "attachment" for part in message.walk()),
            is_automatic=_is_automatic(message),
        )
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, IndexError, KeyError, RecursionError):
        return None


def own_words(text: str) -> str:
    """What someone wrote themselves, above what they quote and their signature."""
    text = text[:LONGEST].replace("\r\n", "\n").replace("\u00a0", " ")
    begins = BEGINS.search(text)
    text = text[: begins.start()] if begins else text
    return re.sub(r"\n{3,}", "\n\n", QUOTED.sub("", text)).strip()


def _text(message: EmailMessage) -> str:
    """The plain text of a mail, or the words of its HTML when it has no other."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    if part.get_content_subtype() == "plain":
        return content
    html = QUOTED_HTML.sub("", content[: 4 * LONGEST])
    one_line = " ".join(line.strip() for line in html.split("\n") if line.strip())
    return unescape(re.sub(r"<[^<>]*>", "", BREAKS.sub("\n", one_line)))


def _is_automatic(message: EmailMessage) -> bool:
    answers = str(message["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    precedence = str(message["Precedence"] or "").strip().lower()
    sender = parseaddr(str(message["From"] or ""))[1].partition("@")[0].lower()
    return (
        answers != "no"
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or str(message["Return-Path"] or "").strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or any(message[name] for name in ("List-Id", "X-Autoreply", "X-Autorespond", "X-Loop"))
        or sender in {"mailer-daemon", "postmaster", "noreply", "no-reply", "ne-pas-repondre", ""}
    )


def _all(message: EmailMessage, names: tuple[str, ...]) -> list[str]:
    return [str(value) for name in names for value in message.get_all(name, [])]
