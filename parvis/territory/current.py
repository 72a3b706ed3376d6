"""The territory this site serves, without a query per page."""

from threading import Lock
from time import monotonic

from parvis.territory.models import Territory

# Seconds during which a process trusts what it last read.
RECHECK = 2.0


class _Memory:
    """What this process last read, and until when it holds."""

    territory: Territory | None = None
    until = 0.0
    lock = Lock()


def current() -> Territory | None:
    """The territory, or nothing before the first import; at most `RECHECK` seconds late after an import."""
    if monotonic() < _Memory.until:
        return _Memory.territory
    with _Memory.lock:
        if monotonic() >= _Memory.until:
            _Memory.territory = Territory.objects.select_related("root").defer("root__geometry").first()
            _Memory.until = monotonic() + (RECHECK if _Memory.territory else 0.0)
    return _Memory.territory


def forget() -> None:
    """Ask again at the next call; for tests and for whoever just changed it."""
    _Memory.until = 0.0
