"""The pages of groups, through HTTP alone."""

import pytest
from django.test import Client

from parvis.groups import actions
from parvis.groups.models import Group, Member
from parvis.people.models import Person
from tests.circles import Found, own, signed_in
from tests.journeys.walker import plain


def text(client: Client, address: str) -> str:
    """What the page says."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return plain(response.content.decode())


def key(client: Client, address: str) -> str:
    """The key of the first form that has one."""
    page = client.get(address).content.decode()
    return page.partition('name="key" value="')[2].partition('"')[0]


@pytest.mark.django_db
def test_the_directory_shows_all_but_private_groups(
    garden: Group, orchard: Group, cellar: Group, bruno: Person
) -> None:
    for client in (Client(), signed_in(bruno)):
        said = text(client, "/groupes/")
        assert "Jardins de Bois-le-Comte" in said
        assert "Vergers partagés" in said
        assert "Cercle de la cave" not in said


def test_whoever_animates_finds_a_private_group_on_top(cellar: Group, amina: Person) -> None:
    assert "Cercle de la cave" in text(signed_in(amina), "/groupes/")


def test_a_group_one_is_in_stands_once(garden: Group, orchard: Group, amina: Person) -> None:
    """Above those one is not in, and not among them."""
    said = text(signed_in(amina), "/groupes/")
    assert said.count(">Jardins de Bois-le-Comte<") == 1
    assert "Vous êtes de tous les groupes" in said
    Member.objects.filter(group=orchard).delete()
    assert "1 autre groupe" in text(signed_in(amina), "/groupes/")


def test_inhabitants_are_not_counted_under_eleven(garden: Group) -> None:
    """R-PRIV-5."""
    assert "moins de 11 habitants" in text(Client(), garden.get_absolute_url())
    Group.objects.update(habitants=11)
    assert "11 habitants" in text(Client(), garden.get_absolute_url())


def test_a_private_group_is_a_page_that_does_not_exist(cellar: Group, bruno: Person) -> None:
    """R-SEC-1."""
    for client in (Client(), signed_in(bruno)):
        assert client.get(cellar.get_absolute_url()).status_code == 404
        assert client.get(f"/groupes/{cellar.pk}/membres/").status_code in {302, 404}
    assert signed_in(bruno).get(f"/groupes/{cellar.pk}/membres/").status_code == 404
    assert signed_in(bruno).post(f"/groupes/{cellar.pk}/entrer/", {"action": "join"}).status_code == 404


def test_is_founded_from_a_form(amina: Person) -> None:
    client = signed_in(amina)
    said = {
        "key": key(client, "/groupes/creer/"),
        "voice": own(amina).pk,
        "name": "Marcheurs du mardi",
        "summary": "On marche, on parle.",
        "themes": ["sport", "nature"],
        "commune": "Bois-le-Comte",
        "scope": "epci",
        "access": "request",
        "mode": "first",
        "pace": "5",
        "rules": "On attend les derniers.",
        "welcome": "Bonjour !",
    }
    first, again = client.post("/groupes/creer/", said), client.post("/groupes/creer/", said)
    assert first.status_code == 302, first.content.decode()
    assert first["Location"] == again["Location"]
    group = Group.objects.get()
    assert (group.access, group.mode, group.pace, group.voice.scope) == ("request", "first", 5, group.voice.scope)
    page = text(client, first["Location"])
    for words in (
        "Marcheurs du mardi",
        "On attend les derniers.",
        "Amina Belkacem",
        "premier message de chaque membre",
    ):
        assert words in page


def test_keeps_what_was_typed_when_a_theme_is_missing(amina: Person) -> None:
    client = signed_in(amina)
    said = {"key": key(client, "/groupes/creer/"), "name": "Marcheurs du mardi", "summary": "On marche."}
    response = client.post("/groupes/creer/", said)
    assert response.status_code == 422
    assert "Marcheurs du mardi" in response.content.decode()
    assert "un à trois thèmes" in plain(response.content.decode())


def test_a_request_is_made_and_answered_on_pages(orchard: Group, amina: Person, bruno: Person) -> None:
    visitor, animator = signed_in(bruno), signed_in(amina)
    address = orchard.get_absolute_url()
    said = {"key": key(visitor, address), "voice": own(bruno).pk, "words": "J’ai deux pommiers."}
    visitor.post(f"/groupes/{orchard.pk}/entrer/", said | {"action": "ask"})
    assert "Votre demande attend une réponse" in text(visitor, address)
    assert "J'ai deux pommiers." in text(animator, f"/groupes/{orchard.pk}/membres/")
    asked = orchard.requests.get()
    animator.post(f"/groupes/{orchard.pk}/demandes/{asked.pk}/", {"action": "accept", "words": ""})
    assert "Amina Belkacem" in text(visitor, f"/groupes/{orchard.pk}/membres/")


def test_the_directory_of_profiles_finds_a_group(garden: Group, cellar: Group) -> None:
    said = text(Client(), "/annuaire/?type=groupe")
    assert "Jardins de Bois-le-Comte" in said
    assert "Cercle de la cave" not in said


def test_a_page_asks_little(found: Found, garden: Group, amina: Person, django_assert_max_num_queries) -> None:
    for number in range(12):
        found(name=f"Groupe numéro {number}")
    visitor, animator = Client(), signed_in(amina)
    with django_assert_max_num_queries(7):
        visitor.get("/groupes/")
    with django_assert_max_num_queries(18):
        animator.get(garden.get_absolute_url())


def test_only_animators_change_members(garden: Group, amina: Person, bruno: Person, chloe: Person) -> None:
    for person in (bruno, chloe):
        actions.join(garden, by=person, voice=own(person))
    row = garden.members.get(person=chloe)
    address = f"/groupes/{garden.pk}/membres/{row.pk}/"
    assert signed_in(bruno).post(address, {"action": "remove"}).status_code == 404
    signed_in(amina).post(address, {"action": "name"})
    assert Member.objects.get(pk=row.pk).is_animator
    signed_in(amina).post(address, {"action": "unname"})
    signed_in(amina).post(address, {"action": "ban", "words": "Hors charte."})
    assert "Hors charte." in text(signed_in(chloe), garden.get_absolute_url())
