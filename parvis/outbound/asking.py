"""One address asked of another site, in five seconds, wherever it leads.

Whoever gives an address may want us to ask it of our own network, of ourselves, or for ever. So a name is resolved
once, each of its addresses must be of the public Internet, and the connection goes to one of those, while certificates
are checked against the name. Redirections are asked anew. Time is counted in all, however slowly the other side speaks.
"""

import socket
import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore2 as http
from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from parvis.outbound.addresses import is_public

SECONDS, HOPS = 5.0, 3
# Once uncompressed.
MOST_BYTES = 2 * 1024 * 1024
PORTS = {"http": 80, "https": 443}
MOVED = {301, 302, 303, 307, 308}


class Unreachable(Exception):
    """The address was not read; the message says why, to whoever gave it."""


@dataclass(frozen=True)
class Answer:
    """What came back; `is_unchanged`, and then no body, when the other side says that it is what we have."""

    body: bytes
    etag: str = ""
    modified: str = ""
    is_unchanged: bool = False


def fetch(address: str, *, etag: str = "", modified: str = "", most: int = MOST_BYTES) -> Answer:
    """What is at `address`, of `most` bytes at most; `etag` and `modified` are those of what we have of it.

    Raises Unreachable.
    """
    ends = time.monotonic() + SECONDS
    said = {"If-None-Match": etag, "If-Modified-Since": modified}
    for _hop in range(HOPS + 1):
        parts = checked(address)
        status, headers, body = _ask(parts, {name: value for name, value in said.items() if value}, most, ends)
        if status not in MOVED:
            return _answer(status, headers, body)
        address = urljoin(address, headers.get("location", ""))
    raise Unreachable(_("Cette adresse renvoie sans cesse à une autre."))


def checked(address: str) -> SplitResult:
    """The parts of an address of the web, on its usual port. Raises Unreachable."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Unreachable(_("Cette adresse ne se lit pas.")) from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise Unreachable(_("Donnez une adresse qui commence par https://."))
    if parts.username is not None or parts.password is not None or not address.isprintable() or set(address) & {*" \\"}:
        raise Unreachable(_("Cette adresse ne se lit pas."))
    if port not in {None, PORTS[parts.scheme]} and (parts.hostname, port) not in settings.OUTBOUND_ALSO:
        raise Unreachable(_("Cette adresse indique un port inhabituel : seuls ceux du Web sont lus."))
    return parts


def _answer(status: int, headers: dict[str, str], body: bytes) -> Answer:
    match status:
        case 304:
            return Answer(b"", is_unchanged=True)
        case 200:
            return Answer(body, headers.get("etag", "")[:200], headers.get("last-modified", "")[:60])
        case 401 | 403:
            raise Unreachable(_("Ce site ne laisse pas lire cette adresse : vérifiez qu’elle est publique."))
        case 404 | 410:
            raise Unreachable(_("Il n’y a rien à cette adresse : vérifiez-la."))
    raise Unreachable(_("Ce site répond par une erreur (%(status)s) : réessayez plus tard.") % {"status": status})


def _ask(parts: SplitResult, said: dict[str, str], most: int, ends: float) -> tuple[int, dict[str, str], bytes]:
    """One request: status, headers in lower case, body."""
    host, proxy = parts.hostname or "", settings.OUTBOUND_PROXY
    agent = {"User-Agent": f"Parvis/{settings.PARVIS_VERSION} (+{settings.SITE_URL})", "Accept-Encoding": "gzip"}
    name = host if ":" in host else _ascii(host)
    target = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    asked = http.URL(scheme=parts.scheme.encode(), host=name.encode(), port=parts.port, target=target.encode("ascii"))
    if proxy:
        _check_before_proxy(name, parts.port or PORTS[parts.scheme], ends)
    through = http.Proxy(proxy) if proxy else None
    backend = _Timed(ends) if proxy else _Pinned(ends)
    shown = f"[{name}]" if ":" in name else name
    sent = [("Host", shown if parts.port is None else f"{shown}:{parts.port}"), *agent.items(), *said.items()]
    try:
        with (
            http.ConnectionPool(_authorities(), proxy=through, network_backend=backend) as pool,
            pool.stream("GET", asked, headers=sent) as response,
        ):
            headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in response.headers}
            read = response.iter_stream() if response.status == 200 else ()
            return response.status, headers, _unpacked(read, headers.get("content-encoding", ""), most)
    except (http.TimeoutException, TimeoutError) as error:
        raise Unreachable(_("Ce site met trop de temps à répondre : réessayez plus tard.")) from error
    except (http.NetworkError, http.ProtocolError, http.ProxyError, http.UnsupportedProtocol, OSError) as error:
        raise Unreachable(_("Ce site ne répond pas : vérifiez l’adresse, ou réessayez plus tard.")) from error


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Unreachable(_("Cette adresse ne se lit pas.")) from error


def _unpacked(chunks: Iterable[bytes], coding: str, most: int) -> bytes:
    """The body, uncompressed as it comes and never beyond `most`."""
    if coding.lower() not in {"", "identity", "gzip", "x-gzip"}:
        raise Unreachable(_("Ce site répond dans un format que nous ne lisons pas."))
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in coding.lower() else None
    body = bytearray()
    try:
        for chunk in chunks:
            body += inflate.decompress(chunk, most + 1 - len(body)) if inflate else chunk
            if len(body) > most:
                raise Unreachable(_("Ce qui est à cette adresse est trop gros."))
    except zlib.error as error:
        raise Unreachable(_("La réponse de ce site est abîmée.")) from error
    return bytes(body)


def _resolved(host: str, port: int, ends: float) -> list[str]:
    """The addresses of a name, in the time that is left: a server of names may be slow too."""
    found: list[str] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_left(ends))
    return list(found)


def _left(ends: float, timeout: float | None = None) -> float:
    """Seconds left, `timeout` at most. Raises TimeoutError when there are none."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, timeout) if timeout else left


