"""The worker as tests need it: all that is due, now."""

from parvis.core.jobs import run_next


def run_until_idle() -> int:
    """Run all that is due now; how many jobs ran."""
    done = 0
    while run_next():
        done += 1
    return done
