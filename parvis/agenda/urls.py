"""The agenda, an event, its feeds. Slugs decide nothing; codes and numbers do."""

from django.urls import path, re_path

from parvis.agenda.views import agenda, events, feeds, status
from parvis.core.kept import kept
from parvis.territory.models import PATHS

# « communes/noyers-60459 » and its like; an event is « fete-du-lac-12 » or « 12 ».
ZONE = rf"(?P<path>{'|'.join(sorted(set(PATHS.values())))})/(?:[-\w]+-)?(?P<code>[0-9A-Z]{{1,10}})"
EVENT = r"(?:[-\w]+-)?(?P<number>[0-9]{1,15})"

urlpatterns = [
    path("agenda/", kept(agenda.agenda), name="agenda"),
    path("agenda/semaine/", kept(agenda.paper), name="paper"),
    path("agenda/<int:number>/corriger/", events.correct, name="correct_event"),
    path("agenda/<int:number>/annuler/", status.cancel, name="cancel_event"),
    path("agenda/<int:number>/etat/", status.status, name="event_status"),
    path("agenda/date/<int:number>/", status.time, name="event_time"),
    path("agenda/presence/<int:number>/", events.attend, name="attend"),
    re_path(rf"^agenda/{EVENT}/$", kept(events.event), name="event"),
    re_path(r"^agenda/(?:[-\w]+-)?(?P<number>[0-9]{1,15})\.ics$", kept(feeds.of_event), name="event_ics"),
    path("publier/evenement/", events.publish, name="publish_event"),
    path("agenda.ics", kept(feeds.everywhere), {"kind": "ics"}, name="agenda_ics"),
    path("agenda.atom", kept(feeds.everywhere), {"kind": "atom"}, name="agenda_atom"),
    re_path(rf"^{ZONE}/agenda\.(?P<kind>ics|atom)$", kept(feeds.of_zone), name="zone_agenda"),
]
