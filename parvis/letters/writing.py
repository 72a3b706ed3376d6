"""The mail of a letter: the same words as HTML and as plain text. Nothing in it tells that it was opened."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from parvis.core.mail import headers_of, words_of
from parvis.letters import stopping
from parvis.letters.contents import Contents
from parvis.letters.models import Issue
from parvis.territory.current import current


def written(issue: Issue, contents: Contents) -> EmailMultiAlternatives:
    """The mail of `issue`, not sent. Its links lead where they say, and are the same for everyone."""
    person, address = issue.person, stopping.link(issue.person, stopping.LETTER)
    context = {
        "issue": issue,
        "letter": contents,
        "period": contents.period,
        "name": person.name,
        "place": issue.zone,
        "territory": current(),
        "stop": address,
        "site": settings.SITE_URL,
    }
    subject, text = words_of("letters/mail/gazette.txt", context)
    headers = headers_of(f"gazette.{issue.period}", person.email) | stopping.headers(address)
    headers["List-Id"] = f"<gazette.{headers['Message-ID'].rpartition('@')[2]}"
    message = EmailMultiAlternatives(subject, text, to=[person.email], headers=headers)
    message.attach_alternative(render_to_string("letters/mail/gazette.html", context), "text/html")
    return message
