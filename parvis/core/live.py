"""Tells pages that are open that there is something new, through Redis when there is one; no page depends on it.

What is told is where to ask again, and nothing of what was said or by whom (R-PRIV).
"""

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

# A slow Redis must not hold back who has just written.
PATIENCE = 0.5


def announce(kind: str, number: int) -> None:
    """Tell those who have this thread open, once the transaction is committed."""
    if settings.REDIS_URL:
        # It is only a comfort: what fails is logged, and pages ask by themselves.
        transaction.on_commit(partial(_publish, f"{kind}/{number}"), robust=True)


def channel() -> str:
    """Where it is said; two sites may share one Redis."""
    return f"{settings.SITE_URL} live"


def _publish(thread: str) -> None:
    _redis().publish(channel(), thread)


@cache
def _redis() -> Any:
    """A client of Redis, which is not loaded where there is none."""
    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return import_string("redis.Redis").from_url(settings.REDIS_URL, **patience)
