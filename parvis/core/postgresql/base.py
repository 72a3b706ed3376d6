"""Django's PostgreSQL, whose connections are known to be alive without asking the server at each request."""

from select import POLLIN, poll

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it is usable only when it has something to say."""

    def is_usable(self) -> bool:
        """Whether the server is there: an idle connection has nothing to read until the server ends it."""
        if self.connection is None or self.connection.closed:
            return False
        # Not `select`, which knows no descriptor past the first thousand.
        heard = poll()
        heard.register(self.connection.fileno(), POLLIN)
        return not heard.poll(0) or super().is_usable()
