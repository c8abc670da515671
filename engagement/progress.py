"""Counting progress: from stored interactions to what is kept of learners and items, a block at a time.

Interactions are taken in the order of their keys, which is the order of receipt, so counting on and counting anew
give the same. What was received within the last minutes waits: a writer that is slower than its neighbour must not
be passed over.
"""

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.statements import statement
from engagement.domain.elo import Ability, Estimate
from engagement.domain.progress import (
    CASE,
    RESOURCE,
    Catalogue,
    Item,
    ItemProgress,
    ItemStatistics,
    LearnerProgress,
    Practice,
    items_of,
    take_in,
)
from engagement.models import ItemStatistic, LearnerAbility, LearnerItem, ProgressMark
from interactions.models import Case, Resource, UserInteractionTrackingModel

BLOCK = 5000
# Longer than any transaction of the writer takes.
SETTLED = timedelta(minutes=5)
COLUMNS = (
    *("id", "user_id", "interaction_type", "case_id", "resource_type", "resource_id"),
    *("performance", "occurred_at", "received_at"),
)
STATISTICS = ("difficulty", "attempts", "openers", "uptake", "starts", "completions", "as_of", "used_at")
ITEM_KEY = ("kind", "resource_type", "item_id")
PROGRESS = ("first_at", "last_at", "attempts", "helps", "completed_at", "last_credit")
_NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Counted:
    interactions: int
    through: datetime | None


def count_progress(*, now: datetime, block: int = BLOCK, settled: timedelta = SETTLED) -> Counted:
    """Count what has come in since the last count, each block in a transaction of its own.

    settled   what was received less long ago waits; nothing of it where nobody else is writing
    """
    total = 0
    while done := _count_block(now - settled, block):
        total += done
    mark = ProgressMark.objects.first()
    return Counted(total, mark and mark.received_at)


@transaction.atomic
def forget_progress() -> None:
    """Empty what is counted, so that the next count starts from the first interaction."""
    for model in (LearnerItem, LearnerAbility, ItemStatistic, ProgressMark):
        model.objects.all().delete()


@transaction.atomic
def _count_block(until: datetime, block: int) -> int:
    mark = _locked_mark()
    rows = UserInteractionTrackingModel.objects.filter(pk__gt=mark.last_id or _NO_ID).order_by("pk")
    events = []
    for event in rows.values_list(*COLUMNS, named=True)[:block]:
        if event.received_at > until:
            break
        events.append(event)
    if not events:
        return 0
    told = [event for event in events if event.case_id or event.resource_id]
    items = {item for event in told for item in items_of(event)}
    catalogue = catalogue_of(items)
    learners = progress_of({event.user_id for event in told}, items)
    catalogue.statistics |= statistics_of({item for progress in learners.values() for item in progress.recent} - items)
    touched: dict[int, set[Item]] = {}
    for event in told:
        take_in(event, learners[event.user_id], catalogue)
        touched.setdefault(event.user_id, set()).update(items_of(event))
    _keep(learners, touched, catalogue)
    mark.last_id, mark.received_at = events[-1].id, events[-1].received_at
    mark.save()
    return len(events)


def _locked_mark() -> ProgressMark:
    ProgressMark.objects.get_or_create(pk=1)
    return ProgressMark.objects.select_for_update().get(pk=1)


def catalogue_of(items: Collection[Item]) -> Catalogue:
    """What is known of these items, and of every case what the scale takes (4 queries)."""
    resources = Resource.objects.filter(resource_id__in={item.id for item in items if item.kind == RESOURCE})
    catalogue = catalogue_of_cases()
    catalogue.statistics |= statistics_of(items)
    for resource in resources:
        item = Item(RESOURCE, resource.resource_type, resource.resource_id)
        catalogue.enter(item, resource.specialty, resource.difficulty)
    return catalogue


def catalogue_of_cases(*, counted: bool = True) -> Catalogue:
    """Every case with what is counted of it, but not what followed it (2 queries); or as before the first count (1)."""
    catalogue = Catalogue(statistics=statistics_of(None, kind=CASE) if counted else {})
    for case_id, *words in Case.objects.values_list("case_id", "specialty", "difficulty"):
        catalogue.enter(Item(CASE, "", case_id), *words)
    return catalogue


@statement
def _all_statistics(kind) -> QuerySet:
    rows = ItemStatistic.objects.filter(kind=kind) if kind else ItemStatistic.objects.all()
    return rows.values_list(*ITEM_KEY, *STATISTICS)


