"""Mail that went to files, in the demonstration and in development."""

from django.urls import path

from parvis.letters import views

urlpatterns = [
    path("courrier/", views.mailbox, name="mailbox"),
]
