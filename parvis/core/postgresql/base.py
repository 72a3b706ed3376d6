"""Django's PostgreSQL, whose connections are known to be alive without asking the server at each request."""

from select import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it is usable only when it has something to say."""

    def is_usable(self) -> bool:
        """Whether the server is there: an idle connection has nothing to read until the server ends it."""
        readable, _writable, _wrong = select([self.connection.fileno()], [], [], 0)
        return not readable or super().is_usable()
