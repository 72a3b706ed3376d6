"""The design system in templates: icons, avatars, badges, signatures, fields, pages, dates and numbers in French.

Each tag takes an object and draws one component of `templates/ui/`; no template writes their HTML by hand.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.forms.widgets import DateTimeBaseInput
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from parvis.core import text

register = template.Library()

SPRITE = "parvis/vendor/lucide-1.62.0/sprite.svg"
VOICE_ICONS = {
    "habitant": "user-round",
    "association": "handshake",
    "elu": "landmark",
    "service": "building-2",
    "groupe": "users-round",
}
SHORT_MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."]
# What a browser's own pickers read and write, whatever the language of the page.
PICKERS: dict[type[DateTimeBaseInput], tuple[str, str]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
}


class Speaker(Protocol):
    """What a badge needs to know of whoever speaks (people.Voice)."""

    name: str
    kind: str

    @property
    def kind_label(self) -> str: ...
    @property
    def badge_text(self) -> str: ...
    @property
    def initials(self) -> str: ...
    @property
    def is_verified(self) -> bool: ...
    @property
    def is_collective(self) -> bool: ...
    @property
    def is_fictional(self) -> bool: ...


# Icons and people


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: str = "") -> SafeString:
    """The lucide icon `name`, hidden from screen readers: a word always goes with it. Sizes: "" | "s" | "l"."""
    return format_html(
        '<svg class="icon{}" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" icon--{size}" if size else "",
        static(SPRITE),
        name,
    )


@register.simple_tag
def avatar(voice: Speaker, size: str = "m") -> SafeString:
    """Initials in a circle (a person) or a square (a collective). Sizes: "s" | "m" | "l"."""
    return format_html(
        '<span class="avatar avatar--{} avatar--{}{}" aria-hidden="true">{}</span>',
        size,
        voice.kind,
        " avatar--square" if voice.is_collective else "",
        voice.initials,
    )


@register.inclusion_tag("ui/voice_badge.html")
def voice_badge(voice: Speaker) -> dict[str, Any]:
    """Who speaks, in an icon, a word and a tint; « vérifié » is written, and « fictif » where it is so."""
    words = [voice.badge_text]
    if voice.is_verified:
        words.append(agreed(voice, _("vérifié"), _("vérifiée")))
    # A fictional élu already says so in its first word, since it could be taken for a real one.
    fictional = voice.is_fictional and voice.kind != "elu"
    return {
        "kind": voice.kind,
        "icon_name": VOICE_ICONS[voice.kind],
        "text": " · ".join(words),
        "fictional": agreed(voice, _("fictif"), _("fictive")) if fictional else "",
    }


@register.inclusion_tag("ui/signature.html")
def signature(voice: Speaker, at: datetime | None = None, audience: str = "", age: str = "") -> dict[str, Any]:
    """Avatar, name and badge; then for whom (« pour Compiègne ») and when, if given; `age` says when in words."""
    return {"voice": voice, "at": at, "audience": audience, "age": age}


def agreed(voice: Speaker, masculine: str, feminine: str) -> str:
    """The word that agrees with the one on the badge: « une association », « une élue »."""
    person = voice.kind in {"elu", "habitant"}
    return feminine if voice.kind == "association" or (person and voice.kind_label.endswith("e")) else masculine


# Forms and lists


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, help, errors and input, tied together for screen readers.

    A form names in `one_of` the fields that are not required one by one, and of which some are needed.
    """
    widget = bound.field.widget
    for one in [widget, *getattr(widget, "widgets", [])]:
        use_picker(one)
    boxes = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    alone = isinstance(widget, forms.CheckboxInput)
    # One of its answers is given from the start.
    chosen = isinstance(widget, forms.RadioSelect) and bound.value() is not None
    given = widget.attrs.get("class", "")
    style = given if boxes or alone else f"{given} input".strip()
    return {
        "field": bound,
        # A label never sits in the input, where it would vanish.
        "input": bound.as_widget(attrs={"class": style or False, "placeholder": False}),
        "layout": "check" if alone else "group" if widget.use_fieldset else "input",
        "optional": not bound.field.required
        and not alone
        and not chosen
        and bound.name not in getattr(bound.form, "one_of", ()),
    }


