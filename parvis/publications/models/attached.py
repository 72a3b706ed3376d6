"""A picture or a document that goes with words, of whatever kind: what every such row says of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attached(models.Model):
    """A file as `documents` keeps it. It has no address of its own: rights are asked at every download (R-SEC-5)."""

    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    # For a picture: what one sees on it, and its size.
    alt = models.CharField(_("description"), max_length=200, blank=True)
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it is shown with the words."""
        return self.media_type.startswith("image/")
