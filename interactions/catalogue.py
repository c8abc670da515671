"""The catalogue of cases and resources, which fills itself from the interactions that name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import models, transaction
from django.db.models import Q

from interactions.domain.fact import Fact
from interactions.models import Case, Resource

Key = tuple[str, ...]
Told = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One half of the catalogue: a model, the fields of its key, and the facts it keeps of each entry."""

    model: type[models.Model]
    key: Key
    facts: Told

    def key_of(self, row: models.Model) -> Key:
        return tuple(getattr(row, name) for name in self.key)

    def stored(self, keys: Iterable[Key]) -> dict[Key, models.Model]:
        columns = zip(*keys, strict=True)
        named = Q(**{f"{name}__in": set(values) for name, values in zip(self.key, columns, strict=True)})
        return {self.key_of(row): row for row in self.model.objects.filter(named)}


_CASES = _Shelf(Case, ("case_id",), ("title", "specialty", "difficulty"))
_RESOURCES = _Shelf(Resource, ("resource_type", "resource_id"), ("name", "specialty", "difficulty"))

# What this process has entered already, so that the thousandth interaction of a case costs no query.
_entered: dict[tuple[type, Key, bool], tuple[Told, datetime]] = {}
_MOST_REMEMBERED = 20_000


def forget_catalogue() -> None:
    """Look everything up anew the next time."""
    _entered.clear()


def learn_from(facts: Iterable[Fact], *, trusted: bool) -> None:
    """Enter the cases and resources that facts name, and what they say about them.

    trusted   the simulator's own account, an admin or an import: what it says replaces what stands. A
              learner's own token only fills what is empty, so nobody can retitle a case for all others.
    """
    cases: dict[Key, dict[Told, datetime]] = {}
    resources: dict[Key, dict[Told, datetime]] = {}
    for fact in facts:
        if fact.case_id:
            told = fact.case_title, fact.specialty, fact.difficulty
            _note(cases, (fact.case_id,), told, fact.occurred_at)
        if fact.resource_id:
            told = fact.resource_name, fact.specialty, fact.difficulty
            _note(resources, (fact.resource_type, fact.resource_id), told, fact.occurred_at)
    for shelf, entries in ((_CASES, cases), (_RESOURCES, resources)):
        news = {key: told for key, told in entries.items() if not _is_entered(shelf, key, told, trusted)}
        if news:
            _enter(shelf, news, trusted)


def _note(entries: dict[Key, dict[Told, datetime]], key: Key, told: Told, moment: datetime) -> None:
    """Keep the earliest moment of each different thing said about an entry."""
    said = entries.setdefault(key, {})
    if told not in said or moment < said[told]:
        said[told] = moment


def _is_entered(shelf: _Shelf, key: Key, told: dict[Told, datetime], trusted: bool) -> bool:
    before = _entered.get((shelf.model, key, trusted))
    if before is None or len(told) > 1:
        return False
    ((said, moment),) = told.items()
    return said == before[0] and moment >= before[1]


def _enter(shelf: _Shelf, entries: dict[Key, dict[Told, datetime]], trusted: bool) -> None:
    stored = shelf.stored(entries)
    new, changed = [], []
    # In the order of keys, so that two batches never wait for each other in a circle.
    for key, told in sorted(entries.items()):
        row = stored.get(key)
        entry = row or shelf.model(**dict(zip(shelf.key, key, strict=True)), first_seen=min(told.values()))
        # In the order of time, so that of two titles in one batch the later stands.
        for said in sorted(told, key=told.get):
            if _update(entry, shelf, said, told[said], trusted) and row and row not in changed:
                changed.append(row)
        if row is None:
            new.append(entry)
    # Two batches may meet a case at the same moment: the first enters it, the second finds it next time.
    shelf.model.objects.bulk_create(new, ignore_conflicts=True)
    shelf.model.objects.bulk_update(changed, [*shelf.facts, "first_seen"])
    # Only what is really committed may be skipped later.
    transaction.on_commit(partial(_remember, shelf, entries, trusted))


def _remember(shelf: _Shelf, entries: dict[Key, dict[Told, datetime]], trusted: bool) -> None:
    if len(_entered) > _MOST_REMEMBERED:
        _entered.clear()
    for key, told in entries.items():
        last = max(told, key=told.get)
        _entered[shelf.model, key, trusted] = last, min(told.values())


def _update(entry: models.Model, shelf: _Shelf, said: Told, moment: datetime, trusted: bool) -> bool:
    """Put what was said into an entry; whether anything changed."""
    changed = False
    for name, value in zip(shelf.facts, said, strict=True):
        old = getattr(entry, name)
        if value and value != old and ((trusted and not entry.by_hand) or not old):
            setattr(entry, name, value)
            changed = True
    if moment < entry.first_seen:
        entry.first_seen = moment
        changed = True
    return changed