def use_picker(widget: forms.Widget) -> None:
    """Give a date or time input the browser's picker and the only format that it understands."""
    if type(widget) in PICKERS and isinstance(widget, DateTimeBaseInput):
        widget.input_type, widget.format = PICKERS[type(widget)]


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with a form as a whole, then a link to each field to correct when there are several.

    What is wrong with a hidden field is said here, or nowhere.
    """
    wrong = [form[name] for name in form.errors if name in form.fields]
    return {"form": form, "fields": wrong if len(wrong) > 1 or any(one.is_hidden for one in wrong) else []}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Page[Any]) -> dict[str, Any]:
    """Numbered pages, « Suivante » and « 1 – 8 sur 214 »; the rest of the query string is kept."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop("page", None)
    kept = query.urlencode() if query is not None else ""
    paginator = page_obj.paginator
    return {
        "page": page_obj,
        "total": paginator.count,
        "numbers": list(paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)),
        "elided": paginator.ELLIPSIS,
        "start": f"?{kept}&page=" if kept else "?page=",
    }


# Words, numbers, dates


@register.filter
def typo(value: object) -> str:
    """Plain text with French spaces and apostrophes."""
    return text.typo(str(value))


@register.filter
def safe_html(value: str) -> SafeString:
    """HTML we rendered from Markdown, cleaned once more on its way out (R-SEC)."""
    return mark_safe(text.sanitise(value))  # noqa: S308 - sanitised on this very line


@register.filter
def plain(value: str) -> str:
    """The words of an HTML text, for the first lines on a card."""
    return text.plain(value)


@register.filter
def first_words(value: str, count: int) -> str:
    """The first `count` words, and « … » glued to the last when others follow."""
    words = value.split(" ")
    return value if len(words) <= count else " ".join(words[:count]).rstrip(f" ,;:.!?–{text.NBSP}{text.NNBSP}") + "…"


@register.filter
def website(value: str) -> str:
    """« mairie.fr » for « https://mairie.fr/ »."""
    return value.partition("://")[2].removesuffix("/") or value


@register.filter
def number(value: float | None) -> str:
    """« 1 312 », « 2,5 »; empty for None."""
    if value is None:
        return ""
    return f"{value:,}".replace(",", text.NNBSP).replace(".", ",")


@register.filter
def day(value: date | None) -> str:
    """« mardi 24 novembre »; the year is added when it is not the current one."""
    return f"{date_format(on_the_spot(value), 'l')} {month_day(value)}" if value else ""


@register.filter
def month_day(value: date | None) -> str:
    """« 24 novembre », « 1er décembre »; the year is added when it is not the current one."""
    if value is None:
        return ""
    local = on_the_spot(value)
    spoken = date_format(local, "1\\e\\r F" if local.day == 1 else "j F")
    return spoken if local.year == timezone.localdate().year else f"{spoken} {local.year}"


@register.filter
def short_month(value: date) -> str:
    """« janv. », « mars », « nov. »."""
    return SHORT_MONTHS[value.month - 1]


@register.filter
def hour(value: datetime | time | None) -> str:
    """« 18 h 30 », « 20 h »."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{local.hour}{text.NBSP}h" + (f"{text.NBSP}{local.minute:02}" if local.minute else "")


@register.filter
def ago(value: datetime | None) -> str:
    """« il y a 35 min », « ce matin, 9 h 05 », « hier, 17 h 12 », « samedi, 9 h », « 4 décembre »."""
    if value is None:
        return ""
    local, now = timezone.localtime(value), timezone.localtime()
    days = (now.date() - local.date()).days
    minutes = int((now - local) / timedelta(minutes=1))
    if minutes < 1:
        return _("à l’instant")
    if minutes < 60:
        return _("il y a %(count)s min") % {"count": minutes}
    if days == 0:
        return _("%(moment)s, %(hour)s") % {
            "moment": _("ce matin") if local.hour < 12 else _("aujourd’hui"),
            "hour": hour(local),
        }
    if days == 1:
        return _("hier, %(hour)s") % {"hour": hour(local)}
    if days < 7:
        return f"{date_format(local, 'l')}, {hour(local)}"
    return day(local).split(" ", 1)[1]


@register.filter
def day_range(start: datetime, end: datetime | None = None) -> str:
    """« mardi 24 novembre, 18 h 30 – 21 h », or « du mardi 24 au jeudi 26 novembre » over several days."""
    if end is None or end <= start:
        return f"{day(start)}, {hour(start)}"
    first, last = timezone.localtime(start), timezone.localtime(end)
    # A party that ends at two in the morning is still one evening.
    if last.date() == first.date() or last - first < timedelta(hours=12):
        return f"{day(start)}, {hour(start)}{text.NBSP}–{text.NBSP}{hour(end)}"
    opening = f"{date_format(first, 'l')} {first.day}" if first.month == last.month else day(start)
    return _("du %(first)s au %(last)s") % {"first": opening, "last": day(end)}


def on_the_spot(value: date) -> date:
    """The day it is in the territory when `value` happens."""
    return timezone.localtime(value).date() if isinstance(value, datetime) and timezone.is_aware(value) else value
