"""One include per module; and what answers a request that is refused unread."""

from django.urls import include, path, register_converter

from parvis.core.converters import NumberConverter

register_converter(NumberConverter, "number")
handler400 = "parvis.core.uploads.refused"
urlpatterns = [
    path("", include("parvis.groups.urls")),
    path("", include("parvis.home.urls")),
    path("", include("parvis.territory.urls")),
    path("", include("parvis.people.urls")),
    path("", include("parvis.publications.urls")),
    path("", include("parvis.agenda.urls")),
    path("", include("parvis.conversations.urls")),
    path("", include("parvis.notifications.urls")),
    path("", include("parvis.moderation.urls")),
    path("", include("parvis.letters.urls")),
    path("", include("parvis.demo.urls")),
]
