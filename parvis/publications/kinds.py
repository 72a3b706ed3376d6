"""What a kind of publication must say of itself. Notices and posts live here; the agenda registers events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def nothing(*publications: Any) -> None:
    """No row of its own to write."""


def nowhere(former: Any, successor: Any) -> int:  # noqa: ARG001 - what a kind is asked
    """It keeps no place of its own."""
    return 0


def nobody(publication: Any) -> list[Any]:  # noqa: ARG001 - what a kind is asked
    """Said by one voice alone."""
    return []


def never(publication: Any) -> datetime | None:  # noqa: ARG001 - what a kind is asked
    """Its card does not change by itself."""
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of publication. The two hooks run in the transaction that puts it online or takes it away."""

    key: str
    label: str | Promise
    # For a count: « 12 événements ».
    plural: str | Promise
    icon: str
    # First part of its public address (architecture §7).
    path: str
    # Joined when it is listed.
    related: tuple[str, ...] = ()
    # Asked for once for the whole list, and columns of what is joined that no list reads.
    prefetched: tuple[str, ...] = field(default=(), kw_only=True)
    unread: tuple[str, ...] = field(default=(), kw_only=True)
    # Shown on its card in place of the first words; given `publication`.
    card_template: str = ""
    # The verb of the one button of its card.
    action: str | Promise = field(kw_only=True)
    # Anyone answers it; or whoever said it may open it to answers (`Publication.answerable`).
    takes_replies: bool = field(default=False, kw_only=True)
    opens_to_replies: bool = field(default=False, kw_only=True)
    # The page under which one answers, by the dotted name of a function of a request, a publication and perhaps a form.
    page: str = field(default="", kw_only=True)
    # Other voices whose followers receive it, as who organises with another.
    also_by: Callable[[Any], list[Any]] = field(default=nobody, kw_only=True)
    # When its card will say something else without anyone acting.
    changes_at: Callable[[Any], datetime | None] = field(default=never, kw_only=True)
    # Of one publication, or of many that a calendar brings at once.
    put_online: Callable[..., None] = field(default=nothing)
    take_offline: Callable[[Any], None] = field(default=nothing)
    # What takes place in a zone that joined another takes place in the other: how many.
    join: Callable[[Any, Any], int] = field(default=nowhere, kw_only=True)


KINDS: dict[str, Kind] = {
    "notice": Kind(
        "notice",
        _("Avis"),
        _("avis"),
        "megaphone",
        "avis",
        action=_("Lire l’avis"),
        opens_to_replies=True,
        page="parvis.publications.views.reading.notice_page",
    ),
    "post": Kind(
        "post",
        _("Publication"),
        _("publications"),
        "message-circle",
        "publications",
        action=_("Répondre"),
        takes_replies=True,
        page="parvis.publications.views.reading.post_page",
    ),
}


def register(kind: Kind) -> None:
    """Add a kind; called once by the module that owns it, when Django is ready."""
    KINDS[kind.key] = kind


def listed(what: str) -> list[str]:
    """What a list of cards of any kind needs: `related` to join, `prefetched` besides, `unread` to leave out."""
    return [name for kind in KINDS.values() for name in getattr(kind, what)]
