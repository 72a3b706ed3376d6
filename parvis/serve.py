"""Runs Parvis: web, worker and streams from one command, which stops them and restarts what dies.

The web server (granian) lives in this process and its children; the worker is a child kept alive by a thread. They are
forked once everything is loaded, and share it. Each child also watches its parent, so that even `kill -9` leaves no
orphan holding the port or the queue.
"""

import contextlib
import gc
import hashlib
import os
import signal
import socket
import sys
import threading
import time
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from parvis import __version__

# One that waits for the database or decodes a picture must not stop the others; more would only pass the turn around.
THREADS_ALONE, THREADS = 4, 2
STOP_SECONDS = 10
# As the system shows it.
WORKER = "parvis-worker"


class PortBusy(Exception):
    """Someone else listens there; the message says it in French."""


def prepare() -> None:
    """Bring the database and the static files up to date; quick when they are."""
    if not _is_migrated():
        call_command("migrate", verbosity=0)
    _collect_static()


def _is_migrated() -> bool:
    """Whether every migration was applied, by the names of their files: to import them takes a tenth of a start."""
    folders = ((app.label, Path(app.path) / "migrations") for app in apps.get_app_configs())
    known = {(label, file.stem) for label, folder in folders for file in folder.glob("[0-9]*.py")}
    return known <= MigrationRecorder(connection).applied_migrations().keys()


def check_port(host: str, port: int) -> None:
    """Raise PortBusy unless we can listen on `host:port`."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise PortBusy(f"L’adresse « {host} » n’existe pas sur cette machine.") from error
    except PermissionError as error:
        raise PortBusy(f"Le port {port} est réservé au système : choisissez-en un autre avec --port.") from error
    except OSError as error:
        raise PortBusy(f"Le port {port} de {host} n’est pas libre : choisissez-en un autre avec --port.") from error


def serve(*, host: str, port: int, workers: int | None, with_worker: bool, live_port: int | None = None) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; `workers` is the number of web processes.

    Where there is a Redis, a process tells open pages of what is new (parvis/live.py), on `live_port` or the port that
    follows `port`.
    """
    live_port, workers = live_port or port + 1, workers or _default_workers()
    if settings.REDIS_URL:
        check_port(host, live_port)
    application = _loaded()
    stop = threading.Event()
    keepers = []
    # The worker first: what the server starts of its own must not be forked.
    if with_worker:
        keepers.append(threading.Thread(target=_keep, args=(stop, ("worker",), _fork_worker())))
    if settings.REDIS_URL:
        address = "live", "--host", host, "--port", str(live_port)
        keepers.append(threading.Thread(target=_keep, args=(stop, address)))
    server = Server(
        "parvis.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS if workers > 1 else THREADS_ALONE,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )
    # granian reloads on SIGHUP; a closed terminal must stop us instead of leaving us behind.
    server.on_startup(lambda: _on_hangup(server.signal_handler_interrupt))
    for keeper in keepers:
        server.on_startup(keeper.start)
    try:
        server.serve(target_loader=partial(_application, os.getpid(), application), wrap_loader=False)
    finally:
        stop.set()
        for keeper in keepers:
            if keeper.ident:
                keeper.join()


def serve_live(*, host: str, port: int) -> None:
    """Serve the streams alone, until SIGTERM. Nothing is lost when they are cut."""
    Server(
        "parvis.live:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        respawn_failed_workers=True,
        workers_kill_timeout=1,
        # Each stream is a request that lasts.
        backlog=4_096,
        backpressure=10_000,
        log_level=LogLevels.error,
    ).serve(target_loader=partial(_streams, os.getpid()), wrap_loader=False)


def follow(parent: int) -> None:
    """End this process, cleanly, soon after process `parent` is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _default_workers() -> int:
    """One web process on SQLite, which a small machine holds; one for each core, at most four, on PostgreSQL."""
    return 1 if connection.vendor == "sqlite" else min(os.cpu_count() or 1, 4)


def _loaded() -> WSGIHandler:
    """The application with all its pages, ready to be forked: connections are not, and each opens its own."""
    application = get_wsgi_application()
    assert get_resolver().url_patterns
    connections.close_all()
    # What was loaded stays: it need not be searched for what can be freed, nor copied for it.
    gc.collect()
    gc.freeze()
    gc.enable()
    return application


def _application(parent: int, application: WSGIHandler) -> WSGIHandler:
    """The application, in the web process."""
    follow(parent)
    return application


def _streams(parent: int) -> Any:
    """The streams, in their process."""
    follow(parent)
    return import_string("parvis.live.application")


def _fork_worker() -> int:
    """Start the worker; its process."""
    parent = os.getpid()
    if worker := os.fork():
        return worker
    try:
        # Its own group: Ctrl-C in the terminal reaches the parent alone, which stops it in order.
        os.setpgid(0, 0)
        with contextlib.suppress(OSError):
            Path("/proc/self/comm").write_text(WORKER, "ascii")
        follow(parent)
        import_string("parvis.core.jobs.work_forever")()
    finally:
        # What the parent meant to do next is not the worker's to do.
        os._exit(0)


def _on_hangup(stop: Any) -> None:
    signal.signal(signal.SIGHUP, stop)


def _keep(stop: threading.Event, verb: tuple[str, ...], child: int = 0) -> None:
    """Keep the process of a verb, begun as `child` or not yet, alive until told to stop; then let it finish."""
    command = [sys.executable, "-m", "parvis.cli", *verb, "--parent", str(os.getpid())]
    while True:
        while child and not (over := _over(child)) and not stop.wait(0.2):
            pass
        if child and not over:
            _end(child)
        # One that cannot start must not spin.
        if stop.wait(1 if child else 0):
            return
        # Among threads one does not fork. Not a Popen: the web processes that are forked meanwhile would hold its
        # pipe, and it would wait for them.
        child = os.posix_spawn(sys.executable, command, os.environ, setpgroup=0)


def _over(pid: int) -> bool:
    """Whether a child is over; its end is then taken note of, and it leaves no zombie."""
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _end(pid: int) -> None:
    """Ask a child to end, then make it."""
    os.kill(pid, signal.SIGTERM)
    last = time.monotonic() + STOP_SECONDS
    while not _over(pid):
        if time.monotonic() > last:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def _collect_static() -> None:
    """Collect, fingerprint and compress the static files, only when one of them changed."""
    files = chain.from_iterable(finder.list([]) for finder in get_finders())
    seen = hashlib.sha256(__version__.encode())
    for path, storage in sorted(files, key=lambda found: found[0]):
        seen.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    with contextlib.suppress(FileNotFoundError):
        if stamp.read_text("ascii") == seen.hexdigest():
            return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(seen.hexdigest(), "ascii")
