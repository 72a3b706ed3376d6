"""The map shows how many events each named commune has this week."""

from parvis.home.map import with_counts

SVG = '<svg><circle data-zone="99001" cx="10" cy="20" r="6"/><circle data-zone="2A004" cx="1" cy="2" r="6"/></svg>'


def test_a_named_commune_with_events_gets_its_number_and_others_keep_their_dot():
    drawn = with_counts(SVG, {"99001": 12})

    assert '<text class="number" x="10" y="27">12</text>' in drawn
    assert 'data-zone="2A004"' in drawn
    assert 'data-zone="99001"' not in drawn
