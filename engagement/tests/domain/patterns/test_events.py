"""What single interactions say: sessions, hours and weekdays, shallow completion, help, abandonment, the archetype."""

import pytest

from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.patterns.abandonment import abandonment_loop, wilson_lower
from engagement.domain.patterns.archetype import archetype
from engagement.domain.patterns.attempts import attempts_of
from engagement.domain.patterns.finding import Finding
from engagement.domain.patterns.help import help_abuse, help_avoidance
from engagement.domain.patterns.history import CaseTimes
from engagement.domain.patterns.shallow import shallow_completion
from engagement.domain.patterns.table import DETECTORS, detect_all
from engagement.domain.patterns.timing import preferred_days, preferred_hours, sessions, top_block
from engagement.tests.domain.patterns.history import events, history, weeks_of

MONTH = weeks_of(4, 4, 4, 4)


def test_sessions_are_told_with_their_length_and_first_interactions():
    told = [(1, 9, "case_start", {"at": 0}), (1, 9, "search", {"at": 1800}), (0, 9, "search", {})]
    found = sessions(history(MONTH, told=told))
    assert (found.evidence["sessions"], found.evidence["median_seconds"], found.interactions) == (2, 900.0, (2, 0))
    assert (found.evidence["of_one_interaction"], found.evidence["sessions_per_week"]) == (1, 0.5)
    assert sessions(history(MONTH)) == Insufficient((Need("interactions", 0, 1),))


def evenings(number):
    return [(day, 22 + day % 2, "search", {}) for day in range(number)]


def test_hours_are_preferred_past_midnight_too():
    told = [*evenings(20), *[(day, 0, "search", {}) for day in range(20, 28)]]
    found = preferred_hours(history(MONTH, told=told))
    assert (found.evidence["from_hour"], found.evidence["to_hour"]) == (22, 1)
    assert (found.evidence["sessions_inside"], found.evidence["sessions"]) == (28, 28)
    assert found.strength == pytest.approx((28 + 1.5) / (28 + 12))


def test_work_around_the_clock_prefers_no_hours():
    assert preferred_hours(history(MONTH, told=[(day, day % 24, "search", {}) for day in range(24)])) is None


@pytest.mark.parametrize(("inside", "is_found"), [(10, False), (11, True)])
def test_a_block_must_stand_out_among_the_hours_of_a_waking_day(inside, is_found):
    """10 of 20 sessions in three hours are many for a day of 24 hours and may be chance in one of 16."""
    hours = [*[9] * (inside - 2), 10, 11, *range(13, 13 + 20 - inside)]
    found = preferred_hours(history(MONTH, told=[(day, hour, "search", {}) for day, hour in enumerate(hours)]))
    assert (found is not None) is is_found


def test_sessions_that_follow_each_other_closely_are_no_evidence_of_their_own():
    """40 sessions of 10 mornings: the mornings are too few, however often each was interrupted."""
    told = [(day, 9, "search", {"at": 1860 * part}) for day in range(10) for part in range(4)]
    spread = [
        (day, hour, "search", {}) for day, hour in zip(range(10, 28), range(0, 24), strict=False) if hour not in (9, 10)
    ]
    assert preferred_hours(history(MONTH, told=told)) is not None
    assert preferred_hours(history(MONTH, told=told[:24] + spread)) is None


@pytest.mark.parametrize("detect", [preferred_hours, preferred_days])
def test_nineteen_sessions_tell_no_preference(detect):
    assert detect(history(MONTH, told=evenings(19))).needs == (Need("sessions", 19, 20),)
    short = history(MONTH, told=[(0, 2 * hour, "search", {}) for hour in range(12)] * 2, range_days=13)
    assert short.events and detect(short).needs[-1] == Need("counting days in the range", 13, 14)


def test_weekdays_are_preferred_by_active_days():
    twelve_weeks = [100.0 if day in (0, 2, 4) else 0.0 for _ in range(8) for day in range(7)]
    found = preferred_days(history(twelve_weeks, told=evenings(24)))
    assert found.evidence["weekdays"] == [0, 2, 4]
    assert (found.evidence["active_days_on_them"], found.evidence["active_days"]) == (24, 24)
    assert preferred_days(history([100.0] * 56, told=evenings(24))) is None


def test_the_fullest_block_goes_round_midnight():
    assert top_block(events([(0, 0, "a", {})]).hours * 0.0 + [1.0]) == (0, 3.0)


def completed(number, seconds, **more):
    return [(number, 10, "case_complete", {"case": f"c{number}", "seconds": seconds, **more})]


