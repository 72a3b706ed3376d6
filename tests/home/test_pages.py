"""Search, my space, pages that explain, and what robots read."""

import pytest

from parvis.core import kept
from parvis.territory.models import Zone, ZoneName


@pytest.mark.parametrize("path", ["/aide/", "/charte/", "/mentions-legales/", "/accessibilite/", "/flux/"])
def test_pages_that_explain(client, territory, path):
    assert client.get(path).status_code == 200


def test_the_legal_notice_comes_from_the_settings_and_says_when_it_is_incomplete(client, territory, settings):
    assert "incomplètes" in client.get("/mentions-legales/").content.decode()

    settings.PUBLISHER, settings.PUBLICATION_DIRECTOR, settings.HOSTING = "Département", "Jo Dupré", "Chez nous"
    # Settings are read at start, when nothing is kept.
    kept.forget()
    page = client.get("/mentions-legales/").content.decode()

    assert "Jo Dupré" in page
    assert "incomplètes" not in page


def test_search_finds_places_profiles_and_words(client, territory, chorale, routes, agent, send):
    send(routes, agent, "Pont fermé", territory.departement)

    assert "Saint-Rémy" in client.get("/recherche/", {"q": "remy"}).content.decode()
    assert "Chorale de Saint-Rémy" in client.get("/recherche/", {"q": "chorale"}).content.decode()
    assert "Pont fermé" in client.get("/recherche/", {"q": "pont"}).content.decode()
    assert "Rien ne répond" in client.get("/recherche/", {"q": "zzz"}).content.decode()
    assert client.get("/recherche/", {"q": "\0<b>%_"}).status_code == 200


def test_two_places_of_one_name_are_told_apart(client, territory):
    Zone.objects.filter(pk__in=[territory.bois.pk, territory.remy.pk]).update(name="Saint-Denis")
    for zone in (territory.bois, territory.remy):
        ZoneName.objects.create(zone=zone, text="denis")

    page = client.get("/recherche/", {"q": "denis"}).content.decode()

    assert page.count(f'Saint-Denis <span class="chip__count">{territory.departement.name}<') == 2


def test_search_never_finds_an_inhabitant_who_did_not_choose_it(client, territory, bruno):
    bruno.voice.listed = False
    bruno.voice.save()

    assert bruno.name not in client.get("/recherche/", {"q": "bruno"}).content.decode().replace("« bruno »", "")


def test_my_space_is_mine(client, territory, bruno):
    assert client.get("/mon-espace/").status_code == 302
    client.force_login(bruno)
    assert client.get("/mon-espace/").status_code == 200
    assert client.get("/mon-espace/", {"etat": "zzz"}).status_code == 200


def test_my_space_shows_the_state_and_the_reason_of_a_refusal(client, territory, bruno, moderator, send):
    from_bruno = send(bruno.voice, bruno, "Vends tondeuse", territory.clairval, kind="post")
    assert from_bruno.state == "pending"
    client.force_login(bruno)
    assert "En attente de modération" in client.get("/mon-espace/").content.decode()


def test_the_sitemap_lists_places_organisations_and_words_but_no_inhabitant(client, territory, chorale, bruno):
    index = client.get("/sitemap.xml").content.decode()
    assert "sitemap-zones-1.xml" in index
    assert "sitemap-voices-1.xml" in index

    zones = client.get("/sitemap-zones-1.xml").content.decode()
    voices = client.get("/sitemap-voices-1.xml").content.decode()

    assert territory.remy.get_absolute_url() in zones
    assert chorale.get_absolute_url() in voices
    assert "/habitants/" not in voices
    for odd in ("/sitemap-zones-99.xml", "/sitemap-nope-1.xml", "/sitemap-zones-0.xml"):
        assert client.get(odd).status_code == 404


def test_robots_know_the_sitemap_and_stay_out_of_what_is_personal(client, territory):
    robots = client.get("/robots.txt").content.decode()

    assert "Sitemap: " in robots
    assert "Disallow: /habitants/" in robots


def test_a_sitemap_beyond_all_count_does_not_exist(client, territory):
    assert client.get("/sitemap-zones-99999999999999999999.xml").status_code == 404
