"""What the pages of `home` gather is said as the tests of publications say it."""

from tests.agenda.conftest import announce
from tests.publications.conftest import send, trusted_bruno

__all__ = ["announce", "send", "trusted_bruno"]
