"""GET engagement: the index with its parts, totals, series, sessions, streak and the window before."""

from datetime import timedelta

import pytest

from accounts.models import Pause
from medsim_tracking.testing import NOW, track

URL = "/api/interaction-tracking/engagement/"


def complete(learner, days, **more):
    return track(
        learner,
        "case_complete",
        occurred_at=NOW - timedelta(days=days),
        time_spent_seconds=1800,
        performance_metrics={"score": 85},
        **more,
    )


@pytest.fixture
def four_days_a_week(lena, mia):
    """The worked learner of 82.20 points; Mia's work must not leak into hers."""
    complete(mia, 0)
    for week in range(4):
        for day in (0, 2, 4, 6):
            complete(lena, 7 * week + day)


def read(api, query="", who="lena"):
    answer = api.get(f"{URL}{who}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_worked_learner_reads_as_worked_out(lena_api, four_days_a_week):
    body = read(lena_api, "?timeRange=7d")
    assert body["engagementScore"] == pytest.approx(82.20, abs=0.01)
    assert body["engagementLevel"] == "very_high"
    parts = body["parts"]
    assert 50 * parts["activity"] + 30 * parts["regularity"] + 20 * parts["depth"] == pytest.approx(82.20, abs=0.01)
    assert body["totalInteractions"] == 4
    assert body["interactionsByType"] == {"case_complete": 4}
    assert body["timeSpent"] == {"active": 0, "wallClock": 7200, "unknown": 7200, "untimed": 0}
    assert body["sessions"] == {"count": 4, "medianSeconds": 0.0, "totalSeconds": 0.0}
    assert body["streak"] == {"current": 1, "longest": 2, "lastActiveDay": "2026-03-16"}
    assert body["previous"]["totalInteractions"] == 4
    assert body["timeRange"] == {"from": "2026-03-10T00:00:00Z", "to": "2026-03-16T12:00:00Z", "timeZone": "UTC"}


def test_the_index_is_of_the_28_days_that_end_with_the_range(lena_api, lena):
    for week in range(4):
        for day in (0, 2, 4, 6):
            complete(lena, 14 + 7 * week + day)
    assert read(lena_api)["engagementScore"] == pytest.approx(39.69, abs=0.01)
    then = (NOW - timedelta(days=14)).date()
    assert read(lena_api, f"?from=2026-02-01&to={then}")["engagementScore"] == pytest.approx(82.20, abs=0.01)


def test_a_range_that_has_not_come_and_the_one_before_it_tell_the_index_of_today(lena_api, four_days_a_week):
    today = read(lena_api)["engagementScore"]
    ahead = read(lena_api, "?from=2026-08-01&to=2026-08-30")
    assert (ahead["engagementScore"], ahead["previous"]["engagementScore"]) == (today, today)
    assert (ahead["totalInteractions"], ahead["series"]) == (0, [])


@pytest.mark.parametrize(("granularity", "steps"), [("hour", 7 * 24 - 11), ("day", 7), ("week", 2), ("month", 1)])
def test_a_series_fills_its_zeros_and_adds_up_to_the_total(lena_api, four_days_a_week, granularity, steps):
    body = read(lena_api, f"?timeRange=7d&granularity={granularity}")
    assert len(body["series"]) == steps
    assert sum(step["interactions"] for step in body["series"]) == body["totalInteractions"] == 4
    assert body["series"][0]["start"] == "2026-03-10T00:00:00Z"
    assert [step["start"] for step in body["series"]] == sorted({step["start"] for step in body["series"]})


def test_active_time_is_kept_apart_from_wall_clock_and_unknown(lena_api, lena):
    track(lena, "time_spent", time_spent_seconds=600, active_seconds=200)
    track(lena, "time_spent", time_spent_seconds=300)
    track(lena, "search")
    assert read(lena_api)["timeSpent"] == {"active": 200, "wallClock": 900, "unknown": 300, "untimed": 1}


def test_too_little_data_is_said_and_not_made_up(sim_api, ada_api):
    sim_api.post("/api/interaction-tracking/track", {"interactionType": "search", "userId": "newcomer"})
    body = read(ada_api, who="newcomer")
    missing = {
        "status": "insufficient_data",
        "value": None,
        "needs": [{"what": "counting days", "have": 1, "need": 7}],
    }
    assert (body["engagementScore"], body["engagementLevel"], body["parts"]) == (missing, missing, missing)


def test_a_full_window_without_work_is_an_observation_of_zero(lena_api):
    body = read(lena_api)
    assert (body["engagementScore"], body["engagementLevel"], body["totalInteractions"]) == (0.0, "low", 0)


def test_paused_days_stop_the_clock(lena_api, lena, four_days_a_week):
    before = read(lena_api)["engagementScore"]
    enrolment = lena.enrolments.get()
    enrolment.start -= timedelta(days=60)
    enrolment.save()
    silent = NOW + timedelta(days=14)
    Pause.objects.create(
        enrolment=enrolment, start=NOW.date() + timedelta(days=1), end=silent.date() + timedelta(days=1), reason="Leave"
    )
    after = read(lena_api, f"?from=2026-03-01&to={silent.date()}")["engagementScore"]
    assert after == before


def test_all_begins_with_the_first_interaction(lena_api, lena):
    complete(lena, 40)
    complete(lena, 0)
    body = read(lena_api, "?timeRange=all&granularity=day")
    assert (body["timeRange"]["from"], body["previous"], len(body["series"])) == (None, None, 41)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?timeRange=1y", "/timeRange"),
        ("?granularity=minute", "/granularity"),
        ("?granularity=hour&timeRange=all", "/granularity"),
        ("?from=2020-01-01&to=2026-01-01&granularity=hour", "/granularity"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(lena_api, query, pointer):
    answer = lena_api.get(f"{URL}me{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_otto_finds_nobody_and_edda_reads_the_same_as_lena(otto_api, edda_api, lena_api, four_days_a_week):
    assert otto_api.get(URL + "lena").status_code == 404
    assert read(edda_api) == read(lena_api, who="me")


@pytest.mark.parametrize("granularity", ["hour", "day"])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_constant(lena_api, lena, rows, granularity, django_assert_num_queries):
    for number in range(rows):
        complete(lena, number % 20, event_id=f"n-{number}")
    with django_assert_num_queries(6):
        read(lena_api, f"?granularity={granularity}&timeRange=30d")


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kathmandu", "Pacific/Auckland"])
def test_days_are_cut_in_the_institutions_zone(lena_api, lena, settings, zone):
    settings.MEDSIM_TIME_ZONE = zone
    track(lena, "search", occurred_at=NOW - timedelta(hours=12))
    track(lena, "search", occurred_at=NOW - timedelta(hours=1))
    body = read(lena_api, "?timeRange=7d")
    assert body["timeRange"]["timeZone"] == zone
    assert sum(step["interactions"] for step in body["series"]) == 2
    by_hour = read(lena_api, "?timeRange=7d&granularity=hour")["series"]
    assert sum(step["interactions"] for step in by_hour) == 2
    assert by_hour[0]["start"] == body["series"][0]["start"] == body["timeRange"]["from"]


def test_what_a_fast_clock_sends_past_midnight_is_in_the_sums_and_in_the_series(lena_api, lena, clock):
    clock.now = NOW.replace(hour=23, minute=58)
    track(lena, "search", now=clock.now, occurred_at=clock.now)
    track(lena, "search", now=clock.now, occurred_at=clock.now + timedelta(minutes=4))
    for granularity in ("hour", "day"):
        both = read(lena_api, f"?from=2026-03-16&to=2026-03-17&granularity={granularity}")
        tomorrow = read(lena_api, f"?from=2026-03-17&to=2026-03-17&granularity={granularity}")
        for body, number in ((both, 2), (tomorrow, 1)):
            assert body["totalInteractions"] == sum(step["interactions"] for step in body["series"]) == number
