"""Looking for a page of rows along an index, in bounded work however many rows there are.

A walk is a set of rows that one index gives in order: the whole log by time, one learner's rows, one case's.
Conditions that no index serves (level, clock flag, …) are tried on at most `WINDOW` rows of the walks; the
page then says how far it looked and links to where it stopped. So a filter that matches nothing costs as
much as one that matches everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from interactions.admin.probes import ask

# Rows looked at for one page; some 100 ms on a warm cache.
WINDOW = 50_000
# Each walk costs a probe or two of its own; more learners or cases than this are not followed one by one.
MOST_WALKS = 25


class Key(NamedTuple):
    """A place in a list: the value it is sorted by, and the primary key of the row, which breaks ties.

    Without a primary key it stands behind all rows of that value.
    """

    value: Any
    pk: Any = None

    @classmethod
    def read(cls, text: str, model: type[models.Model], along: str) -> Self:
        """The key that `str()` of one wrote. Raises ValidationError for anything else."""
        value, separator, pk = text.partition("~")
        meta = model._meta
        key = cls(meta.get_field(along).to_python(value), meta.pk.to_python(pk) if pk else None)
        # A time without a zone would be read in whichever zone the server has.
        if not separator or key.value is None or getattr(key.value, "tzinfo", True) is None:
            raise ValidationError("This is no place in the list.")
        return key

    def __str__(self) -> str:
        value = self.value.isoformat() if hasattr(self.value, "isoformat") else self.value
        return f"{value}~{'' if self.pk is None else self.pk}"


@dataclass(frozen=True)
class Order:
    """A direction along a field: newest first, or (looking back up the list) oldest first."""

    along: str
    newest_first: bool = True

    @property
    def terms(self) -> tuple[str, str]:
        sign = "-" if self.newest_first else ""
        return f"{sign}{self.along}", f"{sign}pk"

    def beyond(self, key: Key) -> Q:
        """Rows that come after `key` in this order."""
        past, up_to = ("lt", "lte") if self.newest_first else ("gt", "gte")
        strictly = Q(**{f"{self.along}__{past}": key.value})
        if key.pk is None:
            return strictly
        # The first condition alone is what an index range can use.
        return Q(**{f"{self.along}__{up_to}": key.value}) & (strictly | Q(**{f"pk__{past}": key.pk}))

    def not_beyond(self, value: Any) -> Q:
        return Q(**{f"{self.along}__{'gte' if self.newest_first else 'lte'}": value})

    def nearest(self, values: list[Any]) -> Any:
        """The one met first in this order; None where there is none."""
        return (max if self.newest_first else min)(values, default=None)

    def key_of(self, row: models.Model) -> Key:
        return Key(getattr(row, self.along), row.pk)


@dataclass(frozen=True)
class Found:
    """A page of rows in the asked order, and where the search went.

    more         whether rows follow that are known to match
    looked_until the value at which the window ended, None when the walks were looked through to their end
    """

    rows: list[models.Model]
    more: bool
    looked_until: Any


def look_for_page(
    viewer: User,
    rows: models.QuerySet,
    walks: Sequence[Q],
    narrow: Callable[[models.QuerySet], models.QuerySet] | None,
    order: Order,
    after: Key | None,
    size: int,
) -> Found:
    """The next `size` of `rows` that lie on any of `walks` and pass `narrow`. At most 3 queries.

    walks   equalities on an index's leading columns, or Q() for all rows
    narrow  applies the conditions that no index serves; None: there are none
    """
    paths = [rows.filter(walk) for walk in walks]
    if after is not None:
        paths = [path.filter(order.beyond(after)) for path in paths]
    looked_until = None
    if paths and (narrow is not None or len(paths) > 1):
        depth = size + 1 if narrow is None else WINDOW // len(paths)
        along = order.terms[0]
        ends = ask(viewer, *(path.order_by(along).values(order.along)[depth - 1 : depth] for path in paths))
        # The nearest of the ends: up to there every path has been looked through.
        looked_until = order.nearest([end for end in ends if end is not None])
        if looked_until is not None:
            # A range of the index, not a LIMIT inside a LIMIT: it streams, and no plan can leave it.
            paths = [path.filter(order.not_beyond(looked_until)) for path in paths]
    if narrow is not None:
        paths = [narrow(path) for path in paths]
    found = _first(rows, paths, order, size + 1)
    return Found(found[:size], len(found) > size, looked_until)


def _first(rows: models.QuerySet, paths: list[models.QuerySet], order: Order, count: int) -> list[models.Model]:
    if not paths:
        return []
    if len(paths) == 1:
        return list(paths[0].order_by(*order.terms)[:count])
    # One arm each, not one condition over all: "user in (…) order by time" invites a plan that walks the whole
    # log by time past everybody else's rows.
    pk = rows.model._meta.pk.name
    arms = [path.order_by().select_related(None).values_list(pk, order.along) for path in paths]
    keys = arms[0].union(*arms[1:]).order_by(*(term.replace("pk", pk) for term in order.terms))[:count]
    ids = [key for key, _ in keys]
    found = rows.in_bulk(ids)
    # Between the two queries retention may have deleted one.
    return [found[key] for key in ids if key in found]
