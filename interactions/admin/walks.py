"""Looking for a page of rows along an index, in bounded work however many rows there are.

A walk is a set of rows that one index gives in order: the whole log by time, one learner's rows, one case's.
Conditions that no index serves (level, clock flag, …) are tried on a bounded number of rows, a window; the
page then says how far it looked and links to where it stopped. So a filter that matches nothing costs as
much as one that matches everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from interactions.admin.probes import ask

# Rows looked at for one page. Along the whole log neighbours lie together, dozens to a disk page.
WINDOW = 50_000
# Along one learner or case each row lies on a page of its own, which a cold cache must fetch.
SCATTERED_WINDOW = 4_000
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
        """The key that `str()` of one wrote. Raises ValidationError or OverflowError for others."""
        value, separator, pk = text.partition("~")
        meta = model._meta
        value = meta.get_field(along).to_python(value)
        if not separator or value is None:
            raise ValidationError("This is no place in the list.")
        if isinstance(value, datetime):
            # A time without a zone would be read in whichever zone the server has.
            if value.tzinfo is None:
                raise ValidationError("A place in time needs its zone.")
            value = value.astimezone(UTC)
        return cls(value, meta.pk.to_python(pk) if pk else None)

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
    window       how many rows were looked at, at most
    looked_until the value at which the window ended, None when the walks were looked through to their end
    """

    rows: Sequence[models.Model] = ()
    more: bool = False
    window: int = 0
    looked_until: Any = None


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
    window, looked_until = SCATTERED_WINDOW if any(walks) else WINDOW, None
    if paths and (narrow is not None or len(paths) > 1):
        depth = size + 1 if narrow is None else window // len(paths)
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
    return Found(found[:size], len(found) > size, window, looked_until)


def _first(rows: models.QuerySet, paths: list[models.QuerySet], order: Order, count: int) -> list[models.Model]:
    if not paths:
        return []
    pk = rows.model._meta.pk.name
    # Keys first, then the rows by key with what belongs to them: with a join to the learners in it, SQLite would
    # begin at the learners and sort the whole log.
    keys = [path.order_by().select_related(None).values_list(pk, order.along) for path in paths]
    # One arm each, not one condition over all: "user in (…) order by time" invites a plan that walks the whole
    # log by time past everybody else's rows.
    arms = keys[0].union(*keys[1:]) if len(keys) > 1 else keys[0]
    ids = [key for key, _ in arms.order_by(*(term.replace("pk", pk) for term in order.terms))[:count]]
    found = rows.in_bulk(ids)
    # Between the two queries retention may have deleted one.
    return [found[key] for key in ids if key in found]
