"""Pages that gather: home, places, directory, profiles, search, help."""

from django.urls import path, register_converter

from parvis.home import converters
from parvis.home.views import directory, front, mine, pages, profiles, search, sitemap, zones

register_converter(converters.ZoneKindConverter, "zone_kind")
register_converter(converters.VoiceKindConverter, "voice_kind")
register_converter(converters.LooseSlugConverter, "loose")
register_converter(converters.ZoneCodeConverter, "zone_code")

urlpatterns = [
    path("", front.home, name="home"),
    path("communes/", zones.communes, name="communes"),
    path("<zone_kind:kinds>/<loose:slug>-<zone_code:code>/", zones.zone, name="zone"),
    path("annuaire/", directory.directory, name="directory"),
    path("<voice_kind:kind>/<loose:slug>-<int:number>/", profiles.profile, name="profile"),
    path("habitants/<int:number>/", profiles.inhabitant, name="inhabitant"),
    path("recherche/", search.search, name="search"),
    path("mon-espace/", mine.my_space, name="my_space"),
    path("aide/", pages.page, {"name": "help"}, name="help"),
    path("charte/", pages.page, {"name": "charter"}, name="charter"),
    path("mentions-legales/", pages.page, {"name": "legal"}, name="legal"),
    path("accessibilite/", pages.page, {"name": "accessibility"}, name="accessibility"),
    path("flux/", pages.feeds, name="feeds"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", sitemap.section, name="sitemap_section"),
]
