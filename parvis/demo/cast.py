"""The fictional people of the demonstration: who they are, whom they speak for, whom they follow."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from rich.progress import Progress

from parvis.demo.scenario import Account, Elu, Inhabitant, Organisation, Scenario
from parvis.demo.stage import Stage
from parvis.people import actions
from parvis.people.models import Mandate, Membership, Person, Role, Voice
from parvis.people.names import name_again, search_name, slug_of
from parvis.territory.models import Zone

DOMAIN = "parvis.example"
FOLLOWED = 2


@dataclass
class Cast:
    """Persons and voices by slug; `speakers` are the persons who write for an organisation or an élu."""

    stage: Stage
    scenario: Scenario
    persons: dict[str, Person] = field(default_factory=dict)
    voices: dict[str, Voice] = field(default_factory=dict)
    speakers: dict[str, Person] = field(default_factory=dict)

    @property
    def administrator(self) -> Person:
        """Who verifies, opens spaces and grants roles."""
        return self._with_role("administrator")

    def moderator(self, author: Person) -> Person:
        """Who decides on what `author` wrote: the moderator of the territory, and someone else on their own."""
        moderator = self._with_role("moderator:territoire")
        return moderator if moderator != author else self.administrator

    def _with_role(self, role: str) -> Person:
        return next(self.persons[one.inhabitant] for one in self.scenario.accounts if role in one.roles)


def gather(scenario: Scenario, stage: Stage, progress: Progress) -> Cast:
    """Create everyone by the acts of real users; what they are is marked as fictional."""
    cast = Cast(stage, scenario)
    borrowed = {account.inhabitant: account for account in scenario.accounts}
    for number, inhabitant in enumerate(progress.track(scenario.inhabitants, description="Habitants")):
        _settle(cast, inhabitant, borrowed.get(inhabitant.slug), number)
    actions.grant_role(cast.administrator, Role.Kind.ADMINISTRATOR, by=None)
    owners = _owners(scenario)
    for number, association in enumerate(progress.track(scenario.associations, description="Associations")):
        _found(cast, association, cast.persons[owners[association.slug]], number)
    for number, service in enumerate(progress.track(scenario.services, description="Services")):
        _open_service(cast, service, cast.persons[owners[service.slug]], number)
    for number, elu in enumerate(progress.track(scenario.elus, description="Élus fictifs")):
        _elect(cast, elu, number)
    for account in scenario.accounts:
        for role in account.roles:
            if role.startswith("moderator:"):
                zone = stage.zone(role.removeprefix("moderator:"))
                actions.grant_role(
                    cast.persons[account.inhabitant], Role.Kind.MODERATOR, zone=zone, by=cast.administrator
                )
    _befriend(cast)
    return cast


def _settle(cast: Cast, inhabitant: Inhabitant, account: Account | None, number: int) -> None:
    """Open the account of an inhabitant, their address already proved so that one may sign in by code."""
    email = account.email if account else f"{inhabitant.slug}@{DOMAIN}"
    since = cast.stage.ago(24 * (70 + 53 * number % 400))
    commune = cast.stage.commune(inhabitant.rank)
    person = _register(cast.stage, email, inhabitant.name, inhabitant.gender, commune, since)
    if inhabitant.listed:
        actions.change_settings(person, name=inhabitant.name, gender=inhabitant.gender, listed=True)
    if inhabitant.about:
        actions.update_profile(person.voice, by=person, summary=cast.stage.fill(inhabitant.about, commune))
    cast.persons[inhabitant.slug] = cast.speakers[inhabitant.slug] = person
    cast.voices[inhabitant.slug] = person.voice


def _register(stage: Stage, email: str, name: str, gender: str, commune: Zone, since: datetime) -> Person:
    person = Person.objects.create_user(
        email,
        name=name,
        is_demo=True,
        joined_at=since,
        charter_version=settings.CHARTER_VERSION,
        charter_accepted_at=since,
    )
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    voice = actions.complete_sign_up(
        person, name=name, commune=commune, canton=stage.straddled.get(commune.pk), gender=gender
    )
    _date(voice, since)
    return person


def _owners(scenario: Scenario) -> dict[str, str]:
    """Who runs each organisation: the account that says so, else an inhabitant of about there, one for each."""
    owners = {
        role.partition(":")[2]: account.inhabitant
        for account in scenario.accounts
        for role in account.roles
        if role.startswith(("association:", "service:"))
    }
    borrowed = {account.inhabitant for account in scenario.accounts}
    waiting = {post.author for post in scenario.posts if post.state != "online"}
    free = [one for one in scenario.inhabitants if one.slug not in borrowed | waiting]
    for organisation in (*scenario.associations, *scenario.services):
        if organisation.slug not in owners:
            nearest = min(free, key=lambda one: abs(one.rank - organisation.rank))
            free.remove(nearest)
            owners[organisation.slug] = nearest.slug
    return owners


def _found(cast: Cast, association: Organisation, owner: Person, number: int) -> None:
    """Create an association, and verify it if the scenario says so."""
    commune = cast.stage.commune(association.rank)
    voice = actions.create_association(
        by=owner,
        name=cast.stage.fill(association.name, commune),
        zone=commune,
        scope=_scope(cast.stage, association),
        **_profile(cast.stage, association, commune),
    )
    if association.verified:
        actions.verify(voice, by=cast.administrator, reason="Statuts et récépissé de déclaration lus en mairie.")
    _enter(cast, association.slug, voice, owner, number)


def _open_service(cast: Cast, service: Organisation, owner: Person, number: int) -> None:
    commune = cast.stage.commune(service.rank)
    voice = actions.create_service(
        by=cast.administrator,
        owner=owner,
        name=cast.stage.fill(service.name, commune),
        zone=commune,
        scope=_scope(cast.stage, service),
        **_profile(cast.stage, service, commune),
    )
    _enter(cast, service.slug, voice, owner, number)


def _scope(stage: Stage, organisation: Organisation) -> Zone:
    return stage.zone(
        "territoire" if organisation.scope == "territoire" else f"{organisation.scope}:{organisation.rank}"
    )


def _profile(stage: Stage, organisation: Organisation, commune: Zone) -> dict[str, str]:
    return {
        "summary": stage.fill(organisation.summary, commune),
        "body": stage.fill(organisation.body, commune),
        "theme": organisation.theme,
        "seeks": stage.fill(organisation.seeks, commune),
        "email": organisation.email,
        "phone": organisation.phone,
    }


def _elect(cast: Cast, elu: Elu, number: int) -> None:
    """Create a fictional élu with a fictional mandate only, and hand the space to an account."""
    stage = cast.stage
    zone = stage.zone(f"canton:{elu.canton_rank}") if elu.canton_rank else stage.commune(elu.rank)
    voice = Voice.objects.create(
        kind=Voice.Kind.ELU,
        name=elu.name,
        search_name=search_name(elu.name),
        slug=slug_of(elu.name),
        gender=elu.gender,
        title=elu.title,
        zone=zone,
        is_fictional=True,
    )
    name_again(voice)
    commune = stage.commune(elu.rank or elu.canton_rank)
    Mandate.objects.create(voice=voice, kind=Mandate.Kind.FICTIF, zone=zone, function=elu.title)
    person = next(
        (cast.persons[one.inhabitant] for one in cast.scenario.accounts if f"elu:{elu.slug}" in one.roles), None
    )
    if person is None:
        person = _register(stage, f"{elu.slug}@{DOMAIN}", elu.name, elu.gender, commune, stage.ago(24 * 300))
    reason = "Élection fictive, constatée pour la démonstration."
    actions.open_space(voice, by=cast.administrator, person=person, reason=reason)
    actions.update_profile(voice, by=person, summary=stage.fill(elu.about, commune))
    _enter(cast, elu.slug, voice, person, number)


def _enter(cast: Cast, slug: str, voice: Voice, speaker: Person, number: int) -> None:
    """Keep a collective or an élu, who have been here for a while."""
    since = cast.stage.ago(24 * (60 + 97 * number % 500))
    _date(voice, since)
    Membership.objects.filter(voice=voice).update(since=since)
    cast.voices[slug], cast.speakers[slug] = voice, speaker


def _date(voice: Voice, since: datetime) -> None:
    """Say that a voice came then, and was verified two days later if it was: acts date from their minute only."""
    voice.created_at = voice.opened_at = since
    if voice.verified_at is not None:
        voice.verified_at = since + timedelta(days=2)
    voice.save(update_fields=["created_at", "opened_at", "verified_at"])


def _befriend(cast: Cast) -> None:
    """Everyone follows a few voices: of their own commune first, then of the whole territory."""
    organisations = (*cast.scenario.associations, *cast.scenario.services)
    wide = [one.slug for one in organisations if one.scope == "territoire"] + [one.slug for one in cast.scenario.elus]
    for number, inhabitant in enumerate(cast.scenario.inhabitants):
        near = [one.slug for one in organisations if one.rank == inhabitant.rank]
        slugs = dict.fromkeys([*near[:1], *(wide[(number + 7 * turn) % len(wide)] for turn in range(FOLLOWED))])
        for slug in list(slugs)[:FOLLOWED]:
            actions.follow(cast.persons[inhabitant.slug], cast.voices[slug])
