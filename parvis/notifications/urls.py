"""What is new to someone."""

from django.urls import path

from parvis.notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/lu/", views.read_all, name="read_all"),
    path("notifications/<number:number>/", views.open_one, name="notification"),
    path("reglages/notifications/", views.channels, name="channels"),
]
