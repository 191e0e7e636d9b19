"""The filter of each list that staff work through."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

ALL = "alle"


class QueueFilter(admin.SimpleListFilter):
    """What waits, unless asked otherwise; `select` says which rows that are.

    `default` names what waits, `options` are the other choices (value, words), before "Alle". With
    `searches_all` a search goes through every row.
    """

    title = "stand"
    parameter_name = "stand"
    default = "Te doen"
    options: ClassVar[tuple[tuple[str, str], ...]] = ()
    searches_all = False

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        """The rows of one of `options`, or with "" those that wait."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*self.options, (ALL, "Alle")]

    def choices(self, changelist: Any) -> Any:
        """Django's "all" stands for our default."""
        default, *others = super().choices(changelist)
        yield {**default, "display": self.default}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if value in dict(self.options):
            return self.select(queryset, value)
        if value == ALL or (self.searches_all and "q" in request.GET):
            return queryset
        return self.select(queryset, "")
