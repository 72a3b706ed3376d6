"""Élus and town halls known from the register: recognised from one file to the next, and nothing private kept."""

import io
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from rich.console import Console

from parvis.core.models import JournalEntry
from parvis.initialise import initialise
from parvis.people.models import Audience, Mandate, Voice, VoiceName
from parvis.people.registers import import_elus
from parvis.people.registers.wording import full_name, without_nationality
from parvis.territory.importer import TerritoryError, import_territory
from parvis.territory.models import Zone, ZoneLink, ZoneName
from tests.france import Files, Line

COMPIEGNE = "200067965"


def quietly(step: str, share: float) -> None:
    assert step
    assert 0 <= share <= 1


def rows(table: type[models.Model]) -> list[dict[str, Any]]:
    return list(table._meta.base_manager.order_by("pk").values())


@pytest.fixture
def compiegne(db: None, files: Files) -> Files:
    """The agglomération de Compiègne and its élus, with the files they come from."""
    import_territory([COMPIEGNE], quietly)
    import_elus(quietly)
    return files


def voice_of(title: str) -> Voice:
    return Voice.objects.get(kind=Voice.Kind.ELU, title=title)


def test_every_seat_of_the_files_is_a_mandate(compiegne: Files) -> None:
    communes = {
        line["id"]
        for line in compiegne.lines("communes")
        if Zone.objects.joinable().filter(code=line["code"]).exists() and line["type"] == "COM"
    }
    seats = [line for line in compiegne.lines("elus_municipaux") if line["commune_id"] in communes]
    mandates = Mandate.objects.current()
    assert mandates.filter(kind="municipal").count() == len(seats) > 200
    assert mandates.filter(kind="communautaire").count() == sum(
        line["date_debut_mandat_epci"] != "\\N" for line in seats
    )
    assert mandates.filter(kind="municipal", rank=1).count() == sum(line["fonction"] == "MAI" for line in seats)
    assert mandates.filter(kind="communautaire", rank=1).count() == 1
    assert mandates.filter(kind="senateur").count() == 4
    assert mandates.filter(kind="departemental", zone__kind="canton").exists()
    assert not mandates.filter(zone=None).exists()


def test_a_mayor_comes_first_then_deputies_in_order(compiegne: Files) -> None:
    town = Zone.objects.get(kind="commune", code="60159")
    council = list(Mandate.objects.current().filter(zone=town, kind="municipal").in_protocol_order())
    assert council[0].function == "Maire"
    assert council[0].voice.title.startswith(("Maire de Compiègne", "Sénat", "Députée", "Président"))
    assert [mandate.rank for mandate in council[:4]] == [1, 2, 3, 4]
    assert council[1].function in {"1re adjointe au maire", "1er adjoint au maire"}
    assert council[-1].function in {"Conseillère municipale", "Conseiller municipal"}
    assert council[0].began_on is not None


def test_a_person_with_several_mandates_is_one_voice(compiegne: Files) -> None:
    several = Voice.objects.annotate(seats=models.Count("mandates")).filter(kind="elu", seats__gt=1)
    assert several.count() > 20
    president = Mandate.objects.get(kind="communautaire", rank=1).voice
    assert president.mandates.filter(kind="municipal").exists()
    assert Voice.objects.filter(kind="elu").count() < Mandate.objects.count()


def test_the_title_is_the_first_mandate_in_words(compiegne: Files) -> None:
    assert voice_of("Présidente du conseil départemental de l’Oise").gender == "f"
    assert voice_of("Président du conseil régional des Hauts-de-France").zone == Zone.objects.get(kind="region")
    assert Voice.objects.filter(title="Sénateur de l’Oise").exists()
    assert Voice.objects.filter(title__regex="^Députée? de la [1-7](re|e) circonscription de l’Oise$").count() == 3
    assert Voice.objects.filter(title__startswith="Adjointe au maire de ").exists()
    assert Voice.objects.filter(title="Maire de Margny-lès-Compiègne").count() == 1
    assert not Voice.objects.filter(kind="elu", title="").exists()


def test_nobody_opened_anything_nor_speaks(compiegne: Files) -> None:
    known = Voice.objects.filter(kind__in=["elu", "service"])
    assert not known.exclude(opened_at=None, verified_at=None, spoke_at=None, body="", is_fictional=False).exists()