def statistics_of(items: Collection[Item] | None, kind: str | None = None) -> dict[Item, ItemStatistics]:
    """Statistics of these items; None: of all (or of one kind), without what followed them (1 query)."""
    if items is None:
        rows = [(*row, ()) for row in _all_statistics(kind)]
    else:
        rows = ItemStatistic.objects.filter(item_id__in={item.id for item in items})
        rows = rows.values_list(*ITEM_KEY, *STATISTICS, "followers")
    return {
        Item(kind, resource_type, item_id): ItemStatistics(
            Estimate(difficulty, attempts), *sums, {Item(*key): weight for *key, weight in followers}, as_of, used_at
        )
        for kind, resource_type, item_id, difficulty, attempts, *sums, as_of, used_at, followers in rows
    }


def progress_of(learners: Iterable[int], items: Collection[Item] | None = None) -> dict[int, LearnerProgress]:
    """What is counted of learners, by key, with these items or with all (2 queries)."""
    found = {learner: LearnerProgress() for learner in learners}
    for user, general, attempts, specialties, recent in _abilities(list(found)):
        progress = found[user]
        progress.ability.general = Estimate(general, attempts)
        for specialty, (value, attempts_in, passes, failures, last_at) in specialties.items():
            progress.ability.specialties[specialty] = Estimate(value, attempts_in)
            last = last_at and datetime.fromisoformat(last_at)
            progress.practice[specialty] = Practice(passes, failures, last)
        progress.recent = [Item(*key) for key in recent]
    if items is None:
        rows = _items(list(found))
    else:
        rows = LearnerItem.objects.filter(user__in=found, item_id__in={item.id for item in items})
        rows = rows.values_list("user", *ITEM_KEY, *PROGRESS)
    for user, *key_and_progress in rows:
        key, progress = key_and_progress[:3], key_and_progress[3:]
        found[user].items[Item(*key)] = ItemProgress(*progress)
    return found


@statement
def _abilities(learners) -> QuerySet:
    rows = LearnerAbility.objects.filter(user__among=learners)
    return rows.values_list("user", "general", "attempts", "specialties", "recent")


@statement
def _items(learners) -> QuerySet:
    # Values, not models: a busy learner has opened hundreds.
    return LearnerItem.objects.filter(user__among=learners).values_list("user", *ITEM_KEY, *PROGRESS)


def abilities_of(learners: Iterable[int]) -> dict[int, Ability]:
    """What learners can do as far as it is counted, by key (1 query)."""
    found = {learner: Ability() for learner in learners}
    for row in LearnerAbility.objects.filter(user__in=found).only("user_id", "general", "attempts", "specialties"):
        found[row.user_id] = Ability(
            Estimate(row.general, row.attempts),
            {specialty: Estimate(value, attempts) for specialty, (value, attempts, *_) in row.specialties.items()},
        )
    return found


def _keep(learners: dict[int, LearnerProgress], touched: dict[int, set[Item]], catalogue: Catalogue) -> None:
    LearnerItem.objects.bulk_create(
        [
            LearnerItem(
                user_id=user,
                kind=item.kind,
                resource_type=item.resource_type,
                item_id=item.id,
                first_at=progress.first_at,
                last_at=progress.last_at,
                attempts=progress.attempts,
                helps=progress.helps,
                completed_at=progress.completed_at,
                last_credit=progress.last_credit,
            )
            for user, items in touched.items()
            for item in items
            if (progress := learners[user].items.get(item)) is not None
        ],
        batch_size=BLOCK,
        update_conflicts=True,
        unique_fields=["user", *ITEM_KEY],
        update_fields=PROGRESS,
    )
    LearnerAbility.objects.bulk_create(
        [
            LearnerAbility(
                user_id=user,
                general=progress.ability.general.value,
                attempts=progress.ability.general.attempts,
                specialties={
                    specialty: (*astuple(estimate), *_practice(progress.practice.get(specialty)))
                    for specialty, estimate in progress.ability.specialties.items()
                },
                recent=progress.recent,
            )
            for user, progress in learners.items()
        ],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["general", "attempts", "specialties", "recent"],
    )
    ItemStatistic.objects.bulk_create(
        [
            ItemStatistic(
                kind=item.kind,
                resource_type=item.resource_type,
                item_id=item.id,
                difficulty=statistics.difficulty.value,
                attempts=statistics.difficulty.attempts,
                openers=statistics.openers,
                uptake=statistics.uptake,
                starts=statistics.starts,
                completions=statistics.completions,
                followers=[(*key, weight) for key, weight in statistics.followers.items()],
                as_of=statistics.as_of,
                used_at=statistics.used_at,
            )
            for item in catalogue.touched
            for statistics in [catalogue.statistics[item]]
        ],
        update_conflicts=True,
        unique_fields=ITEM_KEY,
        update_fields=[*STATISTICS, "followers"],
    )


def _practice(practice: Practice | None) -> tuple[int, int, str | None]:
    if practice is None:
        return 0, 0, None
    return practice.passes, practice.failures, practice.last_at and practice.last_at.isoformat()