def test_rapid_is_below_a_tenth_of_the_cases_own_median():
    told = [*completed(1, 170), *completed(2, 170), *completed(3, 170), *completed(4, 900)]
    times = {f"c{number}": CaseTimes(1800.0, 20) for number in range(5)}
    found = shallow_completion(history(MONTH, told=told, case_times=times))
    assert (found.evidence["rapid"], found.evidence["completed"], found.evidence["judged_by_default"]) == (3, 4, 0)
    assert (found.strength, found.interactions) == (0.75, (0, 1, 2))
    too_few = {case: CaseTimes(1800.0, 19) for case in times}
    assert shallow_completion(history(MONTH, told=told, case_times=too_few, minimum_seconds=120)) is None
    assert shallow_completion(history(MONTH, told=told, case_times={})) is None
    by_default = shallow_completion(history(MONTH, told=told, case_times=too_few, minimum_seconds=171))
    assert by_default.evidence["judged_by_default"] == 3


def test_two_completions_show_nothing_and_unknown_time_is_not_fast():
    told = [*completed(1, 1), *completed(2, 1), *completed(3, float("nan"))]
    assert shallow_completion(history(MONTH, told=told)).needs == (Need("completed cases with known time", 2, 3),)


def case_with(number, *steps):
    """A case of one learner: (second, kind) each."""
    return [(number, 10, kind, {"case": f"c{number}", "at": second}) for second, kind in steps]


WORKED = ((0, "case_start"), (600, "case_complete"))


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (((60, "help_request"), (70, "help_request")), True),
        (((60, "help_request"), (71, "help_request")), False),
        (((60, "feedback_submit"), (65, "help_request")), True),
        (((60, "help_request"), (100, "help_request"), (180, "help_request")), True),
        (((60, "help_request"), (100, "help_request"), (181, "help_request")), False),
        (((60, "help_request"), (100, "help_request"), (120, "search"), (140, "help_request")), False),
    ],
)
def test_help_is_hurried_when_it_cannot_have_been_read(steps, found):
    told = case_with(1, *WORKED, *steps) + case_with(2, *WORKED, *steps)
    for number in (3, 4, 5):
        told += case_with(number, *WORKED)
    outcome = help_abuse(history(MONTH, told=told))
    assert (outcome is not None) is found
    if found:
        assert outcome.strength == 0.4
    assert help_abuse(history(MONTH, told=told[:-2])).needs == (Need("cases worked on", 4, 5),)


def badly(number, kind=None, specialty="cardiology"):
    told = [(number, 10, "case_start", {"case": f"c{number}", "at": 0, "specialty": specialty})]
    if kind:
        told.append((number, 10, kind, {"case": f"c{number}", "at": 60}))
    end = {"case": f"c{number}", "at": 600, "result": 30.0, "specialty": specialty}
    return [*told, (number, 10, "case_complete", end)]


def test_help_is_avoided_where_a_case_goes_badly_and_nobody_is_asked():
    alone = [step for number in range(3) for step in badly(number)]
    asked = [step for number in range(3, 5) for step in badly(number, "help_request")]
    found = help_avoidance(history(MONTH, told=alone + asked))
    assert (found.evidence["attempts_without_help"], found.evidence["attempts_that_went_badly"]) == (3, 5)
    assert help_avoidance(history(MONTH, told=alone + asked[:-3])).needs == (Need("attempts that went badly", 4, 5),)
    more_asked = asked + badly(5, "help_request") + badly(6, "help_request")
    assert help_avoidance(history(MONTH, told=alone + more_asked)) is None


def test_one_bad_case_in_a_mastered_field_is_no_avoidance():
    good = [
        (20 + day, 10, "case_complete", {"case": f"g{day}", "result": 95.0, "specialty": "cardiology"})
        for day in range(8)
    ]
    alone = [step for number in range(5) for step in badly(number)]
    assert help_avoidance(history(MONTH, told=good + alone)).needs == (Need("attempts that went badly", 0, 5),)


def test_attempts_end_where_a_case_is_completed_given_up_or_begun_anew():
    told = case_with(3, (0, "case_start"), (60, "search"), (90, "case_abandon"), (100, "feedback_submit"))
    told += case_with(2, (0, "case_start"), (100, "case_start"), (160, "case_complete"), (200, "help_request"))
    told += case_with(1, (0, "case_view"))
    assert [(attempt.case_id, attempt.end, attempt.started) for attempt in attempts_of(events(told))] == [
        ("c3", "case_abandon", True),
        ("c2", "", True),
        ("c2", "case_complete", True),
        ("c2", "", False),
    ]


def tries(case, *endings_by_day):
    return [
        step
        for day, kind in endings_by_day
        for step in (
            (day, 10, "case_start", {"case": case, "at": 0}),
            (day, 10, kind, {"case": case, "at": 60}),
        )
    ]


