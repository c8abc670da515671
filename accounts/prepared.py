"""Statements that PostgreSQL takes apart and plans once a connection, not every time they are asked.

For the writer's few statements, which are long and find few rows, that is most of what they cost. By SQL's own
`PREPARE`: what the protocol calls prepared has to be asked one by one, and each message is a wait for its answer.
They live as long as their connection, so a pooler in between has to keep sessions (docs/operations.md).
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.db import connection
from psycopg import sql

# Texts that are kept: few, for what changes from call to call is a value.
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement of PostgreSQL under a name of its own.

    call   what asks it, with a mark for each value
    text   the statement, with $1, $2, … for its values
    """

    name: str
    call: str
    text: str

    @classmethod
    def of(cls, text: str, values: int) -> "Prepared":
        """`values`: how many it takes."""
        name = f"medsim_{blake2b(text.encode(), digest_size=12).hexdigest()}"
        return cls(name, f"EXECUTE {name}({', '.join(['%s'] * values)})", text)


@lru_cache(maxsize=_MOST_KEPT)
def prepared(marked: str, constants: tuple[Hashable, ...] = ()) -> Prepared:
    """From a statement with a mark, `%s`, for each value.

    constants   the values of its last marks, which are written into it
    """
    first, *parts = marked.split("%s")
    values = len(parts) - len(constants)
    told = [f"${place}" for place in range(1, values + 1)] + [_literal(each) for each in constants]
    return Prepared.of(first + "".join(map("".join, zip(told, parts, strict=True))), values)


def _literal(value: Any) -> str:
    return sql.Literal(value).as_string(None)


def make_ready(statements: Iterable[Prepared]) -> None:
    """Tell them to the open connection where it does not know them yet. A rollback does not take that back."""
    raw = connection.connection
    known = raw.__dict__.setdefault("prepared", set())
    for each in statements:
        if each.name not in known:
            # Past Django's cursor, which would count it as one of the request's statements.
            with connection.wrap_database_errors:
                raw.execute(f"PREPARE {each.name} AS {each.text}")
            known.add(each.name)
