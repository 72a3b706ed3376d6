"""Following and muting voices and communes, with a way back each time (R-LAW-11, R-LAW-23, R-PRIV-1)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.core.models import JournalEntry
from parvis.people import actions
from parvis.people.models import Audience, Mute, Person, Reason, Subscription, Voice
from tests.cast import Cast, make_person
from tests.publications.conftest import html, signed_in


def follows(person: Person) -> set[str]:
    """The names of what `person` follows."""
    return {str(one.audience) for one in Subscription.objects.filter(person=person, reason=Reason.FOLLOW)}


def test_following_and_leaving_from_the_page(amina: Person, chorale: Voice) -> None:
    client = signed_in(amina)
    for _ in range(2):
        sent = client.post(f"/suivre/{chorale.pk}/", {"action": "follow"})
    assert sent["Location"] == chorale.get_absolute_url()
    row = Subscription.objects.get(person=amina, reason=Reason.FOLLOW)
    assert (row.grants, row.audience) == (False, Audience.objects.get(voice=chorale))
    assert chorale.name in html(client.get("/mes-abonnements/"))
    for _ in range(2):
        client.post(f"/suivre/{chorale.pk}/", {"action": "unfollow"})
    assert follows(amina) == set()
    assert JournalEntry.objects.filter(verb="person.followed").count() == 1
    assert JournalEntry.objects.filter(verb="person.unfollowed").count() == 1


def test_the_journal_says_neither_whom_nor_which(amina: Person, chorale: Voice, territory: Cast) -> None:
    """What one follows may tell one's opinions (R-LAW-11)."""
    before = JournalEntry.objects.count()
    audience = Subscription.objects.get(person=amina, reason=Reason.DEPARTEMENT).audience
    actions.follow(amina, chorale)
    actions.mute(amina, chorale)
    actions.unmute(amina, chorale)
    actions.unfollow(amina, chorale)
    actions.follow_commune(amina, territory.remy)
    actions.unfollow_commune(amina, territory.remy)
    actions.mute_audience(amina, audience)
    actions.unmute_audience(amina, audience)
    entries = JournalEntry.objects.order_by("pk")[before:]
    assert len(entries) == 8
    assert {(one.target_type, one.target_id, str(one.details)) for one in entries} == {("person", amina.pk, "{}")}
    assert not any(one.shows for one in entries)


def test_a_commune_is_followed_without_living_there(amina: Person, territory: Cast) -> None:
    client = signed_in(amina)
    address = f"/suivre/communes/{territory.remy.pk}/"
    for _ in range(2):
        client.post(address, {"action": "follow"})
    row = Subscription.objects.get(person=amina, reason=Reason.FOLLOW)
    assert (row.audience.zone, row.grants) == (territory.remy, False)
    assert "Saint-Rémy" in html(client.get("/mes-abonnements/"))
    client.post(address, {"action": "unfollow"})
    assert follows(amina) == set()


