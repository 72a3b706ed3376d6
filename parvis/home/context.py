"""What every page knows; each thing is asked for only when a template shows it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from parvis.people.models import Person
from parvis.publications.waiting import waiting_for
from parvis.territory.current import current

# First part of an address -> the entry of the navigation it belongs to.
NAV = {
    "": "home",
    "agenda": "agenda",
    "annuaire": "directory",
    "associations": "directory",
    "elus": "directory",
    "services": "directory",
    "habitants": "directory",
    "avis": "notices",
    "groupes": "groups",
    "publier": "publish",
    "mon-espace": "my_space",
}


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The territory, our address, who is here (`me`, `my_voice`), where they are (`nav`), what waits for them.

    `live` is whether pages may be told of what is new (parvis/live.py).
    """
    user = getattr(request, "user", None)
    me = user if isinstance(user, Person) or getattr(user, "is_authenticated", False) else None
    return {
        "territory": current(),
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "mail_page": settings.MAIL_PAGE,
        "live": bool(settings.REDIS_URL),
        "nav": NAV.get(request.path.split("/")[1], ""),
        "me": me,
        "my_voice": SimpleLazyObject(lambda: getattr(me, "voice", None)) if me else None,
        "news": getattr(me, "news", 0),
        "is_moderator": SimpleLazyObject(lambda: me.is_moderator) if me else False,
        "waiting": cache(lambda: waiting_for(me)) if me else 0,
    }
