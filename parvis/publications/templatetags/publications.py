"""What the cards of publications ask."""

from django import template
from django.utils.safestring import SafeString

from parvis.publications.cards import draw
from parvis.publications.kinds import KINDS, Kind
from parvis.publications.models import Decision, Publication

register = template.Library()


@register.filter
def kind_of(publication: Publication) -> Kind:
    """Its kind: label, icon, verb and template of its card."""
    return KINDS[publication.kind]


@register.filter
def at(found: dict[int, Decision], number: int) -> Decision | None:
    """The decision on what bears this number, or nothing."""
    return found.get(number)


@register.simple_tag
def card(publication: Publication) -> SafeString:
    """Its card, in a list."""
    return draw(publication)
