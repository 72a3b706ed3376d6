"""The five types of profile, as doors to the directory."""

from django.utils.translation import gettext_lazy as _

PLURALS = {
    "association": _("Associations"),
    "elu": _("Élus"),
    "groupe": _("Groupes"),
    "service": _("Services publics"),
    "habitant": _("Habitants"),
}
