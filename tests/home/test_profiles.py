"""The page of a voice, and of an inhabitant who may not exist for others."""

from parvis.people.models import Voice


def test_an_elu_nobody_claimed_says_so_and_where_it_comes_from(client, elu):
    page = client.get(elu.get_absolute_url()).content.decode()

    assert "n’a pas encore ouvert son espace" in page
    assert "personne n’écrit en son nom" in page


def test_a_profile_shows_what_it_says(client, territory, routes, agent, send):
    notice = send(routes, agent, "Pont fermé", territory.departement)

    page = client.get(routes.get_absolute_url()).content.decode()

    assert notice.title in page
    assert "Service public · vérifié" in page


def test_an_unlisted_inhabitant_who_never_spoke_does_not_exist_for_others(client, bruno, chloe):
    Voice.objects.filter(person=bruno).update(listed=False)
    address = f"/habitants/{bruno.voice.pk}/"

    assert client.get(address).status_code == 404
    client.force_login(chloe)
    assert client.get(address).status_code == 404
    client.force_login(bruno)
    assert client.get(address).status_code == 200


def test_one_who_spoke_in_public_has_a_page_that_robots_leave_alone(client, territory, trusted_bruno, send):
    Voice.objects.filter(person=trusted_bruno).update(listed=False)
    send(trusted_bruno.voice, trusted_bruno, "Bonjour", territory.clairval, kind="post")

    page = client.get(f"/habitants/{trusted_bruno.voice.pk}/").content.decode()

    assert "Bonjour" in page
    assert 'content="noindex"' in page


def test_the_address_of_another_kind_is_404(client, elu, routes):
    assert client.get(f"/associations/{elu.slug}-{elu.pk}/").status_code == 404
    assert client.get(f"/habitants/{routes.pk}/").status_code == 404


def test_following_is_one_button(client, chorale, bruno):
    client.force_login(bruno)
    assert "Ne plus suivre" not in client.get(chorale.get_absolute_url()).content.decode()

    client.post(f"/suivre/{chorale.pk}/", {"action": "follow"})

    assert "Ne plus suivre" in client.get(chorale.get_absolute_url()).content.decode()


def test_a_profile_costs_a_bounded_number_of_queries(
    client, territory, routes, agent, send, django_assert_max_num_queries
):
    for number in range(12):
        send(routes, agent, f"Avis {number}", territory.departement)

    with django_assert_max_num_queries(12):
        client.get(routes.get_absolute_url())
