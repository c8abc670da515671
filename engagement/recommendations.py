"""What a learner may do next, why, and by which figures (docs/recommendations.md)."""

import logging
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from operator import attrgetter

from django.db.models import QuerySet

from accounts.calendar import local_day
from accounts.models import User
from accounts.statements import statement
from engagement.domain.elo import Mastery, Scale, mastery_of
from engagement.domain.insufficient import Insufficient
from engagement.domain.progress import CASE, RESOURCE, Catalogue, Item, LearnerProgress, take_in
from engagement.domain.recommending import choose
from engagement.models import ProgressMark
from engagement.progress import COLUMNS, progress_of, statistics_of
from engagement.ranking import Entry, Ranking, Recommendation
from interactions.models import Case, Resource, UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.recount import stable_snapshot
from interactions.windows import Window

VERSION = "rec-1"
MOST, DEFAULT = 20, 5
# Interactions of one learner that were not counted yet are folded in when asked: so many, so old at most.
UNCOUNTED, UNCOUNTED_AGE = 500, timedelta(days=30)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recommendations:
    """missing   what it takes to leave the cold start; None where the list is personal
    mastery   of each specialty in which enough was scored
    scale     that it is measured on
    scored    scored attempts ever
    progress  what the list was made of: the learner's abilities and practice, the last minutes included
    """

    learner: User
    window: Window
    complete_through: datetime
    policy_version: str
    items: list[Recommendation]
    missing: Insufficient | None
    mastery: dict[str, Mastery]
    scale: Scale
    scored: int
    progress: LearnerProgress


def recommendations(
    learner: User, *, window: Window, limit: int = DEFAULT, now: datetime, seed: int | None = None
) -> Recommendations:
    """Next cases and resources, best first (8 queries, whatever the learner has done).

    window   what was opened in it is no longer new; what was opened before it, by half
    seed     of the place that is drawn by lot; by default the learner's of the day, so a day's list stays
    """
    book, day = policy_book(), local_day(now)
    with stable_snapshot():
        entries = list(_entries())
        catalogue = Catalogue(statistics=statistics_of(None))
        for entry in entries:
            catalogue.enter(entry.item, entry.specialty, entry.difficulty)
        catalogue.hearsay = {entry.item for entry in entries if not entry.confirmed}
        progress = progress_of([learner.pk])[learner.pk]
        _take_in_uncounted(learner, progress, catalogue)
    scale = catalogue.scale(now)
    ranking = Ranking(progress, catalogue, scale, window.start, now)
    candidates = ranking.candidates((entry.item for entry in entries if not entry.stray), limit)
    if seed is None:
        seed = int.from_bytes(blake2b(f"{VERSION}|{learner.pk}|{day}".encode(), digest_size=8).digest())
    by_item = {entry.item: entry for entry in entries}
    chosen = choose(candidates, limit=limit, seed=seed)
    for choice in chosen:
        if choice.propensity is not None:
            item = choice.candidate.item
            log.debug("drawn by lot: learner %s, %s, propensity %.4f, %s", learner.pk, item, choice.propensity, VERSION)
    return Recommendations(
        learner=learner,
        window=window,
        complete_through=now,
        policy_version=book.on(day).version,
        items=[ranking.recommendation(choice, by_item[choice.candidate.item]) for choice in chosen],
        missing=ranking.missing,
        mastery={
            specialty: found
            for specialty in progress.ability.specialties
            if isinstance(found := mastery_of(progress.ability, specialty, scale), Mastery)
        },
        scale=scale,
        scored=progress.ability.general.attempts,
        progress=progress,
    )


def _entries() -> Iterator[Entry]:
    """The catalogue (2 queries)."""
    for case_id, title, *told in _cases():
        yield Entry(Item(CASE, "", case_id), title, *told)
    for kind, resource_id, name, *told in _resources():
        yield Entry(Item(RESOURCE, kind, resource_id), name, *told)


_TOLD = ("specialty", "difficulty", "confirmed")


@statement
def _cases() -> QuerySet:
    return Case.objects.values_list("case_id", "title", *_TOLD)


@statement
def _resources() -> QuerySet:
    return Resource.objects.values_list("resource_type", "resource_id", "name", *_TOLD)


def _take_in_uncounted(learner: User, progress: LearnerProgress, catalogue: Catalogue) -> None:
    """Fold what the learner did since the last count, so that a case done a minute ago is known (3 queries)."""
    [(last_id, received_at)] = _mark() or [(None, None)]
    since = None if last_id is None else received_at - UNCOUNTED_AGE
    newest = sorted(map(_Uncounted._make, _uncounted(learner.pk, last_id, since)), key=attrgetter("id"))
    catalogue.statistics |= statistics_of(progress.recent)
    for event in newest:
        take_in(event, progress, catalogue)


_Uncounted = namedtuple("_Uncounted", COLUMNS)


@statement
def _mark() -> QuerySet:
    return ProgressMark.objects.values_list("last_id", "received_at")[:1]


@statement
def _uncounted(learner, last_id, since) -> QuerySet:
    rows = UserInteractionTrackingModel.objects.filter(user=learner).within(since, None).newest_first()
    return (rows if last_id is None else rows.filter(pk__gt=last_id)).values_list(*COLUMNS)[:UNCOUNTED]