def test_each_town_hall_and_each_zone_can_be_addressed(compiegne: Files) -> None:
    margny = Zone.objects.get(kind="commune", code="60382")
    hall = Voice.objects.get(town_hall_of=margny)
    assert (hall.name, hall.kind, hall.zone, hall.scope) == (
        "Mairie de Margny-lès-Compiègne",
        "service",
        margny,
        margny,
    )
    assert hall.phone == margny.town_hall.phone != ""
    assert Audience.objects.filter(voice=None).count() == Zone.objects.current().count()


def test_run_twice_it_changes_no_row(compiegne: Files) -> None:
    before = [rows(table) for table in (Voice, Mandate, Audience)]
    import_elus(quietly)
    assert [rows(table) for table in (Voice, Mandate, Audience)] == before


def test_birth_dates_professions_and_sponsorships_are_nowhere(compiegne: Files) -> None:
    """R-PRIV: the birth date enters a keyed hash and nothing else; no other column is read."""
    private = {line["date_naissance"] for line in compiegne.lines("elus_municipaux")}
    for table in apps.get_models():
        for row in table._meta.base_manager.values():
            dates = {value for value in map(str, row.values()) if len(value) == 10}
            # A mandate may begin on the day someone was born; no mandate of these councils is that old.
            assert not {found for found in dates & private if found < "2000"}
    keys = Voice.objects.exclude(register_key=None).values_list("register_key", flat=True)
    assert all(len(key or "") == 64 for key in keys)


def test_the_key_needs_the_secret(compiegne: Files, settings: Any) -> None:
    before = set(Voice.objects.values_list("register_key", flat=True))
    settings.SECRET_KEY = "another"
    import_elus(quietly)
    fresh = set(Voice.objects.values_list("register_key", flat=True)) - before
    assert len(fresh) == len(before - {None})


def test_a_mandate_that_left_the_files_ends_and_its_holder_is_out_of_sight(compiegne: Files) -> None:
    whole = compiegne.path("elus_municipaux").read_bytes()
    margny = Zone.objects.get(kind="commune", code="60382")
    number = next(line["id"] for line in compiegne.lines("communes") if line["code"] == "60382")
    council = Mandate.objects.filter(zone=margny, kind="municipal")
    leaving = council.exclude(rank=1).exclude(voice__mandates__kind="departemental").earliest("pk").voice
    opened = council.get(rank=1).voice
    Voice.objects.filter(pk=opened.pk).update(opened_at=timezone.now())

    def without(line: Line) -> Line | None:
        return None if line["commune_id"] == number else line

    compiegne.change("elus_municipaux", without)
    import_elus(quietly)
    assert set(council.values_list("ended_on", flat=True)) == {timezone.localdate()}
    leaving.refresh_from_db()
    assert leaving.closed_at is not None
    opened.refresh_from_db()
    assert opened.closed_at is None
    assert opened.title in {"Ancien élu", "Ancienne élue"}

    compiegne.path("elus_municipaux").write_bytes(whole)
    import_elus(quietly)
    assert not council.exclude(ended_on=None).exists()
    leaving.refresh_from_db()
    assert leaving.closed_at is None


def test_namesakes_are_told_apart_by_their_birth(compiegne: Files) -> None:
    lines = [line for line in compiegne.lines("elus_municipaux") if line["fonction"] == "MAI"]
    number = next(line["id"] for line in compiegne.lines("communes") if line["code"] == "60382")
    mayor = next(line for line in lines if line["commune_id"] == number)
    twin = mayor | {"id": "999999999", "fonction": "", "date_naissance": "1901-01-01"}
    compiegne.write("elus_municipaux", [*compiegne.lines("elus_municipaux"), twin])
    before = Voice.objects.filter(kind="elu").count()
    import_elus(quietly)
    assert Voice.objects.filter(kind="elu").count() == before + 1
    assert Voice.objects.filter(name=full_name(mayor["prenom"], mayor["nom"])).count() == 2


def test_what_a_town_hall_wrote_is_not_overwritten(compiegne: Files) -> None:
    hall = Voice.objects.get(town_hall_of__code="60382")
    Voice.objects.filter(pk=hall.pk).update(opened_at=timezone.now(), phone="03 00 00 00 00", name="Ville de Margny")
    import_elus(quietly)
    hall.refresh_from_db()
    assert (hall.phone, hall.name) == ("03 00 00 00 00", "Ville de Margny")


def test_a_fictional_elu_is_none_of_the_register_s_business(compiegne: Files) -> None:
    zone = Zone.objects.get(kind="commune", code="60382")
    voice = Voice.objects.create(kind="elu", name="Iris Feinte", search_name="iris feinte", slug="i", is_fictional=True)
    Mandate.objects.create(voice=voice, kind="fictif", zone=zone)
    before = rows(Voice)
    import_elus(quietly)
    assert rows(Voice) == before
    assert Mandate.objects.current().filter(voice=voice).exists()


