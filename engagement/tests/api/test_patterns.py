"""GET patterns: planted patterns come out with their evidence, to those who may see them, at a constant cost."""

from datetime import timedelta

import pytest

from accounts.models import Pause, User
from engagement.domain.patterns.table import DETECTORS
from interactions.models import DailyActivity, UserInteractionTrackingModel
from medsim_tracking.testing import NOW, enrol, person, track

URL = "/api/interaction-tracking/patterns/"


def read(api, query="", who="lena"):
    answer = api.get(f"{URL}{who}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def pattern(api, kind, query="", who="lena"):
    return next(pattern for pattern in read(api, query, who)["patterns"] if pattern["kind"] == kind)


def complete(learner, days, case="c", seconds=1800, **more):
    return track(
        learner,
        "case_complete",
        occurred_at=NOW - timedelta(days=days),
        case_id=case,
        time_spent_seconds=seconds,
        performance_metrics={"score": 85},
        **more,
    )


def test_every_detector_answers_and_a_newcomer_hears_what_is_short(edda_api):
    body = read(edda_api)
    assert body["userId"] == "lena"
    assert body["timeRange"] == {"from": "2026-02-15T00:00:00Z", "to": "2026-03-16T12:00:00Z", "timeZone": "UTC"}
    assert (body["completeThrough"], body["policy"]) == ("2026-03-16T12:00:00Z", "es-1")
    assert [pattern["kind"] for pattern in body["patterns"]] == [detector.kind for detector in DETECTORS]
    assert body["patterns"][0] == {
        "kind": "sessions",
        "status": "insufficient_data",
        "strength": None,
        "evidence": None,
        "interactions": [],
        "text": "Too little data yet: 0 of 1 interactions.",
        "needs": [{"what": "interactions", "have": 0, "need": 1}],
    }


def test_a_burst_comes_with_its_day_its_figures_and_its_interactions(edda_api, lena_api, lena, mia):
    for day in range(2, 30, 3):
        complete(lena, day)
        complete(mia, 1)
    heavy = [complete(lena, 1, case=f"c{number}") for number in range(4)]
    found = pattern(edda_api, "burst")
    assert found["status"] == "found"
    assert found["evidence"]["days"] == ["2026-03-15"]
    assert found["evidence"]["largestPoints"] == 300.0
    assert found["evidence"]["usualPoints"] == pytest.approx(92.17, abs=0.01)
    assert sorted(found["interactions"]) == sorted(str(row.pk) for row in heavy)
    assert found["text"].startswith("Lena did far more than usual on 15 March: up to 300 points")
    assert pattern(lena_api, "burst", who="me")["text"].startswith("You did far more than usual on 15 March")


def test_a_decline_is_found_over_weeks_though_the_range_is_short(edda_api, lena):
    # NOW is a Monday: the last whole week ended yesterday.
    for ago, active in enumerate((1, 2, 3, 4, 5, 6, 6, 7)):
        for day in range(active):
            complete(lena, 7 * ago + 1 + day)
    complete(lena, 0)  # today's week is not over and must not count
    enrolment = lena.enrolments.get()
    enrolment.start = (NOW - timedelta(days=56)).date()
    enrolment.save()
    found = pattern(edda_api, "trend", "?timeRange=7d")
    assert found["evidence"]["activeDaysByWeek"] == [7, 6, 6, 5, 4, 3, 2, 1]
    assert (found["evidence"]["firstDay"], found["evidence"]["lastDay"]) == ("2026-01-19", "2026-03-15")
    assert pattern(edda_api, "archetype")["evidence"]["archetype"] == "fading"
    Pause.objects.create(enrolment=enrolment, start=NOW.date() - timedelta(days=3), end=NOW.date())
    paused = pattern(edda_api, "trend", "?timeRange=7d")
    assert paused["needs"] == [{"what": "complete weeks", "have": 7, "need": 8}]


def test_the_week_that_runs_is_not_over_on_its_last_day(edda_api, lena, clock):
    clock.now = NOW + timedelta(days=6)
    enrolment = lena.enrolments.get()
    enrolment.start = (NOW - timedelta(days=49)).date()
    enrolment.save()
    assert pattern(edda_api, "trend")["needs"] == [{"what": "complete weeks", "have": 7, "need": 8}]
    clock.forward(days=1)
    assert pattern(edda_api, "trend")["status"] == "not_found"


def test_a_past_range_knows_nothing_of_what_came_later(edda_api, lena):
    for day in range(9):
        complete(lena, 20 + 2 * day, seconds=170)
    before = read(edda_api, "?from=2026-01-20&to=2026-02-24")["patterns"]
    for number in range(5):
        complete(lena, 3, case=f"c{number}")
    others = [person(f"other{number}") for number in range(10)]
    for number in range(20):
        complete(others[number % 10], number % 10, seconds=3400)
    assert read(edda_api, "?from=2026-01-20&to=2026-02-24")["patterns"] == before


def weeks_of(learner, *counts):
    """Searches in the weeks before today, the newest first, without a sender's round trip for each."""
    DailyActivity.objects.bulk_create(
        DailyActivity(
            user=learner,
            day=NOW.date() - timedelta(days=7 * ago + 3),
            interaction_type="search",
            policy_version="es-1",
            interactions=count,
            **dict.fromkeys(("base_units", "best_units", "active_seconds", "wall_seconds"), 0),
            **dict.fromkeys(("unknown_seconds", "untimed"), 0),
            **dict.fromkeys(("first_at", "last_at"), NOW),
        )
        for ago, count in enumerate(counts)
    )


def class_of(cohort, size):
    """Others in Lena's cohort, each with about 30 interactions a week."""
    others = [person(f"peer{number}") for number in range(size)]
    for number, other in enumerate(others):
        enrol(other, cohort)
        weeks_of(other, *(28 + (3 * number + 5 * ago) % 9 for ago in range(9)))
    return others


def test_an_empty_week_beside_a_busy_cohort_is_an_anomaly_and_in_everybodys_holiday_it_is_none(
    edda_api, lena, cardiology
):
    weeks_of(lena, 0, *[30] * 8)
    others = class_of(cardiology, 19)
    needs = [{"what": "others in the cohort with as many weeks", "have": 19, "need": 20}]
    assert pattern(edda_api, "weekly_anomaly")["needs"] == needs
    others.append(person("late"))
    enrol(others[-1], cardiology)
    weeks_of(others[-1], *[30] * 9)
    found = pattern(edda_api, "weekly_anomaly")
    assert (found["evidence"]["interactions"], found["evidence"]["direction"]) == (0, "down")
    assert found["evidence"]["cohortFactor"] == pytest.approx(0.95, abs=0.05)
    assert found["text"].startswith("Lena's week of 9 March had 0 interactions")
    DailyActivity.objects.filter(user__in=others, day=NOW.date() - timedelta(days=3)).delete()
    assert pattern(edda_api, "weekly_anomaly")["status"] == "not_found"


def test_rapid_is_judged_by_what_the_case_took_others(edda_api, lena, surgery):
    """170 seconds are above the policy's two minutes, and a twentieth of what the case takes."""
    for day in range(3):
        complete(lena, day, seconds=170)
    assert pattern(edda_api, "shallow_completion")["status"] == "not_found"
    others = [person(f"other{number}", User.Role.STUDENT) for number in range(10)]
    for number in range(20):
        complete(others[number % 10], 30 + number, seconds=3400)
    found = pattern(edda_api, "shallow_completion")
    assert (found["evidence"]["rapid"], found["evidence"]["judgedByDefault"]) == (3, 0)
    # Of fewer than ten people no figure is made, however often they did it.
    UserInteractionTrackingModel.objects.filter(user=others[0]).update(user=others[1])
    assert pattern(edda_api, "shallow_completion")["status"] == "not_found"


def test_hours_are_those_of_the_learners_own_clock(edda_api, lena):
    for day in range(24):
        track(lena, "search", occurred_at=NOW.replace(hour=6, minute=30) - timedelta(days=day + 1))
    assert pattern(edda_api, "preferred_hours")["evidence"]["fromHour"] in (4, 5, 6)
    lena.time_zone = "Asia/Tokyo"
    lena.save()
    assert pattern(edda_api, "preferred_hours")["evidence"]["fromHour"] in (13, 14, 15)


def test_otto_finds_nobody_and_edda_reads_the_figures_that_lena_reads(otto_api, edda_api, lena_api, lena):
    for day in range(10):
        complete(lena, day)
    assert otto_api.get(URL + "lena").status_code == 404
    about, to = read(edda_api)["patterns"], read(lena_api)["patterns"]
    assert [{**pattern, "text": ""} for pattern in about] == [{**pattern, "text": ""} for pattern in to]
    assert not any("Lena" in pattern["text"] for pattern in to)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("?timeRange=1y", "/timeRange"), ("?granularity=day", "/granularity"), ("?to=2026-03-01", "/from")],
)
def test_a_parameter_that_cannot_be_is_named(lena_api, query, pointer):
    answer = lena_api.get(f"{URL}me{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


@pytest.mark.parametrize("query", ["?timeRange=all", "?from=1990-01-01", "?from=2026-03-20&to=2026-03-25"])
def test_a_long_range_or_one_that_has_not_come_is_answered(lena_api, lena, query):
    complete(lena, 360)
    complete(lena, 0)
    assert len(read(lena_api, query)["patterns"]) == len(DETECTORS)


@pytest.mark.parametrize("rows", [4, 40])
def test_the_number_of_queries_is_constant(lena_api, lena, cardiology, rows, django_assert_num_queries):
    class_of(cardiology, 20 + rows // 4)
    for number in range(rows):
        complete(lena, number % 20, case=f"c{number}", seconds=100, event_id=f"n-{number}")
    with django_assert_num_queries(8):
        read(lena_api)
