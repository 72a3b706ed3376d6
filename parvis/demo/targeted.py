"""Notices finer than a commune: one online, one over, one that waits for its second person, and a draft."""

from parvis.demo.cast import Cast
from parvis.people import actions as people
from parvis.people import vault
from parvis.people.models import Membership, Person
from parvis.publications import actions, targets
from parvis.publications.models import Publication
from parvis.publications.targets import Target
from parvis.territory.models import Parcel, Zone

# Who reads the notices of each service beside its owner.
SECONDS = {"eau": "helene-v", "routes": "aicha-haddad"}
RANK, RADIUS = 1, 250
# The parcels of one side of the street, and a margin that stops before the other.
SIDE, MARGIN = 20, 4
# How many notices are played here.
PLAYED = 3


def aim(cast: Cast) -> None:
    """Play them by the acts of real users, in the most populated commune."""
    commune = cast.stage.commune(RANK)
    if commune.lon is None or commune.lat is None:
        return
    for service, inhabitant in SECONDS.items():
        voice, owner = cast.voices[service], cast.speakers[service]
        people.add_member(voice, by=owner, person=cast.persons[inhabitant], role=Membership.Role.EDITOR)
    second = cast.persons[SECONDS["eau"]]
    street, parcels = _street(commune), _parcels(commune)
    water = "De 22 h à 5 h, trois nuits, l’eau sera coupée pour remplacer un branchement. Tirez-en avant 22 h."
    online = _compose(cast, "eau", street, "Coupures d’eau trois nuits, de 22 h à 5 h", water, hours=3, days=6)
    actions.countersign(online, by=second, at=cast.stage.ago(2))
    vault.deliver(online.pk)
    sewer = "Une caméra passe dans les égouts. Rien à faire de votre côté ; une odeur est possible une heure."
    over = _compose(cast, "eau", parcels, "Inspection des égouts mardi matin", sewer, hours=24 * 20, days=-12)
    actions.countersign(over, by=second, at=cast.stage.ago(24 * 19))
    road = "La chaussée est refaite : stationnement interdit de 8 h à 17 h, accès des riverains à pied."
    person = cast.persons[SECONDS["routes"]]
    _compose(cast, "routes", street, "Stationnement interdit jeudi et vendredi", road, hours=5, days=9, by=person)
    typed = {"aim": "plan", "commune": commune.code, "purpose": "travaux", "margin": str(MARGIN)}
    words = {"title": "Élagage des platanes", "body": "Deux jours de nacelle ; les trottoirs restent ouverts."}
    actions.keep_draft(None, voice=cast.voices["routes"], by=cast.speakers["routes"], typed=typed | words)


def _compose(
    cast: Cast, service: str, target: Target, title: str, body: str, *, hours: int, days: int, by: Person | None = None
) -> Publication:
    voice, author, at = cast.voices[service], by or cast.speakers[service], cast.stage.ago(hours)
    said = actions.compose(
        voice=voice,
        by=author,
        kind="notice",
        place=target.communes[0],
        title=title,
        body=body,
        target=target,
        purpose="travaux",
        answerable=True,
        expires_at=cast.stage.at(days, "23:59"),
        at=at,
    )
    return actions.submit(said, by=author, at=at)


def _street(commune: Zone) -> Target:
    """One side of the street that is drawn there; a circle in the middle of the commune where there is none."""
    side = list(Parcel.objects.in_commune(commune)[:SIDE])
    if side:
        return targets.of_parcels(side, MARGIN, commune)
    return targets.of_circle(commune.lon or 0, commune.lat or 0, RADIUS, commune)


def _parcels(commune: Zone) -> Target:
    parcels = list(Parcel.objects.in_commune(commune)[:2])
    return targets.of_parcels(parcels, 0, commune) if parcels else _street(commune)
