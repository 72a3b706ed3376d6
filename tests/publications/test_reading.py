"""Pages one reads: who reaches which, what they say, how much they ask."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.images import reencode
from parvis.publications.models import Publication
from tests.cast import Cast
from tests.publications.conftest import Say, html, picture, signed_in


def test_a_notice_says_who_for_whom_and_until_when(notice: Publication, client: Client) -> None:
    page = html(client.get(notice.get_absolute_url()))
    for words in ("Pont fermé", "Service des routes", "Service public", "Clairval", "Canton de Clairval-2"):
        assert words in page


@pytest.mark.parametrize("address", ["/avis/{}/", "/avis/un-autre-titre-{}/"])
def test_the_slug_decides_nothing(notice: Publication, client: Client, address: str) -> None:
    response = client.get(address.format(notice.pk))
    assert (response.status_code, response["Location"]) == (301, notice.get_absolute_url())


def test_what_does_not_exist_and_what_is_not_yours_are_the_same(
    territory: Cast, client: Client, amina: Person, chloe: Person, moderator: Person, post: Publication, send: Say
) -> None:
    """R-SEC-1."""
    waiting = send(amina.voice, amina, "Bonjour", territory.bois, kind="post")
    addresses = ["/publications/{}/", "/publications/{}/corriger/", "/publications/{}/retirer/"]
    stranger = signed_in(chloe)
    for address in addresses:
        absent, hidden = (stranger.get(address.format(number)) for number in (999_999, waiting.pk))
        assert (absent.status_code, hidden.status_code) == (404, 404)
        same = [re.sub(r"csrfmiddlewaretoken[^>]*|\d+", "", html(response)) for response in (absent, hidden)]
        assert same[0] == same[1]
    assert client.get(addresses[0].format(waiting.pk)).status_code == 404
    assert stranger.post(f"/publications/{waiting.pk}/repondre/", {"body": "Oui"}).status_code == 404
    assert signed_in(amina).get(addresses[0].format(waiting.pk)).status_code == 200
    assert signed_in(moderator).get(addresses[0].format(waiting.pk)).status_code == 200
    # Online and public, but theirs alone to change.
    for address in addresses[1:]:
        assert stranger.get(address.format(post.pk)).status_code == 404
        assert stranger.post(address.format(post.pk), {"body": "Faux"}).status_code == 404
    # One kind's address does not show another.
    assert client.get(f"/avis/{post.pk}/").status_code == 404
    assert client.get(f"/avis/{10**14}/").status_code == client.get(f"/publications/{10**30}/").status_code == 404


def test_its_author_reads_where_it_is_and_why(territory: Cast, amina: Person, moderator: Person, send: Say) -> None:
    """R-LAW-19."""
    waiting = send(amina.voice, amina, "Bonjour", territory.bois, kind="post")
    author = signed_in(amina)
    assert "En attente de modération" in html(author.get(waiting.get_absolute_url()))
    actions.refuse(waiting, by=moderator, rule="incomplet", reason="Il manque le lieu.")
    page = html(author.get(waiting.get_absolute_url()))
    assert "n’a pas été mis en ligne" in page
    assert "Information incomplète" in page
    assert "Il manque le lieu." in page
    assert "contester" in page


def test_a_correction_is_seen_with_what_was_written(notice: Publication, agent: Person, client: Client) -> None:
    assert "voir ce qui était écrit" not in html(client.get(notice.get_absolute_url()))
    signed_in(agent).post(f"/publications/{notice.pk}/corriger/", {"title": "Pont ouvert", "body": "Enfin."})
    page = html(client.get(notice.get_absolute_url()))
    assert "Pont ouvert" in page
    assert "voir ce qui était écrit" in page
    assert "Le texte de « Pont fermé »." in page


def test_the_list_follows_a_zone(
    territory: Cast, notice: Publication, routes: Voice, agent: Person, client: Client, send: Say
) -> None:
    send(routes, agent, "Salage", territory.departement)
    send(routes, agent, "Marché déplacé", territory.remy)

    def titles(address: str) -> list[str]:
        return [title for title in ("Pont fermé", "Salage", "Marché déplacé") if title in html(client.get(address))]

    assert titles("/avis/") == ["Pont fermé", "Salage", "Marché déplacé"]
    assert titles("/avis/?zone=commune-99001") == ["Pont fermé", "Salage"]
    # Saint-Rémy lies in the second canton, which the first notice addresses.
    assert titles("/avis/?zone=commune-99006") == ["Pont fermé", "Salage", "Marché déplacé"]
    assert titles("/avis/?zone=commune-99002") == ["Salage"]
    for unknown in ("commune-75056", "commune-%00", "commune", "-", "x-1"):
        assert client.get(f"/avis/?zone={unknown}").status_code == 404
    assert client.get("/avis/?lieu=les essarts")["Location"] == "/avis/?zone=commune-99003"
    assert "Aucun lieu" in html(client.get("/avis/?lieu=zzz"))


def test_the_list_has_pages_and_few_statements(
    territory: Cast,
    routes: Voice,
    agent: Person,
    client: Client,
    send: Say,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """R-SEC-30."""
    for number in range(23):
        send(routes, agent, f"Avis numéro {number}", territory.clairval)
    for where in ("", "?zone=commune-99001", f"?zone=epci-{territory.epci.code}"):
        with django_assert_max_num_queries(7):
            page = html(client.get(f"/avis/{where}"))
        assert page.count('class="card"') == 20
        older = re.search(r'href="(/avis/[^"]*avant=\d+)"', page)
        assert older
        rest = html(client.get(older[1].replace("&amp;", "&")))
        assert rest.count('class="card"') == 3
        assert "Il n’y a pas d’avis plus ancien" in rest
        assert "Revenir aux plus récents" in rest
    assert html(client.get("/avis/?avant=zzz")).count('class="card"') == 20


def test_the_atom_feed_carries_what_anyone_may_read(
    notice: Publication, client: Client, moderator: Person, settings: Any
) -> None:
    response = client.get("/avis.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = html(response)
    assert f'<title>Pont fermé</title><link href="{settings.SITE_URL}{notice.get_absolute_url()}"' in feed
    assert "Service des routes (Service public)" in feed
    assert client.get("/avis.atom", headers={"if-none-match": response["ETag"]}).status_code == 304
    actions.hide(notice, by=moderator, rule="inexact", reason="Faux.")
    again = client.get("/avis.atom", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 200
    assert "Pont fermé" not in html(again)


def test_a_picture_goes_with_its_publication(
    territory: Cast, routes: Voice, agent: Person, moderator: Person, client: Client, send: Say
) -> None:
    """R-SEC-5, R-SEC-8."""
    notice = send(routes, agent, "Pont", territory.clairval, image=reencode(picture()), image_alt="Le pont")
    address = notice.image.url
    assert f'<img src="{address}" alt="Le pont" width="30" height="20">' in html(client.get(notice.get_absolute_url()))
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    # Nobody guesses the address of what is not public yet.
    assert re.fullmatch(r"/media/images/\d{4}/\d{2}/[-\w]{22}\.webp", address)
    actions.hide(notice, by=moderator, rule="inexact", reason="Faux.")
    assert client.get(address).status_code == 404
    own = signed_in(agent).get(address)
    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-store")
    for name in ("../parvis.sqlite3", "images/absent.webp", "", "%00"):
        assert client.get(f"/media/{name}").status_code == 404


def test_a_page_names_our_address_whatever_host_was_asked(
    territory: Cast, routes: Voice, agent: Person, send: Say, client: Client, settings: Settings
) -> None:
    """A cache or a link preview must not carry the host a client wrote."""
    settings.SITE_URL = "https://parvis.example"
    illustrated = send(routes, agent, "Pont", territory.clairval, image=reencode(picture()), image_alt="Le pont")
    plain = send(routes, agent, "Gué", territory.clairval)
    for path, image in (
        ("/", "/static/parvis/preview.png"),
        (plain.get_absolute_url(), "/static/parvis/preview.png"),
        (illustrated.get_absolute_url(), illustrated.image.url),
    ):
        page = html(client.get(path, headers={"host": "localhost"}))
        assert f'<link rel="canonical" href="https://parvis.example{path}">' in page
        assert f'<meta property="og:url" content="https://parvis.example{path}">' in page
        assert f'<meta property="og:image" content="https://parvis.example{image}">' in page
        assert "//localhost" not in page


@pytest.mark.parametrize(
    ("body", "headline"),
    [
        ("Merci à la dame au manteau jaune !", "Merci à la dame au manteau jaune !"),
        (
            "La fontaine ne coule plus depuis mardi. Qui la répare, et quand ?",
            "La fontaine ne coule plus depuis mardi.",
        ),
        (
            "Trouvé sur la boîte à livres : un gant gauche, très doux, à rendre",
            "Trouvé sur la boîte à livres : un gant gauche…",
        ),
        ("a b c d e f g h i j k l", "a…"),
    ],
)
def test_a_post_without_title_is_called_by_its_first_sentence_or_words(body: str, headline: str) -> None:
    assert Publication(body=body).headline == headline


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Protection maternelle et infantile", "PM"),
        ("Service de l’eau", "SE"),
        ("Cercle généalogique Les Branches", "CL"),
    ],
)
def test_a_collective_has_two_initials_when_its_name_has_two_words(name: str, initials: str) -> None:
    assert Voice(kind=Voice.Kind.SERVICE, name=name).initials == initials
