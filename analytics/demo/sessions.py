"""One sitting of one learner, as the interactions a simulator would send."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from analytics.demo.catalogue import ADVANCED, BEGINNER, CASES, RESOURCES, STAGES, Case, Resource
from analytics.demo.stories import Habit

OWN_SPECIALTY_WEIGHT = 6.0
PAGES = ("dashboard", "case list", "my progress")
HELP = ("hint", "explanation", "tutor", "technical")
HELP_ODDS = np.cumsum([0.55, 0.30, 0.12, 0.03])
# Of the cases that are given up, those whose tab is simply closed.
LEFT_WITHOUT_A_WORD = 0.2
# How much of what a browser knows about time arrives: active seconds, wall-clock seconds only, nothing.
ACTIVE_KNOWN, WALL_KNOWN = 0.72, 0.92
HARDER = {BEGINNER: 6.0, ADVANCED: -8.0}


class Sitting:
    """Collects interactions while its clock moves on.

    ability     added to the story's average score
    strengths   added to it in a specialty
    """

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        start: datetime,
        session_id: str,
        specialty: str,
        habit: Habit,
        ability: float,
        strengths: Mapping[str, float],
    ):
        self.rng = rng
        self.clock = start
        self.session_id = session_id
        self.specialty = specialty
        self.habit = habit
        self.ability = ability
        self.strengths = strengths
        self.interactions: list[tuple[datetime, dict[str, Any]]] = []

    def run(self, progress: float) -> None:
        """Cases, or now and then an hour with the resources. `progress` 0-1: how far the year has come."""
        rng = self.rng
        if rng.random() < 0.25:
            self._add("navigation", metadata={"page": PAGES[int(rng.integers(len(PAGES)))]})
        if rng.random() < 0.22 and self.habit.pace > 0.5:
            for _ in range(1 + rng.poisson(0.7)):
                self._study(self._resource())
            return
        for _ in range(1 + rng.poisson(max(0.0, self.habit.cases - 1))):
            if rng.random() < 0.18:
                self._add("search", metadata={"query": self.specialty})
            self._work_on(self._case(progress))

    def _case(self, progress: float) -> Case:
        return CASES[_drawn(self.rng, _case_odds(self.specialty, round(progress, 2)))]

    def _resource(self) -> Resource:
        return RESOURCES[_drawn(self.rng, _resource_odds(self.specialty))]

    def _work_on(self, case: Case) -> None:
        rng, habit = self.rng, self.habit
        about = {
            "caseId": case.id,
            "caseTitle": case.title,
            "resourceType": "case",
            "metadata": {"difficulty": case.difficulty, "specialty": case.specialty},
        }
        self._add("case_view", rng.uniform(15, 90) * min(1.0, 4 * habit.pace), **about)
        if rng.random() < 0.08:
            return  # looked at, not begun
        self._add("case_start", **about)
        began = self.clock
        whole = case.minutes * 60 * habit.pace * rng.lognormal(0, 0.25)
        last = self._stage_given_up(case)
        for number, stage in enumerate(STAGES):
            self._pass(whole / len(STAGES))
            staged = {**about, "metadata": {**about["metadata"], "stage": stage}}
            if rng.random() < 0.6:
                self._add("navigation", **staged)
            for _ in range(rng.poisson(habit.help / len(STAGES))):
                self._add("help_request", helpRequestType=HELP[_drawn(rng, HELP_ODDS)], **staged)
                self._pass(rng.uniform(5, 40))
            if habit.pace > 0.5 and rng.random() < 0.10:
                self._look_up()
            if number == last:
                if rng.random() < LEFT_WITHOUT_A_WORD:
                    return
                self._add("case_abandon", (self.clock - began).total_seconds(), backwards=True, **staged)
                return
        score = round(float(np.clip(rng.normal(self._expected_score(case), 9), 5, 100)))
        seconds = (self.clock - began).total_seconds()
        self._add("case_complete", seconds, backwards=True, performanceMetrics={"score": score}, **about)
        if rng.random() < habit.feedback:
            self._add("feedback_submit", rng.uniform(15, 150), **about)
        if rng.random() < 0.20:
            self._add("competency_update", performanceMetrics={"score": score}, **about)
        if score >= 90 and rng.random() < 0.25:
            self._add("achievement_unlock", metadata={**about["metadata"], "achievement": "Clear thinking"})

    def _expected_score(self, case: Case) -> float:
        return self._usual_score(case.specialty) + HARDER.get(case.difficulty, 0.0)

    def _usual_score(self, specialty: str) -> float:
        return self.habit.score + self.ability + self.strengths.get(specialty, 0.0)

    def _stage_given_up(self, case: Case) -> int | None:
        """At which stage he gives the case up; None: he works it to the end."""
        if self.rng.random() >= min(0.6, self.habit.gives_up * case.loses):
            return None
        return _drawn(self.rng, _cumulative([4.0 if stage == case.hard else 1.0 for stage in STAGES]))

    def _look_up(self) -> None:
        resource = RESOURCES[int(self.rng.integers(len(RESOURCES)))]
        self._add("resource_access", self.rng.uniform(20, 120), **_naming(resource))

    def _study(self, resource: Resource) -> None:
        rng = self.rng
        seconds = resource.minutes * 60 * self.habit.pace * rng.lognormal(-0.1, 0.35)
        self._add("resource_access", seconds * 0.3, **_naming(resource))
        self._add("time_spent", seconds * 0.7, **_naming(resource))
        if resource.type == "quiz":
            score = round(float(np.clip(rng.normal(self._usual_score(resource.specialty), 12), 0, 100)))
            self._add("competency_update", performanceMetrics={"score": score}, **_naming(resource))

    def _pass(self, seconds: float) -> None:
        self.clock += timedelta(seconds=round(float(seconds)))

    def _add(self, kind: str, seconds: float | None = None, *, backwards: bool = False, **fields: Any) -> None:
        """One interaction, at its end. backwards: its seconds have passed already."""
        rng = self.rng
        interaction = {"interactionType": kind, "sessionId": self.session_id, **fields}
        if seconds is not None:
            whole = max(1, round(float(seconds)))
            start = self.clock - timedelta(seconds=whole) if backwards else self.clock
            if not backwards:
                self._pass(whole)
            known = rng.random()
            if known < WALL_KNOWN:
                interaction["startTime"], interaction["endTime"] = _utc(start), _utc(self.clock)
                interaction["timeSpentSeconds"] = whole
            if known < ACTIVE_KNOWN:
                interaction["activeSeconds"] = round(whole * float(rng.uniform(0.78, 1.0)))
        interaction["occurredAt"] = _utc(self.clock)
        self.interactions.append((self.clock, interaction))
        self._pass(rng.uniform(2, 25) * min(1.0, self.habit.pace))


@lru_cache(maxsize=1024)
def _case_odds(specialty: str, progress: float) -> np.ndarray:
    """His specialty more often than others; easy cases early in the year, hard ones late."""
    wanted = {BEGINNER: 1.6 - 1.3 * progress, ADVANCED: 0.2 + 1.2 * progress}
    own = [OWN_SPECIALTY_WEIGHT if case.specialty == specialty else 1.0 for case in CASES]
    return _cumulative([wanted.get(case.difficulty, 1.0) * weight for case, weight in zip(CASES, own, strict=True)])


@lru_cache
def _resource_odds(specialty: str) -> np.ndarray:
    return _cumulative([OWN_SPECIALTY_WEIGHT if resource.specialty == specialty else 1.0 for resource in RESOURCES])


def _cumulative(weights: list[float]) -> np.ndarray:
    return np.cumsum(weights) / sum(weights)


def _drawn(rng: np.random.Generator, odds: np.ndarray) -> int:
    """A position by cumulative odds; much quicker than Generator.choice for one draw."""
    return min(int(np.searchsorted(odds, rng.random(), side="right")), len(odds) - 1)


def _naming(resource: Resource) -> dict[str, Any]:
    return {
        "resourceType": resource.type,
        "resourceId": resource.id,
        "resourceName": resource.name,
        "metadata": {"specialty": resource.specialty},
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
