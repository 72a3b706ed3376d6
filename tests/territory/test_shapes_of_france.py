"""The traps of the map of France: what straddles, what is missing, what has other names (no database)."""

import re
from xml.etree import ElementTree

import pytest

from parvis.territory.importer import drawing, store
from parvis.territory.importer.country import Country
from parvis.territory.importer.halls import town_hall
from parvis.territory.importer.links import CROSSES, WITHIN, Key, closure, neighbours
from parvis.territory.importer.scope import TERRITOIRE, resolve
from parvis.territory.importer.zones import Draft, Drafter
from parvis.territory.models import Zone

Links = dict[tuple[Key, Key], str]


def drawn_up(france: Country, *codes: str) -> tuple[dict[Key, Draft], Links]:
    scope = resolve(list(codes), france)
    drafts = Drafter(france, scope).drafts()
    links = {(part, whole): relation for part, whole, relation in closure(drafts, scope.root)}
    return {draft.key: draft for draft in drafts}, links


def wholes(links: Links, part: Key, kind: str, relation: str) -> set[str]:
    return {
        whole[1] for (found, whole), said in links.items() if found == part and whole[0] == kind and said == relation
    }


def of_kind(drafts: dict[Key, Draft], kind: str) -> list[Draft]:
    return [draft for draft in drafts.values() if draft.kind == kind]


@pytest.fixture(scope="module")
def oise(france: Country) -> tuple[dict[Key, Draft], Links]:
    return drawn_up(france, "60")


