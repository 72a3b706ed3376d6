"""When a commune joins another, everything that names it has to go somewhere: nothing may be forgotten."""

from django.apps import apps

from parvis.territory.models import Zone

# What becomes, when a zone joins another, of each column that names a zone.
FILES = "written again from the files"
MOVED = "moved by the import, by join_people, by join_publications or by the `join` of a kind"
SPREAD = "written again by spread_again"
KEPT = "says what was"
READ = "read as the zone that took its place"
COLUMNS = {
    "agenda.DayCount.zone": SPREAD,
    "agenda.Event.commune": MOVED,
    "agenda.Showing.zone": SPREAD,
    "agenda.Source.commune": MOVED,
    "agenda.Venue.commune": MOVED,
    "letters.Issue.zone": KEPT,
    "letters.Rhythm.zone": READ,
    "people.Audience.zone": MOVED,
    "people.Mandate.zone": KEPT,
    "people.Place.canton": MOVED,
    # A quartier stays where it is, whatever its commune is called.
    "people.Place.quartier": KEPT,
    "people.Place.zone": MOVED,
    "people.Role.zone": MOVED,
    "people.Voice.scope": MOVED,
    "people.Voice.town_hall_of": MOVED,
    "people.Voice.zone": MOVED,
    "publications.Listing.zone": SPREAD,
    "publications.Outline.communes": MOVED,
    "publications.Publication.place": MOVED,
    "publications.Revision.zones": MOVED,
    "publications.Targeting.zone": MOVED,
    "territory.Neighbour.other": FILES,
    "territory.Neighbour.zone": FILES,
    "territory.Parcel.commune": MOVED,
    "territory.PostalCode.zone": FILES,
    "territory.Street.commune": MOVED,
    "territory.Territory.root": FILES,
    "territory.TownHall.zone": FILES,
    "territory.Zone.parted_from": KEPT,
    "territory.Zone.successor": KEPT,
    "territory.ZoneLink.part": FILES,
    "territory.ZoneLink.whole": FILES,
    "territory.ZoneMap.zone": FILES,
    "territory.ZoneName.zone": FILES,
}


def test_each_column_that_names_a_zone_says_what_a_merger_does_to_it() -> None:
    found = {
        f"{table._meta.label}.{column.name}"
        for table in apps.get_models()
        for column in [*table._meta.local_fields, *table._meta.local_many_to_many]
        if column.related_model is Zone
    }
    assert found == COLUMNS.keys()
