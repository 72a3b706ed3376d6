"""What a drawing concerns, and what anyone may see of it, however it was drawn (R-PRIV-8, R-PRIV-9, R-LAW-35)."""

import json

import pytest
import shapely
from shapely.geometry import box, mapping

from parvis.people.models import Person, Voice
from parvis.publications import targets
from parvis.publications.models import Estimate, Outline
from parvis.territory.geometry import NotAShape
from parvis.territory.models import Parcel, Street, Zone
from tests.cast import Cast
from tests.publications.conftest import html, on_plan, signed_in

# A quarter of Clairval, a kilometre from Bois-le-Comte, which begins at 2.1 degrees.
QUARTER = box(2.02, 49.12, 2.086, 49.18)
HECTARE = box(2.15, 49.14, 2.153, 49.142)


def concerned(target: targets.Target) -> set[str]:
    return {zone.name for zone in target.communes}


def test_what_only_grazes_a_commune_does_not_concern_it(territory: Cast) -> None:
    grazing = box(2.02, 49.12, 2.1008, 49.18)
    assert concerned(targets.of_drawing(grazing, 0, territory.clairval)) == {"Clairval"}


def test_an_arm_into_the_next_commune_concerns_it_however_thin(territory: Cast) -> None:
    """A hundredth of the surface, but three hundred metres in."""
    arm = QUARTER.union(box(2.08, 49.15, 2.104, 49.1505))
    assert concerned(targets.of_drawing(arm, 0, territory.clairval)) == {"Clairval", "Bois-le-Comte"}


def test_a_wide_margin_around_a_street_concerns_the_next_commune(territory: Cast, ground: Street) -> None:
    ground.addresses.update(lon=2.1003)
    assert concerned(targets.of_street(ground, 30)) == {"Bois-le-Comte"}
    assert concerned(targets.of_street(ground, 500)) == {"Bois-le-Comte", "Clairval"}


def test_a_street_across_a_simplified_contour_stays_of_its_commune(territory: Cast, ground: Street) -> None:
    ground.addresses.update(lon=2.0995)
    assert concerned(targets.of_street(ground, 30)) == {"Bois-le-Comte"}


def test_a_service_does_not_reach_beyond_by_a_margin(
    territory: Cast, ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    ground.addresses.update(lon=2.1003)
    Voice.objects.filter(pk=routes.pk).update(zone=territory.bois, scope=territory.bois)
    sent = on_plan(routes, colleague, street="rue des tisserands", margin="500")
    page = signed_in(agent).post("/publier/avis/", sent)
    assert page.status_code == 422
    assert "« Clairval » est hors du périmètre" in html(page)
    assert not Outline.objects.exists()


def test_a_small_part_is_shown_by_its_street(territory: Cast, ground: Street) -> None:
    """R-PRIV-8: with a field beside it, a house is still a house."""
    house, field = box(2.15, 49.15, 2.1502, 49.1502), box(2.16, 49.12, 2.17, 49.13)
    shown = targets.of_drawing(house.union(field), 0, territory.bois).public
    assert shapely.covers(shown.buffer(1e-9), field)
    beside = [part for part in shapely.get_parts(shown) if part.intersects(house)]
    assert [part.equals(house) for part in beside] == [False]
    assert beside[0].bounds[2] > 2.1525


def test_a_house_left_out_is_not_shown(territory: Cast, ground: Street) -> None:
    house = box(2.151, 49.141, 2.1512, 49.1412)
    target = targets.of_drawing(HECTARE.difference(house), 0, territory.bois)
    assert target.public.equals(HECTARE)
    assert not target.shape.equals(HECTARE)


def test_a_large_drawing_is_not_named_after_two_streets(territory: Cast, ground: Street) -> None:
    street = targets.of_drawing(box(2.15, 49.1495, 2.153, 49.1505), 0, territory.bois)
    assert street.label == "la rue des Tisserands et ses abords"
    assert targets.of_drawing(box(2.11, 49.11, 2.19, 49.19), 0, territory.bois).label == "un secteur de Bois-le-Comte"


def test_parcels_far_from_any_known_street_show_the_commune(territory: Cast) -> None:
    house = box(2.15, 49.15, 2.1502, 49.1502)
    shown = targets.of_drawing(house, 0, territory.bois).public
    assert shown.equals(shapely.from_wkb(bytes(Zone.objects.get(pk=territory.bois.pk).geometry or b"")))


def test_a_street_of_one_house_does_not_name_it(territory: Cast, ground: Street) -> None:
    """R-PRIV-9: its outline would be the house, and its name the people."""
    ground.addresses.filter(number__gt=4).delete()
    house = list(Parcel.objects.coded(["99002000AB0001"]))
    for target in (targets.of_parcels(house, 0, territory.bois), targets.of_drawing(HECTARE, 0, territory.bois)):
        assert target.label == "un secteur de Bois-le-Comte"
    commune = shapely.from_wkb(bytes(Zone.objects.get(pk=territory.bois.pk).geometry or b""))
    assert targets.of_parcels(house, 0, territory.bois).public.equals(commune)


def comb(points: int) -> str:
    """A drawing as large as a commune, whose teeth are a metre wide."""
    teeth = points // 2
    west = [2.11 + tooth * 0.07 / teeth for tooth in range(teeth)]
    there = [(lon, 49.11 if tooth % 2 else 49.19) for tooth, lon in enumerate(west)]
    back = [(lon + 0.00001, lat) for lon, lat in reversed(there)]
    return json.dumps({"type": "Polygon", "coordinates": [[*there, *back, there[0]]]})


def test_a_comb_of_thousands_of_points_is_refused_before_it_is_widened(
    territory: Cast, routes: Voice, agent: Person, colleague: Person
) -> None:
    """Widened, it would hold the process for a minute."""
    for margin in ("0", "500"):
        page = signed_in(agent).post("/publier/avis/", on_plan(routes, colleague, shape=comb(3_000), margin=margin))
        assert page.status_code == 422
        assert "trop de points (plus de 500)" in html(page)


def test_a_scribble_is_refused_once_widened(territory: Cast) -> None:
    """Lines that cross each other everywhere, widened by a metre, are a sieve of a hundred thousand points."""
    across = [[[2.11, 49.11 + line * 0.0005], [2.19, 49.11 + line * 0.0005]] for line in range(100)]
    down = [[[2.11 + line * 0.0005, 49.11], [2.11 + line * 0.0005, 49.19]] for line in range(100)]
    drawn = shapely.MultiLineString(across + down)
    with pytest.raises(NotAShape, match="trop de points"):
        targets.of_drawing(drawn, 1, territory.bois)


def test_a_preview_tells_nothing_beyond_the_reach(
    territory: Cast, routes: Voice, agent: Person, colleague: Person
) -> None:
    """R-PRIV-11: no estimate is asked of what one could not address."""
    Voice.objects.filter(pk=routes.pk).update(zone=territory.bois, scope=territory.bois)
    drawn = json.dumps(mapping(QUARTER))
    sent = on_plan(routes, colleague, shape=drawn, margin="0") | {"preview": "1"}
    said = html(signed_in(agent).post("/publier/avis/", sent))
    assert "est hors du périmètre" in said
    assert "recevront cet avis" not in said
    assert not Estimate.objects.exists()
