"""What the lines of one learner and one cohort mean for the enrolments that are stored."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Enrolment
from accounts.roster_file import Entry, Refused


@dataclass(frozen=True, slots=True)
class EnrolmentPlan:
    """A line's enrolment as it shall be, and the stored one it corrects (None: a new one)."""

    entry: Entry
    start: date
    end: date | None
    stored: Enrolment | None


def plan_enrolments(
    entries: list[Entry], stored: list[Enrolment], today: date
) -> tuple[list[EnrolmentPlan], list[tuple[Entry, Refused]]]:
    """Plans, and the lines that cannot be carried out with the reason.

    A line means the stored enrolment that starts on the same day, else the only one that it overlaps (its
    start is corrected), else a new one. A line without a start means the latest stored enrolment, else one
    from today on. Each stored enrolment is meant once, and no two may overlap afterwards.
    """
    plans: list[EnrolmentPlan] = []
    refused: list[tuple[Entry, Refused]] = []
    free = sorted(stored, key=lambda enrolment: enrolment.start)
    # Equal starts first: else a corrected start could take an enrolment that another line names exactly.
    starts = {enrolment.start for enrolment in free}
    for entry in sorted(entries, key=lambda entry: (entry.start is not None and entry.start not in starts, entry.line)):
        try:
            plan = _plan(entry, free, today)
            _check(plan, plans, free)
        except Refused as fault:
            refused.append((entry, fault))
            continue
        plans.append(plan)
        if plan.stored is not None:
            free.remove(plan.stored)
    return plans, refused


def _plan(entry: Entry, free: list[Enrolment], today: date) -> EnrolmentPlan:
    meant = _meant(entry, free)
    if meant is None:
        start, end = entry.start or today, entry.end
    else:
        start = entry.start or meant.start
        end = entry.end if entry.end_told else meant.end
    if end is not None and end < start:
        raise Refused("end_before_start", f"The end ({end}) lies before the start ({start}).")
    return EnrolmentPlan(entry, start, end, meant)


def _meant(entry: Entry, free: list[Enrolment]) -> Enrolment | None:
    if entry.start is None:
        return free[-1] if free else None
    for enrolment in free:
        if enrolment.start == entry.start:
            return enrolment
    touched = [enrolment for enrolment in free if _overlap(entry.start, entry.end, enrolment.start, enrolment.end)]
    if len(touched) > 1:
        raise Refused("overlapping_enrolments", f"It overlaps {len(touched)} enrolments that are stored.")
    return touched[0] if touched else None


def _check(plan: EnrolmentPlan, plans: list[EnrolmentPlan], free: list[Enrolment]) -> None:
    for other in plans:
        if other.start == plan.start or _overlap(plan.start, plan.end, other.start, other.end):
            raise Refused("overlapping_lines", f"Line {other.entry.line} enrols the same learner in these days.")
    for enrolment in free:
        if enrolment is not plan.stored and _overlap(plan.start, plan.end, enrolment.start, enrolment.end):
            raise Refused("overlapping_enrolments", f"It overlaps the stored enrolment from {enrolment.start}.")


def _overlap(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether `[start, end)` and the other share a day; an open end runs on."""
    return (other_end is None or start < other_end) and (end is None or other_start < end)
