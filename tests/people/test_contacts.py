"""Contacts by mutual consent, and being left alone by someone on every channel (R-MOD-9)."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from parvis.core.models import JournalEntry
from parvis.groups import actions as groups
from parvis.groups.models import Group, Mention
from parvis.people import actions
from parvis.people.jobs import forget_refusals
from parvis.people.models import Block, Contact, Mute, Person, Reason, Subscription, Voice
from parvis.publications import actions as publications
from parvis.publications.models import Publication
from parvis.publications.rights import Refused
from parvis.territory.models import Zone
from tests.cast import Cast
from tests.circles import own, say, signed_in, trust
from tests.publications.conftest import html
from tests.worker import run_until_idle

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(amina: Person, bruno: Person) -> None:
    """Both are in the directory, and known."""
    Voice.objects.filter(person__in=[amina, bruno]).update(listed=True)
    trust(amina)
    trust(bruno)


def said(voice: Voice, by: Person, zone: Zone) -> Publication:
    """A post online."""
    common: dict[str, Any] = {"kind": "post", "place": zone, "zones": [zone], "title": "Budget", "body": "Le budget."}
    return publications.submit(publications.compose(voice=voice, by=by, **common), by=by)


@pytest.fixture
def post(seen: None, bruno: Person, territory: Cast) -> Publication:
    """What Bruno says in his own name."""
    return said(own(bruno), bruno, territory.clairval)


def test_two_people_know_each_other_once_both_say_so(seen: None, amina: Person, bruno: Person) -> None:
    asker, asked = signed_in(amina), signed_in(bruno)
    to_bruno, to_amina = f"/contacts/{own(bruno).pk}/", f"/contacts/{own(amina).pk}/"
    for _ in range(2):
        asker.post(to_bruno, {"action": "ask"})
    assert Contact.objects.count() == 1
    assert "demande envoyée" in html(asker.get(own(bruno).get_absolute_url()))
    assert "Accepter la demande" in html(asked.get(own(amina).get_absolute_url()))
    page = html(asked.get("/contacts/"))
    assert page.index("Demandes reçues") < page.index("Amina Belkacem")
    for _ in range(2):
        asked.post(to_amina, {"action": "accept"})
    assert "dans vos contacts" in html(asker.get(own(bruno).get_absolute_url()))
    assert "Bruno Tessier" in html(asker.get("/contacts/"))
    asker.post(to_bruno, {"action": "remove"})
    assert not Contact.objects.exists()
    verbs = JournalEntry.objects.filter(verb__startswith="contact.").order_by("pk")
    assert [one.verb for one in verbs] == ["contact.asked", "contact.accepted", "contact.removed"]
    assert {(one.target_type, one.target_id == one.actor_id, one.shows) for one in verbs} == {("person", True, False)}


def test_a_refusal_is_silent_and_is_not_asked_again(seen: None, amina: Person, bruno: Person) -> None:
    actions.ask_contact(amina, own(bruno))
    actions.decline_contact(bruno, own(amina))
    client = signed_in(amina)
    assert "demande envoyée" in html(client.get(own(bruno).get_absolute_url()))
    assert "Bruno Tessier" in html(client.get("/contacts/"))
    actions.withdraw_contact(amina, own(bruno))
    assert "Ajouter aux contacts" in html(client.get(own(bruno).get_absolute_url()))
    actions.ask_contact(amina, own(bruno))
    assert not Contact.objects.asked_to(bruno).exists()
    # Who declined may ask in turn: the other had asked, and both want it.
    actions.ask_contact(bruno, own(amina))
    assert Contact.objects.of(amina).exists()


def test_a_refusal_is_forgotten_after_six_months(seen: None, amina: Person, bruno: Person) -> None:
    actions.ask_contact(amina, own(bruno))
    actions.decline_contact(bruno, own(amina))
    forget_refusals()
    assert Contact.objects.exists()
    Contact.objects.update(declined_at="2020-01-01T00:00Z")
    forget_refusals()
    assert not Contact.objects.exists()


def test_what_cannot_be_asked(seen: None, amina: Person, chloe: Person, chorale: Voice) -> None:
    with pytest.raises(PermissionDenied):
        actions.ask_contact(amina, own(chloe))
    with pytest.raises(ValidationError, match="propre page"):
        actions.ask_contact(amina, own(amina))
    with pytest.raises(ValidationError, match="suivez"):
        actions.ask_contact(amina, chorale)
    with pytest.raises(ValidationError, match="n’existe plus"):
        actions.accept_contact(amina, chorale)
    assert signed_in(amina).post(f"/contacts/{own(chloe).pk}/", {"action": "ask"}).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(asker=amina, asked=amina)


def test_a_new_account_asks_few_people_a_day(seen: None, bruno: Person, chloe: Person, territory: Cast) -> None:
    """R-MOD-3."""
    Person.objects.filter(pk=chloe.pk).update(trusted_at=None)
    for number in range(3):
        other = actions.open_account(email=f"autre{number}@example.org", name="Camille Dor", commune=territory.bois)
        Voice.objects.filter(person=other).update(listed=True)
        actions.ask_contact(chloe, own(other))
    with pytest.raises(ValidationError, match="plusieurs demandes"):
        actions.ask_contact(chloe, own(bruno))


def test_who_is_kept_away_reaches_nobody(
    seen: None, amina: Person, bruno: Person, post: Publication, garden: Group
) -> None:
    """Feed, replies, groups, names, mail, follows, contacts: all of it, at once."""
    actions.ask_contact(amina, own(bruno))
    actions.accept_contact(bruno, own(amina))
    actions.follow(amina, own(bruno))
    publications.reply(post, voice=own(amina), by=amina, body="Une réponse d’avant.")
    topic = say(garden, amina, "Semis de printemps")
    groups.join(garden, by=bruno, voice=own(bruno))
    client = signed_in(bruno)
    assert "Une réponse d’avant." in html(client.get(post.get_absolute_url()))
    page = html(client.get(f"/contacts/{own(amina).pk}/bloquer/"))
    assert "Il n’en est pas averti" in page
    client.post(f"/contacts/{own(amina).pk}/bloquer/")
    assert not Contact.objects.exists()
    assert not Subscription.objects.filter(reason=Reason.FOLLOW).exists()
    page = html(client.get(post.get_absolute_url()))
    assert "Une réponse d’avant." not in page
    assert "Message d’un profil que vous ne voyez plus." in page
    assert "Le texte de « Semis de printemps »" not in html(client.get(topic.get_absolute_url()))
    mail.outbox.clear()
    run_until_idle()
    assert [one.to for one in mail.outbox if bruno.email in one.to] == []
    with pytest.raises(Refused, match="ne reçoit pas"):
        publications.reply(post, voice=own(amina), by=amina, body="Encore.")
    theirs = signed_in(amina)
    assert "Vous ne pouvez pas répondre" in html(theirs.get(post.get_absolute_url()))
    with pytest.raises(ValidationError, match="suivie"):
        actions.follow(amina, own(bruno))
    groups.reply(topic, by=amina, voice=own(amina), body="@Bruno Tessier, qu’en dis-tu ?")
    assert not Mention.objects.filter(person=bruno).exists()
    actions.ask_contact(amina, own(bruno))
    assert not Contact.objects.asked_to(bruno).exists()
    actions.unblock(bruno, own(amina))
    assert not Mute.objects.filter(person=bruno).exists()
    assert "Une réponse d’avant." in html(client.get(post.get_absolute_url()))


def test_a_block_in_ones_own_name_also_stops_their_association(
    seen: None, amina: Person, bruno: Person, atelier: Voice, post: Publication
) -> None:
    actions.block(bruno, own(amina))
    with pytest.raises(Refused, match="ne reçoit pas"):
        publications.reply(post, voice=atelier, by=amina, body="Sous un autre nom.")


def test_anyone_answers_what_an_institution_says(
    seen: None, amina: Person, speaking_elu: Voice, bruno: Person, territory: Cast
) -> None:
    """A block in one's own name never shuts the space of a mandate."""
    about = said(speaking_elu, bruno, territory.departement)
    actions.block(bruno, own(amina), "Injures répétées.")
    assert publications.reply(about, voice=own(amina), by=amina, body="Une question.")


