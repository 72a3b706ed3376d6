"""Associations, services and spaces: creating them, their members, their profile, their verification."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.core.models import JournalEntry
from parvis.people.access import hold, require_administrator, require_manager
from parvis.people.models import Membership, Person, Role, Voice
from parvis.people.names import clean_name, name_again, search_name, slug_of
from parvis.territory.models import Zone

# What an association may address: its commune or wider, never finer (R-LAW-35).
WIDE = ("commune", "arrondissement", "epci", "departement", "region", "territoire")
PROFILE_FIELDS = {"summary", "body", "theme", "website", "seeks", "phone", "email"}
# Pages that one account opens before the institution has looked at any: they are public at once (R-SEC-19).
MOST_UNVERIFIED = 5
ELIGIBLE = (Voice.Kind.ASSOCIATION, Voice.Kind.SERVICE, Voice.Kind.ELU)


def create_association(
    *, by: Person, name: str, zone: Zone, theme: str, summary: str, scope: Zone | None = None, **profile: str
) -> Voice:
    """An association, not verified, of which `by` is the owner; it addresses `scope`, by default its commune."""
    if not Zone.objects.current().joinable().filter(pk=zone.pk).exists():
        raise ValidationError(_("Choisissez une commune du territoire."))
    scope = scope or zone
    if scope.kind not in WIDE or not Zone.objects.current().containing(zone).filter(pk=scope.pk).exists():
        raise ValidationError(_("Une association s’adresse à sa commune ou à une zone qui la contient."))
    with transaction.atomic():
        hold(by)
        owned = Membership.objects.filter(person=by, role=Membership.Role.OWNER, voice__closed_at=None)
        if owned.filter(voice__kind=Voice.Kind.ASSOCIATION, voice__verified_at=None).count() >= MOST_UNVERIFIED:
            raise ValidationError(
                _("Vos associations attendent leur vérification. Vous pourrez en créer d’autres ensuite.")
            )
        voice = create_voice(
            Voice.Kind.ASSOCIATION, by=by, name=name, zone=zone, scope=scope, theme=theme, summary=summary, **profile
        )
        Membership.objects.create(person=by, voice=voice, role=Membership.Role.OWNER)
        journal.record("association.created", by=by, target=voice)
    return voice


def create_service(
    *, by: Person, name: str, zone: Zone, scope: Zone | None = None, owner: Person | None = None, **profile: str
) -> Voice:
    """A service of the institution: made by an administrator, verified from the start, owned by `owner` if given."""
    require_administrator(by)
    with transaction.atomic():
        voice = create_voice(Voice.Kind.SERVICE, by=by, name=name, zone=zone, scope=scope or zone, **profile)
        Voice.objects.filter(pk=voice.pk).update(
            verified_at=(now := timezone.now()), verified_reason=(reason := _("créé par l’administration du site"))
        )
        voice.verified_at, voice.verified_reason = now, reason
        if owner is not None:
            Membership.objects.create(person=owner, voice=voice, role=Membership.Role.OWNER)
        journal.record("service.created", by=by, target=voice)
    return voice


def create_voice(kind: str, *, by: Person, name: str, zone: Zone, scope: Zone, **profile: str) -> Voice:
    """The voice of a collective: a step of the act that founds it."""
    name = clean_name(name, 160)
    voice = Voice(
        kind=kind,
        name=name,
        search_name=search_name(name),
        slug=slug_of(name),
        zone=zone,
        scope=scope,
        opened_at=timezone.now(),
        is_fictional=by.is_demo,
    )
    _fill(voice, profile)
    voice.save()
    name_again(voice)
    return voice


def _fill(voice: Voice, profile: dict[str, Any]) -> None:
    """Set checked profile fields; ValidationError by field otherwise."""
    unknown = set(profile) - PROFILE_FIELDS
    if unknown:
        raise TypeError(f"not profile fields: {sorted(unknown)}")
    for field, value in profile.items():
        kept = text.clean(value).strip()
        setattr(voice, field, kept if field == "body" else " ".join(kept.split()))
    voice.clean_fields(exclude=[field.name for field in Voice._meta.fields if field.name not in profile])
    if voice.website and not voice.website.startswith(("http://", "https://")):
        raise ValidationError({"website": _("L’adresse d’un site commence par https://.")})
    if len(voice.body) > 10_000:
        raise ValidationError({"body": _("Ce texte est trop long : 10 000 signes au plus.")})
    voice.body_html = text.render(voice.body)


def update_profile(voice: Voice, *, by: Person, **profile: str) -> None:
    """Change what the page of `voice` says. Its name, type and badge are not profile fields (R-SEC-20)."""
    with transaction.atomic():
        voice = require_manager(voice, by)
        _fill(voice, profile)
        voice.version += 1
        voice.save(update_fields=[*profile, "body_html", "version"])
        journal.record("voice.profile_changed", by=by, target=voice, fields=sorted(profile))


def add_member(voice: Voice, *, by: Person, person: Person, role: str) -> Membership:
    """Let `person` act for `voice`; someone already in keeps their role."""
    with transaction.atomic():
        voice = require_manager(voice, by)
        if voice.kind in {Voice.Kind.HABITANT, Voice.Kind.GROUPE}:
            raise ValidationError(_("On n’entre pas ainsi dans cette page."))
        if voice.kind == Voice.Kind.ELU:
            _refuse_moderators(person)
        member, created = Membership.objects.get_or_create(
            person=person, voice=voice, defaults={"role": Membership.Role(role)}
        )
        if created:
            journal.record("member.added", by=by, target=voice, person=person.pk, role=role)
    return member


def accept_invitation(voice: Voice, *, by: Person, person: Person, role: str, since: int) -> Membership:
    """Let `person` act for `voice`, once: whoever was parted with must be invited again (R-SEC-18)."""
    entered = JournalEntry.objects.filter(verb="member.added", target_type="voice", target_id=voice.pk, pk__gt=since)
    is_in = Membership.objects.filter(voice=voice, person=person).exists()
    if not is_in and entered.filter(details__person=person.pk).exists():
        raise ValidationError(_("Cette invitation a déjà servi : demandez-en une autre."))
    return add_member(voice, by=by, person=person, role=role)


def change_role(member: Membership, *, by: Person, role: str) -> None:
    """Give a member another role; the last owner keeps theirs."""
    with transaction.atomic():
        voice = require_manager(member.voice, by)
        if role != Membership.Role.OWNER:
            _keep_an_owner(voice, member)
        if Membership.objects.filter(pk=member.pk).exclude(role=role).update(role=Membership.Role(role)):
            journal.record("member.role_changed", by=by, target=voice, person=member.person_id, role=role)


def remove_member(member: Membership, *, by: Person) -> None:
    """Part from a member, or leave; the last owner stays."""
    with transaction.atomic():
        if member.person_id == by.pk:
            voice = Voice.objects.select_for_update(of=("self",)).get(pk=member.voice_id)
        else:
            voice = require_manager(member.voice, by)
        _keep_an_owner(voice, member)
        if Membership.objects.filter(pk=member.pk).delete()[0]:
            journal.record("member.removed", by=by, target=voice, person=member.person_id)


def _keep_an_owner(voice: Voice, leaving: Membership) -> None:
    owners = Membership.objects.filter(voice=voice, role=Membership.Role.OWNER)
    if [owner.pk for owner in owners] == [leaving.pk]:
        raise ValidationError(_("Il faut au moins un responsable : nommez d’abord une autre personne."))


def _refuse_moderators(person: Person) -> None:
    """An élu decides on nothing that is said of them (R-MOD-8)."""
    hold(person)
    if Role.objects.current().filter(person=person).exists():
        raise ValidationError(_("Cette personne modère ou administre le site : elle ne peut pas parler comme élue."))


def verify(voice: Voice, *, by: Person, reason: str) -> None:
    """Say that the institution checked what `voice` is, and how; a second decision changes nothing."""
    require_administrator(by)
    reason = _reason(reason)
    if voice.kind not in ELIGIBLE:
        raise ValidationError(_("Seuls les organisations et les élus sont vérifiés."))
    with transaction.atomic():
        done = Voice.objects.filter(pk=voice.pk, verified_at=None, closed_at=None).update(
            verified_at=timezone.now(), verified_reason=reason, version=F("version") + 1
        )
        if not done:
            raise ValidationError(_("Cette page est déjà vérifiée."))
        journal.record("voice.verified", by=by, target=voice, reason=reason)
    voice.refresh_from_db(fields=["verified_at", "verified_reason", "version"])


def unverify(voice: Voice, *, by: Person, reason: str) -> None:
    """Take the verification back, and say why."""
    require_administrator(by)
    reason = _reason(reason)
    with transaction.atomic():
        done = Voice.objects.filter(pk=voice.pk, verified_at__isnull=False).update(
            verified_at=None, verified_reason="", version=F("version") + 1
        )
        if not done:
            raise ValidationError(_("Cette page n’est pas vérifiée."))
        journal.record("voice.unverified", by=by, target=voice, reason=reason)
    voice.refresh_from_db(fields=["verified_at", "verified_reason", "version"])


def open_space(voice: Voice, *, by: Person, person: Person, reason: str) -> None:
    """Hand the space of an élu or a town hall, known from the register, to the account of `person`."""
    require_administrator(by)
    reason = _reason(reason)
    if voice.kind not in {Voice.Kind.ELU, Voice.Kind.SERVICE}:
        raise ValidationError(_("Seuls les espaces des élus et des mairies s’ouvrent ainsi."))
    if voice.kind == Voice.Kind.ELU and not voice.is_fictional and (settings.DEMO or person.is_demo):
        # Whoever borrows an account of the demonstration would put words in the mouth of a real person.
        raise ValidationError(_("Cette personne est réelle : dans la démonstration, personne n’écrit en son nom."))
    with transaction.atomic():
        if voice.kind == Voice.Kind.ELU:
            _refuse_moderators(person)
        now = timezone.now()
        done = Voice.objects.filter(pk=voice.pk, opened_at=None, closed_at=None).update(
            opened_at=now, verified_at=now, verified_reason=reason, version=F("version") + 1
        )
        if not done:
            raise ValidationError(_("Cet espace est déjà ouvert."))
        Membership.objects.create(person=person, voice=voice, role=Membership.Role.OWNER)
        journal.record("voice.space_opened", by=by, target=voice, person=person.pk, reason=reason)
    voice.refresh_from_db(fields=["opened_at", "verified_at", "verified_reason", "version"])


def _reason(text_: str) -> str:
    reason = " ".join(text.clean(text_).split())
    if not reason:
        raise ValidationError(_("Indiquez la raison de cette décision."))
    return reason[:300]
