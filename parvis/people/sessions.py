"""Sessions, and who is behind them: one statement for a request, whatever the page asks of the person."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Exists, FilteredRelation, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from parvis.core.kept import SETTLES, SHOWS, stamped
from parvis.core.statements import NOW, Statement
from parvis.people.models import Mute, Person, Reason, Role, Session, Subscription, Voice

# Columns that hardly any page asks of whoever is reading it.
ASIDE: dict[type[Model], str] = {
    Person: "last_login joined_at charter_accepted_at takes_followers writers shows_reading",
    Voice: "body body_html summary search_name email phone website seeks register_key town_hall_of created_at opened_at"
    " spoke_at last_word verified_reason",
}


def _columns(model: type[Model], path: str) -> list[str]:
    aside = ASIDE[model].split()
    return [f"{path}{column.attname}" for column in model._meta.concrete_fields if column.name not in aside]


def _behind(key: str) -> "QuerySet[Session, tuple[Any, ...]]":
    """The session `key`, its person, voice and home; do they moderate, mute, belong to a group; the stamps."""
    moderates = Exists(Role.objects.current().filter(person=OuterRef("person")))
    mutes = Mute.objects.filter(person=OuterRef("person"))
    silenced = Subscription.objects.filter(person=OuterRef("person"), muted=True)
    inside = Subscription.objects.filter(person=OuterRef("person"), reason=Reason.MEMBER)
    stamps = (RawSQL(stamped(which), []) for which in (SHOWS, SETTLES, ""))  # noqa: S611 - constants
    who = [*_columns(Person, "person__"), *_columns(Voice, "person__voice__"), *HOME]
    rows = Session.objects.filter(session_key=key, expire_date__gt=NOW)
    rows = rows.annotate(home=FilteredRelation("person__places", condition=Q(person__places__kind="home")))
    return rows.values_list("session_data", *who, moderates, Exists(mutes), Exists(silenced), Exists(inside), *stamps)


HOME = ("home__zone", "home__canton", "home__to_say_again")
BEHIND = Statement(_behind, key=str)
PERSON, VOICE = _columns(Person, ""), _columns(Voice, "")


class SessionStore(DatabaseStore):
    """Django's sessions in the database, read together with the person who signed in."""

    # What `kept.stamp` said when the session was read.
    stamp = 0
    # The same for acts that change who or what there is.
    settled = 0
    # All that was read: the sum of all acts, what the session holds, and every column of the person and around.
    seen: tuple[Any, ...] = ()

    @cached_property
    def person(self) -> Person | None:
        """Who signed in; the session was read before."""
        return _person(list(self.seen[2:])) if self.seen else None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        """As it is: whoever can write in our tables needs no session of anyone's."""
        return json.dumps(session_dict)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What `encode` wrote."""
        held: dict[str, Any] = json.loads(session_data)
        return held

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row that says whose it is."""
        row = cast("Session", super().create_model_instance(data))
        row.person_id = data.get(SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        """What the session holds; its person, if any, is then in `person`."""
        rows = BEHIND.run(key=str(self.session_key))
        if not rows:
            self._session_key = None
            return {}
        data, *columns, self.stamp, self.settled, every = rows[0]
        self.seen = (every, data, *columns)
        return self.decode(data)


def _person(columns: list[Any]) -> Person | None:
    own, spoken = columns[: len(PERSON)], columns[len(PERSON) : -7]
    commune, canton, split, moderates, mutes, silenced, inside = columns[-7:]
    if own[0] is None:
        return None
    person = Person.from_db("default", PERSON, own)
    person.seen_home, person.seen_split = (commune, canton), bool(split)
    person.seen_moderating, person.seen_leaving_out = bool(moderates), bool(mutes or silenced)
    person.seen_inside = bool(inside)
    if spoken[0] is not None:
        voice = Voice.from_db("default", VOICE, spoken)
        Person._meta.get_field("voice").set_cached_value(person, voice)
        Voice._meta.get_field("person").set_cached_value(voice, person)
    return person


def recognise(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say who is here, when the page asks: `request.user`; and keep what was made for them out of caches.

    A browser keeps it, so that nobody who goes back loses what they typed, until they sign out.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        request.user = cast("Person", SimpleLazyObject(lambda: _user(request)))
        response = get_response(request)
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            response.headers.setdefault("Cache-Control", "private, no-cache")
            if request.session.is_empty():
                response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return answer


def behind(key: str) -> Person | None:
    """Whose session `key` is today; None when it is nobody’s. It changes nothing."""
    session = SessionStore(key)
    return session.person if _names(session) and _proves(session) else None


def _user(request: HttpRequest) -> Person | AnonymousUser:
    """The person of the session, if it is still theirs: it ends with their password or address (R-SEC-14)."""
    session = cast("SessionStore", request.session)
    if not _names(session):
        return AnonymousUser()
    if not _proves(session):
        session.flush()
        return AnonymousUser()
    return cast("Person", session.person)


def _names(session: SessionStore) -> bool:
    """Whether it says who signed in, and they still may."""
    whose, person = session.get(SESSION_KEY), session.person
    return person is not None and whose == str(person.pk) and person.is_active


def _proves(session: SessionStore) -> bool:
    """Whether it was opened with the password and the address they have now."""
    person = cast("Person", session.person)
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
