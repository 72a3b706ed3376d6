"""A small world that holds one thing of every type in every state, each with a word of its own: its canary."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from shapely.geometry import box

from parvis.agenda import actions as agenda
from parvis.agenda.models import Follow, Source, Venue
from parvis.conversations.models import Conversation, Line
from parvis.groups import actions as groups
from parvis.groups.models import Group, Message, Topic
from parvis.moderation import actions as moderation
from parvis.moderation.models import Report
from parvis.people import actions as people
from parvis.people.models import Membership, Person, Role, Voice
from parvis.people.names import name_again, search_name, slug_of
from parvis.publications import actions
from parvis.publications.models import Decision, Publication, Reply, State
from parvis.territory.models import Zone
from tests.cast import Cast, lay_territory, make_person, make_zone
from tests.visibility.model import ASKING, GROUPS, INVITED, Fact

RULE = Decision.Rule.OFF_TOPIC
STATES = ("draft", "pending", "online", "withdrawn", "refused", "hidden", "expired")
MASKED = ("masked", "muffled")  # voices whose presentation a moderator hid


@dataclass
class World:
    """Everything that exists, by key; and the facts about it, by canary."""

    land: Cast
    persons: dict[str, Person] = field(default_factory=dict)
    voices: dict[str, Voice] = field(default_factory=dict)
    publications: dict[str, Publication] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    def canary(self, what: str, key: str, **known: Any) -> Fact:
        """A new fact, with its word."""
        token = f"qz{len(self.facts) + 1:04d}x"
        self.facts[token] = fact = Fact(what, key, token, **known)
        return fact

    def fact(self, what: str, key: str) -> Fact:
        """The one about that thing."""
        return next(fact for fact in self.facts.values() if (fact.what, fact.key) == (what, key))


def handle(fact: Fact) -> str:
    """Another word of the same thing: one that is searched for, since a page repeats what was searched."""
    return f"wv{fact.token[2:6]}k"


def words(fact: Fact) -> str:
    """Both words, as they stand in a title, a text or a name."""
    return f"{handle(fact)} {fact.token}"


def picture() -> ContentFile[bytes]:
    """A small image."""
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(kept, "WEBP")
    return ContentFile(kept.getvalue(), name="image.webp")


def build() -> World:
    """The whole world, by the very actions that people use wherever there is one."""
    world = World(lay_territory())
    settle_people(world)
    found_organisations(world)
    hide_presentations(world)
    say_everything(world)
    go(world)
    answer(world)
    correct(world)
    report(world)
    around(world)
    gather(world)
    return world


def settle_people(world: World) -> None:
    """The roles of the model, and inhabitants who chose otherwise."""
    land = world.land
    homes = {"faraway": land.remy, "moderator_elsewhere": land.remy, "agent": land.clairval, "deputy": land.clairval}
    spoke = {"author", "faraway", "neighbour"}
    for key in (
        "neighbour", "faraway", "newcomer", "author", "colleague", "member", "agent", "deputy", "moderator",
        "moderator_elsewhere", "administrator", "listed", "muffled", "closed",
    ):  # fmt: skip
        name = world.canary(
            "profile", key, kind="habitant", by=key, listed=key in {"listed", "muffled"}, spoke=key in spoke,
            state="closed" if key == "closed" else "online",
        )  # fmt: skip
        mail = world.canary("email", key, by=key)
        person = make_person(f"{mail.token}@exemple.fr", f"Personne {words(name)}", homes.get(key, land.bois))
        voice, about = person.voice, present(world, name, place="remy" if homes.get(key) is land.remy else "bois")
        people.update_profile(voice, by=person, summary=f"Résumé {about.token}", body=f"Présentation {about.token}")
        world.persons[key], world.voices[key] = person, voice
    Person.objects.exclude(pk=world.persons["newcomer"].pk).update(trusted_at=timezone.now())
    Voice.objects.filter(pk__in=[world.voices[key].pk for key in ("listed", "muffled")]).update(listed=True)
    Voice.objects.filter(pk=world.voices["closed"].pk).update(closed_at=timezone.now())
    people.make_administrator(world.persons["administrator"].email)
    admin = world.persons["administrator"]
    for key, zone in (("moderator", land.epci), ("moderator_elsewhere", land.remy)):
        people.grant_role(world.persons[key], Role.Kind.MODERATOR, zone=zone, by=admin)
    for key, person in world.persons.items():
        world.persons[key] = Person.objects.get(pk=person.pk)


def found_organisations(world: World) -> None:
    """Associations verified, unverified and closed; services; élus who opened their space and who did not."""
    land, admin = world.land, world.persons["administrator"]

    def name(key: str, kind: str, **known: Any) -> str:
        return f"Organisation {words(world.canary('profile', key, kind=kind, by=key, **known))}"

    def association(key: str, owner: str, **known: Any) -> Voice:
        said = name(key, "association", **known)
        about = present(world, world.fact("profile", key), place="bois")
        contact = world.canary("contact", key, by=key, on=about, place="bois")
        return people.create_association(
            by=world.persons[owner],
            name=said,
            zone=land.bois,
            theme="culture",
            summary=f"Une association {about.token}",
            email=f"{contact.token}@exemple.fr",
        )

    for key in ("lavoir", "masked"):
        world.voices[key] = association(key, "author")
    world.voices["verified"] = association("verified", "listed")
    people.verify(world.voices["verified"], by=admin, reason="récépissé")
    world.voices["shut"] = association("shut", "listed", state="closed")
    Voice.objects.filter(pk=world.voices["shut"].pk).update(closed_at=timezone.now())
    for key, role in (("colleague", Membership.Role.EDITOR), ("member", Membership.Role.MEMBER)):
        people.add_member(world.voices["lavoir"], by=world.persons["author"], person=world.persons[key], role=role)
    world.voices["routes"] = people.create_service(
        by=admin, name=name("routes", "service"), zone=land.bois, scope=land.departement, owner=world.persons["agent"]
    )
    deputy = world.persons["deputy"]
    people.add_member(world.voices["routes"], by=world.persons["agent"], person=deputy, role=Membership.Role.EDITOR)
    for key in ("unopened", "opened"):
        said = name(key, "elu")
        world.voices[key] = Voice.objects.create(
            kind=Voice.Kind.ELU, name=said, search_name=search_name(said), slug=slug_of(said), zone=land.bois
        )
        name_again(world.voices[key])
    people.open_space(world.voices["opened"], by=admin, person=world.persons["listed"], reason="écharpe")


def present(world: World, name: Fact, *, place: str) -> Fact:
    """What a voice writes about itself; moderators hide that of some (see `hide_presentations`)."""
    state = "hidden" if name.key in MASKED else "online"
    return world.canary("presentation", name.key, state=state, by=name.by, place=place, on=name)


def hide_presentations(world: World) -> None:
    """By the moderator who answers for their seat, with a reason."""
    for key in MASKED:
        voice = world.voices[key]
        voice.refresh_from_db()
        said = reason(world, key, "presentation")
        actions.hide_profile(voice, by=world.persons["moderator"], rule=RULE, reason=said)


def say_everything(world: World) -> None:
    """Every kind of publication in every state; and one that waits in another commune."""
    for kind, voice, person in (
        ("notice", "routes", "agent"),
        ("event", "lavoir", "author"),
        ("post", "author", "author"),
    ):
        for state in STATES:
            say(world, f"{kind}-{state}", kind, state, voice, person)
    say(world, "post-association", "post", "online", "lavoir", "colleague")
    say(world, "post-newcomer", "post", "pending", "newcomer", "newcomer")
    say(world, "post-faraway", "post", "online", "faraway", "faraway", place="remy")
    say(world, "post-faraway-pending", "post", "pending", "faraway", "faraway", place="remy")


def say(world: World, key: str, kind: str, state: str, voice: str, person: str, place: str = "bois") -> None:
    """One publication, brought to `state`."""
    fact = world.canary("publication", key, kind=kind, state=state, by=voice, place=place)
    zone, by = getattr(world.land, place), world.persons[person]
    at = timezone.now() - timedelta(days=2)
    common: dict[str, Any] = {"voice": world.voices[voice], "by": by, "at": at, "image": picture()}
    common |= {"title": f"Titre {words(fact)}", "body": f"Texte **{words(fact)}**"}
    common["image_alt"] = world.canary("image", key, on=fact, place=place).token
    if kind == "event":
        starts = timezone.now() + timedelta(hours=30)
        said = agenda.announce(category="concert", venue="Salle des fêtes", commune=zone, starts_at=starts, **common)
        Publication.objects.filter(pk=said.pk).update(state=State.DRAFT)
    else:
        said = actions.compose(kind=kind, place=zone, zones=[zone], **common)
    said.refresh_from_db()
    world.publications[key] = bring(world, said, state, by, key)


def bring(world: World, said: Publication, state: str, by: Person, key: str) -> Publication:
    """Take a draft to `state`, through the decisions of the moderator who answers for it."""
    moderator = world.persons["moderator"]
    if state == "draft":
        return said
    Publication.objects.filter(pk=said.pk).update(state=State.PENDING)
    said.refresh_from_db()
    if state == "refused":
        actions.refuse(said, by=moderator, rule=RULE, reason=reason(world, key))
    elif state != "pending":
        actions.approve(said, by=world.persons["administrator"])
    if state == "hidden":
        actions.hide(said, by=moderator, rule=RULE, reason=reason(world, key))
    elif state == "withdrawn":
        actions.withdraw(said, by=by)
    elif state == "expired":
        Publication.objects.filter(pk=said.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    return said


def reason(world: World, key: str, what: str = "publication") -> str:
    """Why it was refused or hidden, in words its author alone receives."""
    thing = world.fact(what, key)
    return f"Motif {world.canary('reason', key, on=thing, place=thing.place).token}"


def go(world: World) -> None:
    """Someone takes the one seat of what anyone reads, another waits and has it; it is moved, and nears.

    Who gave up follows it, and what nobody reads any more.
    """
    event, author = world.publications["event-online"].event, world.persons["author"]
    agenda.set_seats(event, by=author, takes_registrations=True, capacity=1, question="")
    for key in ("faraway", "neighbour"):
        agenda.attend(world.persons[key], event.occurrences.get())
    agenda.unattend(world.persons["faraway"], event.occurrences.get())
    for key in ("online", "hidden", "withdrawn"):
        followed = world.publications[f"event-{key}"].event
        Follow.objects.create(person=world.persons["faraway"], event=followed)
    actions.open_to_replies(event.publication, by=author, answerable=True)
    agenda.change_status(event, by=author, status="moved")
    agenda.remind(event.occurrences.get(), by=None)


def answer(world: World) -> None:
    """Replies in every state under what anyone reads, and some under what nobody reads any more."""
    for key, state, under in (
        ("reply-online", "online", "post-online"),
        ("reply-pending", "pending", "post-online"),
        ("reply-refused", "refused", "post-online"),
        ("reply-hidden", "hidden", "post-online"),
        ("reply-withdrawn", "withdrawn", "post-online"),
        ("reply-under-hidden", "online", "post-hidden"),
        ("reply-under-withdrawn", "online", "post-withdrawn"),
        ("comment-online", "online", "event-online"),
        ("comment-pending", "pending", "event-online"),
        ("comment-hidden", "hidden", "event-online"),
        ("comment-under-hidden", "online", "event-hidden"),
    ):
        on = world.fact("publication", under)
        fact = world.canary("reply", key, state=state, by="neighbour", place="bois", on=on)
        person, moderator = world.persons["neighbour"], world.persons["moderator"]
        reply = Reply.objects.create(
            publication=world.publications[under],
            author=person,
            voice=world.voices["neighbour"],
            body=f"Réponse {words(fact)}",
            body_html=f"<p>Réponse {words(fact)}</p>",
            state=State.PENDING,
            on_kind=on.kind,
        )
        if state == "refused":
            actions.refuse_reply(reply, by=moderator, rule=RULE, reason=reason(world, key, "reply"))
        elif state != "pending":
            actions.approve_reply(reply, by=moderator)
        if state == "hidden":
            actions.hide(reply, by=moderator, rule=RULE, reason=reason(world, key, "reply"))
        elif state == "withdrawn":
            actions.withdraw(reply, by=person)
        world.replies[key] = reply


def correct(world: World) -> None:
    """Two posts corrected once online; then one of them is hidden, and what it said before with it."""
    for key, state in (("corrected", "online"), ("corrected-hidden", "hidden")):
        say(world, key, "post", "online", "author", "author")
        said, fact = world.publications[key], world.fact("publication", key)
        former = world.canary("former", key, on=fact, place="bois")
        Publication.objects.filter(pk=said.pk).update(body_html=f"<p>Avant {former.token}</p>")
        said.refresh_from_db()
        actions.correct(said, by=world.persons["author"], title=said.title, body=f"Texte corrigé {words(fact)}")
        if state == "hidden":
            said.refresh_from_db()
            world.facts[fact.token] = hidden = Fact(**(vars(fact) | {"state": state}))
            for other in [other for other in world.facts.values() if other.on is fact]:
                world.facts[other.token] = Fact(**(vars(other) | {"on": hidden}))
            actions.hide(said, by=world.persons["moderator"], rule=RULE, reason=reason(world, key))


def report(world: World) -> None:
    """Visitors and inhabitants report; some reports wait, in two places, and one is answered."""
    things: dict[str, dict[str, Any]]
    things = {"publication": world.publications, "reply": world.replies, "presentation": world.voices}
    for key, what, place, reporter in (
        ("post-online", "publication", "bois", None),
        ("reply-online", "reply", "bois", "faraway"),
        ("post-faraway", "publication", "remy", None),
        ("post-association", "publication", "bois", "listed"),
        ("lavoir", "presentation", "bois", "faraway"),
    ):
        thing = world.fact(what, key)
        by = reporter or f"notifier of {key}"
        state = "closed" if key == "post-association" else "open"
        told = world.canary("report", key, on=thing, place=place, by=by, state=state)
        mail = world.canary("notifier", key, on=thing, place=place, by=by)
        world.reports[key] = moderation.report(
            things[what][key],
            by=world.persons[reporter] if reporter else None,
            rule=RULE,
            explanation=f"Signalement {told.token}",
            email=f"{mail.token}@exemple.fr",
        )
        if state == "closed":
            answer = f"Conforme {world.canary('answer', key, on=thing, place=place, by=by).token}"
            moderator = world.persons["moderator"]
            moderation.decide(world.publications[key], by=moderator, verdict=moderation.KEEP, reason=answer)


ACCESS = {"open": "public", "gated": "request", "secret": "private"}


def gather(world: World) -> None:
    """A group of each access: its members, who is invited, who asks, who was kept out."""
    for key, (animator, *others) in GROUPS.items():
        access = ACCESS[key]
        name = world.canary("group", key, kind=access)
        about = world.canary("about group", key, kind=access, by=key)
        rules = world.canary("about group", f"{key} rules", kind=access, by=key)
        welcome = world.canary("in group", f"{key} welcome", kind="private", by=key)
        by = world.persons[animator]
        group = world.groups[key] = groups.found(
            by=by,
            voice=world.voices[animator],
            name=f"Groupe {words(name)}",
            zone=world.land.bois,
            themes=["nature"],
            summary=f"On y parle {about.token}",
            access=access,
            mode="moderated",
            rules=f"Règle {rules.token}",
            welcome=f"Accueil {welcome.token}",
        )
        let_in(world, group, key, others)


def let_in(world: World, group: Group, key: str, others: list[str]) -> None:
    """Bring members in through each door, and leave some outside."""
    by = world.persons[GROUPS[key][0]]
    for other in others:
        person, voice = world.persons[other], world.voices[other]
        if key == "open":
            groups.join(group, by=person, voice=voice)
        elif key == "gated":
            groups.answer(groups.ask(group, by=person, voice=voice), by=by, accepted=True)
        else:
            groups.invite(group, by=by, email=person.email)
            groups.accept(group, by=person, voice=voice)
    for invited in INVITED.get(key, ()):
        groups.invite(group, by=by, email=world.persons[invited].email)
    for asking in ASKING.get(key, ())[:1]:
        asks = world.canary("asks group", asking, by=key)
        groups.ask(group, by=world.persons[asking], voice=world.voices[asking], words=f"Parce que {asks.token}")
    for outcast in ASKING.get(key, ())[1:]:
        person, voice = world.persons[outcast], world.voices[outcast]
        groups.answer(groups.ask(group, by=person, voice=voice), by=by, accepted=True)
        told = world.canary("banned", outcast, by=outcast, on=world.fact("group", key))
        groups.ban(group.members.get(person=person), by=by, reason=f"Exclu {told.token}")


def around(world: World) -> None:
    """A commune beyond the border, known by its name alone."""
    fact = world.canary("zone", "beyond")
    beyond = world.zones["beyond"] = make_zone("commune", "98001", f"Ailleurs {words(fact)}", box(2.3, 49, 2.4, 49.1))
    Zone.objects.filter(pk=beyond.pk).update(is_context=True)
