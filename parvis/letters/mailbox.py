"""Mail that went to files instead of leaving, in the demonstration and in development."""

import heapq
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

# How many mails the page shows, and how much of one file it reads.
SHOWN, READ = 50, 200_000
# What Django's file backend writes after each mail.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    """One mail, as its reader sees it."""

    subject: str
    to: str
    at: datetime | None
    body: str


def latest(folder: Path) -> list[Mail]:
    """The latest mails of `folder`, newest first; none when there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            files = heapq.nlargest(
                SHOWN, ((entry.stat().st_mtime_ns, entry.path) for entry in entries if entry.is_file())
            )
    except OSError:
        return []
    mails: list[Mail] = []
    for _time, path in files:
        mails.extend(reversed(list(read(Path(path)))))
        if len(mails) >= SHOWN:
            break
    return mails[:SHOWN]


def read(path: Path) -> Iterator[Mail]:
    """The mails of one file, oldest first; what cannot be read is left out."""
    try:
        with path.open("rb") as file:
            raw = file.read(READ)
    except OSError:
        return
    for part in raw.split(SEPARATOR):
        if not part.strip():
            continue
        try:
            yield parsed(part.lstrip(b"\n"))
        except (MessageError, LookupError, ValueError, AttributeError):
            continue


def parsed(raw: bytes) -> Mail:
    """One mail from its bytes."""
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    part = message.get_body(("plain",))
    sent = message["Date"]
    at = parsedate_to_datetime(str(sent)) if sent else None
    return Mail(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        # « -0000 » says UTC without saying where (RFC 5322).
        at=at.replace(tzinfo=at.tzinfo or UTC) if at else None,
        body=str(part.get_content()) if part else "",
    )
