"""The guided visit of the demonstration."""

from django.urls import path

from parvis.demo import views

urlpatterns = [
    path("visite/", views.visit, name="visit"),
]