def test_a_case_begun_three_times_within_a_fortnight_and_never_completed_goes_round():
    others = tries("x", (1, "case_complete")) + tries("y", (2, "case_complete"))
    loop = tries("c", (0, "case_abandon"), (7, "search"), (14, "case_abandon"))
    found = abandonment_loop(history(MONTH, told=others + loop))
    assert found.evidence["cases_begun_again"] == ["c"]
    assert (found.evidence["most_attempts_at_one"], found.evidence["mostly_given_up"]) == (3, False)
    slow = tries("c", (0, "case_abandon"), (7, "search"), (15, "case_abandon"))
    assert abandonment_loop(history(MONTH, told=others + slow)) is None
    solved = tries("c", (0, "case_complete"), (7, "search"), (14, "case_abandon"))
    assert abandonment_loop(history(MONTH, told=others + solved)) is None
    assert abandonment_loop(history(MONTH, told=others[2:] + loop)).needs == (Need("cases started", 4, 5),)


def test_given_up_more_often_than_not_must_be_more_than_chance():
    assert wilson_lower(9, 10) == pytest.approx(0.65228, abs=1e-5)
    ended = [(day, "case_abandon") for day in range(8)]
    told = [step for day, kind in ended for step in tries(f"c{day}", (day, kind))]
    assert abandonment_loop(history(MONTH, told=told)).evidence["mostly_given_up"]
    told += [step for day in range(8, 14) for step in tries(f"c{day}", (day, "case_complete"))]
    assert abandonment_loop(history(MONTH, told=told)) is None


DOWN, CRAMMED = Finding(0.8, {"direction": "down"}), Finding(0.7, {"share": 0.7})
SCORED_LOW = [(day, 10, "case_complete", {"case": f"c{day}", "result": 40.0}) for day in (1, 2, 9, 10, 17)]
LOOKS = [(day, hour, "resource_access", {}) for day in range(5) for hour in range(4)]


@pytest.mark.parametrize(
    ("more", "outcomes", "name"),
    [
        ({}, (DOWN, None, CRAMMED), "fading"),
        ({}, (None, DOWN, None), "fading"),
        ({}, (None, Finding(0.7, {"direction": "down", "weeks_after": 6}), None), "fading"),
        ({}, (None, Finding(0.7, {"direction": "down", "weeks_after": 7}), None), "sporadic"),
        ({}, (Finding(0.8, {"direction": "up"}), None, CRAMMED), "crammer"),
        ({"told": SCORED_LOW}, (None, None, None), "struggling_persistent"),
        ({"told": SCORED_LOW[1:], "regularity": 0.7}, (None, None, None), "steady"),
        ({"told": LOOKS, "regularity": 0.9}, (None, None, None), "passive_viewer"),
        ({"told": LOOKS[1:], "regularity": 0.69}, (None, None, None), "sporadic"),
    ],
)
def test_the_archetype_is_the_first_rule_that_applies(more, outcomes, name):
    assert archetype(history(MONTH, **more), *outcomes).evidence["archetype"] == name


def test_few_active_days_in_a_fortnight_after_six_busy_weeks_are_a_fading():
    """3 of 14 after 24 of 42: hypergeometric p = .021; 4 of 14: .061. Seven weeks are too few to tell."""
    assert archetype(history(weeks_of(*[4] * 6, 2, 1)), None, None, None).evidence["because"] == "last_fortnight"
    assert archetype(history(weeks_of(*[4] * 6, 2, 2)), None, None, None).evidence["archetype"] == "sporadic"
    assert archetype(history(weeks_of(*[4] * 5, 2, 1)), None, None, None).evidence["archetype"] == "sporadic"


def test_an_archetype_brings_the_interactions_of_its_four_weeks():
    told = [(ago, 9, "case_view", {}) for ago in (1, 27, 28)]
    assert archetype(history([100.0, *MONTH], told=told), None, None, None).interactions == (0, 1)


def test_an_archetype_needs_four_weeks_and_some_work():
    assert archetype(history(MONTH[1:]), None, None, None).needs == (Need("counting days", 27, 28),)
    assert archetype(history([0.0] * 28), None, None, None) is None


def test_every_detector_answers_somebody_who_has_done_nothing():
    outcomes = detect_all(history([0.0] * 90))
    assert outcomes.keys() == {detector.kind for detector in DETECTORS}
    assert not any(isinstance(outcome, Finding) for outcome in outcomes.values())
    nobody = detect_all(history([]))
    assert all(isinstance(outcome, Insufficient) for outcome in nobody.values())
