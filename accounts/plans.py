"""What a cohort's learners are to complete: read from a CSV file, and stored as a whole."""

import csv
import io
from dataclasses import dataclass

from django.db import transaction

from accounts.cohort_names import CohortNames
from accounts.models import Cohort, PlannedCases

COLUMNS = ("cohort", "specialty", "cases")
SPECIALTY_LENGTH, MOST_CASES = 200, 1000


class PlanUnreadable(ValueError):
    """The file is not taken; `reasons` are sentences, with their lines."""

    def __init__(self, *reasons: str):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class PlanLine:
    """line   its number in the file, the header is 1"""

    line: int
    cohort: str
    specialty: str
    cases: int


def read_plan(raw: bytes) -> list[PlanLine]:
    """The lines of a CSV file (UTF-8; comma, semicolon or tab) with the columns cohort, specialty, cases.

    Raises PlanUnreadable with every fault at once.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanUnreadable("The file is not UTF-8.") from None
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        titles = [title.strip().lower() for title in next(rows, [])]
        told = [(rows.line_num, [cell.strip() for cell in row]) for row in rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise PlanUnreadable(f"Line {rows.line_num} cannot be read as CSV: {error}.") from None
    if missing := [name for name in COLUMNS if name not in titles]:
        raise PlanUnreadable(f"The first line names no column {', '.join(missing)}.")
    places = [titles.index(name) for name in COLUMNS]
    found, faults = [], []
    for line, cells in told:
        cohort, specialty, cases = ((cells[place] if place < len(cells) else "") for place in places)
        if not cohort:
            faults.append(f"Line {line} names no cohort.")
        elif not specialty or len(specialty) > SPECIALTY_LENGTH or not specialty.isprintable():
            faults.append(f"Line {line}: a specialty has 1 to {SPECIALTY_LENGTH} printable characters.")
        elif not (cases.isascii() and cases.isdecimal() and 1 <= int(cases[:6]) <= MOST_CASES):
            faults.append(f"Line {line}: cases is a whole number from 1 to {MOST_CASES}.")
        else:
            found.append(PlanLine(line, cohort, specialty, int(cases)))
    if faults:
        raise PlanUnreadable(*faults)
    return found


@transaction.atomic
def set_plans(lines: list[PlanLine]) -> dict[Cohort, int]:
    """Give each cohort that the lines name the plan they tell, in the place of what it had: all of them or none.

    Returns how many specialties each has now. Raises PlanUnreadable for a cohort that is not there
    or a specialty that is planned twice.
    """
    names = CohortNames(Cohort.objects.all())
    plans: dict[str, dict[str, PlanLine]] = {}
    faults = []
    for line in lines:
        plan = plans.setdefault(slug := names.slug(line.cohort), {})
        if slug not in names.stored:
            faults.append(f"Line {line.line}: there is no cohort {line.cohort!r}.")
        elif before := plan.get(line.specialty.casefold()):
            faults.append(f"Lines {before.line} and {line.line} plan {line.specialty!r} for the same cohort.")
        plan[line.specialty.casefold()] = line
    if faults:
        raise PlanUnreadable(*faults)
    cohorts = {names.stored[slug]: plan for slug, plan in plans.items()}
    PlannedCases.objects.filter(cohort__in=cohorts).delete()
    PlannedCases.objects.bulk_create(
        PlannedCases(cohort=cohort, specialty=line.specialty, cases=line.cases)
        for cohort, plan in cohorts.items()
        for line in plan.values()
    )
    return {cohort: len(plan) for cohort, plan in cohorts.items()}
