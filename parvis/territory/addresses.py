"""An address as one types it: proposals, and the one that was chosen. Nothing of it is kept or sent elsewhere."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from parvis.territory.models import Address, Street, Zone
from parvis.territory.models.ground import split

# Proposals shown at once.
MOST = 20
LONGEST = 120


@dataclass(frozen=True)
class Proposal:
    """A line one may choose: `value` is what the form sends back, « a12 » an address, « s7 » a whole street."""

    value: str
    label: str


@dataclass(frozen=True)
class AddressSearch:
    """What is proposed for `text` in `commune`: addresses, and with `streets` whole streets too.

    `chosen` is the value of the proposal already taken, which stays proposed.
    """

    commune: Zone
    text: str = ""
    streets: bool = False
    chosen: str = ""

    @cached_property
    def is_known(self) -> bool:
        """Whether anyone imported the addresses of the commune; without them the commune is enough."""
        return Street.objects.in_commune(self.commune).exists()

    @cached_property
    def proposals(self) -> list[Proposal]:
        """At most MOST of them, best first; the chosen one on top."""
        text = self.text[:LONGEST]
        taken = chosen(self.chosen, self.commune, streets=self.streets)
        found = [] if taken is None else [_proposal(taken)]
        if self.streets:
            found += [_proposal(one) for one in Street.objects.in_commune(self.commune).named(text)[: MOST // 2]]
        # Without a number, the doors of a street are too many to choose from: the street, or nothing yet.
        if split(text).number is not None or not self.streets:
            found += [_proposal(one) for one in Address.objects.in_commune(self.commune).named(text)[:MOST]]
        return list({one.value: one for one in found}.values())[:MOST]

    @property
    def meant(self) -> Address | None:
        """The one address that was typed, when it can be no other."""
        found = list(Address.objects.in_commune(self.commune).named(self.text[:LONGEST])[: MOST + 1])
        same = [one for one in found if str(one).casefold() == self.text.strip().casefold()]
        return found[0] if len(found) == 1 else same[0] if len(same) == 1 else None

    @property
    def hint(self) -> str:
        """What to do next, in one sentence; empty when there is a choice to make."""
        if not self.is_known:
            return _("Aucun fichier d’adresses n’est connu pour %s : la commune suffit.") % self.commune.name
        if not self.text.strip():
            return ""
        if not self.proposals:
            return _("Rien de tel %s : vérifiez le numéro, ou tapez le début du nom de la rue.") % self.commune.in_place
        if len(self.proposals) == MOST:
            return _("Ce sont les %d premières : précisez le nom ou le numéro.") % MOST
        return ""


def chosen(value: str, commune: Zone, *, streets: bool = False) -> Address | Street | None:
    """The address (or, with `streets`, the street) of `commune` that a form sent back; None for anything else."""
    kind, number = value[:1], value[1:]
    if not number.isdecimal() or len(number) > 15:
        return None
    if kind == "a":
        return Address.objects.in_commune(commune).filter(pk=number).first()
    if kind == "s" and streets:
        return Street.objects.in_commune(commune).filter(pk=number).first()
    return None


def _proposal(one: Address | Street) -> Proposal:
    if isinstance(one, Address):
        return Proposal(f"a{one.pk}", str(one))
    return Proposal(f"s{one.pk}", _("%s, toute la rue") % one)
