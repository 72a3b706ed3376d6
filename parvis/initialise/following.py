"""What people have and said follows the zones that an update of the registers ended, split or moved."""

from collections import Counter, defaultdict

from django.db.models import Q

from parvis.core.text import NBSP
from parvis.initialise.report import Report, counted, number
from parvis.people.actions import join_people, move_zones, part_people
from parvis.people.models import Place, Role, Voice
from parvis.publications.actions import join_publications, spread_again
from parvis.publications.models import Publication, Targeting
from parvis.territory.importer import Changes, TerritoryError
from parvis.territory.models import Zone

COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
PLURALS: dict[str, str] = {
    Zone.Kind.COMMUNE: "communes",
    Zone.Kind.ARRONDISSEMENT: "arrondissements",
    Zone.Kind.DELEGUEE: "communes déléguées",
    Zone.Kind.CANTON: "cantons",
    Zone.Kind.CIRCONSCRIPTION: "circonscriptions",
    Zone.Kind.EPCI: "intercommunalités",
    Zone.Kind.DEPARTEMENT: "départements",
    Zone.Kind.REGION: "régions",
}
HALL = {"hours": "horaires", "address": "adresse", "phone": "téléphone", "email": "courriel", "website": "site"}


def follow(changes: Changes, report: Report) -> None:
    """Move people and content, and tell it. TerritoryError, line by line, for what would be left nowhere."""
    numbers = {*changes.ended, *changes.joined, *changes.joined.values(), *changes.parted, *changes.parted.values()}
    numbers |= {*changes.halls, *changes.touched}
    numbers |= {whole for wholes in (*changes.left.values(), *changes.entered.values()) for whole in wholes}
    zones = Zone.objects.drawn().in_bulk(numbers)
    _refuse_orphans([zones[pk] for pk in changes.ended if pk not in changes.joined])
    _join(changes, zones, report)
    _part(changes, zones, report)
    _move(changes, zones, report)
    _tell_details(changes, zones, report)


def _refuse_orphans(ended: list[Zone]) -> None:
    """Stop when a commune that holds people or content has no successor; every such one is named."""
    refused = []
    for zone in sorted(ended, key=lambda zone: zone.code):
        held = _held(zone) if zone.kind in COMMUNES else ""
        if held:
            refused.append(
                f"{zone.code} {zone.name} n’existe plus et rien ne dit quelle commune lui succède ({held}){NBSP}: "
                f"ajoutez --successor {zone.code}=CODE."
            )
    if refused:
        raise TerritoryError("\n".join(refused))


def _held(zone: Zone) -> str:
    """« 3 habitants, 12 publications »: what would be left in a zone that ended; nothing when there is none."""
    voices = Voice.objects.filter(Q(zone=zone) | Q(scope=zone)).exclude(kind__in=["habitant", "elu"])
    said = Targeting.objects.filter(zone=zone).values("publication")
    counts = (
        (Place.objects.filter(zone=zone).count(), "habitant"),
        (voices.exclude(opened_at=None).count(), "page"),
        (Publication.objects.filter(Q(place=zone) | Q(pk__in=said)).count(), "publication"),
        (Role.objects.current().filter(zone=zone).count(), "rôle"),
    )
    return ", ".join(counted(count, word) for count, word in counts if count)


def _join(changes: Changes, zones: dict[int, Zone], report: Report) -> None:
    for old, new in changes.joined.items():
        former, successor = zones[old], zones[new]
        people, spaces = join_people(former, successor)
        publications = join_publications(former, successor)
        counts = ((people, "habitant"), (spaces, "page"), (publications, "publication"))
        held = ", ".join(counted(count, word) for count, word in counts if count) or "personne n’y était inscrit"
        report.add("fusions", f"{_coded(former)} rejoint {_named(successor)}{NBSP}: {held}")
    for pk in changes.ended:
        # A commune déléguée that is a commune again is told as such.
        again = (Zone.Kind.COMMUNE, zones[pk].code) in changes.came
        if pk not in changes.joined and not again:
            report.add("disparitions", f"{_coded(zones[pk])} n’existe plus")


