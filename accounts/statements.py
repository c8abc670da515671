"""Reads that Django writes once and that are asked with other values from then on.

To write a statement takes Django longer than it takes PostgreSQL to find a learner's rows, and one answer about a
learner takes twenty of them.

    @statement
    def sums_since(learner, first):
        return DailyActivity.objects.filter(user=learner, day__gte=first).values_list("day", "interactions")

    sums_since(learner.pk, date(2026, 3, 16))  # a list of tuples
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    Field,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.sql import Query

# By the type of a value: how a database takes it.
_FIELDS: dict[type, Field] = {
    int: BigIntegerField(),
    str: TextField(),
    date: DateField(),
    datetime: DateTimeField(),
    UUID: UUIDField(),
}
# Statements of one function that are kept: one for each set of values that are written into it.
_MOST_WRITTEN = 32


class Parameter(Value):
    """Stands in a statement for the value at a place of those it will be asked with."""

    def __init__(self, place: int, output_field: Field):
        super().__init__(None, output_field=output_field)
        self.place = place

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def told(self, value: Any) -> Any:
        """A value as the database takes it."""
        return self.output_field.get_db_prep_value(value, connection=connection)


class Keys(Parameter):
    """Stands for some whole numbers, for `__among` (accounts.lookups), which go as one text."""

    def __init__(self, place: int):
        super().__init__(place, TextField())

    def told(self, value: Collection[int]) -> str:
        return written_out(value)


def written_out(keys: Collection[int]) -> str:
    """Keys as PostgreSQL writes an array, or as JSON does: a text is made at once, an array number by number."""
    opening, closing = "{}" if connection.vendor == "postgresql" else "[]"
    return f"{opening}{','.join(map(str, keys))}{closing}"


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    params: tuple
    query: Query
    converters: dict

    def rows(self, values: tuple) -> list[tuple]:
        told = [one.told(values[one.place]) if isinstance(one, Parameter) else one for one in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, told)
            rows = cursor.fetchall()
        if not self.converters:
            return rows
        compiler = self.query.get_compiler(connection=connection)
        return [tuple(row) for row in compiler.apply_converters(rows, self.converters)]


def statement(write: Callable[..., QuerySet]) -> Callable[..., list[tuple]]:
    """A read by `values_list`, written by `write` when it is asked for the first time.

    Numbers, texts, days, moments, UUIDs and collections of keys (for `__among`) are told when it is asked. Any other
    value, None above all, is written into the statement: it must be hashable, and is given to `write` as it is.
    """

    @lru_cache(maxsize=_MOST_WRITTEN)
    def written(vendor: str, shape: tuple[Hashable, ...]) -> _Written:
        queryset = write(*(_standing_for(kind, place) for place, kind in enumerate(shape)))
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Written(sql, tuple(params), queryset.query, converters)

    @wraps(write)
    def ask(*values: Any) -> list[tuple]:
        return written(connection.vendor, tuple(map(_kind_of, values))).rows(values)

    return ask


def _kind_of(value: Any) -> Hashable:
    """What of a value decides how a statement is written: its type, or itself."""
    if type(value) in _FIELDS:
        return type(value)
    return Keys if isinstance(value, (list, set, dict)) else value


def _standing_for(kind: Hashable, place: int) -> Any:
    if kind is Keys:
        return Keys(place)
    return Parameter(place, _FIELDS[kind]) if kind in _FIELDS else kind
