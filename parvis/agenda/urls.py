"""The agenda, an event, its feeds. Slugs decide nothing; codes and numbers do."""

from django.urls import path, re_path

from parvis.agenda.views import (
    agenda,
    duplicates,
    embed,
    events,
    feeds,
    following,
    organising,
    personal,
    registrations,
    sources,
    status,
    venues,
)
from parvis.core.kept import kept
from parvis.people.models.voices import PATHS as VOICE_PATHS
from parvis.territory.models import PATHS

# « communes/noyers-60459 » and its like; an event is « fete-du-lac-12 » or « 12 ».
ZONE = rf"(?P<path>{'|'.join(sorted(set(PATHS.values())))})/(?:[-\w]+-)?(?P<code>[0-9A-Z]{{1,10}})"
VOICE = rf"(?P<path>{'|'.join(sorted(VOICE_PATHS.values()))})/(?:[-\w]+-)?(?P<number>[0-9]{{1,15}})"
KINDS = "ics|atom|json|csv"
EVENT = r"(?:[-\w]+-)?(?P<number>[0-9]{1,15})"

urlpatterns = [
    path("agenda/", kept(agenda.agenda), name="agenda"),
    path("agenda/semaine/", kept(agenda.paper), name="paper"),
    path("agenda/<number:number>/corriger/", events.correct, name="correct_event"),
    path("agenda/<number:number>/annuler/", status.cancel, name="cancel_event"),
    path("agenda/<number:number>/inscriptions/", registrations.registrations, name="registrations"),
    path("agenda/inscription/<number:number>/", registrations.answer, name="answer_attendance"),
    path("agenda/<number:number>/co-organisateurs/", organising.co_organisers, name="co_organisers"),
    path("agenda/co-organisation/<number:number>/", organising.answer, name="answer_organising"),
    path("agenda/<number:number>/etat/", status.status, name="event_status"),
    path("agenda/date/<number:number>/", status.time, name="event_time"),
    path("agenda/<number:number>/suivre/", following.follow_event, name="follow_event"),
    path("agenda/presence/<number:number>/", events.attend, name="attend"),
    re_path(rf"^agenda/{EVENT}/$", kept(events.event), name="event"),
    re_path(rf"^agenda/{EVENT}\.ics$", kept(feeds.of_event), name="event_ics"),
    path("publier/evenement/", events.publish, name="publish_event"),
    path("agenda.ics", kept(feeds.everywhere), {"kind": "ics"}, name="agenda_ics"),
    path("agenda.atom", kept(feeds.everywhere), {"kind": "atom"}, name="agenda_atom"),
    path("agenda.json", kept(feeds.everywhere), {"kind": "json"}, name="agenda_json"),
    path("agenda.csv", kept(feeds.everywhere), {"kind": "csv"}, name="agenda_csv"),
    path("mon-espace/calendriers/", sources.listed, name="sources"),
    path("mon-espace/calendriers/ajouter/", sources.add, name="add_source"),
    path("mon-espace/calendriers/<number:number>/", sources.source, name="source"),
    path("mon-agenda/", personal.mine, name="my_calendar"),
    re_path(r"^mon-agenda/(?P<secret>[-\w]{22})\.ics$", personal.calendar, name="my_calendar_ics"),
    path("lieux/", kept(venues.venues), name="venues"),
    path("lieux/noms/", venues.names, name="venue_names"),
    path("lieux/ajouter/", venues.propose, name="propose_venue"),
    path("lieux/<number:number>/corriger/", venues.correct, name="correct_venue"),
    path("lieux/<number:number>/suivre/", following.follow_venue, name="follow_venue"),
    path("lieux/<number:number>/fusionner/", venues.merge, name="merge_venue"),
    path("moderation/doublons/", duplicates.duplicates, name="duplicates"),
    path("moderation/lieux/", venues.check, name="check_venues"),
    re_path(rf"^lieux/{EVENT}/$", kept(venues.venue), name="venue"),
    re_path(rf"^lieux/{EVENT}/agenda\.(?P<kind>{KINDS})$", kept(venues.feed), name="venue_agenda"),
    path("embed/agenda/", kept(embed.embed), name="agenda_embed"),
    path("embed/agenda/<number:number>/", kept(embed.of_event), name="event_embed"),
    re_path(rf"^{ZONE}/agenda\.(?P<kind>{KINDS})$", kept(feeds.of_zone), name="zone_agenda"),
    re_path(rf"^{VOICE}/agenda\.(?P<kind>{KINDS})$", kept(feeds.of_voice), name="voice_agenda"),
]
