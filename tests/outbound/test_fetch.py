"""What is asked of other sites: nothing private, nothing for long, nothing too large (R-SEC-12, A10, A11)."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from parvis.outbound import Unreachable, asking, fetch
from parvis.outbound.addresses import is_public

NAME = "calendrier.example"
# Every way to write an address that is not one of the web.
PRIVATE = [
    *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3"),
    *("192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1", "fe80::1"),
    *("fe80::1%1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"),
    *("2002:7f00:1::1", "2002:a00:1::", "2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1"),
]
HOSTS = [
    *(f"[{one}]" if ":" in one else one for one in PRIVATE),
    # Decimal, octal, hexadecimal, short: as a C library reads them.
    *("2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "127.0.1", "0", "017700000001", "2852039166"),
    *("localhost", "localhost.", "LOCALHOST", "ip6-localhost", "127.0.0.1.", "①②⑦.⓪.⓪.①"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a01:e0a::1"])
def test_an_address_of_the_web_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", HOSTS)
def test_no_way_to_write_a_private_address_opens_a_connection(host: str, never_connected: None) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(Unreachable):
            fetch(f"{scheme}://{host}/agenda.ics")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "ftp://exemple.fr/a.ics",
            "file:///etc/passwd",
            "gopher://exemple.fr/",
            "//exemple.fr/a.ics",
            "agenda.ics",
            "",
        ),
        *("http://", "https:///a.ics", "http://[::1", "http://exemple.fr:99999/", "http://exemple.fr:22/"),
        *("http://exemple.fr:6379/", "https://exemple.fr:80/", "http://moi:secret@exemple.fr/", "http://@exemple.fr/"),
        *("http://exemple.fr\\@127.0.0.1/", "http://exemple.fr/a b", "http://exemple.fr/\r\nX: y", "http://a\x00b.fr/"),
        *("javascript:alert(1)", "data:text/calendar,BEGIN", "http://" + "a" * 300 + ".fr/", "http://a..fr/"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address: str, never_connected: None) -> None:
    with pytest.raises(Unreachable):
        fetch(address)


def test_a_name_of_two_answers_one_of_which_is_private_is_refused(
    never_connected: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: whichever answer the second question would get."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: rows("93.184.216.34", "127.0.0.1"))
    with pytest.raises(Unreachable):
        fetch(f"http://{NAME}/")


def test_a_name_is_resolved_once_and_the_site_is_asked_by_its_name(served: "Served", names: list[str]) -> None:
    asked: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        asked.append(connection.recv(4_000))
        connection.sendall(b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nLast-Modified: hier\r\nContent-Length: 2\r\n\r\nok')

    port = served(answer)
    said = fetch(f"http://{NAME}:{port}/agenda%20é.ics?a=1", etag='"v0"')
    assert (said.body, said.etag, said.modified) == (b"ok", '"v1"', "hier")
    assert names.count(NAME) == 1
    assert b"GET /agenda%20%C3%A9.ics?a=1 HTTP/1.1\r\nHost: " + f"{NAME}:{port}".encode() in asked[0]
    assert b'If-None-Match: "v0"' in asked[0]


def test_a_certificate_is_asked_for_the_name_and_not_for_the_address(served: "Served", names: list[str]) -> None:
    hello: list[bytes] = []
    port = served(lambda connection: hello.append(connection.recv(4_000)))
    with pytest.raises(Unreachable):
        fetch(f"https://{NAME}:{port}/")
    assert NAME.encode() in hello[0]


def test_what_has_not_changed_is_not_sent_again(served: "Served", names: list[str]) -> None:
    port = served(reply(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    assert fetch(f"http://{NAME}:{port}/", etag="x").is_unchanged


@pytest.mark.parametrize("dripped", ["headers", "body", "nothing"])
def test_a_server_that_sends_a_byte_a_second_has_five_seconds(
    served: "Served", names: list[str], monkeypatch: pytest.MonkeyPatch, dripped: str
) -> None:
    """A11. The five seconds are half of one here."""
    monkeypatch.setattr(asking, "SECONDS", 0.5)

    def answer(connection: socket.socket) -> None:
        connection.recv(4_000)
        if dripped == "body":
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _byte in range(600):
            time.sleep(0.05)
            if dripped != "nothing":
                connection.sendall(b"H")

    port = served(answer)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="trop de temps"):
        fetch(f"http://{NAME}:{port}/")
    # Of thirty seconds: on a busy machine too, it did not wait for the end.
    assert time.monotonic() - began < 15


def test_a_slow_server_of_names_has_the_same_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    over, waited = Event(), Event()

    def answer(*_args: object, **_more: object) -> list[Any]:
        if not over.wait(30):
            waited.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(Unreachable):
        fetch(f"http://{NAME}/")
    assert not waited.is_set()
    over.set()


@pytest.mark.parametrize("zipped", [True, False])
def test_what_is_too_large_once_uncompressed_is_refused(served: "Served", names: list[str], *, zipped: bool) -> None:
    body = b"0" * 30_000_000
    sent = gzip.compress(body, 1) if zipped else body
    head = b"HTTP/1.1 200 OK\r\n" + (b"Content-Encoding: gzip\r\n" if zipped else b"") + b"\r\n"
    port = served(reply(head + sent))
    with pytest.raises(Unreachable, match="trop gros"):
        fetch(f"http://{NAME}:{port}/")


def test_a_compressed_answer_is_read(served: "Served", names: list[str]) -> None:
    port = served(reply(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"BEGIN:VCALENDAR")))
    assert fetch(f"http://{NAME}:{port}/").body == b"BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://localhost:6379/", "file:///etc/passwd", "//[::1]/"]
)
def test_a_redirection_to_a_private_address_is_not_followed(served: "Served", names: list[str], target: str) -> None:
    port = served(reply(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()))
    with pytest.raises(Unreachable):
        fetch(f"http://{NAME}:{port}/")


def test_a_redirection_is_followed_and_a_loop_is_left(served: "Served", names: list[str]) -> None:
    turns: list[int] = []

    def answer(connection: socket.socket) -> None:
        turns.append(len(connection.recv(4_000)))
        connection.sendall(b"HTTP/1.1 301 Moved\r\nLocation: /encore\r\nContent-Length: 0\r\n\r\n")

    port = served(answer)
    with pytest.raises(Unreachable, match="sans cesse"):
        fetch(f"http://{NAME}:{port}/")
    assert len(turns) == 4


@pytest.mark.parametrize("status", [b"401 No", b"404 Not Found", b"500 Oops", b"206 Partial", b"999 ?", b"abc"])
def test_an_error_of_the_other_side_is_a_sentence(served: "Served", names: list[str], status: bytes) -> None:
    port = served(reply(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n"))
    with pytest.raises(Unreachable):
        fetch(f"http://{NAME}:{port}/")


def test_through_a_proxy_the_proxy_resolves_and_what_is_private_is_still_refused(
    served: "Served", settings: Settings
) -> None:
    asked: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        asked.append(connection.recv(4_000))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    settings.OUTBOUND_PROXY = f"http://127.0.0.1:{served(answer)}"
    settings.OUTBOUND_ALSO = frozenset()
    assert fetch("http://calendrier.invalid/a.ics").body == b"ok"
    assert asked[0].startswith(b"GET http://calendrier.invalid/a.ics HTTP/1.1")
    with pytest.raises(Unreachable):
        fetch("http://127.0.0.1/a.ics")
    assert len(asked) == 1


# What these tests stand on: a server of one answer, on a port that is let through, and a server of names.

Answering = Callable[[socket.socket], object]
Served = Callable[[Answering], int]


def reply(said: bytes) -> Answering:
    """Read the request, send `said`."""

    def answer(connection: socket.socket) -> None:
        connection.recv(4_000)
        connection.sendall(said)

    return answer


def rows(*addresses: str) -> list[Any]:
    """What a server of names answers."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]


@pytest.fixture
def served(settings: Settings) -> Iterator[Served]:
    """`served(answer)`: the port of a server that answers each connection so."""
    listening: list[socket.socket] = []

    def serve(answer: Answering) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)
        Thread(target=accept, args=(server, answer), daemon=True).start()
        port: int = server.getsockname()[1]
        settings.OUTBOUND_ALSO = frozenset({(NAME, port)})
        return port

    yield serve
    for server in listening:
        server.close()


def accept(server: socket.socket, answer: Answering) -> None:
    while True:
        try:
            connection, _peer = server.accept()
        except OSError:
            return
        with connection:
            try:
                answer(connection)
            except OSError:
                continue


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names asked for; `NAME` is this machine."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *args: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == NAME else host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.fixture
def never_connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is connected to."""
    tried: list[object] = []

    def connect(*args: object, **_more: object) -> None:
        tried.append(args)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    yield
    assert tried == []
