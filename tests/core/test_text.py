"""What people write is made safe, searchable and typographically French."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core import text

ATTACKS = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://elsewhere.example/pixel.png)",
    "<img src=x onerror=alert(1)>",
    "<a href='vbscript:x' onclick=alert(1) style='position:fixed'>x</a>",
    "<svg/onload=alert(1)>",
    "<iframe src=//elsewhere.example></iframe>",
    "[x](  javascript&#58;alert(1))",
    "<math><mtext></mtext><style><img src onerror=alert(1)></style></math>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_and_nothing_is_fetched(attack):
    html = text.render(attack)

    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(r'</?(p|a|br)( href="https?://[^"]*")?( rel="nofollow ugc noopener")?/?>', tag)


def test_markdown_keeps_what_a_message_needs():
    html = text.render("# Titre\n\nUn **mot**, [un lien](https://commune.example).\n\n- un\n- deux")

    assert "<h3>Titre</h3>" in html
    assert "<strong>mot</strong>" in html
    assert '<a href="https://commune.example" rel="nofollow ugc noopener">un lien</a>' in html
    assert "<li>deux</li>" in html


@given(st.text(max_size=300))
def test_any_text_renders_and_sanitising_twice_changes_nothing(written):
    html = text.render(text.clean(written))

    assert text.sanitise(html) == html


@given(st.text(max_size=200))
def test_cleaning_is_stable_and_leaves_no_control_character(written):
    cleaned = text.clean(written)

    assert text.clean(cleaned) == cleaned
    assert "\0" not in cleaned
    assert "\u202e" not in cleaned
    assert "\ud800" not in cleaned


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Compiègne", "compiegne"), ("L’Isle-Adam", "l isle adam"), ("Œuilly", "oeuilly"), ("  ÇA  là ", "ca la")],
)
def test_a_search_forgets_accents_and_separators(written, folded):
    assert text.fold(written) == folded


@pytest.mark.parametrize(
    ("typed", "set_in_type"),
    [
        ("Qui vient ?", "Qui vient\u202f?"),
        ("Attention : travaux", "Attention\u00a0: travaux"),
        ("« Bonjour »", "«\u00a0Bonjour\u00a0»"),
        ("l'eau", "l’eau"),
        ("https://commune.example/?a=1", "https://commune.example/?a=1"),
        ("18:30", "18:30"),
        ("4 000 livres", "4\u202f000 livres"),
        ("03 44 29 50 00", "03 44 29 50 00"),
    ],
)
def test_french_spaces(typed, set_in_type):
    assert text.typo(typed) == set_in_type


def test_the_first_words_of_a_text_read_as_on_its_page() -> None:
    html = text.render("Voir **[le site](https://exemple.fr)**.\n\n- un\n- deux")
    assert text.plain(html) == "Voir le site. un deux"