def test_what_cannot_be_followed_is_refused(amina: Person, chloe: Person, chorale: Voice, territory: Cast) -> None:
    """One's own page, an inhabitant who is not to be seen, a closed page, a canton, the commune one lives in."""
    with pytest.raises(ValidationError):
        actions.follow(amina, amina.voice)
    with pytest.raises(ValidationError):
        actions.mute(amina, amina.voice)
    for act in (actions.follow, actions.mute):
        with pytest.raises(PermissionDenied):
            act(amina, chloe.voice)
    with pytest.raises(PermissionDenied):
        actions.follow_commune(amina, territory.canton_1)
    with pytest.raises(ValidationError, match="habitez"):
        actions.follow_commune(amina, territory.bois)
    Voice.objects.filter(pk=chorale.pk).update(closed_at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.follow(amina, chorale)
    assert follows(amina) == set()
    assert not Mute.objects.exists()
    client = signed_in(amina)
    assert client.post(f"/suivre/{chorale.pk}/", {"action": "follow"}).status_code == 404
    assert client.post(f"/suivre/communes/{territory.canton_1.pk}/", {"action": "follow"}).status_code == 404
    said = client.post(f"/suivre/communes/{territory.bois.pk}/", {"action": "follow"}, follow=True)
    assert "Vous y habitez : vous recevez déjà ce qui la concerne." in html(said)


def test_who_follows_a_voice_wants_to_read_it_again(amina: Person, chorale: Voice) -> None:
    actions.mute(amina, chorale)
    actions.mute(amina, chorale)
    assert Mute.objects.get().voice == chorale
    actions.follow(amina, chorale)
    assert not Mute.objects.exists()


@pytest.mark.parametrize(("action", "inverse"), [("follow", "unfollow"), ("mute", "unmute")])
def test_each_act_says_how_to_undo_it(amina: Person, chorale: Voice, action: str, inverse: str) -> None:
    client = signed_in(amina)
    address = f"/suivre/{chorale.pk}/"
    page = html(client.post(address, {"action": action, "next": "/mes-abonnements/"}, follow=True))
    assert f'action="{address}"' in page
    assert f'name="action" value="{inverse}"' in page
    assert "Annuler" in page
    assert "Annuler" not in html(client.get("/mes-abonnements/"))


def test_an_act_nobody_knows_and_a_page_elsewhere_lead_nowhere(amina: Person, chorale: Voice) -> None:
    client = signed_in(amina)
    assert client.post(f"/suivre/{chorale.pk}/", {"action": "own"}).status_code == 404
    assert client.post(f"/suivre/{chorale.pk}/").status_code == 404
    sent = client.post(f"/suivre/{chorale.pk}/", {"action": "follow", "next": "https://elsewhere.example/"})
    assert sent["Location"] == chorale.get_absolute_url()


def test_a_place_rests_and_wakes(amina: Person) -> None:
    client = signed_in(amina)
    row = Subscription.objects.get(person=amina, reason=Reason.REGION)
    client.post(f"/mes-lieux/abonnements/{row.pk}/", {"action": "mute"})
    assert "en sourdine" in html(client.get("/mes-lieux/"))
    silent = html(client.get("/mes-abonnements/?liste=sourdine"))
    assert "Haute-Ombre" in silent
    assert "Les alertes de sécurité restent affichées." in silent
    client.post(f"/mes-lieux/abonnements/{row.pk}/", {"action": "unmute"})
    assert not Subscription.objects.filter(muted=True).exists()


def test_the_page_holds_what_one_follows_by_type_and_what_one_left_out(
    amina: Person, chorale: Voice, routes: Voice, elu: Voice, territory: Cast
) -> None:
    for voice in (chorale, routes, elu):
        actions.follow(amina, voice)
    actions.follow_commune(amina, territory.remy)
    actions.mute(amina, routes)
    client = signed_in(amina)
    page = html(client.get("/mes-abonnements/"))
    order = ["Associations", chorale.name, "Élus", elu.name, "Services publics", routes.name, "Communes", "Saint-Rémy"]
    places = [page.index(f">{words}<") for words in order]
    assert places == sorted(places)
    silent = html(client.get("/mes-abonnements/?liste=sourdine"))
    assert routes.name in silent
    assert chorale.name not in silent


def test_the_page_costs_the_same_however_long_and_is_paged(
    admin: Person, territory: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(25):
        owner = make_person(f"{index}@example.org", "Camille Dor", territory.bois)
        voice = actions.create_association(
            by=owner, name=f"Association {index}", zone=territory.bois, theme="sport", summary="x"
        )
        actions.follow(admin, voice)
        actions.mute(admin, voice)
        actions.follow(admin, voice)
        if index % 2:
            actions.mute(admin, voice)
    client = signed_in(admin)
    for address in ("/mes-abonnements/", "/mes-abonnements/?liste=sourdine"):
        with django_assert_max_num_queries(10):
            page = html(client.get(address))
        assert 12 <= page.count('<li class="row spread"') <= 20
    assert html(client.get("/mes-abonnements/?page=2")).count('<li class="row spread"') == 5


def test_the_buttons_of_a_profile_say_what_is(amina: Person, elu: Voice) -> None:
    """One follows an élu, whoever opened their space (R-LAW-35)."""
    client = signed_in(amina)
    address = elu.get_absolute_url()
    assert "Ne plus voir" in html(client.get(address))
    client.post(f"/suivre/{elu.pk}/", {"action": "follow"})
    assert "Ne plus suivre" in html(client.get(address))
    client.post(f"/suivre/{elu.pk}/", {"action": "mute"})
    page = html(client.get(address))
    assert "Voir de nouveau" in page
    assert "sauf ses alertes de sécurité" in page
    visitor = html(Client().get(address))
    assert f"/connexion/?next={address}" in visitor
    assert "csrfmiddlewaretoken" not in visitor


def test_all_of_it_goes_with_the_account(amina: Person, chorale: Voice, territory: Cast) -> None:
    actions.follow(amina, chorale)
    actions.mute(amina, chorale)
    actions.follow_commune(amina, territory.remy)
    amina.delete()
    assert not Subscription.objects.filter(reason=Reason.FOLLOW).exists()
    assert not Mute.objects.exists()
