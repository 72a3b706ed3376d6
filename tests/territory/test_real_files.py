"""The public files of shared/data, when they are beside the project: they import as they are published."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.territory.actions import Report, import_file
from parvis.territory.importer import import_territory
from parvis.territory.models import Address, Parcel, Street, Zone

PROJECT = Path(__file__).parents[2]
PLACES = (os.environ.get("PARVIS_SHARED_DATA", ""), *(f"{parent}/shared/data" for parent in PROJECT.parents))
SAMPLES = next((Path(place, "exemples") for place in PLACES if place and Path(place, "exemples").is_dir()), None)
OISE = ("ban_adresses-60_FICTIF.csv", "bal_60057_1.3_FICTIF.csv")
# Files, the code of their territory, and how many addresses or parcels they hold.
ADDRESSES = [("ban_adresses_exemple_reel_01.csv", "01002", 2)] + [
    (f"bal_{version}_exemple_validateur.csv", "31591", 1) for version in ("1.3", "1.4", "1.5")
]

pytestmark = pytest.mark.django_db


def load(kind: str, name: str) -> Report:
    assert SAMPLES is not None
    return import_file(kind, SAMPLES / name, by=None, told=lambda _share: None)


def samples(*names: str) -> Iterator[str]:
    """Those of the samples that are there: none, and the tests are not collected."""
    yield from (name for name in names if SAMPLES and (SAMPLES / name).exists())


if SAMPLES:

    @pytest.mark.parametrize(("name", "code", "count"), ADDRESSES)
    def test_real_addresses_import_once(name: str, code: str, count: int) -> None:
        import_territory([code], lambda _step, _share: None)
        report = load("addresses", name)
        assert (report.refused.first, report.outside, Address.objects.count()) == ([], 0, count)
        assert load("addresses", name).changed == 0

    def test_a_real_cadastre_imports_once() -> None:
        import_territory(["91216"], lambda _step, _share: None)
        report = load("parcels", "cadastre-91216-parcelles.json.gz")
        assert (report.refused.first, report.outside) == ([], 0)
        assert Parcel.objects.count() == report.total > 2_000
        assert load("parcels", "cadastre-91216-parcelles.json.gz").changed == 0

    def test_fictional_addresses_stand_on_fictional_parcels() -> None:
        import_territory(["60057"], lambda _step, _share: None)
        load("parcels", "cadastre-60057-parcelles-FICTIF.json")
        for name in OISE:
            report = load("addresses", name)
            assert report.refused.first == []
        beauvais = Zone.objects.get(kind="commune", code="60057")
        [street, *_others] = Street.objects.in_commune(beauvais).named("rue fictive des til")
        door = street.addresses.exclude(parcels="")[0]
        assert Parcel.objects.coded(door.parcels.split()).exists()
        contours = load("contours", "contours_administratifs_communes_extrait.geojson")
        assert (contours.refused.first, contours.changed) == ([], 1)
        import_territory(["60057"], lambda _step, _share: None)
        assert Zone.objects.get(pk=beauvais.pk).is_finer
