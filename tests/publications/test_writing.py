"""Pages one writes on: what is offered, kept, refused, done once."""

import re
import uuid
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication, Reply, State
from tests.cast import Cast
from tests.publications.conftest import html, picture, signed_in


def test_a_visitor_is_asked_to_sign_in(client: Client, notice: Publication, post: Publication) -> None:
    for address in (
        "/publier/",
        "/publier/avis/",
        "/publier/publication/",
        f"/publications/{post.pk}/repondre/",
        f"/publications/{notice.pk}/corriger/",
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/connexion/?next=")


def test_one_is_offered_what_one_may_publish(
    bruno: Person, agent: Person, routes: Voice, amina: Person, atelier: Voice
) -> None:
    inhabitant, owner, officer = (html(signed_in(person).get("/publier/")) for person in (bruno, amina, agent))
    assert all("/publier/publication/" in page for page in (inhabitant, owner, officer))
    assert ["/publier/evenement/" in page for page in (inhabitant, owner, officer)] == [False, True, True]
    assert ["/publier/avis/" in page for page in (inhabitant, owner, officer)] == [False, False, True]
    assert "Vous n’avez pas d’organisation" in inhabitant
    assert "Vous n’avez pas de service" in owner
    assert "réservés" in owner
    assert "Vous ne publiez au nom d’aucun service" in html(signed_in(bruno).get("/publier/avis/"))


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser sends with a new form."""
    usual = {"title": "Pont fermé", "body": "De **8 h** à 12 h.", "purpose": "travaux"}
    return {"key": str(uuid.uuid4()), **usual, **fields}


def test_a_service_sends_a_notice_to_zones(territory: Cast, routes: Voice, agent: Person, client: Client) -> None:
    day = timezone.localdate() + timedelta(days=10)
    fields = typed(
        voice=routes.pk,
        zones=[territory.clairval.pk, territory.canton_2.pk],
        expires_on=day.isoformat(),
        is_alert="on",
        image=picture(),
        image_alt="Le pont",
    )
    response = signed_in(agent).post("/publier/avis/", fields)
    notice = Publication.objects.get()
    assert (response.status_code, response["Location"]) == (302, notice.get_absolute_url())
    assert (notice.state, notice.is_alert, notice.image_alt) == (State.ONLINE, True, "Le pont")
    assert set(notice.targetings.values_list("zone", flat=True)) == {territory.clairval.pk, territory.canton_2.pk}
    assert notice.expires_at is not None
    assert timezone.localdate(notice.expires_at) == day
    # Several zones: those who moderate all the reach of the service answer for it.
    assert notice.place == territory.departement
    assert "<strong>8 h</strong>" in html(client.get(notice.get_absolute_url()))


def test_looking_for_a_zone_keeps_all_that_was_typed(territory: Cast, routes: Voice, agent: Person) -> None:
    officer = signed_in(agent)
    fields = typed(voice=routes.pk, expires_on="2026-12-24", is_alert="on", zones=[territory.clairval.pk])
    page = html(officer.post("/publier/avis/", fields | {"add": "1", "search": "les essarts"}))
    assert not Publication.objects.exists()
    for zone in (territory.clairval, territory.essarts):
        assert re.search(rf'<input type="checkbox" name="zones" value="{zone.pk}"[^>]* checked', page)
    assert fields["key"] in page
    assert "De **8 h** à 12 h." in page
    assert "Pont fermé</textarea>" in page
    assert 'value="2026-12-24"' in page
    assert re.search(r'name="is_alert"[^>]* checked', page)
    assert "Choisissez" not in page
    # Several answer to « clairval »: none is ticked for the person.
    page = html(officer.post("/publier/avis/", typed(voice=routes.pk, add="1", search="clair")))
    boxes = re.findall(r'name="zones" value="(\d+)"[^>]*?( checked)?>', page)
    assert {str(zone.pk) for zone in (territory.clairval, territory.canton_1, territory.canton_2)} < {
        number for number, _ in boxes
    }
    assert not any(checked for _, checked in boxes)
    assert "Aucune zone" in html(officer.post("/publier/avis/", typed(voice=routes.pk, add="1", search="zzz")))
    page = html(officer.post("/publier/avis/", typed(voice=routes.pk, add="1", search="99120")))
    assert re.search(rf'value="{territory.essarts.pk}"[^>]* checked', page)


def test_errors_keep_what_was_typed_and_say_that_the_image_is_lost(
    territory: Cast, routes: Voice, agent: Person, town_hall: Voice
) -> None:
    officer = signed_in(agent)
    fields = typed(voice=routes.pk, title="", zones=[territory.clairval.pk], image=picture(), image_alt="Le pont")
    response = officer.post("/publier/avis/", fields | {"expires_on": "2020-01-01"})
    page = html(response)
    assert response.status_code == 422
    for words in ("Donnez un titre.", "Choisissez une date à venir.", "Choisissez de nouveau votre image"):
        assert words in page
    for kept in ("De **8 h** à 12 h.", fields["key"], 'value="Le pont"'):
        assert kept in page
    assert re.search(rf'value="{territory.clairval.pk}"[^>]* checked', page)
    late = (timezone.localdate() + timedelta(days=200)).isoformat()
    page = html(officer.post("/publier/avis/", typed(voice=routes.pk, zones=[territory.clairval.pk], expires_on=late)))
    assert "un avis dure 90 jours au plus" in page
    soon = (timezone.localdate() + timedelta(days=3)).isoformat()
    page = html(officer.post("/publier/avis/", typed(voice=routes.pk, zones=[territory.region.pk], expires_on=soon)))
    assert "hors du périmètre" in page
    for forged in ("9" * 30, "²", "abc", "-1"):
        for extra in ({}, {"add": "1", "search": "clairval"}):
            sent = typed(voice=routes.pk, zones=[forged], expires_on=soon, **extra)
            assert officer.post("/publier/avis/", sent).status_code in {200, 422}
    page = html(officer.post("/publier/avis/", typed(voice=town_hall.pk, zones=[], expires_on=soon)))
    assert "Choisissez au moins une zone" in page
    assert not Publication.objects.exists()


def test_a_broken_image_is_refused_in_french(territory: Cast, bruno: Person) -> None:
    broken = SimpleUploadedFile("photo.jpg", b"not an image")
    page = html(
        signed_in(bruno).post("/publier/publication/", typed(voice=bruno.voice.pk, image=broken, image_alt="x"))
    )
    assert "Choisissez une image JPEG, PNG, WebP ou GIF." in page
    page = html(signed_in(bruno).post("/publier/publication/", typed(voice=bruno.voice.pk, image=picture())))
    assert "Décrivez l’image" in page


def test_an_inhabitant_posts_to_their_commune(territory: Cast, bruno: Person) -> None:
    response = signed_in(bruno).post("/publier/publication/", typed(voice=bruno.voice.pk), follow=True)
    post = Publication.objects.get()
    assert (post.state, post.place, post.author) == (State.PENDING, territory.clairval, bruno)
    assert "envoyée à la modération" in html(response)
    assert "En attente de modération" in html(response)


def test_an_organisation_chooses_a_commune_and_an_elu_none(
    territory: Cast, chorale: Voice, chloe: Person, speaking_elu: Voice, bruno: Person
) -> None:
    singer = signed_in(chloe)
    singer.post("/publier/publication/", typed(voice=chorale.pk, commune="99120"))
    assert Publication.objects.latest("pk").place == territory.essarts
    singer.post("/publier/publication/", typed(voice=chorale.pk))
    assert Publication.objects.latest("pk").place == territory.remy
    page = html(singer.post("/publier/publication/", typed(voice=chorale.pk, commune="99130")))
    assert "Laquelle de ces communes" in page
    signed_in(bruno).post("/publier/publication/", typed(voice=speaking_elu.pk))
    assert Publication.objects.latest("pk").targetings.get().zone == territory.departement


def test_nobody_posts_in_the_voice_of_another(territory: Cast, chorale: Voice, bruno: Person) -> None:
    response = signed_in(bruno).post("/publier/publication/", typed(voice=chorale.pk))
    assert response.status_code == 422
    assert not Publication.objects.exists()


def test_a_form_sent_twice_acts_once(territory: Cast, routes: Voice, agent: Person, post: Publication) -> None:
    """R-REL-5."""
    officer = signed_in(agent)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    fields = typed(voice=routes.pk, zones=[territory.clairval.pk], expires_on=day)
    addresses = {officer.post("/publier/avis/", fields)["Location"] for _ in range(4)}
    assert addresses == {Publication.objects.get(kind="notice").get_absolute_url()}
    answer = {"key": str(uuid.uuid4()), "voice": routes.pk, "body": "Voyez la mairie."}
    addresses = {officer.post(f"/publications/{post.pk}/repondre/", answer)["Location"] for _ in range(4)}
    assert addresses == {Reply.objects.get().get_absolute_url()}


def test_replies_are_read_page_by_page(
    territory: Cast,
    post: Publication,
    routes: Voice,
    agent: Person,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(31):
        actions.reply(post, voice=routes, by=agent, body=f"Réponse numéro {number}.")
    with django_assert_max_num_queries(6):
        page = html(client.get(post.get_absolute_url()))
    assert page.count('class="reply ') == 30
    assert "31 réponses" in page
    answer = {"key": str(uuid.uuid4()), "voice": routes.pk, "body": "La dernière."}
    address = signed_in(agent).post(f"/publications/{post.pk}/repondre/", answer)["Location"]
    assert address == f"{post.get_absolute_url()}?page=2#reponse-{Reply.objects.latest('pk').pk}"


def test_a_reply_that_waits_is_seen_by_its_author_alone(
    post: Publication, amina: Person, chloe: Person, moderator: Person, client: Client
) -> None:
    author = signed_in(amina)
    answer = {"key": str(uuid.uuid4()), "voice": amina.voice.pk, "body": "J’en ai un."}
    author.post(f"/publications/{post.pk}/repondre/", answer)
    address = post.get_absolute_url()
    assert "J’en ai un." in html(author.get(address))
    assert "en attente de modération" in html(author.get(address))
    for stranger in (client, signed_in(chloe)):
        assert "J’en ai un." not in html(stranger.get(address))
    actions.refuse_reply(Reply.objects.get(), by=moderator, rule="haine", reason="Le ton est insultant.")
    assert "Le ton est insultant." in html(author.get(address))
    assert "Le ton est insultant." not in html(client.get(address))


def test_an_empty_reply_comes_back_with_the_thread(post: Publication, routes: Voice, agent: Person) -> None:
    sent = {"key": str(uuid.uuid4()), "voice": routes.pk, "body": "  "}
    response = signed_in(agent).post(f"/publications/{post.pk}/repondre/", sent)
    assert response.status_code == 422
    assert "Écrivez votre réponse." in html(response)
    assert post.title in html(response)


def test_withdrawing_asks_first(post: Publication, bruno: Person, routes: Voice, agent: Person, client: Client) -> None:
    """R-SEC-13: a GET changes nothing."""
    answer = actions.reply(post, voice=routes, by=agent, body="Voyez la mairie.")
    officer, author = signed_in(agent), signed_in(bruno)
    assert author.get(f"/reponses/{answer.pk}/retirer/").status_code == 404
    assert "Retirer ce texte" in html(officer.get(f"/reponses/{answer.pk}/retirer/"))
    assert Reply.objects.get().state == State.ONLINE
    officer.post(f"/reponses/{answer.pk}/retirer/")
    assert "Voyez la mairie." not in html(client.get(post.get_absolute_url()))
    assert author.get(f"/publications/{post.pk}/retirer/").status_code == 200
    assert client.get(post.get_absolute_url()).status_code == 200
    assert "C’est retiré" in html(author.post(f"/publications/{post.pk}/retirer/", follow=True))
    assert client.get(post.get_absolute_url()).status_code == 404
