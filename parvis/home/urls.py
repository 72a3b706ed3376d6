"""Pages that gather: home, places, directory, profiles, search, help."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
