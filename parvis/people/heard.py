"""What someone has just read, told to whoever keeps count of what is new to them.

A module that knows how far someone read stands under the one that counts: it says so here.
"""

from collections.abc import Callable
from typing import Any

# Given a person, and the row of what they read.
Listener = Callable[[Any, Any], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` told from now on."""
    _listeners.append(listener)


def read(person: Any, thing: Any) -> None:
    """Say that `person` has read `thing` as far as it goes."""
    for listener in _listeners:
        listener(person, thing)
