"""`begins_with`: PostgreSQL's own prefix operator.

Unlike LIKE it has no wildcards to escape, uses the index under any plan, and is leakproof: it keeps
the index under row-level security too (performance.md; security.md decision 8).
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler


@CharField.register_lookup
class BeginsWith(Lookup):
    lookup_name = "begins_with"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        column, column_params = self.process_lhs(compiler, connection)
        text, text_params = self.process_rhs(compiler, connection)
        return f"{column} ^@ {text}", (*column_params, *text_params)
