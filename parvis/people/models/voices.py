"""A voice is a public identity that speaks: an inhabitant, an association, an élu, a service of the institution."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.core.text import fold
from parvis.people.models.persons import Person
from parvis.territory.models import Zone, ZoneLink, away_from
from parvis.territory.names import searched

# Found by name at once: whoever wants fewer types more.
MOST = 500
# Words without an initial of their own, where a collective has only one with a capital.
SMALL_WORDS = {"à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur", "un", "une"}


# 0 for a space that was opened, 1 for a name from a register: without a parameter, so that an index answers.
UNOPENED = IsNull(F("opened_at"), True)


class VoiceQuerySet(models.QuerySet["Voice"]):
    """Voices, asked in sentences. Every page, feed and search reaches a voice through `visible_to`."""

    def visible_to(self, person: Person | None) -> "VoiceQuerySet":
        """Those `person` (None: a visitor) may see.

        Organisations and élus are public; an inhabitant is when they chose to be listed or once they spoke
        (`spoke_at`), and to themselves. A private group is nobody's here: see `groups.Group.objects.visible_to`.
        """
        public = Q(listed=True) | Q(kind=Voice.Kind.HABITANT, spoke_at__isnull=False)
        if person is not None:
            public |= Q(person=person)
        return self.filter(public, closed_at=None)

    def listed_in_directory(self) -> "VoiceQuerySet":
        """Those one can find without knowing them: all but the inhabitants who did not choose it (R-LAW-3).

        And but private groups.
        """
        return self.filter(listed=True, closed_at=None)

    def spoken_by(self, person: Person | None) -> "VoiceQuerySet":
        """Those in whose name `person` may speak today. A private group has no voice outside."""
        if person is None:
            return self.none()
        spoken = self.filter(pk__in=numbers_of(person, Membership.SPEAKING), closed_at=None)
        return spoken.exclude(kind=Voice.Kind.GROUPE, listed=False)

    def in_office(self) -> "VoiceQuerySet":
        """Without the élus whose every mandate ended: they speak as inhabitants."""
        mandates = Mandate.objects.current().filter(voice=models.OuterRef("pk"))
        return self.filter(~Q(kind=Voice.Kind.ELU) | Q(models.Exists(mandates)))

    def managed_by(self, person: Person | None) -> "VoiceQuerySet":
        """Those whose profile and members `person` may change."""
        if person is None:
            return self.none()
        return self.filter(pk__in=numbers_of(person, (Membership.Role.OWNER,)), closed_at=None)

    def presented(self) -> "VoiceQuerySet":
        """Those who wrote about themselves, and whose words anyone reads: a register's words are not theirs."""
        return self.filter(opened_at__isnull=False, hidden_at=None)

    def seated_in(self, zone: Zone) -> "VoiceQuerySet":
        """Those whose seat lies in `zone`, wholly or in part."""
        return self.filter(zone__in=ZoneLink.objects.filter(whole=zone).values("part"))

    def near(self, zone: Zone, reach: int) -> "VoiceQuerySet":
        """Those seated in a commune at most `reach` km from `zone`, with `away`, the square of how many km."""
        seats = Zone.objects.within_reach(zone, reach).of_kind(Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
        # Looked for once, and not again by each statement of a page: a few hundred.
        found = list(seats.values_list("pk", flat=True))
        return self.filter(zone__in=found).annotate(away=away_from(zone, "zone__"))

    def themed(self) -> "VoiceQuerySet":
        """Those about something: few among all, as their index is told."""
        return self.filter(theme__gt="")

    def seeking(self) -> "VoiceQuerySet":
        """Those who say themselves whom or what they look for."""
        # Few among all: found first, whatever else is asked.
        return self.filter(pk__in=Voice.objects.presented().filter(seeks__gt="").values("pk"))

    def heard_since(self, moment: datetime) -> "VoiceQuerySet":
        """Those who said something in public since then."""
        heard = Voice.objects.filter(closed_at=None, last_word__gte=int(moment.timestamp()))
        return self.filter(pk__in=heard.values("pk"))

    def named(self, text: str, *, kind: str = "") -> "VoiceQuerySet":
        """Those with words beginning like each of `text`: MOST at most, of one kind or of all.

        From the whole territory, however many there are: what more a page asks, it asks of these MOST.
        """
        lines = VoiceName.objects.filter(searched(fold(text) or text.lower()))
        lines = lines.filter(kind=kind) if kind else lines
        return self.filter(pk__in=lines.order_by("text").values("voice")[:MOST])

    def holding(self, text: str) -> "VoiceQuerySet":
        """Those, few already, whose name holds every word of `text`: the people of a place, not of a country."""
        found = self
        for word in fold(text).split()[:6]:
            found = found.filter(search_name__contains=word)
        return found

    def shown(self) -> "VoiceQuerySet":
        """With what a card or a signature needs, in the same statement."""
        return self.select_related("zone").defer("zone__geometry")


class Voice(models.Model):
    """A public identity and its page. `kind` is its type of profile, shown on every word it writes."""

    class Kind(models.TextChoices):
        """The five types of profile."""

        HABITANT = "habitant", _("Habitant")
        ASSOCIATION = "association", _("Association")
        ELU = "elu", _("Élu")
        SERVICE = "service", _("Service public")
        GROUPE = "groupe", _("Groupe")

    class Theme(models.TextChoices):
        """What an organisation is about."""

        CULTURE = "culture", _("Culture")
        SPORT = "sport", _("Sport")
        NATURE = "nature", _("Nature et environnement")
        SOLIDARITE = "solidarite", _("Solidarité")
        JEUNESSE = "jeunesse", _("Enfance et jeunesse")
        PATRIMOINE = "patrimoine", _("Patrimoine et mémoire")
        VIE_LOCALE = "vie-locale", _("Vie locale")
        EDUCATION = "education", _("Éducation et formation")
        SANTE = "sante", _("Santé")
        NUMERIQUE = "numerique", _("Numérique")

    class Gender(models.TextChoices):
        """For the right French word only; empty when unknown or not said."""

        FEMININE = "f", _("féminin")
        MASCULINE = "m", _("masculin")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(_("nom"), max_length=160)
    search_name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=160, db_index=False)
    gender = models.CharField(max_length=1, choices=Gender.choices, blank=True)
    # What they are, in words: « Maire de Noyers », « Conseillère départementale ».
    title = models.CharField(max_length=200, blank=True)
    summary = models.CharField(_("en une phrase"), max_length=200, blank=True)
    body = models.TextField(_("présentation"), blank=True)
    body_html = models.TextField(blank=True)
    theme = models.CharField(_("thème"), max_length=12, choices=Theme.choices, blank=True)
    # Where it sits; for an inhabitant, the commune.
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="voices", null=True, db_index=False)
    # How far it may address people; null for those who address their commune or their followers.
    scope = models.ForeignKey(Zone, models.PROTECT, related_name="+", null=True)
    email = models.EmailField(_("adresse électronique publique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    website = models.URLField(_("site"), max_length=300, blank=True)
    seeks = models.CharField(_("cherche"), max_length=200, blank=True)
    # An inhabitant chooses to be in the directory; a private group is not.
    listed = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True)
    verified_reason = models.CharField(max_length=300, blank=True)
    # Null: known from a register, nobody has opened this space yet.
    opened_at = models.DateTimeField(null=True)
    spoke_at = models.DateTimeField(null=True)
    # Seconds since 1970 of what they said last in public; 0 before the first, so that an order has no gap.
    last_word = models.PositiveBigIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    # A moderator hid what it wrote about itself; its name and what it published stay.
    hidden_at = models.DateTimeField(null=True)
    is_fictional = models.BooleanField(default=False)
    # Keyed hash of names and birth date of an élu; the birth date itself is never stored.
    register_key = models.CharField(max_length=64, null=True)  # noqa: DJ001
    person = models.OneToOneField(Person, models.CASCADE, related_name="voice", null=True)
    town_hall_of = models.OneToOneField(Zone, models.PROTECT, related_name="town_hall_voice", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Moves at each change: part of the key of every cached card.
    version = models.PositiveIntegerField(default=1)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                # Closed, without anyone: it bears what was said by those who left.
                condition=Q(kind="habitant", person__isnull=False)
                | Q(kind="habitant", person=None, closed_at__isnull=False)
                | ~Q(kind="habitant") & Q(person=None),
                name="voice_person",
            ),
            models.UniqueConstraint(fields=["register_key"], name="voice_register"),
        )
        # The directory, of one kind or of all: whoever opened their space comes first. `closed_at` is always empty
        # there, and makes the index enough to count, and to leave out the half million before a last page.
        indexes = (
            models.Index(
                *("kind", UNOPENED, "search_name", "listed", "closed_at"),
                name="voice_directory",
                condition=Q(closed_at=None),
            ),
            models.Index(
                *(UNOPENED, "search_name", "kind", "listed", "closed_at"),
                name="voice_directory_all",
                condition=Q(closed_at=None),
            ),
            models.Index(
                fields=["theme", "kind", "zone", "listed", "closed_at"],
                name="voice_theme",
                condition=Q(closed_at=None, theme__gt=""),
            ),
            # Enough to count who is found in each place, as the map of the directory does.
            models.Index(fields=["zone", "kind", "listed", "closed_at"], name="voice_zone"),
            models.Index(
                fields=["-last_word", "search_name", "kind", "listed", "closed_at"],
                name="voice_heard",
                condition=Q(closed_at=None),
            ),
            models.Index(
                fields=["kind", "-last_word", "search_name", "listed", "closed_at"],
                name="voice_heard_of_kind",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["seeks"], name="voice_seeking", condition=Q(seeks__gt="")),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its public page. An inhabitant's address holds no name; who left has none, and reads as what became of it."""
        if self.kind == Voice.Kind.HABITANT and self.person_id is None:
            return "/mentions-legales/#donnees"
        if self.kind == Voice.Kind.HABITANT:
            return f"/habitants/{self.pk}/"
        return f"/{PATHS[self.kind]}/{self.slug}-{self.pk}/"

    @property
    def last_heard(self) -> datetime | None:
        """When they last said something in public."""
        return datetime.fromtimestamp(self.last_word, UTC) if self.last_word else None

    @property
    def is_collective(self) -> bool:
        """A group of people (square avatar) and not one person (round)."""
        return self.kind not in {Voice.Kind.HABITANT, Voice.Kind.ELU}

    @property
    def is_verified(self) -> bool:
        """Whether the institution checked that it is what it says."""
        return self.verified_at is not None

    @property
    def is_discreet(self) -> bool:
        """Whether it has no page that anyone could open: an inhabitant who has not spoken in public."""
        return not self.listed and self.spoke_at is None

    @property
    def presentation(self) -> "Voice | None":
        """Where pages read what it wrote about itself; None when a moderator hid it."""
        return None if self.hidden_at else self

    @property
    def initials(self) -> str:
        """One or two capitals for the avatar: « AB » of « Anne Bertin », « PM » of « Protection maternelle »."""
        words = [word for word in self.name.replace("-", " ").replace("’", " ").split() if word[0].isalnum()]
        kept = [word for word in words if word[0].isupper()]
        if len(kept) < 2:
            kept = [word for word in words if word.lower() not in SMALL_WORDS] or words
        picked = kept[:1] + kept[-1:] if len(kept) > 1 and not self.is_collective else kept[:2]
        return "".join(word[0] for word in picked).upper()

    @property
    def kind_label(self) -> str:
        """The word for its type, gendered: « Habitante », « Élu », « Service public »."""
        feminine = self.gender == Voice.Gender.FEMININE
        if self.kind == Voice.Kind.HABITANT:
            return str({"f": _("Habitante"), "m": _("Habitant")}.get(self.gender, _("Habitant·e")))
        if self.kind == Voice.Kind.ELU:
            return str(_("Élue") if feminine else _("Élu"))
        return str(Voice.Kind(self.kind).label)

    @property
    def badge_text(self) -> str:
        """What the badge says: the type, and that it is fictional where it could be taken for real."""
        if self.is_fictional and self.kind == Voice.Kind.ELU:
            return str(_("Élue fictive") if self.gender == "f" else _("Élu fictif"))
        return self.kind_label


# First part of the public address of each kind of voice (architecture §7).
PATHS: dict[str, str] = {
    Voice.Kind.ASSOCIATION: "associations",
    Voice.Kind.ELU: "elus",
    Voice.Kind.SERVICE: "services",
    Voice.Kind.GROUPE: "groupes",
}


class VoiceName(models.Model):
    """One way to begin to type the name of a voice (see names.turns); `kind` is that of the voice."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="names")
    text = models.CharField(max_length=160)
    kind = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["text", "kind", "voice"], name="voice_name_once"),)

    def __str__(self) -> str:
        return self.text


class Membership(models.Model):
    """A person who acts for a voice: an association has members with roles, never a password."""

    class Role(models.TextChoices):
        """What a member may do."""

        OWNER = "owner", _("responsable")
        EDITOR = "editor", _("publie")
        MEMBER = "member", _("membre")

    SPEAKING = (Role.OWNER, Role.EDITOR)

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=8, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "voice"], name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.voice_id}"


def numbers_of(person: Person, roles: Sequence[str]) -> "models.QuerySet[Any, Any]":
    """The numbers of the voice of `person` and of those in which they hold one of `roles`.

    A union and not « or »: from the person outwards, however many voices there are.
    """
    own = Voice.objects.filter(person=person).values("pk")
    return own.union(Membership.objects.filter(person=person, role__in=roles).values("voice"), all=True)


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates, asked in sentences."""

    def current(self) -> "MandateQuerySet":
        """Those not ended."""
        return self.filter(ended_on=None)

    def in_protocol_order(self) -> "MandateQuerySet":
        """Maire first, then adjoints by rank, then the others by name."""
        return self.order_by("rank", "voice__search_name")


class Mandate(models.Model):
    """An office held by an élu in a zone. `rank` is 1 for the head, 2.. for deputies, 999 without function."""

    class Kind(models.TextChoices):
        """Which office; a fictional one is its own kind and can never be taken for real."""

        MUNICIPAL = "municipal", _("conseil municipal")
        COMMUNAUTAIRE = "communautaire", _("conseil communautaire")
        DEPARTEMENTAL = "departemental", _("conseil départemental")
        REGIONAL = "regional", _("conseil régional")
        DEPUTE = "depute", _("Assemblée nationale")
        SENATEUR = "senateur", _("Sénat")
        FICTIF = "fictif", _("mandat fictif")

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="mandates", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="mandates", db_index=False)
    function = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(default=999)
    began_on = models.DateField(null=True)
    function_began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    group = models.CharField(max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["voice", "kind", "zone"], name="mandate_once"),)
        indexes = (models.Index(fields=["zone", "kind", "rank"], name="mandate_zone"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.zone}"
