"""How many different cases learners have completed since a day of theirs, from what is kept of each and its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case as CaseOf
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When

from accounts.calendar import day_start
from engagement.domain.progress import CASE
from engagement.models import LearnerItem, ProgressMark
from interactions.domain.attempts import COMPLETE
from interactions.models import Case, UserInteractionTrackingModel
from interactions.recount import stable_snapshot

# Interactions behind the mark that a reader goes through himself; more wait for `count_progress`.
MOST_UNCOUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Completions:
    """cases    by learner's key: different cases completed, by specialty in small letters, "" for all not asked for
    through  None: through now; else until when completions are counted, where much waits to be counted
    """

    cases: dict[int, dict[str, int]]
    through: datetime | None = None

    def total(self, learner: int) -> int:
        return sum(self.cases.get(learner, {}).values())

    def in_specialty(self, specialty: str) -> dict[int, int]:
        """By learner's key, of those with any."""
        name = specialty.casefold()
        return {learner: cases[name] for learner, cases in self.cases.items() if name in cases}

    def of(self, learner: int, specialty: str) -> int:
        return self.cases.get(learner, {}).get(specialty.casefold(), 0)


def completions_since(since: Mapping[int, date], specialties: tuple[str, ...] = ()) -> Completions | None:
    """Cases completed by each learner (key) since a day of his (6 queries at most).

    specialties   to tell apart, as the catalogue writes them but for case
    None          nothing is counted yet, and there is too much to count it here
    """
    with stable_snapshot():
        mark = ProgressMark.objects.first()
        is_counted = mark is not None and mark.last_id is not None
        behind = UserInteractionTrackingModel.objects.order_by("pk")
        if is_counted:
            behind = behind.filter(pk__gt=mark.last_id)
        is_much = behind.values("pk")[MOST_UNCOUNTED : MOST_UNCOUNTED + 1].exists()
        if is_much and not is_counted:
            return None
        named = _cases_by_specialty(specialties)
        found = _counted(since, named)
        if is_much:
            return Completions(found, mark.received_at)
        for learner, case in _uncounted(behind, since):
            of_learner = found.setdefault(learner, {})
            specialty = next((name for name, cases in named.items() if case in cases), "")
            of_learner[specialty] = of_learner.get(specialty, 0) + 1
        return Completions(found)


def _cases_by_specialty(specialties: tuple[str, ...]) -> dict[str, set[str]]:
    """Cases of the catalogue by specialty asked for (1 query; none without any)."""
    if not specialties:
        return {}
    found: dict[str, set[str]] = {name.casefold(): set() for name in specialties}
    for case, specialty in Case.objects.exclude(specialty="").values_list("case_id", "specialty"):
        if (name := specialty.casefold()) in found:
            found[name].add(case)
    return found


def _counted(since: Mapping[int, date], named: dict[str, set[str]]) -> dict[int, dict[str, int]]:
    """What is kept of learners and cases, added up by the database (1 query)."""
    names = ["", *named]
    which = CaseOf(
        *(When(item_id__in=cases, then=Value(place)) for place, cases in enumerate(named.values(), 1) if cases),
        default=Value(0),
        output_field=IntegerField(),
    )
    rows = LearnerItem.objects.filter(_since(since, "completed_at"), kind=CASE).annotate(which=which)
    found: dict[int, dict[str, int]] = {}
    for learner, place, n in rows.values("user", "which").annotate(n=Count("pk")).values_list("user", "which", "n"):
        found.setdefault(learner, {})[names[place]] = n
    return found


def _since(since: Mapping[int, date], field: str) -> Q:
    """Rows of each learner from his day on: learners who began together are one condition."""
    together: dict[date, list[int]] = {}
    for learner, day in since.items():
        together.setdefault(day, []).append(learner)
    parts = [Q(user__among=learners, **{f"{field}__gte": day_start(day)}) for day, learners in sorted(together.items())]
    return Q(*parts, _connector=Q.OR) if parts else Q(pk__in=[])


def _uncounted(behind: QuerySet, since: Mapping[int, date]) -> set[tuple[int, str]]:
    """Learner and case of each completion behind the mark that is not counted already (2 queries)."""
    starts = {day: day_start(day) for day in set(since.values())}
    first = {learner: starts[day] for learner, day in since.items()}
    rows = behind.filter(user__among=first, interaction_type=COMPLETE).exclude(case_id="").order_by()
    told = rows.values_list("user", "case_id", "occurred_at")
    pairs = {(learner, case) for learner, case, moment in told if moment >= first[learner]}
    if not pairs:
        return pairs
    known = LearnerItem.objects.filter(
        _since(since, "completed_at"), kind=CASE, item_id__in={case for _, case in pairs}
    )
    return pairs.difference(known.values_list("user", "item_id"))
