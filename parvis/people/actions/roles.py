"""Who administers and who moderates."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.access import hold, require_administrator
from parvis.people.models import Membership, Person, Role, Voice
from parvis.territory.models import Zone


def grant_role(person: Person, kind: str, *, zone: Zone | None = None, by: Person | None) -> Role:
    """Make `person` administrator, or moderator of `zone`. `by` is None for the operator's command only.

    An élu never moderates, since they could decide on what is said of them (R-MOD-8).
    """
    if by is not None:
        require_administrator(by)
    if (kind == Role.Kind.MODERATOR) != (zone is not None):
        raise ValidationError(_("Un modérateur répond d’une zone ; un administrateur, de toutes."))
    with transaction.atomic():
        hold(person)
        if Membership.objects.filter(person=person, voice__kind=Voice.Kind.ELU).exists():
            raise ValidationError(_("Une personne élue ne peut ni modérer ni administrer."))
        role, created = Role.objects.current().get_or_create(
            person=person, kind=kind, zone=zone, ended_at=None, defaults={"granted_by": by}
        )
        if created:
            journal.record("role.granted", by=by, target=role, kind=kind, person=person.pk)
    return role


def end_role(role: Role, *, by: Person) -> None:
    """Take a role back; ValidationError when nobody would administer any more."""
    require_administrator(by)
    with transaction.atomic():
        administrators = Role.objects.current().filter(kind=Role.Kind.ADMINISTRATOR).select_for_update()
        if {row.pk for row in administrators} == {role.pk}:
            raise ValidationError(_("Nommez d’abord une autre personne : il faut quelqu’un pour administrer le site."))
        if Role.objects.current().filter(pk=role.pk).update(ended_at=timezone.now()):
            journal.record("role.ended", by=by, target=role, kind=role.kind, person=role.person_id)


def make_administrator(email: str) -> Person:
    """The account at `email`, made when absent, administers from now on: the operator's command calls this."""
    with transaction.atomic():
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            person = Person.objects.create_user(email, name=_("Administration"))
        grant_role(person, Role.Kind.ADMINISTRATOR, by=None)
    return person
