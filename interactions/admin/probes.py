"""Reads whose cost does not grow with the log: several probes in one query, an estimate, a limit on patience."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Subquery

from accounts.models import User

# The last resort. Every read here is bounded; this holds when a plan turns out badly all the same.
PATIENCE = "5s"
QUERY_CANCELED = "57014"


def ask(viewer: User, *questions: models.QuerySet) -> list[Any]:
    """The one value that each of `questions` (a `values()` queryset of at most one row) yields, or None; one query.

    Django has no SELECT without a table, so the viewer's own row carries the answers.
    """
    names = [f"answer_{number}" for number in range(len(questions))]
    probes = {name: Subquery(question) for name, question in zip(names, questions, strict=True)}
    row = User.objects.filter(pk=viewer.pk).annotate(**probes).values(*names).get()
    return [row[name] for name in names]


def estimated_total(model: type[models.Model]) -> int:
    """About how many rows a table holds. Never counts: count(*) reads the whole table."""
    if connection.vendor == "postgresql":
        # The planner scales its statistics to the table's present size and knows partitions; reltuples does neither.
        (plan,) = json.loads(model._base_manager.order_by().values("pk").explain(format="json"))
        return plan["Plan"]["Plan Rows"]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # Row ids ascend; what was deleted in between is counted too. Two subqueries, because SQLite finds only
        # a lone minimum or maximum without a scan.
        cursor.execute(f"SELECT (SELECT max(rowid) FROM {table}) - (SELECT min(rowid) FROM {table}) + 1")
        return cursor.fetchone()[0] or 0


@contextmanager
def patience() -> Iterator[None]:
    """Ends a statement that runs longer than `PATIENCE` (PostgreSQL), with an OperationalError."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # For this transaction alone: a pooled connection must not carry it into somebody else's request. Without jit,
        # since compiling a plan that looks costly took two seconds for rows that were read in two milliseconds.
        cursor.execute("SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true)", [PATIENCE])
        yield


def ran_out_of_patience(error: Exception) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == QUERY_CANCELED
