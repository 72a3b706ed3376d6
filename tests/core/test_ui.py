"""The design system: what each tag draws, and that the sheet, the sprite and the templates agree."""

import gzip
import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from parvis.core.templatetags import ui
from tests.house.source import PACKAGE, sources, templates, where

STATIC = PACKAGE / "core/static/parvis"
SHEET = STATIC / "parvis.css"
# Written as `avatar--{{ voice.kind }}` in templates.
COMPOSED = ("avatar--", "badge--", "icon--", "reply--", "toast--")


@dataclass
class Someone:
    """A voice as the tags see it."""

    kind: str = "elu"
    name: str = "Inès Corberon"
    kind_label: str = "Élue"
    badge_text: str = "Élue"
    initials: str = "IC"
    is_verified: bool = False
    is_collective: bool = False
    is_fictional: bool = False

    def get_absolute_url(self) -> str:
        return "/elus/ines-corberon-1/"


class Notice(forms.Form):
    title = forms.CharField(label="Titre", help_text="Dites quoi et quand.")
    ends = forms.DateField(label="Expire le", required=False)
    reason = forms.ChoiceField(label="Motif", choices=[("a", "Travaux")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="J’accepte la charte", required=False)


def draw(source: str, **context: Any) -> str:
    """A template of one line, drawn."""
    return str(engines["django"].from_string("{% load ui %}" + source).render(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# Who speaks


def test_a_badge_says_the_type_in_words_and_that_it_is_verified() -> None:
    assert words(draw("{% voice_badge v %}", v=Someone(is_verified=True))) == "Élue · vérifiée"
    service = Someone(kind="service", badge_text="Service public", kind_label="Service public", is_verified=True)
    assert words(draw("{% voice_badge v %}", v=service)) == "Service public · vérifié"


def test_a_fictional_voice_is_marked() -> None:
    club = Someone(kind="association", badge_text="Association", kind_label="Association", is_fictional=True)
    assert words(draw("{% voice_badge v %}", v=club)) == "Association fictive"
    someone = Someone(kind="habitant", badge_text="Habitant", kind_label="Habitant", is_fictional=True)
    assert words(draw("{% voice_badge v %}", v=someone)) == "Habitant fictif"


def test_a_collective_is_square_and_a_person_round() -> None:
    assert "avatar--square" in draw("{% avatar v %}", v=Someone(kind="groupe", is_collective=True))
    assert "avatar--square" not in draw("{% avatar v %}", v=Someone())


def test_a_name_is_never_markup() -> None:
    html = draw("{% signature v %}", v=Someone(name="<b>Maire</b>", initials="<i>", badge_text="<u>"))
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html


# Forms


def test_a_field_ties_label_help_and_error_to_its_input() -> None:
    html = draw("{% field f.title %}", f=Notice({"title": ""}))
    assert '<label class="label" for="id_title">Titre</label>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html


def test_only_an_optional_field_says_so() -> None:
    form = Notice()
    assert "(facultatif)" in draw("{% field f.ends %}", f=form)
    assert "(facultatif)" not in draw("{% field f.title %}", f=form)
    assert "(facultatif)" not in draw("{% field f.agreed %}", f=form)


def test_choices_are_a_group_with_a_legend() -> None:
    html = draw("{% field f.reason %}", f=Notice())
    assert "<fieldset" in html
    assert "<legend" in html


def test_a_date_is_given_to_the_browser_in_the_only_format_it_reads() -> None:
    html = draw("{% field f.ends %}", f=Notice(initial={"ends": date(2026, 12, 4)}))
    assert 'type="date"' in html
    assert 'value="2026-12-04"' in html
    assert Notice({"title": "x", "ends": "2026-12-04", "reason": "a"}).is_valid()


def test_a_form_links_to_each_field_to_correct() -> None:
    html = draw("{% form_errors f %}", f=Notice({}))
    assert 'role="alert"' in html
    assert 'href="#id_title"' in html
    assert 'href="#id_reason"' in html
    assert words(draw("{% form_errors f %}", f=Notice({"title": "x", "reason": "a"}))) == ""


# Lists


def test_pages_keep_what_was_asked() -> None:
    request = RequestFactory().get("/annuaire/?type=elu&q=%C3%A9&page=2")
    html = draw("{% pagination p %}", p=Paginator(range(214), 8).page(2), request=request)
    assert "?type=elu&amp;q=%C3%A9&amp;page=3" in html
    assert 'aria-current="page"' in html
    assert "9 – 16 sur 214" in words(html)


def test_one_page_needs_no_links() -> None:
    assert words(draw("{% pagination p %}", p=Paginator(range(3), 8).page(1))) == ""


# Words


def test_numbers_are_written_in_french() -> None:
    assert ui.number(1312) == "1\u202f312"
    assert ui.number(2.5) == "2,5"
    assert ui.number(None) == ""


def test_hours_have_no_needless_zeros() -> None:
    assert ui.hour(time(18, 30)) == "18\u00a0h\u00a030"
    assert ui.hour(time(20)) == "20\u00a0h"
    assert ui.hour(datetime(2026, 7, 1, 7, 5, tzinfo=UTC)) == "9\u00a0h\u00a005"


def test_the_first_words_stop_on_a_word() -> None:
    assert ui.first_words("Un, deux, trois", 2) == "Un, deux…"
    assert ui.first_words("Un, deux", 2) == "Un, deux"


def test_a_site_is_named_without_its_protocol() -> None:
    assert ui.website("https://mairie.fr/") == "mairie.fr"
    assert ui.website("mairie.fr") == "mairie.fr"


def test_months_are_shortened_as_in_french() -> None:
    assert ui.short_month(date(2026, 1, 4)) == "janv."
    assert ui.short_month(date(2026, 12, 4)) == "déc."


def test_days_name_the_year_only_when_it_is_another() -> None:
    year = timezone.localdate().year
    assert ui.day(date(year, 5, 1)).endswith("1er mai")
    assert ui.day(date(2020, 11, 24)) == "mardi 24 novembre 2020"


def test_a_span_says_the_day_once() -> None:
    start = datetime(2020, 11, 24, 17, 30, tzinfo=UTC)
    assert ui.day_range(start, start + timedelta(hours=2)) == (
        "mardi 24 novembre 2020, 18\u00a0h\u00a030\u00a0–\u00a020\u00a0h\u00a030"
    )
    # A party that ends in the night is one evening.
    assert "du " not in ui.day_range(start, start + timedelta(hours=9))
    assert ui.day_range(start, start + timedelta(days=2)) == "du mardi 24 au jeudi 26 novembre 2020"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=5), "à l’instant"),
        (timedelta(minutes=35), "il y a 35 min"),
        (timedelta(days=400), "20"),
    ],
)
def test_moments_are_said_as_people_say_them(before: timedelta, said: str) -> None:
    assert said in ui.ago(timezone.now() - before)


