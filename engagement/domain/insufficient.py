"""Too little data is an answer: what is missing, how much is there, how much it takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is short: "counting days", 3 of 7."""

    what: str
    have: float
    need: float


@dataclass(frozen=True, slots=True)
class Insufficient:
    """Stands in the place of a value that would be made up."""

    needs: tuple[Need, ...]
