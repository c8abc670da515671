"""Finding a learner by name or id among those one may see."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import Cohort, Enrolment, User

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A learner and the cohorts of today in which the viewer may see him."""

    learner: User
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """found: at most MOST_FOUND of `total`, by name."""

    found: list[Found]
    total: int


def folded(text: str) -> str:
    """As one types in a hurry: without case and accents, so that `kovac` finds Kovač."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ł", "l").replace("ø", "o")


def learners_matching(words: str, *, viewer: User, today: date) -> SearchResult:
    """Learners whose name or id holds all the words, in any order (3 queries).

    The comparison is made here and not by the database, for SQLite knows no capitals beyond ASCII.
    """
    wanted = folded(words).split()
    if not wanted:
        return SearchResult([], 0)
    visible = User.objects.learners().visible_to(viewer, today).values_list("pk", "name", "public_id")
    matching = sorted(
        (folded(name or public_id), pk)
        for pk, name, public_id in visible
        if all(word in folded(f"{name} {public_id}") for word in wanted)
    )
    keys = [pk for _, pk in matching[:MOST_FOUND]]
    learners = User.objects.in_bulk(keys)
    cohorts = _cohorts_of(keys, viewer, today)
    return SearchResult([Found(learners[key], tuple(cohorts.get(key, ()))) for key in keys], len(matching))


def _cohorts_of(keys: Iterable[int], viewer: User, today: date) -> dict[int, list[Cohort]]:
    rows = (
        Enrolment.objects.current(today)
        .filter(learner__in=list(keys), cohort__in=Cohort.objects.visible_to(viewer).values("pk"))
        .select_related("cohort")
        .order_by("cohort__name", "cohort__pk")
    )
    found: dict[int, list[Cohort]] = {}
    for row in rows:
        cohorts = found.setdefault(row.learner_id, [])
        if row.cohort not in cohorts:
            cohorts.append(row.cohort)
    return found
