"""What the pages of threads share, whatever is said in them: which part is asked for, and how much is new."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from parvis.publications.models.publications import LAST_POSITION, position_asked

# What is new is counted up to here; « plus de 99 » beyond.
COUNTED = 100


def asked_in(address: Mapping[str, str]) -> dict[str, int]:
    """The part of a thread that an address asks: `avant` or `depuis` a position, or neither."""
    named = next((name for name in ("avant", "depuis") if name in address), None)
    return {named: position_asked(address[named])} if named else {}


def news_since(request: HttpRequest, last: int, later: Callable[[int], "QuerySet[Any]"]) -> HttpResponse:
    """How much appeared after ?depuis= in a thread that ends at `last`, for a page that is open; 304 when nothing."""
    since = request.GET.get("depuis", "")
    known = position_asked(since)
    etag = f'"{last}-{since[:20]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    if known == LAST_POSITION:
        raise Http404
    count = later(known)[:COUNTED].count() if last > known else 0
    return JsonResponse({"count": count}, headers={"ETag": etag})
