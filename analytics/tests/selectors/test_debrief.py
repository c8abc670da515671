"""What a group is debriefed about: what stands out first, nothing about a few."""

import pytest

from analytics.selectors.case_pages import Judged
from analytics.selectors.crowds.concerns import HELP, LEFT, SCORES, SHALLOW, Concern
from analytics.selectors.crowds.figures import Spread
from analytics.selectors.crowds.reports import Part
from analytics.selectors.debrief import LowSpecialty, debrief_of, low_specialty, talking_points
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from interactions.windows import read_window
from medsim_tracking.testing import NOW

MONTH = read_window({"timeRange": "30d"}, NOW)


class _Case:
    def __init__(self, name):
        self.case_id = name


class _Totals:
    def __init__(self, mean, number):
        self.scores = Spread(number, mean, 0, 0, 0) if number else None


def judged(name, **strengths):
    """A case whose concerns have these strengths; of each ten, as many parts as the strength."""
    kinds = {"left": LEFT, "shallow": SHALLOW, "scores": SCORES, "help": HELP}
    return Judged(
        None, tuple(Concern(kinds[kind], _Case(name), each, each, 10, 0, 1) for kind, each in strengths.items())
    )


def part(name, mean, number=10):
    return Part(name, 12, _Totals(mean, number))


def told(cases, specialties=()):
    return [
        f"low {point.part.name}" if isinstance(point, LowSpecialty) else f"{point.kind} {point.case.case_id}"
        for point in talking_points(cases, specialties)
    ]


def test_the_strongest_come_first_each_case_once_and_no_kind_more_than_twice():
    cases = [judged("a", left=5, help=4.5), judged("b", left=4), judged("c", left=3), judged("d", shallow=2)]
    assert told(cases) == ["left a", "left b", "shallow d"]


def test_what_does_not_stand_out_fills_up_after_a_low_specialty():
    cases = [judged("a", left=1, shallow=1.5), judged("b", left=1.8), judged("c", help=1.9)]
    assert told(cases, [part("heart", 60), part("lung", 70)]) == ["low heart", "left b", "shallow a"]
    assert told([judged("a", left=0, shallow=0)]) == []


@pytest.mark.parametrize(
    ("specialties", "low"),
    [
        ([part("heart", 60)], None),
        ([part("heart", 66), part("lung", 70)], None),
        ([part("heart", 65), part("lung", 70)], ("heart", 70)),
        # The others weigh as much as they have scores; what has none is left out.
        ([part("heart", 50), part("lung", 60, 30), part("skin", 80), part("gut", 0, 0)], ("heart", 65)),
    ],
)
def test_a_specialty_is_low_beside_the_others_together(specialties, low):
    found = low_specialty(specialties)
    assert (found and (found.part.name, found.others)) == low


def test_a_group_of_ten_is_debriefed_and_one_of_nine_is_not(edda, cardiology, surgery, sim):
    surgery.educators.add(edda)
    ten, nine = crowd(cardiology, 10), crowd(surgery, 9, "s")
    attempt([*ten[:4], *nine[:5]], "sepsis", sim, end="abandon", stage="history")
    attempt([*ten[4:], *nine[5:]], "sepsis", sim)
    attempt([*ten, *nine], "plain", sim)
    judge_and_count()
    found, few = (debrief_of(edda, cohort, window=MONTH, now=NOW) for cohort in (cardiology, surgery))
    funnel = found.totals.funnel
    assert (found.enrolled, found.n, funnel.started, funnel.abandoned) == (11, 10, 20, 4)
    assert [(point.kind, point.part, point.of) for point in found.points] == [(LEFT, 4, 10)]
    assert [(part.name, part.n) for part in found.specialties] == [("surgery", 10)]
    assert (few.enrolled, few.n, few.totals, few.specialties, few.cases, few.points) == (10, None, None, (), (), ())