def test_an_institution_is_not_kept_away_and_who_holds_a_mandate_says_why(
    seen: None, amina: Person, bruno: Person, speaking_elu: Voice, routes: Voice
) -> None:
    for voice in (routes, speaking_elu):
        with pytest.raises(ValidationError, match="ne se bloque pas"):
            actions.block(amina, voice)
        assert signed_in(amina).get(f"/contacts/{voice.pk}/bloquer/").status_code == 404
    client = signed_in(bruno)
    address = f"/contacts/{own(amina).pk}/bloquer/"
    refused = client.post(address)
    assert refused.status_code == 422
    assert "vous exercez un mandat" in html(refused)
    assert not Block.objects.exists()
    client.post(address, {"reason": "Injures répétées."})
    entry = JournalEntry.objects.get(verb="block.stated")
    assert (entry.actor_id, entry.target_id) == (bruno.pk, Block.objects.get().pk)
    run_until_idle()
    [told] = [one for one in mail.outbox if one.to == [amina.email]]
    assert "Injures répétées." in told.body
    assert "contester" in told.body


def test_one_chooses_whether_to_be_followed(seen: None, amina: Person, bruno: Person) -> None:
    actions.follow(bruno, own(amina))
    client = signed_in(amina)
    sent = {"name": amina.name, "gender": "f", "listed": "on"}
    client.post("/reglages/", sent)
    assert not Subscription.objects.filter(reason=Reason.FOLLOW).exists()
    other = signed_in(bruno)
    page = html(other.get(own(amina).get_absolute_url()))
    assert 'value="follow"' not in page
    said = other.post(f"/suivre/{own(amina).pk}/", {"action": "follow"}, follow=True)
    assert "ne souhaite pas être suivie" in html(said)
    client.post("/reglages/", sent | {"takes_followers": "on"})
    actions.follow(bruno, own(amina))


def test_all_of_it_goes_with_the_account(seen: None, amina: Person, bruno: Person) -> None:
    actions.ask_contact(amina, own(bruno))
    actions.block(bruno, own(amina))
    amina.delete()
    assert not Contact.objects.exists()
    assert not Block.objects.exists()