# The sheet, the sprite, the templates


def pages() -> list[Path]:
    """The templates but those of a mail, which carries its own style: nothing is fetched when it is opened."""
    return [path for path in templates() if path.parent.name != "mail"]


def classes_written() -> dict[str, str]:
    """Every class a template or a form writes -> where. Those composed with a variable are left out."""
    found: dict[str, str] = {}
    for path in [*pages(), *sources(tests=False)]:
        text = path.read_text("utf-8")
        for value in re.findall(r'class="((?:[^"{]|{[{%].*?[%}]})*)"|"class": "([^"]*)"', text):
            plain = re.sub(r"{%.*?%}", " ", value[0] or value[1])
            found |= {name: where(path) for name in plain.split() if re.fullmatch(r"[a-z][\w-]*", name)}
    return found


def classes_of_the_sheet() -> set[str]:
    css = re.sub(r'/\*.*?\*/|url\("[^"]*"\)', "", SHEET.read_text("utf-8"), flags=re.DOTALL)
    selectors = re.sub(r"{[^{}]*}", "{}", css)
    return set(re.findall(r"\.([a-z][\w-]*)", selectors))


def test_every_class_written_has_its_rule() -> None:
    known = classes_of_the_sheet()
    unknown = {name: at for name, at in classes_written().items() if name not in known and not name.endswith("--")}
    assert {name: at for name, at in unknown.items() if not name.startswith(COMPOSED)} == {}


def test_every_rule_has_its_use() -> None:
    scripts = list(PACKAGE.glob("*/static/*/*.js"))
    everything = "".join(path.read_text("utf-8") for path in [*templates(), *sources(tests=False), *scripts])
    used = set(re.findall(r"[a-z][\w-]*", everything))
    assert {name for name in classes_of_the_sheet() - used if not name.startswith(COMPOSED)} == set()


def test_the_sheet_stays_light() -> None:
    assert len(gzip.compress(SHEET.read_bytes(), mtime=0)) <= 12_500


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (PACKAGE / "core/static" / ui.SPRITE).read_text("utf-8")))
    asked = set(ui.VOICE_ICONS.values())
    for path in templates():
        asked |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8")))
    assert asked - drawn == set()


def test_vendored_files_are_those_of_the_lock() -> None:
    lock = tomllib.loads((STATIC / "vendor/assets.lock.toml").read_text("utf-8"))
    listed = set()
    for package in lock["package"]:
        assert package["version"] in package["folder"]
        assert "LICENSE" in {file["target"] for file in package["files"]}
        for file in package["files"]:
            path = STATIC / "vendor" / package["folder"] / file["target"]
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"], path.name
            listed.add(path)
    assert {path for path in (STATIC / "vendor").glob("*/**/*") if path.is_file()} == listed


def test_no_style_and_no_script_is_written_in_a_page() -> None:
    inline = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.IGNORECASE)
    assert [where(path) for path in pages() if inline.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_a_page_for_a_failure_needs_neither_database_nor_request(name: str) -> None:
    assert "<h1>" in render_to_string(name)
