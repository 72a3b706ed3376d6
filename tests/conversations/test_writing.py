"""Who writes to whom, and what arrives where: R-MOD-3, R-MOD-9, R-LAW-4, R-LAW-26, R-SEC-17."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.conversations import actions
from parvis.conversations.jobs import purge
from parvis.conversations.models import Closing, Conversation, Draft, Line, Place, Receipt, Side
from parvis.conversations.rights import Overtaken, Refused
from parvis.groups import actions as groups
from parvis.groups.models import Group
from parvis.people import actions as people
from parvis.people.models import Membership, Person, Voice
from tests.circles import own, signed_in
from tests.publications.conftest import html
from tests.worker import run_until_idle

pytestmark = pytest.mark.django_db


def write(by: Person, to: Voice, body: str = "Bonjour.", subject: str = "") -> Line:
    """The first words of someone, in their own name."""
    return actions.begin(to, by=by, voice=own(by), body=body, subject=subject)


def content(answer: Any) -> bytes:
    """What was downloaded."""
    return b"".join(answer.streaming_content)


def test_contacts_write_to_each_other_and_nobody_else_reads(
    known: None, amina: Person, bruno: Person, chloe: Person
) -> None:
    client = signed_in(amina)
    address = f"/messages/nouveau/?a={own(bruno).pk}"
    form = html(client.get(address))
    key = form.partition('name="key" value="')[2][:36]
    sent = client.post(address, {"key": key, "voice": own(amina).pk, "body": "On se voit **samedi** ?"})
    again = client.post(address, {"key": key, "voice": own(amina).pk, "body": "On se voit **samedi** ?"})
    assert sent["Location"] == again["Location"]
    line = Line.objects.get()
    page = line.conversation.get_absolute_url()
    assert client.get(address)["Location"] == page
    other = signed_in(bruno)
    assert "<strong>samedi</strong>" in html(other.get(page))
    assert "On se voit samedi ?" in html(other.get("/messages/"))
    run_until_idle()
    assert "notification non lue" in html(other.get("/"))
    assert "Amina Belkacem vous a écrit" in html(other.get("/notifications/"))
    for stranger in (signed_in(chloe),):
        assert stranger.get(page).status_code == 404
        for path in ("repondre/", "lu/", "agir/", "fermer/"):
            assert stranger.post(f"{page}{path}", {"action": "accept", "body": "x"}).status_code == 404
        assert stranger.get(f"/messages/lignes/{line.pk}/retirer/").status_code == 404
        assert stranger.get(f"/signaler/message-prive/{line.pk}/").status_code == 404
        assert "On se voit" not in html(stranger.get("/messages/"))


def test_a_stranger_waits_apart_and_says_one_thing(seen: None, amina: Person, bruno: Person) -> None:
    line = write(amina, own(bruno), "Nous ne nous connaissons pas.")
    one = line.conversation
    client = signed_in(bruno)
    assert "connaissons" not in html(client.get("/messages/"))
    assert "connaissons" in html(client.get("/messages/?liste=demandes"))
    with pytest.raises(Refused, match="attend d’être accepté"):
        actions.answer(one, by=amina, body="Encore.")
    client.post(f"/messages/{one.pk}/agir/", {"action": "decline"})
    assert "connaissons" not in html(client.get("/messages/?liste=demandes"))
    # Whoever wrote sees no difference.
    assert "attend d’être accepté" in html(signed_in(amina).get(one.get_absolute_url()))
    actions.answer(one, by=bruno, body="Finalement, bonjour.")
    actions.answer(one, by=amina, body="Merci.")
    assert "Merci." in html(client.get("/messages/"))


def test_one_chooses_who_writes(seen: None, amina: Person, bruno: Person, garden: Group) -> None:
    """R-LAW-4, R-MOD-3: until one chooses, a new account takes the messages of its contacts alone."""
    client = signed_in(bruno)
    for chosen, opens in (("contacts", False), ("nobody", False), ("known", False), ("all", True)):
        client.post("/reglages/messages/", {"writers": chosen})
        if opens:
            assert write(amina, own(bruno)).conversation.sides.get(voice=own(bruno)).accepted_at is None
        else:
            with pytest.raises(Refused, match="de votre part"):
                write(amina, own(bruno))
            page = html(signed_in(amina).get(f"/messages/nouveau/?a={own(bruno).pk}"))
            assert "de votre part" in page
            assert "<textarea" not in page
    Conversation.objects.all().delete()
    client.post("/reglages/messages/", {"writers": "known"})
    groups.join(garden, by=bruno, voice=own(bruno))
    assert write(amina, own(bruno))
    Conversation.objects.all().delete()
    Person.objects.filter(pk=bruno.pk).update(writers="", trusted_at=None)
    with pytest.raises(Refused, match="de votre part"):
        write(amina, own(bruno))


def test_who_holds_a_mandate_is_written_to_by_their_contacts_or_apart(
    seen: None, amina: Person, bruno: Person, speaking_elu: Voice
) -> None:
    with pytest.raises(Refused, match="de votre part"):
        write(amina, own(bruno))
    line = write(amina, speaking_elu)
    assert Side.objects.get(conversation=line.conversation, voice=speaking_elu).accepted_at is None


def test_a_new_account_writes_to_organisations_and_little(
    known: None, amina: Person, bruno: Person, chloe: Person, routes: Voice, chorale: Voice
) -> None:
    """R-MOD-3."""
    Person.objects.filter(pk=amina.pk).update(trusted_at=None)
    amina.refresh_from_db()
    with pytest.raises(Refused, match="nouveau compte"):
        write(amina, own(chloe))
    assert write(amina, own(bruno))
    assert write(amina, chorale)
    with pytest.raises(Refused, match="deux liens"):
        write(amina, routes, "https://a.fr https://b.fr https://c.fr", subject="Liens")
    assert write(amina, routes, subject="Un trou")
    with pytest.raises(Refused, match="reprenez demain"):
        write(amina, routes, subject="Un autre trou")


def test_who_is_kept_away_writes_no_more(known: None, amina: Person, bruno: Person) -> None:
    """R-MOD-9."""
    one = write(amina, own(bruno)).conversation
    people.block(bruno, own(amina))
    mail.outbox.clear()
    with pytest.raises(Refused, match="de votre part"):
        actions.answer(one, by=amina, body="Encore.")
    with pytest.raises(Refused, match="bloqué"):
        actions.answer(one, by=bruno, body="Non.")
    run_until_idle()
    assert [told.to for told in mail.outbox if bruno.email in told.to] == []
    assert "Message d’un profil que vous ne voyez plus." in html(signed_in(bruno).get(one.get_absolute_url()))


def test_a_service_acknowledges_what_it_is_sent(seen: None, amina: Person, agent: Person, routes: Voice) -> None:
    """CRPA L.112-11, R-LAW-26: at once, with the day, the number, the service and the delay."""
    Voice.objects.filter(pk=routes.pk).update(phone="03 99 00 00 00")
    with pytest.raises(Refused, match="objet"):
        write(amina, routes)
    first, second = write(amina, routes, subject="Un trou"), write(amina, routes, subject="Un panneau")
    assert first.conversation_id != second.conversation_id
    mail.outbox.clear()
    run_until_idle()
    receipt = Receipt.objects.get(line=first)
    [told, _other] = [one for one in mail.outbox if one.to == [amina.email]]
    for words in (receipt.reference, "Service des routes", "03 99 00 00 00", "deux mois", "Un trou", "L. 112-11"):
        assert words in f"{told.subject} {told.body}".replace("\xa0", " "), words
    assert receipt.reference in html(signed_in(amina).get(first.conversation.get_absolute_url()))
    answered = actions.answer(first.conversation, by=agent, body="Nous passons demain.")
    assert answered.voice == routes
    assert not Receipt.objects.filter(line=answered).exists()
    with pytest.raises(Refused, match="accusé réception"):
        actions.withdraw(first, by=amina)


def test_an_organisation_reads_and_answers_with_all_who_speak_in_it(
    seen: None, amina: Person, bruno: Person, chloe: Person, chorale: Voice
) -> None:
    people.add_member(chorale, by=chloe, person=bruno, role=Membership.Role.EDITOR)
    line = write(amina, chorale, "Puis-je venir ?")
    one = line.conversation
    for reader in (chloe, bruno):
        assert "Puis-je venir ?" in html(signed_in(reader).get(one.get_absolute_url()))
    actions.answer(one, by=chloe, body="Oui, mardi.", seen=line.position)
    client = signed_in(bruno)
    form = {"key": "0b6bf7a4-3a5c-4a07-8f6f-0e6a1f1b9a11", "body": "Oui, jeudi.", "seen": line.position}
    told = client.post(f"/messages/{one.pk}/repondre/", form)
    assert told.status_code == 422
    page = html(told)
    assert "Un collègue vient de répondre" in page
    assert "Oui, jeudi.</textarea>" in page
    assert "Oui, mardi." in page
    with pytest.raises(Overtaken):
        actions.answer(one, by=bruno, body="Oui, jeudi.", seen=line.position)
    people.remove_member(Membership.objects.get(voice=chorale, person=bruno), by=chloe)
    assert client.get(one.get_absolute_url()).status_code == 404
    with pytest.raises(Refused, match="n’existe plus"):
        actions.answer(one, by=bruno, body="Je n’en suis plus.")


def test_an_organisation_does_not_write_first_to_a_person(
    seen: None, bruno: Person, chloe: Person, chorale: Voice
) -> None:
    """R-LAW-3."""
    with pytest.raises(Refused, match="pas la première"):
        actions.begin(own(bruno), by=chloe, voice=chorale, body="Adhérez !")


def test_a_service_closes_its_door_with_a_reason_and_for_a_while(
    seen: None, amina: Person, agent: Person, routes: Voice
) -> None:
    """R-MOD-9: never in silence, never what is public."""
    one = write(amina, routes, subject="Injures").conversation
    run_until_idle()
    mail.outbox.clear()
    client = signed_in(agent)
    assert client.post(f"/messages/{one.pk}/fermer/", {"days": 30}).status_code == 422
    assert signed_in(amina).get(f"/messages/{one.pk}/fermer/").status_code == 404
    client.post(f"/messages/{one.pk}/fermer/", {"days": 30, "reason": "Injures répétées."})
    run_until_idle()
    [told] = [sent for sent in mail.outbox if sent.to == [amina.email]]
    assert "Injures répétées." in told.body
    assert "contester" in told.body
    for act in (lambda: actions.answer(one, by=amina, body="Encore."), lambda: write(amina, routes, subject="Autre")):
        with pytest.raises(Refused, match="Injures répétées"):
            act()
    Closing.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert actions.answer(one, by=amina, body="Pardon.")


def test_deleting_is_for_oneself_and_both_erase(known: None, amina: Person, bruno: Person) -> None:
    one = write(amina, own(bruno), "Un secret.").conversation
    mine, theirs = signed_in(amina), signed_in(bruno)
    mine.post(f"/messages/{one.pk}/agir/", {"action": "forget"})
    assert "Un secret." not in html(mine.get("/messages/")) + html(mine.get(one.get_absolute_url()))
    assert "Un secret." in html(theirs.get(one.get_absolute_url()))
    assert purge() == 0
    actions.answer(one, by=bruno, body="Tu es là ?")
    page = html(mine.get(one.get_absolute_url()))
    assert "Tu es là ?" in page
    assert "Un secret." not in page
    for person in (amina, bruno):
        actions.forget(one, by=person)
    assert purge() == 1
    assert not Line.objects.exists()


def test_what_a_deleted_account_wrote_has_no_author_and_goes_with_the_last(
    known: None, amina: Person, bruno: Person
) -> None:
    """R-LAW-8."""
    one = write(amina, own(bruno), "Bonjour Bruno.").conversation
    amina.delete()
    line = Line.objects.get()
    assert (line.author, line.voice) == (None, None)
    page = html(signed_in(bruno).get(one.get_absolute_url()))
    assert "Compte supprimé" in page
    assert "Amina" not in page
    with pytest.raises(Refused, match="n’existe plus"):
        actions.answer(one, by=bruno, body="Tu es là ?")
    bruno.delete()
    assert purge() == 1


def test_nobody_learns_that_one_has_read_unless_one_says_so(known: None, amina: Person, bruno: Person) -> None:
    line = write(amina, own(bruno))
    one = line.conversation
    actions.read(one, line.position, by=bruno)
    client = signed_in(amina)
    assert "Lu</span>" not in html(client.get(one.get_absolute_url()))
    signed_in(bruno).post("/reglages/messages/", {"writers": "all", "shows_reading": "on"})
    assert "Lu</span>" in html(client.get(one.get_absolute_url()))


def test_a_file_is_read_with_its_message_and_nowhere_else(
    known: None, amina: Person, bruno: Person, chloe: Person
) -> None:
    """R-SEC-5."""
    one = write(amina, own(bruno)).conversation
    sent = SimpleUploadedFile("plan.txt", b"Le plan du jardin.", "text/plain")
    form = {"key": "0b6bf7a4-3a5c-4a07-8f6f-0e6a1f1b9a12", "body": "Voici.", "documents": sent}
    assert signed_in(amina).post(f"/messages/{one.pk}/repondre/", form).status_code == 302
    file = Line.objects.get(body="Voici.").files.get()
    address = file.get_absolute_url()
    client = signed_in(bruno)
    assert content(client.get(address)) == b"Le plan du jardin."
    assert signed_in(chloe).get(address).status_code == 404
    assert client.get(f"/media/{file.file.name}").status_code == 404
    actions.forget(one, by=bruno)
    assert client.get(address).status_code == 404
    assert Place.objects.filter(person=bruno).exists()


def test_a_long_conversation_opens_at_its_first_unread_and_costs_the_same(
    known: None, amina: Person, bruno: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    one = write(amina, own(bruno), "Ligne 0").conversation
    start = timezone.now()
    for number in range(1, 80):
        actions.answer(one, by=amina, body=f"Ligne {number}.", at=start + timedelta(seconds=number))
    read = Line.objects.get(body="Ligne 20.").position
    actions.read(one, read, by=bruno)
    client = signed_in(bruno)
    page = html(client.get(one.get_absolute_url()))
    assert "Ligne 21." in page
    assert "Ligne 20." not in page
    assert "Messages plus anciens" in page
    assert "Messages plus récents" in page
    with django_assert_max_num_queries(18):
        client.get(one.get_absolute_url())


def test_a_draft_waits_where_it_was_begun_and_goes_once_sent(known: None, amina: Person, bruno: Person) -> None:
    client, address = signed_in(amina), f"/messages/nouveau/?a={own(bruno).pk}"
    client.post(address, {"draft": "1", "body": "Je me demandais si"})
    page = html(client.get(address))
    assert "Je me demandais si" in page
    assert "Brouillon gardé" in page
    line = write(amina, own(bruno), "Tu viens ?")
    assert not Draft.objects.exists()
    there = line.conversation.get_absolute_url()
    quiet = client.post(f"{there}repondre/", {"draft": "1", "body": "Et demain"}, headers={"X-Requested-With": "fetch"})
    assert quiet.status_code == 204
    assert "Et demain" in html(client.get(there))
    assert "Et demain" not in html(signed_in(bruno).get(there))
    client.post(f"{there}repondre/", {"draft": "1", "body": "Et demain midi"})
    assert Draft.objects.get().body == "Et demain midi"
    actions.answer(line.conversation, by=bruno, body="Oui")
    actions.answer(line.conversation, by=amina, body="Demain ?")
    assert not Draft.objects.exists()


def test_an_empty_draft_is_forgotten_and_an_old_one_too(known: None, amina: Person, bruno: Person) -> None:
    """R-LAW-5."""
    line = write(amina, own(bruno))
    actions.keep_draft(by=bruno, conversation=line.conversation, body="Peut-être")
    actions.keep_draft(by=bruno, conversation=line.conversation, body="  ")
    assert not Draft.objects.exists()
    actions.keep_draft(by=bruno, conversation=line.conversation, body="Peut-être")
    purge()
    assert Draft.objects.exists()
    Draft.objects.update(at=timezone.now() - timedelta(days=31))
    purge()
    assert not Draft.objects.exists()


def test_nobody_keeps_a_draft_where_they_do_not_write(known: None, amina: Person, bruno: Person, chloe: Person) -> None:
    """R-SEC-1."""
    line = write(amina, own(bruno))
    with pytest.raises(Refused):
        actions.keep_draft(by=chloe, conversation=line.conversation, body="Coucou")
    answer = signed_in(chloe).post(f"/messages/{line.conversation_id}/repondre/", {"draft": "1", "body": "Coucou"})
    assert answer.status_code == 404
    assert not Draft.objects.exists()


def test_what_is_new_is_counted_without_a_reload(known: None, amina: Person, bruno: Person) -> None:
    line = write(amina, own(bruno))
    client = signed_in(bruno)
    address = f"/messages/{line.conversation_id}/nouveautes/?depuis={line.position}"
    assert f'data-news="{address}"' in html(client.get(line.conversation.get_absolute_url()))
    first = client.get(address)
    assert first.json() == {"count": 0}
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    actions.answer(line.conversation, by=bruno, body="Oui")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).json() == {"count": 1}
