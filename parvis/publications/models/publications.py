"""The spine: someone identified says something to an audience of the territory."""

import re
from datetime import UTC, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Membership, Person, Role, Voice
from parvis.people.models.voices import numbers_of
from parvis.publications.kinds import KINDS, listed
from parvis.territory.models import Zone, ZoneLink

# Position of the first page of any feed: larger than every real one.
LAST_POSITION = 2**63 - 1
# Words that stand for the title of a post that has none.
HEADLINE = 10
# They do not end on a word so short: « de », « du », « que ».
SMALL = 3


def position_asked(value: str) -> int:
    """The cursor of an older page, as an address says it; the newest page for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else LAST_POSITION


def position(at: datetime, number: int) -> int:
    """Sort key, cursor and tie-break at once: (epoch seconds << 20) | low bits of the number."""
    return (int(at.timestamp()) << 20) | (number & 0xFFFFF)


class State(models.TextChoices):
    """The life of what is said. Withdrawn by its author, hidden by a moderator, refused before it was ever seen."""

    DRAFT = "draft", _("brouillon")
    REVIEW = "review", _("en attente d’une seconde personne")
    PENDING = "pending", _("en attente de modération")
    ONLINE = "online", _("en ligne")
    WITHDRAWN = "withdrawn", _("retirée")
    REFUSED = "refused", _("refusée")
    HIDDEN = "hidden", _("masquée par la modération")


class Purpose(models.TextChoices):
    """Why a service writes to people: a closed list, without promotion or politics (R-PRIV-9)."""

    WORKS = "travaux", _("Travaux et coupures")
    SAFETY = "securite", _("Sécurité et santé")
    CONSULTATION = "enquete", _("Enquête ou concertation")
    CHANGE = "service", _("Service modifié")


# Read by nobody but those who speak in its voice.
UNSENT = (State.DRAFT, State.REVIEW)


def voiced_by(person: Person) -> Q:
    """Rows whose voice `person` speaks in (the row has a `voice`)."""
    return Q(voice__in=numbers_of(person, Membership.SPEAKING))


def moderated_by(person: Person, zone: str = "place") -> Q:
    """Rows whose zone `person` moderates: their zone or one that contains it; everywhere for an administrator."""
    roles = Role.objects.current().filter(person=person)
    zones = ZoneLink.objects.filter(
        part=OuterRef(zone), relation=ZoneLink.Relation.WITHIN, whole__in=roles.values("zone")
    )
    return Q(Exists(roles.filter(kind=Role.Kind.ADMINISTRATOR))) | Q(Exists(zones))


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Publications, asked in sentences. `visible_to` is the one gate: no page, feed or mail goes round it."""

    def visible_to(self, person: Person | int | None, at: datetime | None = None) -> "PublicationQuerySet":  # noqa: ARG002
        """Those `person` (None: a visitor) may read now: online, not expired, and open to everyone.

        What is targeted to a zone is public, since targeting is relevance and not secrecy: nothing depends on
        the person yet, and every caller says already for whom it asks. A statement compiled once gives the number
        of a person and `statements.NOW`.
        """
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at or timezone.now()), state=State.ONLINE)

    def open_to(self, person: Person | None) -> "PublicationQuerySet":
        """`visible_to`, plus what their own voices wrote and what they moderate: for the page of one thing."""
        if person is None:
            return self.visible_to(None)
        visible = Q(Exists(Publication.objects.visible_to(person).filter(pk=OuterRef("pk"))))
        moderated = moderated_by(person) & ~Q(state__in=UNSENT)
        return self.filter(visible | voiced_by(person) | moderated)

    def written_by(self, person: Person) -> "PublicationQuerySet":
        """Those of every voice `person` speaks in."""
        return self.filter(voiced_by(person))

    def under(self, moderator: Person) -> "PublicationQuerySet":
        """Those that `moderator` may decide on; never their own, nor those of a voice they speak in (R-MOD-8)."""
        return self.filter(moderated_by(moderator)).exclude(author=moderator).exclude(voiced_by(moderator))

    def awaiting(self, moderator: Person) -> "PublicationQuerySet":
        """Those that wait for the decision of `moderator`."""
        return self.under(moderator).filter(state=State.PENDING)

    def awaiting_second(self, person: Person) -> "PublicationQuerySet":
        """Notices of a service that `person` speaks for, and that they may let out: never their own (R-PRIV-9)."""
        return self.written_by(person).filter(state=State.REVIEW).exclude(author=person)

    def registered(self) -> "PublicationQuerySet":
        """What the public register lists: every notice that went out to a part of the territory (R-PRIV-8).

        Whatever became of it: it stays there when it has expired, was withdrawn or hidden, without its words; and when
        it goes to everyone now but went to a part before.
        """
        out = self.filter(kind="notice", position__isnull=False)
        moved = Publication.objects.filter(pk=OuterRef("pk"), revisions__addressed__gt="")
        return out.filter(~Q(targetings__is_root=True) | Q(Exists(moved)))

    def of_kind(self, kind: str) -> "PublicationQuerySet":
        """Notices, events or posts only."""
        return self.filter(kind=kind)

    def taking_replies(self) -> "PublicationQuerySet":
        """Those one may answer: what always takes answers, and what was opened to them."""
        always = [key for key, kind in KINDS.items() if kind.takes_replies]
        return self.filter(Q(kind__in=always) | Q(answerable=True))

    def listed_in(self, zone: Zone) -> "PublicationQuerySet":
        """Those addressed to `zone` or to a zone within it, newest first."""
        return self.filter(listings__zone=zone).order_by("-listings__position")

    def shown(self) -> "PublicationQuerySet":
        """With what a card needs: one statement, and one for each thing that some kind lists."""
        joined = self.select_related("voice__zone", "place", *listed("related"))
        unread = "voice__zone__geometry", "place__geometry", *listed("unread")
        return joined.prefetch_related(*listed("prefetched")).defer(*unread)


