"""What can be addressed, and who belongs to it and why. The feed and the gate read only these rows."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.people.models.persons import Person
from parvis.people.models.voices import Voice
from parvis.territory.models import Zone


class AudienceQuerySet(models.QuerySet["Audience"]):
    """Audiences, made the first time someone needs them."""

    def of_zone(self, zone: Zone) -> "Audience":
        """The people of `zone`."""
        return self.get_or_create(zone=zone, coarse=False, voice=None)[0]

    def of_voice(self, voice: Voice) -> "Audience":
        """The followers of `voice`."""
        return self.get_or_create(zone=None, voice=voice)[0]

    def of_theme(self, theme: str) -> "Audience":
        """Those who follow `theme`, whichever organisation speaks of it."""
        return self.get_or_create(zone=None, theme=Voice.Theme(theme))[0]

    def of_zones(self, zones: Collection[Zone]) -> "dict[int, Audience]":
        """The people of each of `zones`, by the number of the zone; two statements, whatever their count."""
        self.bulk_create([Audience(zone=zone) for zone in zones], ignore_conflicts=True)
        return self._by_zone(zones, coarse=False)

    def coarse_of_zones(self, zones: Collection[Zone]) -> "dict[int, Audience]":
        """Those who gave each of `zones`, communes or quartiers, and nothing finer, by the number of the zone.

        They are told of a shape that crosses it: « votre commune contient cette zone ».
        """
        self.bulk_create([Audience(zone=zone, coarse=True) for zone in zones], ignore_conflicts=True)
        return self._by_zone(zones, coarse=True)

    def _by_zone(self, zones: Collection[Zone], *, coarse: bool) -> "dict[int, Audience]":
        found = self.filter(zone__in=zones, coarse=coarse)
        return {audience.zone_id: audience for audience in found if audience.zone_id}


class Audience(models.Model):
    """Something a publication is addressed to: the people of a zone, the followers of a voice or of a theme.

    `coarse` are those of the zone who gave nothing finer: what concerns a part of it may concern them.
    """

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="audiences", null=True, db_index=False)
    coarse = models.BooleanField(default=False)
    voice = models.OneToOneField(Voice, models.CASCADE, related_name="audience", null=True)
    theme = models.CharField(max_length=12, choices=Voice.Theme.choices, unique=True, null=True)  # noqa: DJ001

    objects = AudienceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(zone=None, voice__isnull=False, theme=None, coarse=False)
                | Q(zone=None, voice=None, theme__isnull=False, coarse=False)
                | Q(zone__isnull=False, voice=None, theme=None),
                name="audience_of_one",
            ),
            models.UniqueConstraint(fields=["zone", "coarse"], name="audience_of_zone"),
        )

    def __str__(self) -> str:
        return str(self.zone or self.followed)

    @property
    def followed(self) -> str:
        """What it follows, in words; empty for a zone."""
        if self.theme:
            return _("le thème %(theme)s") % {"theme": self.get_theme_display().lower()}
        return self.voice.name if self.voice else ""


class Reason(models.IntegerChoices):
    """Why someone receives something; the smallest is the strongest, and is the one shown (R-LAW-23)."""

    MEMBER = 0, _("vous êtes membre")
    FOLLOW = 1, _("vous suivez")
    COMMUNE = 2, _("vous habitez")
    CANTON = 3, _("votre canton")
    EPCI = 4, _("votre intercommunalité")
    DEPARTEMENT = 5, _("votre département")
    REGION = 6, _("votre région")
    TERRITOIRE = 7, _("tout le territoire")
    COARSE = 8, _("votre commune contient cette zone")
    QUARTIER = 9, _("votre quartier")
    WORK = 10, _("votre lieu de travail")
    FAMILY = 11, _("votre famille")
    SECOND = 12, _("votre résidence secondaire")
    COARSE_ELSEWHERE = 13, _("la commune d’un de vos lieux contient cette zone")


class Subscription(models.Model):
    """A person belongs to an audience, for a reason. `source` is the place behind it, 0 for a follow or a group.

    `grants` is what the gate reads (following is not a right), `muted` what the feed leaves out.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="subscriptions")
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="subscriptions")
    reason = models.PositiveSmallIntegerField(choices=Reason.choices)
    source = models.BigIntegerField(default=0)
    grants = models.BooleanField(default=True)
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "audience", "reason", "source"], name="subscription_once"),
            models.CheckConstraint(condition=~Q(reason=1) | Q(grants=False), name="follow_grants_nothing"),
        )
        indexes = (
            models.Index(fields=["person", "audience", "reason"], name="subscription_feed", condition=Q(muted=False)),
            models.Index(fields=["audience", "person"], name="subscription_audience"),
            models.Index(fields=["person"], name="subscription_muted", condition=Q(muted=True)),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.reason} {self.audience_id}"


class Mute(models.Model):
    """A voice someone no longer wants to read, whatever the audience; its safety alerts still come.

    Personal data: kept until they change their mind, and no longer than their account (R-LAW-5).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="mutes")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "voice"], name="mute_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.voice_id}"
