"""What one does with a publication for oneself: save it, know why one sees it, change that (R-LAW-11, R-LAW-23)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.core.models import JournalEntry
from parvis.people import actions as people
from parvis.people.models import Mute, Person, Reason, Subscription, Voice
from parvis.publications import actions, feed
from parvis.publications.models import Publication, Saved
from tests.cast import Cast
from tests.publications.conftest import Say, html, signed_in


def numbers(person: Person) -> list[int]:
    """What the feed of `person` shows."""
    return [card.number for card in feed.feed_for(person).cards]


def press(client: Client, page: str, label: str) -> str:
    """The page after pressing the button `label` of `page`."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if f">{label}<" in form:
            address = re.findall(r'action="([^"]*)"', form)[0]
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            return html(client.post(address, fields, follow=True))
    raise AssertionError(f"no button {label}")


def test_saving_is_one_button_and_so_is_taking_off(amina: Person, notice: Publication) -> None:
    client = signed_in(amina)
    for _ in range(2):
        sent = client.post(f"/enregistres/{notice.pk}/", {"action": "save"})
    assert sent["Location"] == notice.get_absolute_url()
    assert Saved.objects.get().person == amina
    assert "Enregistré : retirer" in html(client.get(notice.get_absolute_url()))
    page = html(client.get("/enregistres/"))
    assert "Pont fermé" in page
    page = press(client, page, "Retirer")
    assert not Saved.objects.exists()
    press(client, page, "Annuler")
    assert Saved.objects.exists()
    assert {(entry.target_id, str(entry.details)) for entry in JournalEntry.objects.filter(verb="person.saved")} == {
        (amina.pk, "{}")
    }
    assert JournalEntry.objects.filter(verb="person.saved").count() == 2


def test_what_one_may_not_read_is_not_saved(amina: Person, bruno: Person, territory: Cast, send: Say) -> None:
    """Hidden and absent are the same (R-SEC-1)."""
    pending = send(bruno.voice, bruno, "En attente", territory.clairval, kind="post")
    with pytest.raises(PermissionDenied):
        actions.save(amina, pending)
    client = signed_in(amina)
    for number in (pending.pk, 999_999):
        for action in ("save", "unsave"):
            assert client.post(f"/enregistres/{number}/", {"action": action}).status_code == 404
        assert client.get(f"/fil/{number}/").status_code == 404
    assert client.post(f"/enregistres/{pending.pk}/", {"action": "own"}).status_code == 404


def test_what_was_taken_away_leaves_the_list_and_is_counted(
    amina: Person, agent: Person, notice: Publication, routes: Voice, territory: Cast, send: Say
) -> None:
    other = send(routes, agent, "Eau coupée", territory.clairval)
    gone = send(routes, agent, "Erreur", territory.clairval)
    for one in (notice, other, gone):
        actions.save(amina, one)
    actions.withdraw(gone, by=agent)
    Publication.objects.filter(pk=other.pk).update(expires_at=timezone.now())
    client = signed_in(amina)
    page = html(client.get("/enregistres/"))
    assert "Erreur" not in page
    assert "Eau coupée" not in page
    assert "2 enregistrements ne sont plus disponibles" in page
    client.post(f"/enregistres/{other.pk}/", {"action": "unsave"})
    assert "1 enregistrement n’est plus disponible" in html(client.get("/enregistres/"))
    page = press(client, html(client.get("/enregistres/")), "Retirer de ma liste")
    assert "plus disponible" not in page
    assert [row.publication for row in Saved.objects.all()] == [notice]


