"""Who enters a group, how, and who is kept out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.groups import actions
from parvis.groups.models import Ban, Group, Invitation, Member, Poll, Request
from parvis.people import actions as people
from parvis.people.models import Audience, Block, Membership, Person, Subscription, Voice
from tests.cast import Cast
from tests.circles import Found, own, say, signed_in


def verbs() -> list[str]:
    """What was done, oldest first."""
    return list(JournalEntry.objects.filter(verb__startswith="group.").order_by("pk").values_list("verb", flat=True))


def test_begins_with_one_animator_named_in_person(garden: Group, amina: Person) -> None:
    [member] = garden.members.all()
    assert (member.person, member.role, member.voice) == (amina, Member.Role.ANIMATOR, own(amina))
    garden.refresh_from_db()
    assert (garden.habitants, garden.associations) == (1, 0)
    assert Voice.objects.spoken_by(amina).filter(pk=garden.pk).exists()
    assert verbs() == ["group.founded"]


def test_a_public_group_is_joined_in_one_act_and_twice_changes_nothing(garden: Group, bruno: Person) -> None:
    actions.join(garden, by=bruno, voice=own(bruno))
    actions.join(garden, by=bruno, voice=own(bruno))
    assert Subscription.objects.get(person=bruno, audience=garden.audience).grants
    garden.refresh_from_db()
    assert garden.habitants == 2
    assert verbs() == ["group.founded", "group.joined"]


def test_one_enters_in_the_voice_of_an_association(garden: Group, chorale: Voice, chloe: Person) -> None:
    actions.join(garden, by=chloe, voice=chorale)
    garden.refresh_from_db()
    assert (garden.habitants, garden.associations) == (1, 1)


def test_one_does_not_enter_in_a_voice_that_is_not_theirs(garden: Group, chorale: Voice, bruno: Person) -> None:
    with pytest.raises(actions.Refused):
        actions.join(garden, by=bruno, voice=chorale)


def test_following_becomes_belonging(garden: Group, bruno: Person) -> None:
    people.follow(bruno, garden.voice)
    actions.join(garden, by=bruno, voice=own(bruno))
    assert Subscription.objects.filter(person=bruno, audience=garden.audience).count() == 1


def test_a_group_on_request_waits_for_an_answer(orchard: Group, amina: Person, bruno: Person) -> None:
    with pytest.raises(actions.Refused):
        actions.join(orchard, by=bruno, voice=own(bruno))
    asked = actions.ask(orchard, by=bruno, voice=own(bruno), words="J’ai deux pommiers.")
    assert actions.ask(orchard, by=bruno, voice=own(bruno)) == asked
    assert not Group.objects.read_by(bruno).filter(pk=orchard.pk).exists()
    actions.answer(asked, by=amina, accepted=True)
    assert Group.objects.read_by(bruno).filter(pk=orchard.pk).exists()
    with pytest.raises(actions.Refused):
        actions.answer(asked, by=amina, accepted=False, words="Trop tard.")


def test_a_refusal_says_why_and_one_may_ask_again(orchard: Group, amina: Person, bruno: Person) -> None:
    asked = actions.ask(orchard, by=bruno, voice=own(bruno))
    with pytest.raises(ValidationError):
        actions.answer(asked, by=amina, accepted=False)
    actions.answer(asked, by=amina, accepted=False, words="Le groupe est plein jusqu’au printemps.")
    assert not orchard.members.filter(person=bruno).exists()
    assert actions.ask(orchard, by=bruno, voice=own(bruno)) != asked


def test_only_an_animator_answers(orchard: Group, bruno: Person, chloe: Person) -> None:
    asked = actions.ask(orchard, by=bruno, voice=own(bruno))
    with pytest.raises(actions.Refused):
        actions.answer(asked, by=chloe, accepted=True)


def test_a_request_is_taken_back(orchard: Group, bruno: Person) -> None:
    actions.ask(orchard, by=bruno, voice=own(bruno))
    actions.take_back(orchard, by=bruno)
    assert not Request.objects.waiting().exists()


def test_an_invitation_opens_a_private_group_to_one_address(
    cellar: Group, amina: Person, bruno: Person, chloe: Person
) -> None:
    """R-SEC-18: bound to the address, taken once, by whoever signs in with it."""
    assert not Group.objects.visible_to(bruno).filter(pk=cellar.pk).exists()
    actions.invite(cellar, by=amina, email="Bruno@example.org")
    assert Group.objects.visible_to(bruno).filter(pk=cellar.pk).exists()
    assert not Group.objects.read_by(bruno).filter(pk=cellar.pk).exists()
    with pytest.raises(actions.Refused):
        actions.accept(cellar, by=chloe, voice=own(chloe))
    actions.accept(cellar, by=bruno, voice=own(bruno))
    assert Group.objects.read_by(bruno).filter(pk=cellar.pk).exists()
    actions.leave(cellar, by=bruno)
    with pytest.raises(actions.Refused):
        actions.accept(cellar, by=bruno, voice=own(bruno))


def test_an_invitation_falls_with_the_animator_who_sent_it(
    cellar: Group, amina: Person, bruno: Person, chloe: Person
) -> None:
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    actions.name(cellar.members.get(person=bruno), by=amina, role=Member.Role.ANIMATOR)
    actions.invite(cellar, by=bruno, email=chloe.email)
    actions.name(cellar.members.get(person=bruno), by=amina, role=Member.Role.MEMBER)
    assert not Group.objects.visible_to(chloe).filter(pk=cellar.pk).exists()
    with pytest.raises(actions.Refused):
        actions.accept(cellar, by=chloe, voice=own(chloe))


def test_whoever_was_blocked_invites_nobody_and_is_not_told(cellar: Group, amina: Person, bruno: Person) -> None:
    """R-MOD-9: the name of a private group says what one likes to whom one invites."""
    Block.objects.create(person=bruno, voice=own(amina))
    actions.invite(cellar, by=amina, email=bruno.email)
    assert Invitation.objects.open().exists()
    assert not Group.objects.visible_to(bruno).filter(pk=cellar.pk).exists()
    assert cellar.voice.name not in signed_in(bruno).get("/groupes/").content.decode()
    with pytest.raises(actions.Refused):
        actions.accept(cellar, by=bruno, voice=own(bruno))


def test_another_animator_invites_whom_one_who_was_blocked_invited(
    cellar: Group, amina: Person, bruno: Person, chloe: Person
) -> None:
    actions.invite(cellar, by=amina, email=chloe.email)
    actions.accept(cellar, by=chloe, voice=own(chloe))
    actions.name(cellar.members.get(person=chloe), by=amina, role=Member.Role.ANIMATOR)
    Block.objects.create(person=bruno, voice=own(amina))
    for animator in (amina, chloe, amina):
        actions.invite(cellar, by=animator, email=bruno.email)
    assert Invitation.objects.open().count() == 2
    assert cellar.voice.name in signed_in(bruno).get("/groupes/").content.decode()
    actions.accept(cellar, by=bruno, voice=own(bruno))
    assert not Invitation.objects.open().exists()


def test_declining_closes_the_door(cellar: Group, amina: Person, bruno: Person) -> None:
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.decline(cellar, by=bruno)
    assert not Invitation.objects.open().exists()
    assert not Group.objects.visible_to(bruno).filter(pk=cellar.pk).exists()


def test_leaving_takes_every_right_back_at_once(orchard: Group, amina: Person, bruno: Person) -> None:
    actions.answer(actions.ask(orchard, by=bruno, voice=own(bruno)), by=amina, accepted=True)
    actions.leave(orchard, by=bruno)
    assert not Group.objects.read_by(bruno).filter(pk=orchard.pk).exists()
    assert not Member.objects.visible_to(bruno).exists()
    assert not Subscription.objects.filter(person=bruno, audience=orchard.audience).exists()


def test_the_last_animator_stays(garden: Group, amina: Person, bruno: Person) -> None:
    with pytest.raises(actions.Refused):
        actions.leave(garden, by=amina)
    actions.join(garden, by=bruno, voice=own(bruno))
    actions.name(garden.members.get(person=bruno), by=amina, role=Member.Role.ANIMATOR)
    actions.leave(garden, by=amina)
    assert not Membership.objects.filter(person=amina, voice=garden.pk).exists()
    assert Voice.objects.spoken_by(bruno).filter(pk=garden.pk).exists()


def test_of_two_animators_one_takes_someone_out(garden: Group, amina: Person, bruno: Person) -> None:
    actions.join(garden, by=bruno, voice=own(bruno))
    read_twice = [garden.members.select_related("group").get(person=bruno) for _animator in range(2)]
    actions.remove(read_twice[0], by=amina)
    with pytest.raises(actions.Refused):
        actions.ban(read_twice[1], by=amina, reason="Insultes répétées.")
    assert verbs()[-1] == "group.removed"
    actions.join(garden, by=bruno, voice=own(bruno))
    before = garden.members.select_related("group").get(person=bruno)
    actions.name(garden.members.get(person=bruno), by=amina, role=Member.Role.ANIMATOR)
    with pytest.raises(actions.Refused, match="anime le groupe"):
        actions.remove(before, by=amina)


def test_whoever_is_banned_is_told_why_and_does_not_come_back(garden: Group, amina: Person, bruno: Person) -> None:
    actions.join(garden, by=bruno, voice=own(bruno))
    member = garden.members.get(person=bruno)
    with pytest.raises(ValidationError):
        actions.ban(member, by=amina, reason=" ")
    actions.ban(garden.members.get(person=bruno), by=amina, reason="Insultes répétées.")
    with pytest.raises(actions.Refused):
        actions.join(garden, by=bruno, voice=own(bruno))
    actions.unban(Ban.objects.get(), by=amina)
    actions.join(garden, by=bruno, voice=own(bruno))
    assert verbs()[-3:] == ["group.banned", "group.unbanned", "group.joined"]


def test_an_animator_is_not_taken_out_by_surprise(garden: Group, amina: Person, bruno: Person) -> None:
    actions.join(garden, by=bruno, voice=own(bruno))
    actions.name(garden.members.get(person=bruno), by=amina, role=Member.Role.ANIMATOR)
    with pytest.raises(actions.Refused):
        actions.remove(garden.members.get(person=bruno), by=amina)
    with pytest.raises(actions.Refused):
        actions.remove(garden.members.get(person=amina), by=amina)


def test_an_archived_group_asks_for_no_answer(garden: Group, amina: Person) -> None:
    ends_at = timezone.now() + timedelta(days=1)
    question = actions.Question("Quel jour ?", ["Lundi", "Mardi"], ends_at)
    topic = actions.open_topic(garden, by=amina, voice=own(amina), title="Jour", body="Dites", poll=question)
    client, poll = signed_in(amina), Poll.objects.get()

    def forms() -> list[str]:
        page = client.get(topic.get_absolute_url()).content.decode()
        return [
            form for form in (f"/groupes/sujets/{topic.pk}/repondre/", f"/groupes/sondages/{poll.pk}/") if form in page
        ]

    assert len(forms()) == 2
    actions.archive(garden, by=amina)
    assert forms() == []
    assert client.post(f"/groupes/sondages/{poll.pk}/", {"choice": poll.choices.all()[0].pk}).status_code == 302
    assert not poll.ballots.exists()


def test_an_archived_group_takes_nobody(garden: Group, amina: Person, bruno: Person) -> None:
    actions.archive(garden, by=amina)
    garden.refresh_from_db()
    with pytest.raises(actions.Refused):
        actions.join(garden, by=bruno, voice=own(bruno))
    actions.reopen(garden, by=amina)
    garden.refresh_from_db()
    actions.join(garden, by=bruno, voice=own(bruno))


def test_of_two_who_change_the_rules_the_second_is_told(garden: Group, amina: Person) -> None:
    """R-REL-10."""
    told: dict[str, Any]
    told = {"themes": ["nature"], "summary": "Autre", "body": "", "access": "public", "mode": "open", "pace": 0}
    words = {"rules": "Courtoisie.", "welcome": ""}
    actions.change(garden, by=amina, version=garden.version, **told, **words)
    with pytest.raises(actions.Refused):
        actions.change(garden, by=amina, version=garden.version, **told, rules="", welcome="")


def test_a_new_account_animates_one_group_until_a_moderator_read_it(found: Found, bruno: Person) -> None:
    """R-MOD-3: one opens no row of groups before anyone knows them."""
    found(by=bruno, name="Premier groupe")
    with pytest.raises(actions.Refused):
        found(by=bruno, name="Deuxième groupe")


def test_members_of_a_group_are_not_managed_from_the_page_of_organisations(
    garden: Group, amina: Person, bruno: Person
) -> None:
    with pytest.raises(ValidationError):
        people.add_member(garden.voice, by=amina, person=bruno, role=Membership.Role.OWNER)


def test_a_group_made_private_leaves_every_list(garden: Group, amina: Person, bruno: Person, territory: Cast) -> None:
    told: dict[str, Any]
    told = {"themes": ["nature"], "summary": "S", "body": "", "mode": "open", "pace": 0, "rules": "", "welcome": ""}
    actions.change(garden, by=amina, access="private", **told)
    assert not Voice.objects.visible_to(bruno).filter(pk=garden.pk).exists()
    assert not Voice.objects.listed_in_directory().filter(pk=garden.pk).exists()
    assert not Voice.objects.spoken_by(amina).filter(pk=garden.pk).exists()
    assert not Group.objects.found().exists()
    assert Audience.objects.filter(pk=garden.audience_id).exists()


def test_who_leaves_for_good_is_in_no_group_and_their_words_go(garden: Group, amina: Person, bruno: Person) -> None:
    actions.join(garden, by=bruno, voice=own(bruno))
    with pytest.raises(ValidationError, match="animer"):
        people.erase_account(amina, by=amina)
    topic = say(garden, amina, "Des tomates")
    answer = actions.reply(topic, by=bruno, voice=own(bruno), body="Un canari")
    people.erase_account(bruno, by=bruno)
    answer.refresh_from_db()
    assert (answer.body, answer.body_html, answer.author, answer.voice.name) == ("", "", None, "Compte supprimé")
    garden.refresh_from_db()
    topic.refresh_from_db()
    assert (garden.habitants, topic.reply_count) == (1, 0)
    # Alone by now, the last of them archives it.
    people.erase_account(amina, by=amina, keeps=True)
    garden.refresh_from_db()
    topic.refresh_from_db()
    assert (garden.archived_at is not None, topic.title, topic.voice) == (True, "Des tomates", answer.voice)
