"""To whom a publication goes: said by its author (targeting), spread to feeds (delivery) and to places (listing)."""

from django.db import models
from django.db.models import Q

from parvis.people.models import Audience, Voice
from parvis.publications.models.publications import Publication
from parvis.territory.models import Zone

COMMUNE_OR_WIDER = ("commune", "arrondissement", "epci", "departement", "region", "territoire")


class Targeting(models.Model):
    """A zone the author chose. Who may choose what is a constraint, not a form (R-LAW-35).

    Only a service goes finer than a commune; an association addresses a commune or wider, an inhabitant a
    commune, an élu everyone: `zone_kind`, `voice_kind` and `is_root` are copied here for the check.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="targetings")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="targetings")
    zone_kind = models.CharField(max_length=16)
    voice_kind = models.CharField(max_length=12)
    is_root = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publication", "zone"], name="targeting_once"),
            models.CheckConstraint(
                name="targeting_allowed",
                condition=Q(voice_kind="service")
                | Q(voice_kind__in=["association", "groupe"], zone_kind__in=COMMUNE_OR_WIDER)
                | Q(voice_kind="habitant", zone_kind__in=["commune", "arrondissement"])
                | Q(voice_kind="elu", is_root=True),
            ),
        )
        indexes = (models.Index(fields=["zone", "publication"], name="targeting_zone"),)

    def __str__(self) -> str:
        return f"{self.publication_id} → {self.zone_id}"


class Delivery(models.Model):
    """One publication in one audience, while it is online: what feeds are merged from."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="deliveries", db_index=False)
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="deliveries", db_index=True)
    position = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+", db_index=False)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["audience", "publication"], name="delivery_once"),)
        indexes = (
            models.Index(fields=["audience", "-position", "publication", "kind"], name="delivery_feed"),
            models.Index(fields=["audience", "kind", "-position", "publication"], name="delivery_kind"),
        )

    def __str__(self) -> str:
        return f"{self.publication_id} → {self.audience_id}"


class Listing(models.Model):
    """One publication on the page of one zone, while it is online: the zones addressed and all that contain them."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="listings", db_index=False)
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="listings")
    position = models.BigIntegerField()
    kind = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["zone", "publication"], name="listing_once"),)
        indexes = (
            models.Index(fields=["zone", "-position", "publication"], name="listing_page"),
            models.Index(fields=["zone", "kind", "-position", "publication"], name="listing_kind"),
        )

    def __str__(self) -> str:
        return f"{self.publication_id} @ {self.zone_id}"