def _part(changes: Changes, zones: dict[int, Zone], report: Report) -> None:
    left: dict[int, list[Zone]] = defaultdict(list)
    for new, old in changes.parted.items():
        left[old].append(zones[new])
    for old, new_ones in left.items():
        asked = part_people(zones[old], new_ones)
        names = ", ".join(_named(zone) for zone in new_ones)
        people = f"sa commune est demandée à {counted(asked, 'habitant')}" if asked else "personne n’y était inscrit"
        report.add("séparations", f"{_coded(zones[old])} se sépare de {names}{NBSP}: {people}")


def _move(changes: Changes, zones: dict[int, Zone], report: Report) -> None:
    """Write again the feeds and pages of the zones that lie in others; tell it of communes."""
    renamed = [zone.pk for zone in _renamed(changes)]
    if changes.touched:
        move_zones(changes.touched)
    # What was said in a commune that joined another is said in the other.
    again = changes.touched | {*changes.joined.values()}
    if again or renamed:
        spread_again(again, renamed)
    new = {pk for pk, zone in zones.items() if (zone.kind, zone.code) in changes.came}
    for part in sorted(changes.touched - new - {*changes.ended}):
        if zones[part].kind not in COMMUNES:
            continue
        for kind in (Zone.Kind.EPCI, Zone.Kind.CANTON):
            out, into = (
                [zones[whole] for whole in sorted(ways.get(part, ())) if zones[whole].kind == kind]
                for ways in (changes.left, changes.entered)
            )
            if out != into:
                report.add("rattachements", _attached(zones[part], out, into))


def _attached(zone: Zone, out: list[Zone], into: list[Zone]) -> str:
    steps = [f"quitte {', '.join(zone.short_name for zone in out)}"] if out else []
    steps += [f"entre dans {', '.join(zone.short_name for zone in into)}"] if into else []
    return f"{_coded(zone)} {' et '.join(steps)}"


def _tell_details(changes: Changes, zones: dict[int, Zone], report: Report) -> None:
    """Names, contours, populations and town halls."""
    for zone in _renamed(changes):
        former = changes.renamed[zone.kind, zone.code]
        report.add("noms", f"{zone.code} {former} s’appelle désormais {zone.name}")
    parted = {(zones[pk].kind, zones[pk].code) for pk in changes.parted}
    came = Counter(kind for kind, _code in changes.came - parted)
    for kind, count in came.items():
        report.add("arrivées", f"Nouveaux ou revenus{NBSP}: {number(count)} ({PLURALS.get(kind, kind)})")
    for kind, count in changes.redrawn.items():
        report.add("contours", f"Contours changés{NBSP}: {number(count)} ({PLURALS.get(kind, kind)})")
    for kind, count in changes.recounted.items():
        report.add("populations", f"Populations changées{NBSP}: {number(count)} ({PLURALS.get(kind, kind)})")
    for pk, fields in sorted(changes.halls.items()):
        words = [word for name, word in HALL.items() if name in fields]
        if words and pk in zones and zones[pk].ended_on is None:
            report.add("mairies", f"Mairie {zones[pk].of_place}{NBSP}: {', '.join(words)}")


def _renamed(changes: Changes) -> list[Zone]:
    """The zones that bear another name."""
    codes = [code for _kind, code in changes.renamed]
    found = Zone.objects.current().drawn().filter(code__in=codes).order_by("code")
    return [zone for zone in found if (zone.kind, zone.code) in changes.renamed]


def _named(zone: Zone) -> str:
    """« 60245 Formerie »."""
    return f"{zone.code} {zone.name}"


def _coded(zone: Zone) -> str:
    """« Commune 60245 Formerie »."""
    return f"{str(zone.get_kind_display()).capitalize()} {_named(zone)}"
