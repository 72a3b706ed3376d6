"""What goes with an account: the modules above say here what they do when someone leaves for good.

What the database can take away by itself goes with the row of the person; this is for the rest.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class Farewell(NamedTuple):
    """Who leaves, the voice they spoke in, and who bears what stays: with `keeps`, what they said in public."""

    person: Any
    voice: Any
    nobody: Any
    keeps: bool


# In the transaction of the act; it may refuse, with a ValidationError.
Step = Callable[[Farewell], None]
_steps: list[Step] = []


def at_farewell(step: Step) -> None:
    """Have `step` done from now on."""
    _steps.append(step)


def say(farewell: Farewell) -> None:
    """Do all that is to be done, before the person goes."""
    for step in _steps:
        step(farewell)
