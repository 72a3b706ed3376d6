"""A page with the plan of a commune and the field of an address in a form, as a composer has them; for tests alone."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from parvis.territory.addresses import AddressSearch
from parvis.territory.models import Zone
from parvis.urls import urlpatterns as site

PAGE = """{% extends "base.html" %}{% load plan %}{% block main %}<div class="frame"><h1>Plan</h1>
<form class="form">{% csrf_token %}
{% plan commune %}{% address_field search %}
<p class="field"><label class="label" for="parcels">Parcelles</label>
<textarea class="input" id="parcels" name="parcels">{{ parcels }}</textarea></p>
<p class="field"><label class="label" for="shape">Tracé</label>
<textarea class="input" id="shape" name="shape"></textarea></p>
<button class="button">Envoyer</button></form></div>{% endblock %}"""


def page(request: HttpRequest) -> HttpResponse:
    """The form, filled with what was sent."""
    commune = Zone.objects.get(kind="commune", code=request.GET.get("commune", "99001"))
    search = AddressSearch(commune, request.GET.get("adresse", ""), streets=True)
    context = {"commune": commune, "search": search, "parcels": request.GET.get("parcels", "")}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [*site, path("essai-du-plan/", page)]
