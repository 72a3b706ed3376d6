"""The gazette of a commune, one's letters, and mail that went to files in the demonstration."""

from django.urls import path, re_path

from parvis.core.kept import kept
from parvis.letters.views import choices, gazette, mailbox

urlpatterns = [
    re_path(r"^communes/(?:[-\w]+-)?(?P<code>[0-9A-Z]{1,10})/gazette/$", kept(gazette.commune), name="gazette"),
    path("aide/gazette/", kept(gazette.about), name="gazette_rules"),
    path("mon-espace/lettres/", gazette.mine, name="letters"),
    path("mon-espace/lettres/<str:key>/", gazette.letter, name="letter"),
    path("reglages/lettre/", choices.rhythm, name="rhythm"),
    re_path(r"^courriel/arret/(?P<token>[-\w:]{20,400})/$", choices.stop, name="stop_mail"),
    path("courrier/", mailbox.mailbox, name="mailbox"),
]
