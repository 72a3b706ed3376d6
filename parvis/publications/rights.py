"""Who may say what, to which zones, and whether a moderator reads it first."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.people.models import Block, Membership, Person, Voice, VoiceQuerySet
from parvis.publications.models import Publication, Reply, State
from parvis.publications.models.deliveries import COMMUNE_OR_WIDER
from parvis.publications.models.publications import moderated_by
from parvis.publications.targets import Target
from parvis.territory.models import Territory, Zone, ZoneQuerySet

# Zones that people belong to; a circonscription or a commune déléguée has no one to deliver to.
ADDRESSABLE = (*COMMUNE_OR_WIDER, "canton", "quartier")
# Finer than a commune: nothing goes there before two persons of the service have read it (R-PRIV-9).
FINE = ("quartier",)
KINDS_OF_VOICE: dict[str, tuple[str, ...]] = {
    "notice": ("service",),
    "event": ("association", "elu", "service", "groupe"),
    "post": ("habitant", "association", "elu", "service", "groupe"),
}
MAX_ZONES = 60
# What an account that no moderator has let through yet may leave in their queue (R-SEC-19).
MAX_WAITING = 5


class Refused(ValidationError):
    """Someone may not do this; the message, in French, says why."""


class AlreadyDecided(Refused):
    """Another moderator decided first."""

    def __init__(self) -> None:
        super().__init__(_("Une autre décision a déjà été prise sur ce contenu. Rechargez la page pour la lire."))


def profiles_under(moderator: Person) -> VoiceQuerySet:
    """Those whose presentation `moderator` may hide: public, seated in their zones, and never one they speak in."""
    public = Voice.objects.visible_to(None).filter(moderated_by(moderator, "zone"), opened_at__isnull=False)
    return public.exclude(pk__in=Voice.objects.spoken_by(moderator).values("pk"))


def zones_open_to(voice: Voice) -> ZoneQuerySet:
    """The zones that `voice` may address; the database refuses the others as well (R-LAW-35).

    A service reaches all that lies in its own zone; an intercommunalité that straddles the border of the
    territory counts as in it for a service of the whole territory.
    """
    root = Territory.objects.values("root")
    zones = Zone.objects.current().of_kind(*ADDRESSABLE)
    match voice.kind:
        case Voice.Kind.SERVICE:
            reach = voice.scope or voice.zone
            if reach is None:
                return Zone.objects.none()
            whole = Territory.objects.filter(root=reach).exists()
            return zones.overlapping(reach) if whole else zones.inside(reach)
        case Voice.Kind.ELU:
            return Zone.objects.filter(pk__in=root)
        case Voice.Kind.HABITANT:
            return zones.filter(voices=voice)
        case _:
            return zones.of_kind(*COMMUNE_OR_WIDER)


def check_voice(voice: Voice, person: Person) -> None:
    """Refuse one who does not speak in this voice today."""
    if not Voice.objects.spoken_by(person).filter(pk=voice.pk).exists():
        raise Refused(_("Vous ne parlez pas au nom de %(voice)s.") % {"voice": voice.name})
    if voice.kind == Voice.Kind.ELU and not voice.mandates.current().exists():
        raise Refused(_("Ce mandat est terminé : parlez comme habitant."))


def kinds_of_voice(kind: str) -> tuple[str, ...]:
    """The kinds of voice that publish this; the operator may let inhabitants announce events."""
    allowed = KINDS_OF_VOICE[kind]
    return (*allowed, "habitant") if kind == "event" and settings.INHABITANT_EVENTS else allowed


def check_kind(voice: Voice, kind: str) -> None:
    """Refuse what this kind of voice does not publish."""
    if voice.kind not in kinds_of_voice(kind):
        refusals = {
            "notice": _("Seuls les services publics envoient des avis."),
            "event": _("Seules les organisations annoncent des événements."),
        }
        raise Refused(refusals[kind])


def check_zones(voice: Voice, zones: Sequence[Zone]) -> None:
    """Refuse zones that this voice may not address, naming the first of them."""
    if not zones:
        raise Refused(_("Choisissez au moins une zone."))
    if len(zones) > MAX_ZONES:
        raise Refused(_("Choisissez %(count)s zones au plus, ou une zone plus grande.") % {"count": MAX_ZONES})
    allowed = set(zones_open_to(voice).filter(pk__in=[zone.pk for zone in zones]).values_list("pk", flat=True))
    for zone in zones:
        if zone.pk not in allowed:
            raise Refused(_refusal(voice) % {"voice": voice.name, "zone": zone.short_name})


def answering_for(voice: Voice, zones: Sequence[Zone]) -> Zone:
    """The zone whose moderators answer for what `voice` says to `zones`: the only one, else all its reach."""
    return zones[0] if len(zones) == 1 else voice.scope or voice.zone or zones[0]


def is_fine(zones: Sequence[Zone], target: Target | None) -> bool:
    """Whether it goes to a drawing, or to a zone finer than a commune."""
    return target is not None or any(zone.kind in FINE for zone in zones)


def check_reach(voice: Voice, zones: Sequence[Zone], target: Target | None) -> None:
    """Refuse a drawing, or else zones, that this voice may not address."""
    if target:
        check_target(voice, target)
    else:
        check_zones(voice, zones)


def check_target(voice: Voice, target: Target) -> None:
    """Refuse a drawing to anyone but a service, and one that leaves its reach (R-LAW-35)."""
    if voice.kind != Voice.Kind.SERVICE:
        raise Refused(_("Seuls les services publics s’adressent à une zone dessinée."))
    reach = voice.scope or voice.zone
    if reach is None:
        raise Refused(_("Ce service n’a pas de périmètre : l’administration du site le définit."))
    if not target.communes:
        raise Refused(_("Cette zone est hors du territoire : vérifiez le dessin ou les références."))
    inside = set(Zone.objects.overlapping(reach).filter(pk__in=[zone.pk for zone in target.communes]).values_list("pk"))
    for zone in target.communes:
        if (zone.pk,) not in inside:
            raise Refused(_refusal(voice) % {"voice": voice.name, "zone": zone.short_name})


def others_of(voice: Voice, person: Person) -> QuerySet[Person]:
    """Who else may let out what `person` writes in `voice`."""
    speaking = Membership.objects.filter(voice=voice, role__in=Membership.SPEAKING).values("person")
    return Person.objects.filter(pk__in=speaking, is_active=True).exclude(pk=person.pk).order_by("name")


def check_second(voice: Voice, person: Person, second: Person | None = None) -> None:
    """Refuse what nobody else could read before it goes out, or a reader who is not of the service (R-PRIV-9)."""
    if second is not None and not others_of(voice, person).filter(pk=second.pk).exists():
        raise Refused(_("Choisissez une autre personne du service."))
    if not others_of(voice, person).exists():
        raise Refused(
            _(
                "Pour une zone plus fine que la commune, une seconde personne relit l’avis, et vous êtes seul "
                "à publier au nom de %(voice)s : ajoutez un membre au service, ou choisissez la commune."
            )
            % {"voice": voice.name}
        )


def is_kept_away(publication: Publication, person: Person, voice: Voice | None = None) -> bool:
    """Whether its author, who said it in their own name, does not want to be reached by `person` (R-MOD-9).

    Under what an organisation, an élu or a service says, anyone answers.
    """
    if publication.author is None or publication.voice.kind != Voice.Kind.HABITANT:
        return False
    return Block.objects.against(publication.author, person, voice).exists()


def check_welcome(publication: Publication, person: Person, voice: Voice) -> None:
    """Refuse whoever its author does not want to be reached by."""
    if is_kept_away(publication, person, voice):
        raise Refused(_("Cette personne ne reçoit pas vos réponses."))


def _refusal(voice: Voice) -> str:
    """Why a zone is out of reach, for this kind of voice."""
    match voice.kind:
        case Voice.Kind.ELU:
            return _("Un élu s’adresse à tout le territoire, jamais à une partie seulement.")
        case Voice.Kind.HABITANT:
            return _("Vous vous adressez aux habitants de votre commune.")
        case Voice.Kind.SERVICE:
            return _("« %(zone)s » est hors du périmètre de %(voice)s.")
        case _:
            return _("Une association s’adresse à une commune ou plus large : « %(zone)s » n’en est pas.")


def waits(voice: Voice, person: Person, *, kind: str) -> bool:
    """Whether a moderator reads it first (R-MOD-2); `kind` is a kind of publication, or "reply".

    Services, verified associations and élus go online at once. What an unverified organisation publishes
    waits, and so does all that an account writes until a moderator has let it through once.
    """
    if voice.kind == Voice.Kind.SERVICE or voice.is_verified:
        return False
    organisation = voice.kind in {Voice.Kind.ASSOCIATION, Voice.Kind.GROUPE}
    return person.trusted_at is None or (organisation and kind != "reply")


def waits_again(publication: Publication, person: Person) -> bool:
    """Whether a correction by `person` takes what is online back to the moderators, or to a second person."""
    waiting = publication.is_fine or waits(publication.voice, person, kind=publication.kind)
    return publication.state == State.ONLINE and waiting


def check_queue(person: Person) -> None:
    """Refuse one more thing to read from an account that already left enough in the queue."""
    if person.trusted_at is not None:
        return
    waiting = Publication.objects.filter(author=person, state=State.PENDING).count()
    waiting += Reply.objects.filter(author=person, state=State.PENDING).count()
    if waiting >= MAX_WAITING:
        raise Refused(_("Vos premiers messages attendent la modération. Vous pourrez en écrire d’autres ensuite."))
