"""What follows a publication: replies, corrections, and the decisions of moderators."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Membership, Person, Voice
from parvis.people.models.voices import numbers_of
from parvis.publications.models.publications import Publication, State, moderated_by, voiced_by
from parvis.territory.models import Zone


def meant_for(person: Person | None) -> Q:
    """Replies for everyone; one to a service is for itself and whoever wrote it (R-PRIV-10)."""
    shared = Q(is_private=False)
    if person is None:
        return shared
    return shared | voiced_by(person) | Q(publication__voice__in=numbers_of(person, Membership.SPEAKING))


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Replies, asked in sentences; `visible_to` is their gate."""

    def visible_to(self, person: Person | None) -> "ReplyQuerySet":
        """Those online under a publication `person` may read, and meant for them."""
        thread = Publication.objects.visible_to(person).filter(pk=OuterRef("publication"))
        return self.filter(Exists(thread), meant_for(person), state=State.ONLINE)

    def open_to(self, person: Person | None) -> "ReplyQuerySet":
        """`visible_to`, plus their own, and what they moderate."""
        if person is None:
            return self.visible_to(None)
        readable = Exists(Publication.objects.open_to(person).filter(pk=OuterRef("publication")))
        own = voiced_by(person) | moderated_by(person, "publication__place")
        return self.filter(Q(readable), meant_for(person), Q(state=State.ONLINE) | own)

    def written_by(self, person: Person) -> "ReplyQuerySet":
        """Those of every voice `person` speaks in."""
        return self.filter(voiced_by(person))

    def under(self, moderator: Person) -> "ReplyQuerySet":
        """Those that `moderator` may decide on; never their own, nor those of a voice they speak in (R-MOD-8).

        Nor those that only a service reads: that someone answers it tells where they live (R-PRIV-10).
        """
        theirs = self.filter(moderated_by(moderator, "publication__place"), is_private=False)
        return theirs.exclude(author=moderator).exclude(voiced_by(moderator))

    def awaiting(self, moderator: Person) -> "ReplyQuerySet":
        """Those that wait for the decision of `moderator`."""
        return self.under(moderator).filter(state=State.PENDING)

    def shown(self) -> "ReplyQuerySet":
        """With what its signature needs, in the same statement."""
        return self.select_related("voice__zone").defer("voice__zone__geometry")


class Reply(models.Model):
    """An answer under a post, by a voice; or to a notice, and then between its author and the service.

    `on_kind`, the kind of the publication, is copied here for the check.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="replies")
    author = models.ForeignKey(Person, models.SET_NULL, related_name="replies", null=True)
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="replies")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ONLINE)
    body = models.TextField(_("réponse"), max_length=3_000)
    body_html = models.TextField(blank=True)
    on_kind = models.CharField(max_length=12, default=Publication.Kind.POST)
    is_private = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(on_kind="notice") | Q(is_private=True), name="reply_to_notice_private"),
        )
        indexes = (models.Index(fields=["publication", "created_at"], name="reply_thread"),)
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        """Its place on the page of the publication."""
        return f"{self.publication.get_absolute_url()}#reponse-{self.pk}"


class Revision(models.Model):
    """What a publication said before a correction: corrections of what is online are visible.

    Or for whom, `addressed`, when its zone changed: what was told to a part of the territory stays known (R-PRIV-8).
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="revisions")
    at = models.DateTimeField(default=timezone.now)
    title = models.CharField(max_length=160, blank=True)
    addressed = models.CharField(max_length=700, blank=True)
    # The zones it was addressed to then, or the communes that what was drawn touched.
    zones = models.ManyToManyField(Zone, related_name="+")
    body_html = models.TextField(blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.publication_id} {self.at:%Y-%m-%d}"


class Decision(models.Model):
    """What a moderator decided on a publication, a reply or a profile, and why: the statement of reasons (R-LAW-19)."""

    class Verdict(models.TextChoices):
        """What was decided."""

        APPROVE = "approve", _("mise en ligne")
        REFUSE = "refuse", _("refus")
        HIDE = "hide", _("masquage")
        RESTORE = "restore", _("remise en ligne")

    class Rule(models.TextChoices):
        """The ground, from the charter."""

        HATE = "haine", _("Propos haineux, injurieux ou diffamatoires")
        PRIVACY = "vie-privee", _("Atteinte à la vie privée")
        ADVERTISING = "publicite", _("Publicité commerciale")
        OFF_TOPIC = "hors-sujet", _("Sans lien avec le territoire")
        FALSE = "inexact", _("Information trompeuse ou usurpation")
        INCOMPLETE = "incomplet", _("Information incomplète")
        ILLEGAL = "illicite", _("Contenu illicite")
        OTHER = "autre", _("Autre règle de la charte")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="decisions", null=True)
    reply = models.ForeignKey(Reply, models.CASCADE, related_name="decisions", null=True)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="decisions", null=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    rule = models.CharField(_("règle de la charte"), max_length=12, choices=Rule.choices, blank=True)
    reason = models.TextField(_("motif communiqué à l’auteur"), max_length=1_000, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, related_name="decisions", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(publication__isnull=False, reply=None, voice=None)
                | Q(publication=None, reply__isnull=False, voice=None)
                | Q(publication=None, reply=None, voice__isnull=False),
                name="decision_on_one",
            ),
            # Nothing is refused or hidden without a reason given to its author.
            models.CheckConstraint(
                condition=Q(verdict__in=["approve", "restore"]) | ~Q(reason="") & ~Q(rule=""), name="decision_reasoned"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verdict} {self.publication_id or self.reply_id or self.voice_id}"
