"""What maps and address fields ask for: public facts of one commune, and nothing of anyone."""

from django.urls import path, re_path

from parvis.territory import views

INSEE = "(?P<insee>[0-9][0-9AB][0-9]{3})"

urlpatterns = [
    re_path(rf"^plan/{INSEE}/parcels\.json$", views.parcels, name="plan_parcels"),
    re_path(rf"^plan/{INSEE}/outline\.json$", views.outline, name="plan_outline"),
    re_path(rf"^plan/{INSEE}/rues/(?P<number>[0-9]{{1,15}})\.json$", views.street, name="plan_street"),
    path("adresses/", views.addresses, name="addresses"),
]
