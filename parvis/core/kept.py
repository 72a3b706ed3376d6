"""What each process keeps in memory rather than make again: whole pages for visitors, and pieces of the others.

Nothing is ever told to forget: what changes a page is an act, every act is in the journal, and the stamp below is read
from it at each request. So a page falls in every process of every machine with the transaction that changes it. What
a page says of the time (« il y a 35 min », « ouvert », « expiré ») is right to the minute: none outlives its own.
"""

import gzip
import time
from collections.abc import Callable, Hashable, Sized
from dataclasses import dataclass
from functools import cached_property, wraps
from hashlib import blake2b
from threading import Lock
from typing import ClassVar, Concatenate, ParamSpec, TypeVar, cast

from cachetools import LRUCache
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

# Bytes kept by one process.
PAGES, PIECES = 48_000_000, 24_000_000
LARGEST = 1_500_000
# Late entries of the journal that are still seen: on PostgreSQL a lower number may be committed after a higher one;
# SQLite has one writer.
WINDOW = 64
# Of the acts that change what anyone may see; of those among them that do more than say something.
SHOWS, SETTLES = "WHERE shows", "WHERE settles"

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def stamped(which: str = "") -> str:
    """The statement of a number that grows with every act, or with those of `which`."""
    window = 1 if connection.vendor == "sqlite" else WINDOW
    latest = f"(SELECT id FROM core_journalentry {which} ORDER BY id DESC LIMIT {window}) AS latest"  # noqa: S608
    return f"SELECT CAST(COALESCE(SUM(id), 0) AS bigint) FROM {latest}"  # noqa: S608 - constants


def stamp(which: str = SHOWS) -> int:
    """What `stamped` says now."""
    with connection.cursor() as cursor:
        cursor.execute(stamped(which))
        number: int = cursor.fetchone()[0]
    return number


def kept(view: View[P]) -> View[P]:
    """A page that depends on its address, the journal and the minute alone when a visitor asks: see `keep_pages`.

    It holds no token and no form that writes.
    """

    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        vars(response)["kept"] = is_visitor(request)
        return response

    return marked


def is_visitor(request: HttpRequest) -> bool:
    """Whether nobody can be behind this request: it brings no session, nor a message from the page before."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


@dataclass
class Page:
    """A whole answer, and for which minute and stamp it holds."""

    body: bytes
    headers: dict[str, str]
    moment: tuple[int, int]

    @cached_property
    def zipped(self) -> bytes:
        """Compressed once, however often it is sent."""
        return gzip.compress(self.body, 6, mtime=0)

    @cached_property
    def etag(self) -> str:
        """Weak, since the same page may travel compressed or not."""
        return f'W/"{blake2b(self.body, digest_size=16).hexdigest()}"'

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, or 304 to whoever has it already."""
        asked = request.META.get("HTTP_IF_NONE_MATCH")
        headers = self.headers | {"ETag": self.etag}
        if asked and self.etag in parse_etags(asked):
            del headers["Content-Type"]
            return HttpResponseNotModified(headers=headers)
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            headers["Content-Encoding"] = "gzip"
        body = self.zipped if "Content-Encoding" in headers else self.body
        return HttpResponse(body, headers=headers | {"Content-Length": str(len(body))})


class Pieces:
    """What was asked for lately, in two generations: to find a piece is to read a dict, without a lock.

    The older generation goes when the younger has grown to its half of the room; what is asked for meanwhile moves up.
    """

    every: ClassVar[list["Pieces"]] = []

    def __init__(self, room: int) -> None:
        self.room = room
        self.clear()
        self.every.append(self)

    def clear(self) -> None:
        """Keep nothing any more."""
        self.young: dict[Hashable, tuple[float, object]] = {}
        self.old: dict[Hashable, tuple[float, object]] = {}
        self.held = 0

    def find(self, key: Hashable) -> tuple[float, object] | None:
        """Until when it holds, and the piece."""
        found = self.young.get(key)
        if found is None and (found := self.old.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: Hashable, piece: tuple[float, object]) -> None:
        """Have it, in place of what had the same key."""
        size = len(piece[1]) if isinstance(piece[1], Sized) else 2_000
        with _lock:
            if self.held + size > self.room // 2:
                self.young, self.old, self.held = {}, self.young, 0
            self.young[key] = piece
            self.held += size + 400


_pages: LRUCache[Hashable, Page] = LRUCache(PAGES, getsizeof=lambda page: len(page.body) + 2_000)
_pieces = Pieces(PIECES)
_lock = Lock()
# Who finds a page out of date makes it again; those who ask for it meanwhile wait rather than do the same.
_turns = [Lock() for _ in range(64)]


def forget_pages() -> None:
    """Keep no whole page any more."""
    with _lock:
        _pages.clear()


def forget() -> None:
    """Keep nothing any more; for tests, which go back in time."""
    forget_pages()
    for pieces in Pieces.every:
        pieces.clear()


def keep_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer visitors from memory when the page is still true, and keep those marked by `kept`."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or settings.DEBUG or not is_visitor(request):
            return get_response(request)
        key = request.META.get("HTTP_HOST"), request.META["PATH_INFO"], request.META.get("QUERY_STRING")
        moment = (int(time.time() // 60), stamp())
        page = _page(key)
        if page is None:
            return make(request, key, moment)
        if page.moment != moment:
            with _turns[hash(key) % len(_turns)]:
                page = _page(key)
                if page is None or page.moment != moment:
                    return make(request, key, moment)
        return page.answer(request)

    def make(request: HttpRequest, key: Hashable, moment: tuple[int, int]) -> HttpResponse:
        response = get_response(request)
        if not _is_worth(request, response):
            return response
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        # A page differs for a member; a calendar or a feed does not.
        varies = ["Cookie"] if response.headers["Content-Type"].startswith("text/html") else []
        patch_vary_headers(response, ["Accept-Encoding", *varies])
        page = Page(response.content, {**response.headers}, moment)
        page.headers.pop("Content-Length", None)
        with _lock:
            _pages[key] = page
        return page.answer(request)

    return answer


def _page(key: Hashable) -> Page | None:
    with _lock:
        return _pages.get(key)


def _is_worth(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this answer holds for every visitor. A token in it is a mistake of ours: then nobody else gets it."""
    if not getattr(response, "kept", False) or response.status_code != 200 or response.cookies:
        return False
    return (
        request.method == "GET" and len(response.content) <= LARGEST and b"csrfmiddlewaretoken" not in response.content
    )


def piece(key: Hashable, make: Callable[[], tuple[T, float]]) -> T:
    """What `make` gave for `key`: something to show, and the time (epoch) until which it holds.

    The key holds all that it depends on: versions of what it shows, or the stamp.
    """
    found = find_piece(key)
    if found is not None:
        # The key tells the type.
        return cast("T", found)
    made, until = make()
    keep_piece(key, made, until)
    return made


def find_piece(key: Hashable) -> object | None:
    """What is kept for `key` and still holds."""
    found = _pieces.find(key)
    return found[1] if found is not None and found[0] > time.time() else None


def keep_piece(key: Hashable, made: object, until: float) -> None:
    """Keep `made` for `key` until then."""
    if not settings.DEBUG:
        _pieces.keep(key, (until, made))
