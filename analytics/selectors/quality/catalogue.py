"""Where simulators call a case or a resource otherwise than the catalogue does, and what people changed in it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Q

from interactions.models import Case, Resource, UserInteractionTrackingModel

# The newest interactions that are compared, along the primary key; and how long changes by hand are told.
COMPARED = 2_000
CHANGES_FOR = timedelta(days=28)
MOST_CHANGES, MOST_TOLD = 20, 50
CASE, RESOURCE = "case", "resource"
_CASE_FIELDS = ("title", "specialty", "difficulty")
_RESOURCE_FIELDS = ("name", "specialty", "difficulty")


@dataclass(frozen=True, slots=True)
class ToldOtherwise:
    """kind     case or resource
    pk       of the catalogue's entry
    field    title, name, specialty, difficulty
    stands   in the catalogue; `told`: by `times` of the newest interactions
    by_hand  an admin's words stand
    """

    kind: str
    pk: int
    key: str
    field: str
    stands: str
    told: str
    times: int
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A change by hand. what: Django's own sentence."""

    at: datetime
    who: str
    entry: str
    what: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """unconfirmed  named by learners' own tokens alone
    bare         cases without a specialty or without a difficulty
    compared     how many of the newest interactions were compared
    """

    cases: int
    unconfirmed: int
    bare: int
    compared: int
    told_otherwise: tuple[ToldOtherwise, ...]
    changes: tuple[Change, ...]


def catalogue_quality(*, now: datetime) -> Catalogue:
    """5 queries, however large the log and the catalogue are."""
    newest = UserInteractionTrackingModel.objects.order_by("-id")
    rows = list(
        newest.values_list(
            *("case_id", "case_title", "specialty", "difficulty", "resource_type", "resource_id", "resource_name")
        )[:COMPARED]
    )
    cases = Counter((row[0], *row[1:4]) for row in rows if row[0])
    resources = Counter((row[4], row[5], row[6], *row[2:4]) for row in rows if row[5])
    found = [*_cases_told_otherwise(cases), *_resources_told_otherwise(resources)]
    numbers = Case.objects.aggregate(
        all=Count("pk"),
        unconfirmed=Count("pk", filter=Q(confirmed=False)),
        bare=Count("pk", filter=Q(specialty="") | Q(difficulty="")),
    )
    return Catalogue(
        cases=numbers["all"],
        unconfirmed=numbers["unconfirmed"],
        bare=numbers["bare"],
        compared=len(rows),
        told_otherwise=tuple(sorted(found, key=lambda one: (-one.times, one.kind, one.key, one.field))[:MOST_TOLD]),
        changes=tuple(_changes(now)),
    )


def _cases_told_otherwise(told: Counter) -> Iterable[ToldOtherwise]:
    entries = Case.objects.filter(case_id__in={key for key, *_ in told})
    said = {((key,), tuple(words)): times for (key, *words), times in told.items()}
    return _compared(CASE, _CASE_FIELDS, said, {(entry.case_id,): entry for entry in entries})


def _resources_told_otherwise(told: Counter) -> Iterable[ToldOtherwise]:
    entries = Resource.objects.filter(resource_id__in={key for _, key, *_ in told})
    said = {((kind, key), tuple(words)): times for (kind, key, *words), times in told.items()}
    return _compared(
        RESOURCE, _RESOURCE_FIELDS, said, {(each.resource_type, each.resource_id): each for each in entries}
    )


def _compared(kind: str, names: tuple[str, ...], told: dict, entries: dict) -> Iterable[ToldOtherwise]:
    others: Counter = Counter()
    for (key, words), times in told.items():
        entry = entries.get(key)
        for name, word in zip(names, words, strict=True):
            if entry is not None and word and word != getattr(entry, name):
                others[key, name, word] += times
    for (key, name, word), times in others.items():
        entry = entries[key]
        yield ToldOtherwise(kind, entry.pk, key[-1], name, getattr(entry, name), word, times, entry.by_hand)


def _changes(now: datetime) -> Iterable[Change]:
    entries = LogEntry.objects.filter(
        content_type__app_label="interactions",
        content_type__model__in=(CASE, RESOURCE),
        action_time__gte=now - CHANGES_FOR,
    )
    for entry in entries.select_related("user").order_by("-action_time")[:MOST_CHANGES]:
        who = entry.user.name or entry.user.username
        yield Change(entry.action_time, who, entry.object_repr, entry.get_change_message())
