"""Where a notice goes when it is finer than a zone with a name: what was drawn, and what anyone may see of it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Person, Voice
from parvis.publications.models.publications import Publication, Purpose, voiced_by
from parvis.territory.models import Zone

# A targeted notice stays so many days at most, and its margin is so many metres at most.
LASTS, WIDEST = 90, 500


class Outline(models.Model):
    """What a notice was drawn around. Who may draw, why and for how long are constraints (R-LAW-35, R-PRIV-9).

    `shape` is exact, margin included (WKB). That of parcels waits here for the second person and is given to the vault
    when the notice goes out: nothing of it stays. `public` is what anyone sees: as drawn, or the street for parcels.
    `voice_kind` and `purpose` are copied here for the checks; `began` and `ends` are seconds since 1970.
    """

    class Kind(models.TextChoices):
        """How it was drawn."""

        POLYGON = "polygone", _("contour dessiné")
        CIRCLE = "cercle", _("cercle")
        STREET = "rue", _("rue")
        PARCELS = "parcelles", _("parcelles")

    publication = models.OneToOneField(Publication, models.CASCADE, related_name="outline", primary_key=True)
    voice_kind = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    shape = models.BinaryField(null=True)
    public = models.BinaryField()
    margin = models.PositiveSmallIntegerField(default=0)
    began = models.BigIntegerField()
    ends = models.BigIntegerField()
    # Who wrote and who read it before it went out, by number, since both outlive their accounts.
    first = models.BigIntegerField()
    second = models.BigIntegerField(null=True)
    # Given to the vault, which alone knows whom it reaches.
    handed_at = models.DateTimeField(null=True)
    # The communes it touches, for pages of places, the register, and those who gave only their commune.
    communes = models.ManyToManyField(Zone, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(name="outline_of_service", condition=Q(voice_kind=Voice.Kind.SERVICE)),
            models.CheckConstraint(name="outline_purpose", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(
                name="outline_expires", condition=Q(ends__gt=F("began"), ends__lt=F("began") + (LASTS + 1) * 86_400)
            ),
            models.CheckConstraint(name="outline_margin", condition=Q(margin__lte=WIDEST)),
            models.CheckConstraint(
                name="outline_parcels_in_vault",
                condition=~Q(kind="parcelles") | Q(handed_at=None) | Q(shape=None),
            ),
            models.CheckConstraint(
                name="outline_read_by_two",
                condition=Q(handed_at=None) | Q(second__isnull=False) & ~Q(second=F("first")),
            ),
            models.CheckConstraint(name="outline_drawn", condition=Q(kind="parcelles") | Q(shape__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.publication_id}"


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, asked in sentences."""

    def open_to(self, person: Person) -> "DraftQuerySet":
        """Those of every voice `person` speaks in that wait for nobody else."""
        return self.filter(voiced_by(person), publication=None)


class Draft(models.Model):
    """A notice being written: what was typed, as it was typed, until it goes out or three months have passed.

    `note` is why the second person sent it back, `image` the picture that goes with it, as publications keep theirs.
    Seen by those who speak in its voice.
    """

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="drafts")
    # What it became, while the second person has it.
    publication = models.OneToOneField(Publication, models.SET_NULL, related_name="draft", null=True)
    typed = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    image = models.ImageField(upload_to="images/%Y/%m", blank=True)
    saved_at = models.DateTimeField(db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["voice", "-saved_at"], name="draft_of_voice"),)

    def __str__(self) -> str:
        # As typed, or sent: on one line, since a line break would cut the subject of a mail.
        return " ".join(str(self.typed.get("title", "")).split())


class Estimate(models.Model):
    """What a service was once answered about a drawing, so that the next ones tell nothing more (R-PRIV-11).

    `shape` is as it was laid on the grid; the sender drew it, and it says nothing of who lives there.
    """

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="estimates")
    shape = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    band = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["voice", "at"], name="estimate_of_voice"),)

    def __str__(self) -> str:
        return f"{self.voice_id} {self.at:%Y-%m-%d}"


class Cut(models.Model):
    """How a large square of the ground, by its rank from the south-west, was cut into blocks that are counted.

    Kept for three months: were it cut anew at each question, whoever owns ten accounts in a square would see an
    eleventh come or go (R-PRIV-5). `blocks` are west, south and side, in degrees.
    """

    column = models.IntegerField()
    row = models.IntegerField()
    blocks = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(name="cut_once", fields=["column", "row"]),)

    def __str__(self) -> str:
        return f"{self.column} {self.row}"
