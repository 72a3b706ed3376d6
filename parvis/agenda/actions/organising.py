"""Another voice is invited to organise an event, says yes or no, and leaves."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models import CoOrganiser, Event
from parvis.agenda.models.organising import MOST_WITH
from parvis.core import journal
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused, share_again
from parvis.publications.models import Publication
from parvis.publications.rights import check_kind, check_voice


@transaction.atomic
def invite_to_organise(event: Event, voice: Voice, *, by: Person) -> CoOrganiser:
    """Ask `voice` to organise it too; nothing is shown before it says yes. The same row the second time."""
    check_voice(event.publication.voice, by)
    check_kind(voice, "event")
    if voice.pk == event.publication.voice_id or not Voice.objects.listed_in_directory().filter(pk=voice.pk).exists():
        raise Refused(_("Choisissez une autre organisation."))
    if event.is_cancelled:
        raise Refused(_("Cet événement est annulé : annoncez-en un nouveau."))
    if CoOrganiser.objects.filter(event=event).exclude(voice=voice).count() >= MOST_WITH:
        raise Refused(_("Un événement a %(most)s co-organisateurs au plus.") % {"most": MOST_WITH})
    asked, made = CoOrganiser.objects.get_or_create(event=event, voice=voice)
    if made:
        journal.record("organiser.invited", by=by, target=asked)
    return asked


@transaction.atomic
def accept_to_organise(asked: CoOrganiser, *, by: Person) -> None:
    """Say yes: one is named, the event stands on one's agenda and in the feed of those who follow one.

    Nothing the second time.
    """
    check_voice(asked.voice, by)
    if CoOrganiser.objects.filter(pk=asked.pk, accepted_at=None).update(accepted_at=timezone.now()):
        _say_again(asked.event.publication)
        journal.record("organiser.accepted", by=by, target=asked)


@transaction.atomic
def leave_organising(asked: CoOrganiser, *, by: Person) -> None:
    """Say no, or no longer; or be taken off by who announced it. Nothing the second time."""
    if not Voice.objects.spoken_by(by).filter(pk=asked.event.publication.voice_id).exists():
        check_voice(asked.voice, by)
    row = CoOrganiser.objects.filter(pk=asked.pk).first()
    if row is None:
        return
    journal.record("organiser.left", by=by, target=asked, accepted=row.accepted_at is not None)
    row.delete()
    if row.accepted_at is not None:
        _say_again(asked.event.publication)


def _say_again(publication: Publication) -> None:
    """Deliver it anew, and have its card drawn anew: it names others."""
    Publication.objects.filter(pk=publication.pk).update(version=F("version") + 1)
    publication.version += 1
    share_again(publication)
