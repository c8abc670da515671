"""A scoring policy: which interaction types there are and what each is worth. Data, not code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

# A resource type no rule names scores by the type's plain rule, stored under this word.
PLAIN = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one interaction type scores (docs/engagement-score.md).

    weight        0-1, what the act is worth by itself
    half_life     seconds after which half of the time points are earned; None: time does not count
    cap           seconds after which time earns nothing more
    minimum_time  seconds below which the interaction earns only its share; 0: no floor
    scored        whether a performance (0-100) that comes with it counts
    """

    weight: float
    half_life: float | None = None
    cap: float | None = None
    minimum_time: float = 0.0
    scored: bool = False

    @property
    def timed(self) -> bool:
        return self.half_life is not None


@dataclass(frozen=True)
class Policy:
    """One version: rules by (interaction type, resource type or PLAIN), in force from a day on."""

    version: str
    rules: Mapping[tuple[str, str], Rule]
    effective_from: date = date.min

    def rule_for(self, interaction_type: str, resource_type: str) -> Rule:
        """The rule of a type with a resource type, else the type's plain rule. KeyError: no such type."""
        rule = self.rules.get((interaction_type, resource_type))
        return rule if rule is not None else self.rules[(interaction_type, PLAIN)]

    @cached_property
    def interaction_types(self) -> frozenset[str]:
        return frozenset(kind for kind, resource in self.rules if resource == PLAIN)

    def plain_weight(self, interaction_type: str) -> float:
        return self.rules[(interaction_type, PLAIN)].weight


ES_1 = Policy(
    version="es-1",
    rules={
        ("case_view", PLAIN): Rule(0.20, half_life=60, cap=600),
        ("case_start", PLAIN): Rule(0.30),
        ("case_complete", PLAIN): Rule(1.00, half_life=600, cap=3600, minimum_time=120, scored=True),
        ("case_abandon", PLAIN): Rule(0.20, half_life=300, cap=3600),
        ("resource_access", PLAIN): Rule(0.30, half_life=120, cap=900, minimum_time=5),
        ("resource_access", "video"): Rule(0.35, half_life=300, cap=1800, minimum_time=5),
        ("resource_access", "learning_module"): Rule(0.40, half_life=300, cap=1800, minimum_time=5),
        ("help_request", PLAIN): Rule(0.50),
        ("feedback_submit", PLAIN): Rule(0.90, half_life=120, cap=1200, minimum_time=10),
        ("navigation", PLAIN): Rule(0.05),
        ("search", PLAIN): Rule(0.40),
        ("time_spent", PLAIN): Rule(0.30, half_life=300, cap=1800),
        ("competency_update", PLAIN): Rule(0.80, scored=True),
        ("achievement_unlock", PLAIN): Rule(0.60),
    },
)
