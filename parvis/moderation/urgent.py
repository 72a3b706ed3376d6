"""What is hidden at once, for a while, because one credible person says that it harms someone (R-MOD-19)."""

from datetime import timedelta

from django.utils import timezone

from parvis.groups.friction import given_away
from parvis.groups.models import Message, Ruling
from parvis.moderation.models import Report
from parvis.people.models import Person
from parvis.publications.models import Decision

GROUNDS = (Decision.Rule.PRIVACY, Decision.Rule.HATE, Decision.Rule.ILLEGAL)
# How often one person is believed at once in a day; and, once wrong, after how long again.
MOST, DAY, AGAIN = 3, timedelta(days=1), timedelta(days=90)


def is_credible(message: Message, by: Person | None, rule: str) -> bool:
    """Whether to hide it before anyone has read it: of someone known, about themselves or what may be someone’s own.

    Never by the number of reports alone (R-MOD-4), nor once they were wrong lately.
    """
    if by is None or by.trusted_at is None or rule not in GROUNDS:
        return False
    # What was decided by a person is not undone by a report.
    if Ruling.objects.filter(message=message, by__isnull=False, verdict=Decision.Verdict.RESTORE).exists():
        return False
    about_them = message.mentions.filter(person=by).exists()
    if not about_them and not (rule == Decision.Rule.PRIVACY and given_away(message.body)):
        return False
    mine, now = Report.objects.filter(reporter=by, message__isnull=False), timezone.now()
    wrong = mine.filter(closed_at__gt=now - AGAIN, upheld=False, message__decisions__by=None)
    return not wrong.exists() and mine.filter(created_at__gt=now - DAY)[: MOST + 1].count() <= MOST
