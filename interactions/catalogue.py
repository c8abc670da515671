"""The catalogue of cases and resources, which fills itself from the interactions that name them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import models
from django.db.models import Q

from interactions.domain.fact import Facts
from interactions.domain.moments import in_utc, moment_of
from interactions.domain.telling import Telling
from interactions.models import Case, Resource
from interactions.storage import Question, Rows, rows_asked

Key = tuple[str, ...]
Words = tuple[str, ...]
# The different things said about one entry (the words, and whether they are trusted), each with its earliest moment.
Told = dict[Words, datetime]
# What an entry keeps beside the facts.
_KEPT = ("first_seen", "confirmed")
_READ = ("first_seen", "by_hand", "confirmed")


@dataclass(slots=True)
class _Entry:
    """What stands about one case or resource, as far as interactions can change it.

    confirmed   whether anybody but learners' own tokens has named it
    """

    words: list[str]
    first_seen: datetime
    by_hand: bool = False
    confirmed: bool = False
    pk: int | None = None

    def _with(self, line: tuple) -> list[str]:
        *words, trusted = line
        replaces = trusted and not self.by_hand
        return [new if new and (replaces or not old) else old for old, new in zip(self.words, words, strict=True)]

    def would_change(self, line: tuple) -> bool:
        """Whether words, and whether they are trusted, say anything new."""
        return self._with(line) != self.words or (line[-1] and not self.confirmed)

    def hear(self, told: Told) -> bool:
        """Take in what was told; whether anything changed."""
        before = [*self.words, self.first_seen, self.confirmed]
        # In the order of time, so that of two titles in one batch the later stands.
        for line in sorted(told, key=told.get):
            self.words = self._with(line)
            self.confirmed = self.confirmed or bool(line[-1])
        self.first_seen = min(self.first_seen, *told.values())
        return before != [*self.words, self.first_seen, self.confirmed]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One half of the catalogue: a model, the fields of its key, and the facts it keeps of each entry."""

    model: type[models.Model]
    key: Key
    facts: Words

    def asked(self, keys: set[Key]) -> Question:
        """The entries of these keys, and some that share only half of one."""
        names = (*self.key, *self.facts, *_READ, "id")
        return rows_asked(self.model._meta.db_table, names, self.key[-1], {key[-1] for key in keys})

    def entries(self, rows: Iterable[tuple]) -> dict[Key, _Entry]:
        end = len(self.key)
        return {
            tuple(words[:end]): _Entry(words[end:], in_utc(first_seen), bool(by_hand), bool(confirmed), pk)
            for *words, first_seen, by_hand, confirmed, pk in rows
        }

    def locked(self, keys: Iterable[Key]) -> dict[Key, _Entry]:
        """The entries of these keys, locked until the commit in the order of keys."""
        wanted = set(keys)
        columns = zip(*wanted, strict=True)
        named = Q(**{f"{name}__in": set(values) for name, values in zip(self.key, columns, strict=True)})
        rows = self.model.objects.filter(named).select_for_update().order_by(*self.key)
        found = self.entries(rows.values_list(*self.key, *self.facts, *_READ, "pk"))
        return {key: entry for key, entry in found.items() if key in wanted}

    def row(self, key: Key, entry: _Entry) -> models.Model:
        named = zip((*self.key, *self.facts), (*key, *entry.words), strict=True)
        return self.model(pk=entry.pk, first_seen=entry.first_seen, confirmed=entry.confirmed, **dict(named))


_CASES = _Shelf(Case, ("case_id",), ("title", "specialty", "difficulty"))
_RESOURCES = _Shelf(Resource, ("resource_type", "resource_id"), ("name", "specialty", "difficulty"))


def catalogue_asked(telling: Telling) -> list[Question | None]:
    """What is known of the cases and of the resources that interactions name, for `learn_from`."""
    cases = {key for key in zip(set(telling.case_id), strict=True) if key[0]}
    resources = {key for key in set(zip(telling.resource_type, telling.resource_id, strict=True)) if key[1]}
    return [shelf.asked(keys) if keys else None for shelf, keys in ((_CASES, cases), (_RESOURCES, resources))]


def learn_from(facts: Facts, trusted: Sequence[bool], known: Sequence[Rows | None]) -> None:
    """Enter the cases and resources that facts name, and what they say about them.

    trusted   of each fact, whether it comes from the simulator's own account, an admin or an import: what
              these say replaces what stands. A learner's own token only fills what is empty, so nobody can
              retitle a case for all others.
    known     the answers to `catalogue_asked`
    """
    cases, resources = known
    said, moments = (facts.specialty, facts.difficulty, trusted), facts.occurred_at
    if cases is not None:
        _hear(_CASES, cases, moments, facts.case_id, facts.case_title, *said)
    if resources is not None:
        _hear(_RESOURCES, resources, moments, facts.resource_type, facts.resource_id, facts.resource_name, *said)


def _hear(shelf: _Shelf, rows: list[tuple], moments: np.ndarray, *columns: Sequence) -> None:
    """Take in what was said about the entries of a shelf: its key, the words, whether they are trusted."""
    stored, end = shelf.entries(rows), len(shelf.key)
    first = moment_of(int(moments.min()))
    # Most batches say what is known, about what was seen before. Only the others are gone through line by line.
    if not all(
        (entry := stored.get(line[:end])) and entry.first_seen <= first and not entry.would_change(line[end:])
        for line in set(zip(*columns, strict=True))
        if line[end - 1]
    ):
        _enter(shelf, stored, _told(end, *columns, moments.tolist()))


def _told(key_length: int, *columns: Sequence) -> dict[Key, Told]:
    """What was said about each entry that is named, with the earliest moment of each different thing.

    columns   the entry's key, the words, whether they are trusted, and the moment in microseconds
    """
    moments = columns[-1]
    earliest: dict[tuple, int] = {}
    for words, moment in zip(zip(*columns[:-1], strict=True), moments, strict=True):
        if moment < earliest.get(words, moment + 1):
            earliest[words] = moment
    entries: dict[Key, Told] = {}
    for words, moment in earliest.items():
        if words[key_length - 1]:
            entries.setdefault(words[:key_length], {})[words[key_length:]] = moment_of(moment)
    return entries


def _enter(shelf: _Shelf, stored: dict[Key, _Entry], entries: dict[Key, Told]) -> None:
    # In the order of keys, here and below, so that two batches never wait for each other in a circle.
    new = []
    for key, told in sorted(entries.items()):
        if key not in stored:
            entry = _Entry([""] * len(shelf.facts), min(told.values()))
            entry.hear(told)
            new.append(shelf.row(key, entry))
    if new:
        # Two batches may meet a case at the same moment: the first enters it, the second finds it next time.
        shelf.model.objects.bulk_create(new, ignore_conflicts=True)
    news = {key: entries[key] for key, entry in stored.items() if key in entries and entry.hear(entries[key])}
    if news:
        # Most batches tell nothing new and lock nothing. What another batch changed meanwhile is read again.
        locked = sorted(shelf.locked(news).items())
        changed = [shelf.row(key, entry) for key, entry in locked if entry.hear(news[key])]
        shelf.model.objects.bulk_update(changed, [*shelf.facts, *_KEPT])
