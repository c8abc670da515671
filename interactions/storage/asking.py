"""Several questions in one message to the database, where it takes them so.

Each message is a wait for its answer, and a wait costs more than most of what the writer asks: PostgreSQL is told the
questions of a batch as one text and answers them together. It has taken them apart before (`accounts.prepared`).
"""

from collections.abc import Hashable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from accounts.prepared import make_ready, prepared

Rows = list[tuple]


class Question(NamedTuple):
    """A statement that answers with rows, and the values of its marks.

    constants   the values of the last marks: those that are the same for one batch after another
    """

    sql: str
    parameters: Sequence[Any]
    constants: tuple[Hashable, ...] = ()


def answers_to(*questions: Question | None) -> list[Rows | None]:
    """The rows of each, in their order; None for none."""
    asked = [question for question in questions if question is not None]
    with connection.cursor() as cursor:
        rows = _together(cursor, asked) if connection.vendor == "postgresql" else _in_turn(cursor, asked)
    answers = iter(rows)
    return [None if question is None else next(answers) for question in questions]


def _together(cursor, questions: list[Question]) -> list[Rows]:
    statements = [prepared(question.sql, question.constants) for question in questions]
    make_ready(statements)
    # The values are quoted on our side: a message of several statements has no place for them.
    parameters = chain.from_iterable(question.parameters for question in questions)
    cursor.execute("; ".join(each.call for each in statements), list(parameters))
    rows = [cursor.fetchall()]
    while cursor.nextset():
        rows.append(cursor.fetchall())
    return rows


def _in_turn(cursor, questions: list[Question]) -> list[Rows]:
    # All rows at once: a statement left half read would hold SQLite's lock.
    return [cursor.execute(sql, [*told, *constants]).fetchall() for sql, told, constants in questions]
