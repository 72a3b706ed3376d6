"""A group begins, changes its rules, rests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.groups import rights
from parvis.groups.actions import membership
from parvis.groups.models import Group, GroupTheme, Member, Topic
from parvis.groups.rights import Refused
from parvis.people import actions as people
from parvis.people.access import hold
from parvis.people.models import Audience, Person, Voice
from parvis.publications.models.publications import position
from parvis.territory.models import Zone

MOST_THEMES = 3
PACES = (0, 1, 5, 15, 60)


@transaction.atomic
def found(
    *,
    by: Person,
    voice: Voice,
    name: str,
    zone: Zone,
    scope: Zone | None = None,
    themes: Sequence[str],
    summary: str,
    body: str = "",
    access: str = Group.Access.PUBLIC,
    mode: str = Group.Mode.OPEN,
    rules: str = "",
    welcome: str = "",
    pace: int = 0,
    at: datetime | None = None,
) -> Group:
    """A group seated in `zone`, that `by` looks after, in `voice`. Raises Refused, ValidationError by field."""
    at = at or timezone.now()
    rights.check_voice(voice, by)
    _check_count(by)
    scope = scope or zone
    _check_place(zone, scope)
    words = {"theme": _themes(themes)[0], "summary": summary, "body": body}
    own = people.create_voice(Voice.Kind.GROUPE, by=by, name=name, zone=zone, scope=scope, **words)
    Voice.objects.filter(pk=own.pk).update(listed=access != Group.Access.PRIVATE)
    own.listed = access != Group.Access.PRIVATE
    group = Group(voice=own, audience=Audience.objects.of_voice(own), founded_at=at, position=position(at, own.pk))
    _set(group, access=access, mode=mode, rules=rules, welcome=welcome, pace=pace)
    group.save(force_insert=True)
    _theme(group, themes)
    membership.enter(group, by, voice, role=Member.Role.ANIMATOR, at=at)
    journal.record("group.founded", by=by, target=group)
    return group


def _check_count(by: Person) -> None:
    """Refuse one more group to someone who looks after enough of them."""
    hold(by)
    animated = Member.objects.filter(person=by, role=Member.Role.ANIMATOR, group__archived_at=None)
    if animated.count() >= (rights.MOST_ANIMATED if by.trusted_at else 1):
        raise Refused(_("Vous animez déjà assez de groupes : archivez-en un, ou attendez un premier message relu."))


def _check_place(zone: Zone, scope: Zone) -> None:
    """A group is of a commune of the territory, or of what contains it."""
    if not Zone.objects.current().joinable().filter(pk=zone.pk).exists():
        raise Refused(_("Choisissez une commune du territoire."))
    wide = Zone.objects.current().containing(zone).filter(pk=scope.pk).exists()
    if scope.kind not in people.WIDE or not wide:
        raise Refused(_("Un groupe concerne une commune ou une zone qui la contient."))


def _themes(themes: Sequence[str]) -> list[str]:
    """One to three themes, each once."""
    chosen = [theme for theme in dict.fromkeys(themes) if theme in Voice.Theme.values]
    if not chosen or len(chosen) > MOST_THEMES:
        raise ValidationError({"themes": _("Choisissez un à trois thèmes.")})
    return chosen


def _theme(group: Group, themes: Sequence[str]) -> None:
    """Keep the themes of `group`, and these only."""
    chosen = _themes(themes)
    GroupTheme.objects.filter(group=group).exclude(theme__in=chosen).delete()
    GroupTheme.objects.bulk_create([GroupTheme(group=group, theme=theme) for theme in chosen], ignore_conflicts=True)


def _set(group: Group, *, access: str, mode: str, rules: str, welcome: str, pace: int) -> None:
    """Set the rules of `group`, checked."""
    group.access, group.mode = Group.Access(access), Group.Mode(mode)
    if pace not in PACES:
        raise ValidationError({"pace": _("Choisissez un rythme de la liste.")})
    group.pace = pace
    group.rules, group.welcome = text.clean(rules).strip(), text.clean(welcome).strip()
    if len(group.rules) > 5_000 or len(group.welcome) > 2_000:
        raise ValidationError(_("Les règles tiennent en 5 000 signes et l’accueil en 2 000."))
    group.rules_html, group.welcome_html = text.render(group.rules), text.render(group.welcome)


@transaction.atomic
def change(group: Group, *, by: Person, themes: Sequence[str], summary: str, body: str, **rules: Any) -> Group:
    """Change what a group says of itself and its rules; `rules` are those of `found`. Raises Refused.

    Of two who change it at once, the second is told, and nothing is lost (R-REL-10): `version` is the one they read.
    """
    version = rules.pop("version", group.version)
    group = rights.require_animator(group, by)
    opens = rules["access"] == Group.Access.PUBLIC != group.access
    if opens and Topic.objects.filter(group=group).exists():
        raise Refused(_("Ce que des membres se sont dit entre eux le reste : fondez un autre groupe, public."))
    if group.version != version:
        raise Refused(_("Ces réglages viennent de changer : relisez-les avant de les enregistrer."))
    _set(group, **rules)
    people.update_profile(group.voice, by=by, theme=_themes(themes)[0], summary=summary, body=body)
    _theme(group, themes)
    Voice.objects.filter(pk=group.pk).update(listed=not group.is_private, version=F("version") + 1)
    group.version += 1
    group.save(
        update_fields=["access", "mode", "pace", "rules", "rules_html", "welcome", "welcome_html", "version"],
    )
    journal.record("group.changed", by=by, target=group)
    return group


@transaction.atomic
def archive(group: Group, *, by: Person) -> None:
    """Close a group to new words and new members; what was said can still be read."""
    _rest(group, by, timezone.now())


@transaction.atomic
def reopen(group: Group, *, by: Person) -> None:
    """Wake an archived group."""
    _rest(group, by, None)


def _rest(group: Group, by: Person, at: datetime | None) -> None:
    locked = rights.require_animator(group, by)
    if bool(locked.archived_at) == bool(at):
        return
    Group.objects.filter(pk=group.pk).update(archived_at=at, version=F("version") + 1)
    journal.record("group.archived" if at else "group.reopened", by=by, target=group)
