"""The home of a member, asked for again before anyone acted and in the same minute: as it was, but for its token.

What the page says depends on the person, as every column read with their session tells, on what everyone did, which is
in the journal, and on the minute. All of that is the key, read in one statement: whatever anyone does, the page falls
at once, in every process. It goes out with the headers that all the middlewares after this one gave it.
"""

import re
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from parvis.core.kept import Pieces
from parvis.core.tokens import masked
from parvis.people.sessions import SessionStore
from parvis.territory.current import current

# Bytes kept by one process.
ROOM = 40_000_000
# Another cookie is for CsrfViewMiddleware to judge.
SECRET = re.compile(r"[a-zA-Z0-9]{32}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page cut where its token goes, and its headers."""

    parts: list[bytes]
    headers: dict[str, str]

    def __len__(self) -> int:
        return sum(map(len, self.parts))


_pages = Pieces(ROOM)


def keep_own(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer from memory who asks for the same page again; keep those whose view says where their tokens go."""

    def answer(request: HttpRequest) -> HttpResponse:
        secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
        key = _key(request) if SECRET.fullmatch(secret) else None
        if key is None:
            return get_response(request)
        found = _pages.find(key)
        if found is not None:
            page = cast("Page", found[1])
            body = masked(secret).join(page.parts)
            return HttpResponse(body, headers=page.headers | {"Content-Length": str(len(body))})
        response = get_response(request)
        parts = getattr(response, "own", None)
        if parts and not response.cookies and not settings.DEBUG:
            _pages.keep(key, (0, Page(parts, {**response.headers})))
        return response

    return answer


def _key(request: HttpRequest) -> Hashable:
    """All that the page depends on; None when it must be made anew, or is not one of these."""
    brought = request.COOKIES
    if request.method != "GET" or request.path_info != "/" or "messages" in brought:
        return None
    session = cast("SessionStore", request.session)
    if settings.SESSION_COOKIE_NAME not in brought or not session.get(SESSION_KEY):
        return None
    territory = current()
    asked = request.META.get("HTTP_HOST"), request.META.get("QUERY_STRING", "")
    return asked, session.seen, territory and territory.version, int(time.time() // 60)
