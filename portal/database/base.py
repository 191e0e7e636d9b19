"""Django's PostgreSQL, that notices a lost connection without asking the server each time, and can
have a statement planned once: docs/decisions/0034-health-check.md, 0028-compiled-queries.md.
"""

import select
from typing import Any

from django.db.backends.postgresql import base

# Only of prepared statements: one plan for any values, made once. By itself PostgreSQL would go on
# planning anew what costs more to plan than to answer.
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"


_POSTGRES: Any = base  # its cursors are Django's own business
# Also the number that the server is asked to keep: they go together.
KEPT = 200


class DatabaseWrapper(base.DatabaseWrapper):
    _kept: dict[str, tuple[str, Any]]

    def get_connection_params(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().get_connection_params()
        options = f"{asked.get('options', '')} {PLANNED_ONCE}".strip()
        return asked | {"options": options, "prepare_threshold": 0}

    def answers(self, statement: str, values: Any = ()) -> list[Any]:
        """All rows of a statement that comes back: the server keeps it and its plan, and here its
        cursor is kept, which knows by then how to write its values and read its rows.

        Values go to the server apart, so it must be plain what type each is of.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            statement, kept = self._kept_cursor(statement)
            cursor = _POSTGRES.DatabaseWrapper._prepare_cursor(self, kept)
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
        return rows

    def _kept_cursor(self, statement: str) -> tuple[str, Any]:
        """Of this connection, with the text that it was made for: psycopg knows its statement by
        identity.
        """
        if statement not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self.connection.prepared_max = KEPT
            self._kept[statement] = statement, _POSTGRES.ServerBindingCursor(self.connection)
        return self._kept[statement]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._kept = {}  # those of the last connection are of no use
        return super().get_new_connection(conn_params)

    def close(self) -> None:
        self._kept = {}
        super().close()

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
