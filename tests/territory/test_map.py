"""The map shows how many events each named commune has this week."""

from parvis.territory.map import Disc, chart, with_counts

SVG = '<svg><circle data-zone="99001" cx="10" cy="20" r="6"/><circle data-zone="2A004" cx="1" cy="2" r="6"/></svg>'


def test_a_named_commune_with_events_gets_its_number_and_others_keep_their_dot():
    drawn = with_counts(SVG, {"99001": 12})

    assert '<text class="number" x="10" y="27">12</text>' in drawn
    assert 'data-zone="2A004"' in drawn
    assert 'data-zone="99001"' not in drawn


def drawing(plan: str = "2 49 1000 1500", high: int = 1512) -> str:
    return f'<svg class="map" viewBox="-6 -6 1012 {high}" data-plan="{plan}"></svg>'


def square() -> str:
    return drawing("2 49 1000 1000", 1012)


def test_discs_never_hide_one_another_and_the_chosen_one_is_always_there():
    beside = [Disc("1", "Grand", 2.5, 48.5, 900), Disc("2", "Petit", 2.501, 48.5, 1, chosen=True)]
    shown = chart(drawing(), beside, [], 60)
    assert shown is not None
    assert [disc.code for disc in shown.discs] == ["2"]
    assert shown.crowded


def test_a_map_comes_closer_but_stays_inside_the_drawing():
    whole = chart(drawing(), [], [], 60)
    corner = chart(drawing(), [Disc("1", "Coin", 2.0, 49.0, 1)], [(2.0, 49.0)], 60)
    assert whole is not None
    assert corner is not None
    assert whole.box == "-6 -6 1012 1512"
    left, top, wide, high = map(float, corner.box.split())
    assert (left, top) == (-6, -6)
    assert wide < 1012
    assert high < wide
    assert chart("<svg>", [], [], 60) is None


def test_a_small_screen_shows_the_greatest_of_those_it_has_no_room_for():
    beside = [Disc("1", "Grand", 2.5, 48.5, 900), Disc("2", "Petit", 2.55, 48.5, 1), Disc("3", "Loin", 2.9, 48.1, 1)]
    shown = chart(square(), beside, [], 60)
    assert shown is not None
    assert [(disc.code, disc.tight) for disc in shown.discs] == [("1", False), ("2", True), ("3", False)]


def test_a_name_goes_where_it_hides_no_disc_on_either_screen():
    beside = [Disc("1", "Grand", 2.5, 48.5, 900), Disc("2", "Petit", 2.5, 48.43, 1), Disc("3", "Loin", 2.9, 48.1, 9)]
    shown = chart(square(), beside, [], 60)
    assert shown is not None
    grand, petit = shown.discs[0], next(disc for disc in shown.discs if disc.code == "2")
    assert petit.y > grand.y
    named = [(name.words, name.small, name.y > grand.y) for name in shown.names if name.words != "Loin"]
    assert ("Grand", False, False) in named
    assert ("Grand", True, False) in named
    assert [name.words for name in shown.names if name.small].count("Loin") == 1
