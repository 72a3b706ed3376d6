"""Leaving for good: an account is erased, and what stays bears no name (R-LAW-8)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people import vault
from parvis.people.actions.accounts import refuse_if_lent
from parvis.people.farewell import Farewell, say
from parvis.people.models import Membership, Person, Place, Role, Voice


@transaction.atomic
def erase_account(person: Person, *, by: Person, keeps: bool = False) -> bool:
    """Erase an account with all that is theirs: places and their points, sessions, what they chose, what they said.

    False when another page just did.

    With `keeps`, what they said in public and in groups stays, and bears no name. Raises ValidationError while others
    count on them: the only one who answers for a page of several, or who administers the site.
    """
    refuse_if_lent(person)
    held = Person.objects.select_for_update().filter(pk=person.pk).first()
    if held is None:
        return False
    person = held
    _refuse_the_last_administrator(person)
    voice = Voice.objects.filter(person=person).first()
    say(Farewell(person, voice, _nobody(), keeps))
    # After the modules above, which know what more a page is than its members.
    _part_from_pages(person)
    for place in Place.objects.filter(person=person):
        vault.forget(place)
    journal.record("person.erased", by=by, target=person, keeps=keeps)
    if voice is not None:
        voice.delete()
    person.delete()
    return True


def _refuse_the_last_administrator(person: Person) -> None:
    administrators = Role.objects.current().filter(kind=Role.Kind.ADMINISTRATOR).select_for_update()
    if {row.person_id for row in administrators} == {person.pk}:
        raise ValidationError(_("Nommez d’abord une autre personne : il faut quelqu’un pour administrer le site."))


def _part_from_pages(person: Person) -> None:
    """Refuse to leave the others of a page without anyone who answers for it; close one that nobody else is in."""
    for mine in Membership.objects.filter(person=person, role=Membership.Role.OWNER).select_related("voice"):
        voice = Voice.objects.select_for_update(of=("self",)).get(pk=mine.voice_id)
        others = Membership.objects.filter(voice=voice).exclude(person=person)
        if others.filter(role=Membership.Role.OWNER).exists():
            continue
        if others.exists():
            raise ValidationError(
                _("Vous êtes seul·e responsable de « %(name)s » : nommez d’abord une autre personne.")
                % {"name": voice.name}
            )
        # The space of an élu or of a service is the institution's: it waits for whoever comes next.
        is_lent = voice.kind in {Voice.Kind.ELU, Voice.Kind.SERVICE}
        over = {"opened_at": None} if is_lent else {"closed_at": timezone.now()}
        Voice.objects.filter(pk=voice.pk).update(version=F("version") + 1, **over)


def _nobody() -> Voice:
    """Who bears the words of those who left: one for all, so that nothing ties them together."""
    gone = Voice.objects.filter(kind=Voice.Kind.HABITANT, person=None).order_by("pk").first()
    return gone or Voice.objects.create(
        kind=Voice.Kind.HABITANT, name=_("Compte supprimé"), search_name="", slug="", listed=False,
        closed_at=timezone.now(),
    )  # fmt: skip
