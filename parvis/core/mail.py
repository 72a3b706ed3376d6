"""Mail that answers an act: plain text, and a name that stays when a job runs twice (R-REL-6)."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from parvis.core.models import JournalEntry


def letter(template: str, context: dict[str, Any], *, entry: JournalEntry, to: str) -> EmailMessage:
    """A mail to one address about `entry`, not sent. The first line of `template` is its subject.

    Its Message-ID is made of the entry and the recipient: sent again, it is the same mail to their mail program.
    """
    subject, body = words_of(template, context)
    return EmailMessage(subject, body, to=[to], headers=headers_of(str(entry.pk), to))


def words_of(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """The subject of a mail, which is the first line of its template, and its text."""
    said = {"site": settings.SITE_URL, "contact": settings.CONTACT_EMAIL} | context
    subject, _line, body = render_to_string(template, said).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def headers_of(key: str, to: str) -> dict[str, str]:
    """What a machine says of its mail; `key` tells what it is about, and the same mail again has the same name."""
    name = salted_hmac("parvis.core.mail", f"{key} {to}").hexdigest()
    return {
        "Message-ID": f"<{key}.{name[:24]}@{urlsplit(settings.SITE_URL).hostname}>",
        # Absence replies must not answer a machine.
        "Auto-Submitted": "auto-generated",
    }
