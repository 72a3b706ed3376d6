"""Every way this module changes the world: choosing a rhythm, and saying no by the link of a mail."""

from django.db import transaction

from parvis.core import journal
from parvis.letters.models import Often, Refusal, Rhythm, digest_of
from parvis.letters.stopping import LETTER, Stop
from parvis.notifications.actions import stop_mail
from parvis.people.models import Person
from parvis.territory.models import Zone


@transaction.atomic
def choose_rhythm(person: Person, *, often: str, zone: Zone | None) -> None:
    """Have the letter that often, of `zone` alone or of all one's places. Whoever asks for it again had not said no."""
    Rhythm.objects.update_or_create(person=person, defaults={"often": Often(often), "zone": zone})
    if often != Often.NEVER:
        Refusal.objects.filter(digest=digest_of(person.email)).delete()
    journal.record("person.rhythm_chosen", by=person, target=person, often=str(often))


@transaction.atomic
def stop(said: Stop) -> None:
    """End what a link ends, for the person and, if it is the letter, for the address: nothing the second time.

    Whoever has the link acts, without a session: the journal names the person and nobody as the one who acts.
    """
    person = Person.objects.filter(pk=said.person).first()
    if said.what != LETTER:
        if person is not None:
            stop_mail(person, said.what)
        return
    _refusal, is_new = Refusal.objects.get_or_create(digest=said.digest)
    if person is None:
        return
    changed = Rhythm.objects.filter(person=person).exclude(often=Often.NEVER).update(often=Often.NEVER)
    _rhythm, made = Rhythm.objects.get_or_create(person=person, defaults={"often": Often.NEVER})
    if is_new or changed or made:
        journal.record("person.letters_stopped", by=None, target=person)
