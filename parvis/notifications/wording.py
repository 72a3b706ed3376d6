"""The sentence of each thing that happens; « 3 réponses à … » when it happened several times."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.notifications.models import Kind, Notification
from parvis.people.models import Voice


@dataclass(frozen=True)
class Words:
    """What is said once, and of several; with an icon.

    `own_mail` when another mail tells it, or none should; `by_letter` when a letter that gathers may tell it.
    """

    kind: Kind
    icon: str
    one: str | Promise
    many: str | Promise = ""
    own_mail: bool = False
    by_letter: bool = True


WORDS: dict[str, Words] = {
    "written": Words(
        Kind.MESSAGE,
        "inbox",
        _("%(who)s vous a écrit"),
        _("%(count)s nouveaux messages, le dernier : %(who)s"),
    ),
    # A stranger waits apart, and no mail brings them.
    "request": Words(
        Kind.MESSAGE,
        "inbox",
        _("%(who)s, que vous ne connaissez pas, souhaite vous écrire"),
        own_mail=True,
        by_letter=False,
    ),
    "reply": Words(
        Kind.REPLY,
        "reply",
        _("%(who)s a répondu à « %(title)s »"),
        _("%(count)s réponses à « %(title)s »"),
        own_mail=True,
    ),
    "comment": Words(
        Kind.REPLY,
        "message-circle",
        _("%(who)s a commenté « %(title)s »"),
        _("%(count)s commentaires sous « %(title)s »"),
        own_mail=True,
    ),
    "talk": Words(
        Kind.REPLY, "reply", _("%(who)s a répondu dans « %(title)s »"), _("%(count)s réponses dans « %(title)s »")
    ),
    "kept": Words(Kind.REPLY, "circle-check", _("Votre réponse est retenue dans « %(title)s »")),
    "mention": Words(
        Kind.MENTION,
        "messages-square",
        _("%(who)s vous nomme dans « %(title)s »"),
        _("%(count)s messages vous nomment dans « %(title)s »"),
    ),
    "asked": Words(
        Kind.GROUP,
        "users-round",
        _("%(who)s demande à entrer dans « %(title)s »"),
        _("%(count)s demandes pour entrer dans « %(title)s »"),
    ),
    "let_in": Words(Kind.GROUP, "users-round", _("Votre demande est acceptée : vous êtes membre de « %(title)s »")),
    "turned_down": Words(
        Kind.GROUP, "users-round", _("Votre demande pour entrer dans « %(title)s » n’est pas retenue")
    ),
    "invited": Words(Kind.GROUP, "users-round", _("%(who)s vous invite dans « %(title)s »")),
    "named": Words(Kind.GROUP, "users-round", _("Vous animez maintenant « %(title)s »")),
    "contact_asked": Words(Kind.CONTACT, "user-round", _("%(who)s vous envoie une demande de contact")),
    "contact_yes": Words(Kind.CONTACT, "user-round", _("%(who)s fait partie de vos contacts")),
    "event": Words(Kind.EVENT, "calendar", _("« %(title)s », où vous allez, a changé"), own_mail=True),
    "followed": Words(Kind.EVENT, "calendar", _("« %(title)s », que vous suivez, a changé"), own_mail=True),
    "brought": Words(
        Kind.EVENT, "calendar", _("L’événement où vous allez est annoncé ici, et votre place vous suit : « %(title)s »")
    ),
    "follow_brought": Words(Kind.EVENT, "calendar", _("L’événement que vous suivez est annoncé ici : « %(title)s »")),
    "at_place": Words(
        Kind.EVENT,
        "map-pin",
        _("Annoncé dans un lieu que vous suivez : « %(title)s »"),
        _("Du nouveau dans un lieu que vous suivez : « %(title)s »"),
    ),
    "merged": Words(Kind.EVENT, "calendar", _("L’événement où vous allez est annoncé ici : « %(title)s »")),
    "seat": Words(Kind.EVENT, "calendar", _("Une place s’est libérée pour vous : « %(title)s »"), own_mail=True),
    "asks_seat": Words(
        Kind.EVENT,
        "calendar",
        _("Quelqu’un demande à venir : « %(title)s »"),
        _("%(count)s personnes demandent à venir : « %(title)s »"),
    ),
    "co_asked": Words(Kind.EVENT, "handshake", _("%(who)s vous invite à co-organiser « %(title)s »")),
    "seat_yes": Words(Kind.EVENT, "calendar", _("Vous pouvez venir : « %(title)s »"), own_mail=True),
    "seat_no": Words(Kind.EVENT, "calendar", _("Votre inscription n’est pas retenue : « %(title)s »"), own_mail=True),
    "tomorrow": Words(Kind.EVENT, "calendar", _("C’est demain : « %(title)s »"), own_mail=True),
    "second": Words(Kind.SERVICE, "users-round", _("Un avis attend votre relecture : « %(title)s »"), own_mail=True),
    "decision": Words(
        Kind.DECISION,
        "shield-check",
        _("La modération a décidé sur vos mots : « %(title)s »"),
        own_mail=True,
    ),
}


def sentence(row: Notification, title: str) -> str:
    """What happened, in one line."""
    return _words(row) % {"who": row.voice.name if row.voice else "", "title": title, "count": row.count}


def named(row: Notification) -> Voice | None:
    """Whom the sentence names."""
    return row.voice if "%(who)s" in _words(row) else None


def _words(row: Notification) -> str:
    words = WORDS[row.what]
    return str(words.many if row.count > 1 and words.many else words.one)
