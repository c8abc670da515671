"""What counts rest on beside the facts: enrolments, pauses, the catalogue's words. A change of it moves old days."""

import zlib
from dataclasses import dataclass
from datetime import date

import msgspec

from accounts.models import Cohort, Enrolment, Pause
from analytics.models import Crowd
from interactions.models import Case

# (learner, cohort, start, end)
Enrolled = tuple[int, int, date, date | None]
Paused = tuple[int, date, date]
# case -> (specialty, difficulty)
Words = dict[str, tuple[str, str]]


class Basis(msgspec.Struct, frozen=True):
    enrolments: frozenset[Enrolled] = frozenset()
    pauses: frozenset[Paused] = frozenset()
    cases: Words = {}

    def packed(self) -> bytes:
        # Sorted, so that equal bases are equal bytes.
        told = (
            sorted(self.enrolments, key=lambda row: (row[:3], row[3] or date.max)),
            sorted(self.pauses),
            dict(sorted(self.cases.items())),
        )
        return zlib.compress(msgspec.msgpack.encode(told), 1)


_Told = tuple[frozenset[Enrolled], frozenset[Paused], Words]


def unpacked(told: bytes) -> Basis:
    return Basis(*msgspec.msgpack.decode(zlib.decompress(told), type=_Told)) if told else Basis()


def read_basis() -> Basis:
    """The basis as it is now (3 queries)."""
    cases = Case.objects.exclude(specialty="", difficulty="").values_list("case_id", "specialty", "difficulty")
    return Basis(
        frozenset(Enrolment.objects.values_list("learner_id", "cohort_id", "start", "end")),
        frozenset(Pause.objects.values_list("enrolment__learner_id", "start", "end")),
        {case: (specialty, difficulty) for case, specialty, difficulty in cases},
    )


@dataclass(slots=True)
class Crowds:
    """The crowd of each learner on any day; crowds that are not there yet are made."""

    enrolments: frozenset[Enrolled]
    keys: dict[str, int]

    @classmethod
    def read(cls, basis: Basis) -> "Crowds":
        crowds = cls(basis.enrolments, dict(Crowd.objects.values_list("key", "pk")))
        crowds.nobody  # noqa: B018 - made at once, because nearly every day needs it
        return crowds

    @property
    def nobody(self) -> int:
        """The crowd of those who are in no cohort."""
        return self._crowd(())

    def on(self, day: date) -> dict[int, int]:
        """Each enrolled learner's crowd on a day."""
        cohorts: dict[int, set[int]] = {}
        for learner, cohort, start, end in self.enrolments:
            if start <= day and (end is None or day < end):
                cohorts.setdefault(learner, set()).add(cohort)
        return {learner: self._crowd(tuple(sorted(several))) for learner, several in cohorts.items()}

    def _crowd(self, cohorts: tuple[int, ...]) -> int:
        key = ",".join(map(str, cohorts))
        if key not in self.keys:
            crowd, _ = Crowd.objects.get_or_create(key=key)
            crowd.cohorts.set(Cohort.objects.filter(pk__in=cohorts))
            self.keys[key] = crowd.pk
        return self.keys[key]