def test_every_commune_of_the_oise_has_one_canton_or_straddles_two(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, links = oise
    straddling = {}
    for commune in of_kind(drafts, "commune"):
        inside = wholes(links, commune.key, "canton", WITHIN)
        crossed = wholes(links, commune.key, "canton", CROSSES)
        assert len(inside) == 1 or len(crossed) == 2
        if crossed:
            assert not inside
            straddling[commune.name] = crossed
    assert straddling == {"Beauvais": {"6001", "6002"}, "Compiègne": {"6006", "6007"}}


def test_no_pseudo_canton_is_a_canton(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, _links = oise
    assert sorted(draft.code for draft in of_kind(drafts, "canton")) == [f"60{number:02}" for number in range(1, 22)]


def test_the_closure_is_complete(oise: tuple[dict[Key, Draft], Links]) -> None:
    """Every zone lies within itself, and what lies in a part lies in the whole."""
    drafts, links = oise
    assert all(links[key, key] == WITHIN for key in drafts)
    above: dict[Key, set[Key]] = {}
    for (part, whole), relation in links.items():
        if relation == WITHIN:
            above.setdefault(part, set()).add(whole)
    assert all(above[middle] <= above[part] for part in above for middle in above[part])


def test_delegated_communes_lie_in_their_parent(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, links = oise
    delegated = of_kind(drafts, "deleguee")
    assert len(delegated) == 11
    assert all(len(wholes(links, draft.key, "commune", WITHIN)) == 1 for draft in delegated)
    assert not any(draft.joinable for draft in delegated)


def test_a_commune_without_population_has_none(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, _links = oise
    assert [draft.name for draft in of_kind(drafts, "commune") if draft.population is None] == ["Les Hauts-Talican"]


def test_names_carry_their_article(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, _links = oise
    names = {draft.name for draft in of_kind(drafts, "commune")}
    assert {"Aux Marais", "Le Plessis-Belleville", "La Neuville-en-Hez", "Les Hauts-Talican"} <= names
    assert not any("'" in draft.name for draft in drafts.values())


def test_neighbours_share_a_border_both_ways(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, _links = oise
    pairs = neighbours(list(drafts.values()))
    assert all((other, one) in pairs and one != other for one, other in pairs)
    around_noyon = {other[1] for one, other in pairs if one == ("commune", "60471")}
    assert drafts["commune", "60471"].name == "Noyon"
    assert len(around_noyon) >= 8


def test_town_halls_far_from_their_commune_lose_their_point(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, _links = oise
    halls = [hall for draft in drafts.values() if (hall := town_hall(draft)) is not None]
    assert len(halls) > 680
    assert 0 < sum(hall["lon"] is None for hall in halls) < 40


def test_the_map_links_every_commune_and_stays_light(oise: tuple[dict[Key, Draft], Links]) -> None:
    drafts, _links = oise
    svg = drawing.draw(list(drafts.values()), store.slugs(drafts.values()), "Carte de l’Oise")
    assert len(svg.encode()) <= drawing.HEAVIEST
    assert "style=" not in svg
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == "Carte de l’Oise"
    links = [element for element in root.iter() if element.tag == "a"]
    assert len(links) == 680
    assert all(re.fullmatch(r"/communes/[a-z0-9-]+-60\d{3}/", link.get("href", "")) for link in links)
    assert all(link.findtext("title") for link in links)


def test_toulouse_crosses_each_of_its_cantons(france: Country) -> None:
    drafts, links = drawn_up(france, "31555")
    toulouse = ("commune", "31555")
    assert wholes(links, toulouse, "canton", CROSSES) == {f"31{number}" for number in range(15, 26)}
    assert links[("canton", "3115"), toulouse] == WITHIN
    assert links[("canton", "3121"), toulouse] == CROSSES
    assert links[toulouse, ("epci", "243100518")] == WITHIN
    context = [draft for draft in of_kind(drafts, "commune") if draft.is_context]
    assert len(context) == 36
    assert not any(draft.joinable for draft in context)
    assert not any(town_hall(draft) for draft in context)
    assert drafts[toulouse].joinable


def test_paris_has_arrondissements_and_no_canton(france: Country) -> None:
    drafts, links = drawn_up(france, "75")
    assert len(of_kind(drafts, "arrondissement")) == 20
    assert all(draft.joinable for draft in of_kind(drafts, "arrondissement"))
    assert not drafts["commune", "75056"].joinable
    assert of_kind(drafts, "canton") == []
    assert len(of_kind(drafts, "circonscription")) == 18
    assert wholes(links, ("arrondissement", "75104"), "commune", WITHIN) == {"75056"}
    assert drafts["arrondissement", "75104"].name == "Paris 4e arrondissement"
    assert not any(whole == ("arrondissement", "75104") for part, whole in links if part[0] == "commune")


def test_lyon_and_its_metropole_have_no_canton_the_rest_of_the_rhone_does(france: Country) -> None:
    drafts, links = drawn_up(france, "69")
    inside = {draft.code for draft in of_kind(drafts, "commune") if ("epci", "200046977") in _above(links, draft.key)}
    assert len(inside) == 58
    for commune in of_kind(drafts, "commune"):
        if not commune.is_context:
            assert bool(wholes(links, commune.key, "canton", WITHIN)) == (commune.code not in inside)
    assert len(of_kind(drafts, "arrondissement")) == 9
    # The file forgot to draw Porte des Pierres Dorées, 69114: its communes déléguées are drawn.
    assert all(draft.shape is not None for draft in of_kind(drafts, "commune"))


def _above(links: Links, part: Key) -> set[Key]:
    return {whole for (found, whole), relation in links.items() if found == part and relation == WITHIN}


def test_an_epci_that_leaves_the_territory_crosses_it(france: Country) -> None:
    drafts, links = drawn_up(france, "69")
    root = ("departement", "69")
    leaving = {epci.code for epci in of_kind(drafts, "epci") if links.get((epci.key, root)) == CROSSES}
    assert leaving
    outside = [draft for draft in of_kind(drafts, "commune") if draft.is_context]
    assert {next(iter(wholes(links, draft.key, "epci", WITHIN))) for draft in outside} == leaving
    assert all((draft.key, root) not in links for draft in outside)


def test_several_departements_are_one_territory(france: Country) -> None:
    drafts, links = drawn_up(france, "62", "59", "59350")
    assert drafts[TERRITOIRE].name == "Nord et Pas-de-Calais"
    within = {part for (part, whole), relation in links.items() if whole == TERRITOIRE and relation == WITHIN}
    assert len([key for key in within if key[0] == "commune"]) == 1534
    svg = drawing.draw(list(drafts.values()), store.slugs(drafts.values()), "Carte")
    assert "/intercommunalites/" in svg
    assert "/communes/" not in svg


@pytest.mark.parametrize("code", ["974", "976", "2A", "75", "R94", "200067965", "22016"])
def test_any_code_draws_up_zones_that_agree(france: Country, code: str) -> None:
    drafts, links = drawn_up(france, code)
    root = resolve([code], france).root
    assert root in drafts
    assert all(key in drafts for pair in links for key in pair)
    for commune in of_kind(drafts, "commune"):
        crossed, inside = (wholes(links, commune.key, "canton", said) for said in (CROSSES, WITHIN))
        assert len(inside) <= 1
        assert not (crossed and inside)
    svg = drawing.draw(list(drafts.values()), store.slugs(drafts.values()), "Carte")
    assert svg == "" or ElementTree.fromstring(svg).get("viewBox")


@pytest.mark.parametrize(
    ("kind", "name", "article", "of_place", "in_place"),
    [
        ("commune", "Beauvais", 0, "de Beauvais", "à Beauvais"),
        ("commune", "Hermes", 1, "d’Hermes", "à Hermes"),
        ("commune", "Le Havre", 2, "du Havre", "au Havre"),
        ("commune", "La Neuville", 3, "de La Neuville", "à La Neuville"),
        ("commune", "Les Essarts", 4, "des Essarts", "aux Essarts"),
        ("commune", "L’Étang-Salé", 5, "de L’Étang-Salé", "à L’Étang-Salé"),
        ("departement", "Oise", 5, "de l’Oise", "dans l’Oise"),
        ("departement", "Nord", 2, "du Nord", "dans le Nord"),
        ("departement", "Somme", 3, "de la Somme", "dans la Somme"),
        ("departement", "Gironde", 3, "de la Gironde", "en Gironde"),
        ("departement", "Landes", 4, "des Landes", "dans les Landes"),
        ("departement", "Eure-et-Loir", 1, "d’Eure-et-Loir", "en Eure-et-Loir"),
        ("departement", "Paris", 0, "de Paris", "à Paris"),
        ("region", "La Réunion", 0, "de La Réunion", "à La Réunion"),
        ("region", "Hauts-de-France", 4, "des Hauts-de-France", "dans les Hauts-de-France"),
        ("region", "Bretagne", 0, "de Bretagne", "en Bretagne"),
        ("region", "Occitanie", 1, "d’Occitanie", "en Occitanie"),
        ("canton", "Chantilly", 0, "du canton de Chantilly", "dans le canton de Chantilly"),
        ("canton", "Le Port", 2, "du canton du Port", "dans le canton du Port"),
        ("epci", "Toulouse Métropole", 0, "de Toulouse Métropole", "dans Toulouse Métropole"),
        ("epci", "Métropole du Grand Paris", 0, "de la Métropole du Grand Paris", "dans la Métropole du Grand Paris"),
        ("territoire", "Nord et Somme", 0, "du territoire Nord et Somme", "dans le territoire Nord et Somme"),
    ],
)
def test_names_in_a_sentence(kind: str, name: str, article: int, of_place: str, in_place: str) -> None:
    zone = Zone(kind=kind, name=name, article=article)
    assert (zone.of_place, zone.in_place) == (of_place, in_place)
