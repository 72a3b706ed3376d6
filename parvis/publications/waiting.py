"""How much waits for a moderator: the module that keeps the queue, above, says here how to count it."""

from collections.abc import Callable
from typing import Any

# Of a person who moderates, how many things wait for them.
Count = Callable[[Any], int]
_counts: list[Count] = []


def counted_by(count: Count) -> None:
    """Have `count` asked from now on."""
    _counts.append(count)


def waiting_for(moderator: Any) -> int:
    """How many things wait for the decision of `moderator`."""
    return sum(count(moderator) for count in _counts)