def test_the_list_is_paged_newest_first_and_costs_the_same(
    amina: Person,
    agent: Person,
    routes: Voice,
    territory: Cast,
    send: Say,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for index in range(23):
        actions.save(amina, send(routes, agent, f"Avis {index:02}", territory.clairval))
    client = signed_in(amina)
    with django_assert_max_num_queries(11):
        page = html(client.get("/enregistres/"))
    assert re.findall(r">Avis (\d\d)</a>", page) == [f"{index:02}" for index in range(22, 2, -1)]
    assert re.findall(r">Avis (\d\d)</a>", html(client.get("/enregistres/?page=2"))) == ["02", "01", "00"]


def test_a_followed_commune_comes_with_its_reason(
    amina: Person, agent: Person, routes: Voice, territory: Cast, send: Say
) -> None:
    people.follow_commune(amina, territory.remy)
    sent = send(routes, agent, "Marché déplacé", territory.remy)
    cards = feed.feed_for(amina).cards
    assert [(card.number, card.reason) for card in cards] == [(sent.pk, "vous suivez Saint-Rémy")]
    assert "Vous le voyez : vous suivez Saint-Rémy" in html(signed_in(amina).get(f"/fil/{sent.pk}/"))


def test_a_followed_elu_comes_with_its_reason(
    chloe: Person, bruno: Person, speaking_elu: Voice, territory: Cast, send: Say
) -> None:
    """An élu speaks to all; who follows one is told so first (R-LAW-35)."""
    people.follow(chloe, speaking_elu)
    sent = send(speaking_elu, bruno, "Vœux", territory.departement, kind="post")
    cards = feed.feed_for(chloe).cards
    assert [(card.number, card.reason) for card in cards] == [(sent.pk, "vous suivez Irène Vasseur")]


def test_from_the_card_one_no_longer_sees_a_voice_and_comes_back(bruno: Person, notice: Publication) -> None:
    client = signed_in(bruno)
    page = html(client.get(f"/fil/{notice.pk}/"))
    assert "Vous le voyez : vous habitez Clairval" in page
    assert "Les alertes de sécurité restent affichées." in page
    page = press(client, page, "Ne plus voir ce qu’il dit")
    assert numbers(bruno) == []
    assert "Il n’est plus dans votre fil" in page
    press(client, page, "Annuler")
    assert numbers(bruno) == [notice.pk]
    assert not Mute.objects.exists()


def test_from_the_card_one_lets_a_place_rest_and_comes_back(
    bruno: Person, agent: Person, routes: Voice, territory: Cast, send: Say
) -> None:
    sent = send(routes, agent, "Vigilance", territory.departement)
    client = signed_in(bruno)
    page = press(client, html(client.get(f"/fil/{sent.pk}/")), "Ne plus recevoir ce qui est pour le Val-d’Ombre")
    assert numbers(bruno) == []
    assert "en sourdine" in page
    press(client, page, "Recevoir de nouveau ce qui est pour le Val-d’Ombre")
    assert numbers(bruno) == [sent.pk]


def test_from_the_card_one_no_longer_follows_and_other_reasons_stay(
    bruno: Person, notice: Publication, routes: Voice
) -> None:
    people.follow(bruno, routes)
    client = signed_in(bruno)
    page = html(client.get(f"/fil/{notice.pk}/"))
    assert "Vous le voyez : vous suivez Service des routes" in page
    assert "Vous habitez Clairval" in page
    page = press(client, page, "Ne plus suivre Service des routes")
    assert "Vous le voyez : vous habitez Clairval" in page
    press(client, page, "Annuler")
    assert Subscription.objects.filter(person=bruno, reason=Reason.FOLLOW).exists()


def test_an_alert_of_a_muted_voice_says_that_it_is_one(bruno: Person, notice: Publication, routes: Voice) -> None:
    Publication.objects.filter(pk=notice.pk).update(is_alert=True)
    people.mute(bruno, routes)
    for one in Subscription.objects.filter(person=bruno):
        people.mute_audience(bruno, one.audience)
    assert numbers(bruno) == [notice.pk]
    assert "Vous le voyez : c’est une alerte de sécurité." in html(signed_in(bruno).get(f"/fil/{notice.pk}/"))


def test_what_nothing_brings_is_said_so(
    chloe: Person, agent: Person, routes: Voice, territory: Cast, send: Say
) -> None:
    sent = send(routes, agent, "Ailleurs", territory.bois)
    assert "Rien ne l’amène dans votre fil" in html(signed_in(chloe).get(f"/fil/{sent.pk}/"))


def test_the_page_of_a_card_is_few_statements(
    bruno: Person, notice: Publication, routes: Voice, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people.follow(bruno, routes)
    client = signed_in(bruno)
    with django_assert_max_num_queries(11):
        client.get(f"/fil/{notice.pk}/")


def test_a_visitor_is_led_to_sign_in_and_meets_no_form(notice: Publication, post: Publication) -> None:
    for one in (notice, post):
        page = html(Client().get(one.get_absolute_url()))
        assert f'href="/connexion/?next={one.get_absolute_url()}">Enregistrer<' in page
        assert "csrfmiddlewaretoken" not in page
    assert Client().get("/enregistres/")["Location"] == "/connexion/?next=/enregistres/"


def test_what_one_saved_goes_with_the_account(amina: Person, notice: Publication) -> None:
    actions.save(amina, notice)
    amina.delete()
    assert not Saved.objects.exists()
