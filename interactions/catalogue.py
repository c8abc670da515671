"""The catalogue of cases and resources, which fills itself from the interactions that name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q

from interactions.domain.fact import Facts
from interactions.domain.moments import moment_of
from interactions.models import Case, Resource

Key = tuple[str, ...]
Words = tuple[str, ...]
# The different things said about one entry, each with the earliest moment of it.
Told = dict[Words, datetime]
# What an entry keeps beside the facts.
_KEPT = ("first_seen", "confirmed")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One half of the catalogue: a model, the fields of its key, and the facts it keeps of each entry."""

    model: type[models.Model]
    key: Key
    facts: Words

    def key_of(self, row: models.Model) -> Key:
        return tuple(getattr(row, name) for name in self.key)

    def stored(self, keys: Iterable[Key], *, for_update: bool = False) -> dict[Key, models.Model]:
        """The entries of these keys, locked in the order of their keys where they are to be changed."""
        wanted = set(keys)
        columns = zip(*wanted, strict=True)
        named = Q(**{f"{name}__in": set(values) for name, values in zip(self.key, columns, strict=True)})
        rows = self.model.objects.filter(named)
        if for_update:
            rows = rows.select_for_update().order_by(*self.key)
        return {key: row for row in rows if (key := self.key_of(row)) in wanted}

    def new(self, key: Key, told: Told, trusted: bool) -> models.Model:
        entry = self.model(**dict(zip(self.key, key, strict=True)), first_seen=min(told.values()), confirmed=trusted)
        self.tell(entry, told, trusted)
        return entry

    def tell(self, entry: models.Model, told: Told, trusted: bool) -> bool:
        """Put what was told into an entry; whether anything changed."""
        before = [getattr(entry, name) for name in (*self.facts, *_KEPT)]
        # In the order of time, so that of two titles in one batch the later stands.
        for words in sorted(told, key=told.get):
            for name, value in zip(self.facts, words, strict=True):
                old = getattr(entry, name)
                if value and (not old or (trusted and not entry.by_hand)):
                    setattr(entry, name, value)
        entry.first_seen = min(entry.first_seen, *told.values())
        entry.confirmed = entry.confirmed or trusted
        return before != [getattr(entry, name) for name in (*self.facts, *_KEPT)]


_CASES = _Shelf(Case, ("case_id",), ("title", "specialty", "difficulty"))
_RESOURCES = _Shelf(Resource, ("resource_type", "resource_id"), ("name", "specialty", "difficulty"))


def learn_from(facts: Facts, *, trusted: bool) -> None:
    """Enter the cases and resources that facts name, and what they say about them.

    trusted   the simulator's own account, an admin or an import: what it says replaces what stands. A
              learner's own token only fills what is empty, so nobody can retitle a case for all others.
    """
    said = facts.specialty, facts.difficulty, facts.occurred_at.tolist()
    _enter(_CASES, _told(zip(facts.case_id, facts.case_title, *said, strict=True), 1), trusted)
    named = zip(facts.resource_type, facts.resource_id, facts.resource_name, *said, strict=True)
    _enter(_RESOURCES, _told(named, 2), trusted)


def _told(lines: Iterable[tuple], key_length: int) -> dict[Key, Told]:
    """What was said about each entry that is named, with the earliest moment of each different thing.

    lines   the entry's key, the words, and a moment in microseconds
    """
    earliest: dict[tuple, int] = {}
    for *words, moment in lines:
        words = tuple(words)
        if words[key_length - 1] and moment < earliest.get(words, moment + 1):
            earliest[words] = moment
    entries: dict[Key, Told] = {}
    for words, moment in earliest.items():
        entries.setdefault(words[:key_length], {})[words[key_length:]] = moment_of(moment)
    return entries


def _enter(shelf: _Shelf, entries: dict[Key, Told], trusted: bool) -> None:
    if not entries:
        return
    stored = shelf.stored(entries)
    # In the order of keys, here and below, so that two batches never wait for each other in a circle.
    new = [shelf.new(key, told, trusted) for key, told in sorted(entries.items()) if key not in stored]
    # Two batches may meet a case at the same moment: the first enters it, the second finds it next time.
    shelf.model.objects.bulk_create(new, ignore_conflicts=True)
    news = {key: entries[key] for key, row in stored.items() if shelf.tell(row, entries[key], trusted)}
    if news:
        # Most batches tell nothing new and lock nothing. What another batch changed meanwhile is read again.
        locked = shelf.stored(news, for_update=True)
        changed = [row for key, row in sorted(locked.items()) if shelf.tell(row, news[key], trusted)]
        shelf.model.objects.bulk_update(changed, [*shelf.facts, *_KEPT])
