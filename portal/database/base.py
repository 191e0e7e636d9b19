"""Django's PostgreSQL, that notices a lost connection without asking the server each time.

docs/decisions/0034-health-check.md
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection is still there, before a request begins to use it.

        An idle connection has nothing to read. A server that stops, or ends this connection, says
        so and closes it: then there is, and only then, or after a mistake, is the server asked.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.errors_occurred or self._has_something_to_read():
            return bool(super().is_usable())
        return True

    def _has_something_to_read(self) -> bool:
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(waiting.poll(0))