@pytest.mark.parametrize("cells", [{"date_debut_mandat": "hier"}, {"ordre_fonction": "premier"}])
def test_a_damaged_register_leaves_no_territory_behind(db: None, files: Files, cells: Line) -> None:
    files.change("elus_municipaux", lambda line: line | cells)
    with pytest.raises(TerritoryError):
        initialise([COMPIEGNE], Console(file=io.StringIO()))
    assert not Zone.objects.exists()
    assert not Voice.objects.exists()


def test_initialise_says_what_it_did_and_journals_it_once(db: None, files: Files) -> None:
    for before in ("", "Rien n’a changé dans les registres.\n"):
        told = io.StringIO()
        initialise([COMPIEGNE], Console(file=told, width=200))
        name = "Communauté d’agglomération de la Région de Compiègne et de la Basse Automne"
        assert told.getvalue().startswith(before + name)
        assert "22 communes, 3 cantons, 1 intercommunalité, " in told.getvalue().replace("\u00a0", " ")
    assert JournalEntry.objects.filter(verb="territory.imported").count() == 1


def test_sqlite_is_told_how_profiles_are_spread_but_not_that_they_are_nobody_s(db: None, files: Files) -> None:
    """On the first day no profile is anyone's: taken for a rule, each page read them all to find who signed in."""
    initialise([COMPIEGNE], Console(file=io.StringIO()))
    told = {
        "sqlite": "SELECT idx FROM sqlite_stat1 WHERE tbl = 'people_voice'",
        "postgresql": "SELECT relname FROM pg_class WHERE relname = 'people_voice' AND reltuples > 100",
    }
    with connection.cursor() as cursor:
        cursor.execute(told[connection.vendor])
        names = {name for (name,) in cursor.fetchall()}
    assert names == (
        {"voice_directory", "voice_heard_of_kind", "voice_zone"} if connection.vendor == "sqlite" else {"people_voice"}
    )


def test_every_index_is_there_once_all_is_written(compiegne: Files) -> None:
    """A first import makes them last: one that was forgotten would only be slow."""
    with connection.cursor() as cursor:
        for table in (Zone, ZoneLink, ZoneName, Voice, VoiceName, Mandate):
            made = connection.introspection.get_constraints(cursor, table._meta.db_table)
            assert {index.name for index in table._meta.indexes} <= made.keys()


def test_statements_do_not_grow_with_the_number_of_elus(compiegne: Files, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(22):
        import_elus(quietly)


@pytest.mark.parametrize(
    ("first_name", "surname", "name"),
    [
        ("Chantal", "ARMANDO", "Chantal Armando"),
        ("Marie-Do", "LE GOFF", "Marie-Do Le Goff"),
        ("Ann", "DE LA TOUR", "Ann de La Tour"),
        ("Guy", "GIROD DE L'AIN", "Guy Girod de L’Ain"),
        ("Luc", "D'HAUTEFEUILLE", "Luc d’Hautefeuille"),
        ("Éva", "CHARVET-D'ALBERTO", "Éva Charvet-D’Alberto"),
        ("Paul", "PRUD'HOMME", "Paul Prud’homme"),
        ("Yann", "L'HELGOUALC'H", "Yann L’Helgoualc’h"),
        ("Ali", "N'DJIN", "Ali N’Djin"),
        ("Ugo", "DALL'AGNOL", "Ugo Dall’Agnol"),
        ("Jan", "VAN DER BERG", "Jan Van der Berg"),
        ("Zoé", "DE SOUSA (JOURDAN)", "Zoé de Sousa (Jourdan)"),
        ("Léa", "MARTIN NÉE ÉBOUÉ", "Léa Martin née Éboué"),
        ("Loïc", "Prud'homme", "Loïc Prud’homme"),
        ("JEAN-LUC", "MC DO", "Jean-Luc Mc Do"),
    ],
)
def test_names_in_capitals_become_names(first_name: str, surname: str, name: str) -> None:
    assert full_name(first_name, surname) == name


def test_the_nationality_the_register_writes_after_a_first_name_is_not_kept() -> None:
    assert without_nationality("Ana Rita Nationalité Portugaise") == "Ana Rita"
    assert without_nationality("Jose CarlosNationalité Portugaise") == "Jose Carlos"
    assert without_nationality("Ana") == "Ana"