@cache
def _authorities() -> ssl.SSLContext:
    """Whose certificates are believed: those the system believes. Read once."""
    return http.default_ssl_context()


def _refuse_private(host: str, port: int, addresses: list[str]) -> None:
    """Refuse a name any address of which is not public: a second answer may be the one that is used."""
    if (host, port) not in settings.OUTBOUND_ALSO and not all(is_public(one) for one in addresses):
        raise Unreachable(_("Cette adresse n’est pas sur le Web public : elle n’est pas lue."))


def _check_before_proxy(host: str, port: int, ends: float) -> None:
    """What we know ourselves to be private is not asked of the proxy, which decides for the rest."""
    _refuse_private(host, port, _resolved(host, port, ends))


class _Timed(http.SyncBackend):
    """Connections that all end at the same moment."""

    def __init__(self, ends: float) -> None:
        self.ends = ends

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *args: Any, **more: Any) -> "_Stream":
        return _Stream(super().connect_tcp(host, port, _left(self.ends, timeout), *args, **more), self.ends)


class _Pinned(_Timed):
    """Connections to the public Internet alone, to the very address that was checked."""

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *args: Any, **more: Any) -> "_Stream":
        addresses = _resolved(host, port, self.ends)
        _refuse_private(host, port, addresses)
        for rank, address in enumerate(addresses[:3], 1):
            try:
                return super().connect_tcp(address, port, timeout, *args, **more)
            except http.ConnectError:
                if rank == len(addresses[:3]):
                    raise
        raise Unreachable(_("Ce site n’existe pas : vérifiez l’adresse."))


class _Stream(http.NetworkStream):
    """A connection of which each step has what is left of the time, and no more."""

    def __init__(self, stream: http.NetworkStream, ends: float) -> None:
        self.stream, self.ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _left(self.ends, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _left(self.ends, timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, _left(self.ends, timeout)), self.ends)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
