"""Every side effect of every act, on one page: journal verb -> the jobs it queues, in the same transaction."""

from datetime import timedelta

EFFECTS: dict[str, list[str]] = {}

# What runs by the clock.
PERIODIC: dict[str, timedelta] = {
    "parvis.publications.actions.purge_expired": timedelta(minutes=5),
}
