"""What readers report; the decisions on it are `publications.Decision`."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.conversations.models import Line
from parvis.groups.models import Message
from parvis.people.models import Person, Voice
from parvis.publications.models import Decision, Publication, Reply, State
from parvis.publications.rights import profiles_under

# What is reported and decided on; a voice stands for what it wrote about itself, a message is of a group, a line of a
# private conversation.
Item = Publication | Reply | Voice | Message | Line


def field_of(item: Item) -> str:
    """Which column of a report holds it: publication, reply, voice, message or line."""
    return str(item._meta.model_name)


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, asked in sentences."""

    def open(self) -> "ReportQuerySet":
        """Those nobody has decided on."""
        return self.filter(closed_at=None)

    def on(self, item: Item) -> "ReportQuerySet":
        """Those on one publication, one reply, one profile, one message or one line."""
        return self.filter(**{field_of(item): item})

    def awaiting(self, moderator: Person) -> "ReportQuerySet":
        """Open ones on what `moderator` decides on: in their zones, still online, and never on their own words."""
        publications = Publication.objects.under(moderator).filter(pk=OuterRef("publication"), state=State.ONLINE)
        replies = Reply.objects.under(moderator).filter(pk=OuterRef("reply"), state=State.ONLINE)
        profiles = profiles_under(moderator).presented().filter(pk=OuterRef("voice"))
        # One that is hidden for now waits too (R-MOD-19).
        shown = [State.ONLINE, State.HIDDEN]
        messages = Message.objects.under(moderator).filter(pk=OuterRef("message"), state__in=shown)
        lines = Line.objects.under(moderator).filter(pk=OuterRef("line"), state=State.ONLINE)
        theirs = Q(Exists(publications)) | Q(Exists(replies)) | Q(Exists(profiles)) | Q(Exists(messages))
        theirs |= Q(Exists(lines))
        return self.open().filter(theirs)


class Report(models.Model):
    """Someone says a public thing breaks a rule (R-LAW-18). No account is needed; the e-mail is kept for the answer."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="reports", null=True)
    reply = models.ForeignKey(Reply, models.CASCADE, related_name="reports", null=True)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="reports", null=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="reports", null=True)
    line = models.ForeignKey(Line, models.CASCADE, related_name="reports", null=True)
    rule = models.CharField(_("règle en cause"), max_length=12, choices=Decision.Rule.choices)
    explanation = models.TextField(_("ce qui pose problème"), max_length=2_000)
    reporter = models.ForeignKey(Person, models.SET_NULL, related_name="reports", null=True)
    email = models.EmailField(_("votre adresse électronique"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    upheld = models.BooleanField(null=True)
    # What whoever reported it is told, beside the decision.
    answer = models.TextField(max_length=1_000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(publication__isnull=False, reply=None, voice=None, message=None, line=None)
                | Q(publication=None, reply__isnull=False, voice=None, message=None, line=None)
                | Q(publication=None, reply=None, voice__isnull=False, message=None, line=None)
                | Q(publication=None, reply=None, voice=None, message__isnull=False, line=None)
                | Q(publication=None, reply=None, voice=None, message=None, line__isnull=False),
                name="report_on_one",
            ),
        )
        indexes = (models.Index(fields=["created_at"], name="report_open", condition=Q(closed_at=None)),)

    def __str__(self) -> str:
        return self.explanation[:60]

    @property
    def item(self) -> Item:
        """What it is about."""
        item = self.publication or self.reply or self.voice or self.message or self.line
        assert item is not None
        return item
