"""Query sets that Django puts into SQL once, and PostgreSQL plans once, instead of anew for each
request.

Writing the SQL of a query, and planning it, takes longer than to answer it. What every page asks
is therefore compiled and prepared once: docs/decisions/0028-compiled-queries.md.
"""

import re
from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import Expression, Field, QuerySet
from django.db.models.expressions import RawSQL


class Given(Expression):
    """The place in a query of a value that each request brings."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"%s::{self.output_field.cast_db_type(connection)}", (self,)


class Compiled[Row]:
    """A query set with `Given` values, written like any other by `build`, which is called once.

    What it finds are the same objects, by Django's own code. Nothing can be added to it, and
    nothing prefetched.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any, Row]]") -> None:
        self._build = build
        self._parts: tuple[Any, Any, str, tuple[Any, ...]] | None = None
        self._lock = RLock()  # one query set may be made of another

    def __call__(self, **given: Any) -> list[Row]:
        """The rows for these values, one for each `Given`. Raises KeyError when one is missing."""
        return self._rows(self._statement(given))

    def first(self, **given: Any) -> Row | None:
        rows = self.part(0, 1, **given)
        return rows[0] if rows else None

    def part(self, start: int, count: int, **given: Any) -> list[Row]:
        """At most `count` of the rows, from `start` on."""
        sql, values = self._statement(given)
        return self._rows((f"{sql} LIMIT {count:d} OFFSET {start:d}", values))

    def _rows(self, statement: tuple[str, tuple[Any, ...]]) -> list[Row]:
        found, compiler, _, _ = self._built()
        compiler = _twin(compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # one for each thread
        compiler.execute_sql = lambda *_, **__: [answers(*statement)]
        query: Any = _twin(found.query)
        query.get_compiler = lambda using: compiler
        rows: Any = QuerySet(found.model, query=query)
        rows._iterable_class, rows._fields = found._iterable_class, found._fields
        return list(rows)

    def subquery(self, **given: Any) -> RawSQL:
        """For `field__in=`: the one column of this query set, for these values."""
        return RawSQL(*self._statement(given))  # noqa: S611 - Django's own SQL, values apart

    def _statement(self, given: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        _, _, sql, parameters = self._built()
        return sql, tuple(given[place.name] for place in parameters)

    def _built(self) -> tuple[Any, Any, str, tuple[Any, ...]]:
        """The query set, its compiler, the SQL and the values in it.

        By one thread, as two that compile the same query set spoil each other's SQL. Compiling
        also tells the compiler which columns and objects a row consists of.
        """
        with self._lock:
            if self._parts is None:
                found = self._build()
                compiler = found.query.get_compiler(DEFAULT_DB_ALIAS)
                sql, parameters = compiler.as_sql()
                _keep_columns(compiler)
                self._parts = found, compiler, *_without_constants(sql, parameters)
            return self._parts


def _twin(thing: Any) -> Any:
    """As `copy` makes it of what has nothing but attributes, in a quarter of the time."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def _keep_columns(compiler: Any) -> None:
    """What each column is and how it becomes a value: Django else goes by all of them each time."""
    columns = [column for column, *_ in compiler.select]
    converters = compiler.get_converters(columns)
    is_composite = compiler.has_composite_fields(columns)
    compiler.get_converters = lambda _: converters
    compiler.has_composite_fields = lambda _: is_composite


def _without_constants(sql: str, parameters: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
    """Constants become part of the statement, so that PostgreSQL knows their type and reckons with
    them; what each request brings stays apart.
    """
    left, kept = iter(parameters), []

    def place(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%%"
        value = next(left)
        if isinstance(value, Given):
            kept.append(value)
            return "%s"
        text: str = mogrify("%s", [value], connections[DEFAULT_DB_ALIAS])
        return text.replace("%", "%%")

    return re.sub(r"%[%s]", place, sql), tuple(kept)


def answers(statement: str, values: Any = ()) -> list[Any]:
    """All rows of a statement that is written by hand, and prepared as a compiled one is.

    `values` by place or by name, as its places are; what type each is of stands in the statement.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    rows: list[Any] = connection.answers(statement, values)
    return rows
