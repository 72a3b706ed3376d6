"""Mail that went to files, in the demonstration and in development."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
