"""Pages that gather: home, places, directory, profiles, search, help. Those `kept` are made once for all visitors."""

from django.urls import path, register_converter

from parvis.core.kept import kept
from parvis.home import converters
from parvis.home.views import directory, front, mine, pages, profiles, search, sitemap, zones

register_converter(converters.ZoneKindConverter, "zone_kind")
register_converter(converters.VoiceKindConverter, "voice_kind")
register_converter(converters.LooseSlugConverter, "loose")
register_converter(converters.ZoneCodeConverter, "zone_code")

urlpatterns = [
    path("", kept(front.home), name="home"),
    path("communes/", kept(zones.communes), name="communes"),
    path("<zone_kind:kinds>/<loose:slug>-<zone_code:code>/", kept(zones.zone), name="zone"),
    path("annuaire/", kept(directory.directory), name="directory"),
    path("<voice_kind:kind>/<loose:slug>-<number:number>/", kept(profiles.profile), name="profile"),
    path("habitants/<number:number>/", kept(profiles.inhabitant), name="inhabitant"),
    path("recherche/", kept(search.search), name="search"),
    path("mon-espace/", mine.my_space, name="my_space"),
    path("aide/", kept(pages.page), {"name": "help"}, name="help"),
    path("charte/", kept(pages.page), {"name": "charter"}, name="charter"),
    path("mentions-legales/", kept(pages.page), {"name": "legal"}, name="legal"),
    path("accessibilite/", kept(pages.page), {"name": "accessibility"}, name="accessibility"),
    path("flux/", kept(pages.feeds), name="feeds"),
    path("robots.txt", kept(pages.robots), name="robots"),
    path("sitemap.xml", kept(sitemap.index), name="sitemap"),
    path("sitemap-<slug:section>-<number:number>.xml", kept(sitemap.section), name="sitemap_section"),
]