class Publication(models.Model):
    """Something said, by a voice, in its kind's form. `position` is set when it goes online."""

    class Kind(models.TextChoices):
        """What it is; the details of each kind live in its own module."""

        NOTICE = "notice", _("Avis")
        EVENT = "event", _("Événement")
        POST = "post", _("Publication")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(Person, models.SET_NULL, related_name="publications", null=True)
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="publications")
    # The zone whose moderators answer for it.
    place = models.ForeignKey(Zone, models.PROTECT, related_name="publications")
    title = models.CharField(_("titre"), max_length=160, blank=True)
    slug = models.SlugField(max_length=160, blank=True)
    body = models.TextField(_("texte"), max_length=10_000)
    body_html = models.TextField(blank=True)
    # The zones chosen, in one phrase after « pour », so that a card asks nothing more.
    addressed = models.CharField(max_length=700, blank=True)
    is_alert = models.BooleanField(_("alerte de sécurité"), default=False)
    purpose = models.CharField(_("motif"), max_length=12, choices=Purpose.choices, blank=True)
    # Aimed at less than a commune: someone else of the service reads it before it goes out, and `second` is the number
    # of who did, as in the journal, since it outlives them.
    is_fine = models.BooleanField(default=False)
    second = models.BigIntegerField(null=True)
    # Open to answers by who said it. Only the service reads those to a notice (R-PRIV-10); anyone, those to an event.
    answerable = models.BooleanField(_("autoriser les réponses"), default=False)
    image = models.ImageField(
        _("image"),
        upload_to="images/%Y/%m",
        width_field="image_width",
        height_field="image_height",
        blank=True,
        db_index=True,
    )
    # Kept, so that a page says the size of a picture without opening it.
    image_width = models.PositiveSmallIntegerField(null=True)
    image_height = models.PositiveSmallIntegerField(null=True)
    image_alt = models.CharField(_("description de l’image"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True, unique=True)
    expires_at = models.DateTimeField(_("fin d’affichage"), null=True, blank=True)
    edited_at = models.DateTimeField(null=True)
    reply_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(state="online") | Q(position__isnull=False), name="online_position"),
            models.CheckConstraint(condition=Q(purpose__in=["", *Purpose.values]), name="publication_purpose"),
            models.CheckConstraint(
                condition=Q(is_fine=False) | Q(kind="notice", expires_at__isnull=False) & ~Q(purpose=""),
                name="fine_is_accounted_for",
            ),
            models.CheckConstraint(
                condition=Q(is_fine=False) | ~Q(state="online") | Q(second__isnull=False) & ~Q(second=F("author")),
                name="fine_read_by_two",
            ),
        )
        indexes = (
            models.Index(fields=["voice", "-position"], name="publication_voice"),
            models.Index(fields=["voice", "state", "-created_at"], name="publication_of_voice"),
            models.Index(fields=["kind", "-position"], name="publication_kind"),
            models.Index(fields=["-position"], name="publication_alert", condition=Q(is_alert=True)),
            models.Index(fields=["state", "created_at"], name="publication_state"),
            models.Index(fields=["expires_at"], name="publication_expiry", condition=Q(expires_at__isnull=False)),
        )

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        """Its page; the slug decides nothing, the number does."""
        name = f"{self.slug}-{self.pk}" if self.slug else str(self.pk)
        return f"/{KINDS[self.kind].path}/{name}/"

    @property
    def headline(self) -> str:
        """Its title, or the first sentence of a post that has none; the first words of a long one."""
        if self.title:
            return self.title
        words = self.body.split()
        if len(words) <= HEADLINE:
            return " ".join(words)
        words = words[:HEADLINE]
        said = " ".join(words)
        whole = re.match(r".{24,}[.!?](?=\s)", said)
        while len(words) > 1 and len(words[-1]) <= SMALL:
            words.pop()
        return whole[0] if whole else " ".join(words).rstrip(",;:.(\u00a0\u202f") + "…"

    @property
    def takes_replies(self) -> bool:
        """Whether one may answer it, if they may read it: always, or since it was opened to answers."""
        return KINDS[self.kind].takes_replies or self.answerable

    @property
    def surfaced_at(self) -> datetime:
        """When it took its place among the newest: when it went online, or to others than before."""
        return datetime.fromtimestamp(self.position >> 20, UTC) if self.position else self.created_at

    @property
    def is_over(self) -> bool:
        """Whether its end has passed."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_online(self) -> bool:
        """Whether anyone may read it now."""
        return self.state == State.ONLINE and not self.is_over
