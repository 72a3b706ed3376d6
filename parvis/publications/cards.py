"""Cards, drawn once for each version of what they show; the reason, the counters and the dates are filled each time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from parvis.core.kept import find_piece, keep_piece
from parvis.core.mould import Mould, hole, mould, tonight
from parvis.core.templatetags.ui import ago
from parvis.people.models import Person
from parvis.publications.feed import Card
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication
from parvis.territory.current import current

Key = tuple[object, ...]


def draw_feed(cards: list[Card], person: Person) -> bytes:
    """The cards of a feed, as they are sent; what is not kept is read through the gate, in one statement."""
    key_of = _keys(in_feed=True)
    keys = [key_of(card.number, card.version, card.voice_version, card.more > 0) for card in cards]
    moulds = {card.number: find_piece(key) for card, key in zip(cards, keys, strict=True)}
    missing = [number for number, found in moulds.items() if found is None]
    if missing:
        read = Publication.objects.visible_to(person).filter(pk__in=missing).shown().in_bulk()
        for card, key in zip(cards, keys, strict=True):
            if card.number in read:
                moulds[card.number] = _mould(read[card.number], key, folded=card.more > 0, in_feed=True)
    now = _minute(), get_language()
    return b"".join([_fill(moulds[card.number], card, *now) for card in cards])


def draw(publication: Publication) -> SafeString:
    """The card of a publication read by `shown`, in a list that needs no reason."""
    key = _keys(in_feed=False)(publication.pk, publication.version, publication.voice.version, False)
    found = find_piece(key)
    made = found if isinstance(found, Mould) else _mould(publication, key, folded=False, in_feed=False)
    answers = _answers(publication.reply_count, get_language())
    # A template's own output.
    return SafeString(made.fill(age=age_of(publication.surfaced_at), **answers).decode())


def age_of(at: datetime) -> bytes:
    """How long ago that was, as `ago` says it; worked out once in a minute."""
    return _age(int(at.timestamp()), _minute(), get_language())


def _keys(*, in_feed: bool) -> Callable[[int, int, int, bool], Key]:
    """The key of a card: all that it shows but for the holes."""
    territory = current()
    common = in_feed, territory.version if territory else "", get_language()

    def key(number: int, version: int, voice_version: int, folded: bool) -> Key:
        return "card", number, version, voice_version, folded, *common

    return key


def _mould(publication: Publication, key: Key, *, folded: bool, in_feed: bool) -> Mould:
    """Draw a card, and keep it until it would say something else by itself: at midnight at the latest."""
    said = "comments" if publication.kind == Publication.Kind.EVENT else "replies"
    shown = {"publication": publication, "age": hole("age"), "replies": hole(said), "in_feed": in_feed}
    more = {"reason": hole("reason"), "others": hole("others") if folded else ""} if in_feed else {}
    made = mould("publications/card.html", shown | more)
    until = KINDS[publication.kind].changes_at(publication)
    keep_piece(key, made, min(until.timestamp(), tonight()) if until else tonight())
    return made


def _fill(found: object, card: Card, minute: int, language: str | None) -> bytes:
    """One card; nothing for what was taken away since the feed was read."""
    if not isinstance(found, Mould):
        return b""
    return found.fill(
        age=_age(card.position >> 20, minute, language),
        **_answers(card.replies, language),
        reason=card.reason.encode(),
        others=_others(card.more, language),
    )


def _minute() -> int:
    return int(time.time() // 60)


# Said again and again: once for each minute, number and language.


@lru_cache(maxsize=4096)
def _age(seconds: int, _minute: int, _language: str | None) -> bytes:
    return ago(datetime.fromtimestamp(seconds, UTC)).encode()


@lru_cache(maxsize=1024)
def _answers(count: int, _language: str | None) -> dict[str, bytes]:
    """What is said under it, in the hole of its kind."""
    if not count:
        return {"replies": b"", "comments": b""}
    replies = ngettext("%(count)s réponse", "%(count)s réponses", count) % {"count": count}
    comments = ngettext("%(count)s commentaire", "%(count)s commentaires", count) % {"count": count}
    said = {"replies": replies, "comments": comments}
    return {hole: format_html('<span class="small muted">{}</span>', words).encode() for hole, words in said.items()}


@lru_cache(maxsize=1024)
def _others(count: int, _language: str | None) -> bytes:
    said = ngettext("et %(count)s autre de", "et %(count)s autres de", count) % {"count": count} if count else ""
    return said.encode()
