"""Pages that explain: help, charter, legal notice, accessibility, feeds."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from parvis.publications.models import Decision
from parvis.territory.models import Zone

# Zones listed whole; beyond that, the largest.
LISTED, LARGEST = 200, 30


def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages that explain; what differs from one site to another comes from the settings."""
    context = {
        "publisher": settings.PUBLISHER,
        "director": settings.PUBLICATION_DIRECTOR,
        "hosting": settings.HOSTING,
        "contact": settings.CONTACT_EMAIL,
        "dpo": settings.DPO_CONTACT,
        "min_age": settings.MIN_AGE,
        "charter_version": settings.CHARTER_VERSION,
        "rules": Decision.Rule.choices,
        "version": settings.PARVIS_VERSION,
    }
    return render(request, f"home/{name}.html", context)


def feeds(request: HttpRequest) -> HttpResponse:
    """Every feed one can follow without an account."""
    zones = Zone.objects.current().drawn()
    departements = list(zones.of_kind(Zone.Kind.DEPARTEMENT).order_by("search_name")[:LISTED])
    epcis = list(zones.of_kind(Zone.Kind.EPCI).order_by("search_name")[: LISTED + 1])
    named = _("Intercommunalités")
    if len(epcis) > LISTED:
        named = _("Intercommunalités les plus peuplées")
        epcis = list(zones.of_kind(Zone.Kind.EPCI).largest()[:LARGEST])
    communes = zones.of_kind(Zone.Kind.COMMUNE)
    towns = _("Communes les plus peuplées"), list(communes.largest()[:LARGEST])
    groups = [(named, epcis), towns if towns[1] else (_("Communes"), list(communes.order_by("search_name")[:LARGEST]))]
    context = {"groups": [(_("Départements"), departements), *groups] if len(departements) > 1 else groups}
    return render(request, "home/feeds.html", context)


def robots(_request: HttpRequest) -> HttpResponse:
    """What robots may read: everything public, nothing personal."""
    closed = ["/recherche/", "/mon-espace/", "/reglages/", "/publier/", "/moderation/", "/signaler/", "/habitants/"]
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in closed], f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
