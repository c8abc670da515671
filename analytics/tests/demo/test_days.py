"""The demo's year: repeatable, plausible, and with stories that can be told apart."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from analytics.demo.days import interactions_between, traits
from analytics.demo.people import LEARNERS, LEAVE, STORY_TELLERS
from analytics.demo.stories import Story
from analytics.demo.terms import Phase, position, year_start
from interactions.domain.event import Event, read_interaction
from interactions.domain.policy import ES_1

ANCHOR = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def told(first: date, last: date, *, seed: int = 7, now: datetime = NOW, learners=LEARNERS) -> list[dict]:
    days = interactions_between(learners, first, last, seed=seed, anchor=ANCHOR, now=now, zone=ZONE)
    return [interaction for day in days for interaction in day]


@pytest.fixture(scope="module")
def year() -> list[dict]:
    return told(year_start(ANCHOR), ANCHOR)


def of(year: list[dict], username: str, *kinds: str) -> list[dict]:
    return [
        interaction
        for interaction in year
        if interaction["userId"] == username and (not kinds or interaction["interactionType"] in kinds)
    ]


def day_of(interaction: dict) -> date:
    return datetime.fromisoformat(interaction["occurredAt"]).astimezone(ZONE).date()


def per_week(interactions: list[dict], first: date, last: date) -> float:
    return sum(first <= day_of(one) < last for one in interactions) / ((last - first).days / 7)


def test_the_gate_takes_every_interaction(year):
    assert all(isinstance(read_interaction(one, ES_1.interaction_types), Event) for one in year)
    assert 60_000 <= len(year) <= 90_000
    assert len({one["eventId"] for one in year}) == len(year)
    assert {one["interactionType"] for one in year} == ES_1.interaction_types


def test_the_year_is_told_in_the_order_of_time_and_not_past_now(year):
    moments = [one["occurredAt"] for one in year]
    assert moments == sorted(moments)
    assert moments[-1] <= "2026-11-23T18:00:00Z"


def test_a_stretch_of_days_told_again_is_the_same_stretch(year):
    first, last = date(2026, 10, 5), date(2026, 10, 11)
    assert told(first, last) == [one for one in year if first <= day_of(one) <= last]


def test_what_one_learner_does_does_not_depend_on_who_else_is_there(year):
    first, last = date(2026, 10, 5), date(2026, 10, 18)
    alone = told(first, last, learners=LEARNERS[:1])
    assert alone and alone == [one for one in told(first, last) if one["userId"] == "lena"]


def test_another_seed_is_another_year():
    first = date(2026, 10, 5)
    assert told(first, first) != told(first, first, seed=8)


def test_a_day_cut_off_by_now_is_the_beginning_of_the_whole_day():
    noon = datetime(2026, 10, 5, 12, tzinfo=UTC)
    whole, cut = told(noon.date(), noon.date()), told(noon.date(), noon.date(), now=noon)
    assert 0 < len(cut) < len(whole)
    assert whole[: len(cut)] == cut


def test_usernames_are_plain_and_belong_to_one_person_each():
    usernames = [learner.username for learner in LEARNERS]
    assert len(set(usernames)) == 60
    assert all(name.isascii() and name.replace(".", "").isalpha() for name in usernames)
    assert set(LEAVE) <= {learner.username for learner in STORY_TELLERS}


def test_terms_breaks_weekends_and_nights_leave_their_mark(year):
    weeks = Counter(position(day_of(one), ANCHOR).phase for one in year)
    days = Counter(position(year_start(ANCHOR) + timedelta(days=offset), ANCHOR).phase for offset in range(371))
    rate = {phase: weeks[phase] / days[phase] for phase in Phase}
    assert rate[Phase.EXAMS] > rate[Phase.TEACHING] > 4 * rate[Phase.BREAK]
    weekdays = Counter(day_of(one).weekday() for one in year)
    assert max(weekdays[5], weekdays[6]) < min(weekdays[day] for day in range(4)) / 2
    hours = Counter(datetime.fromisoformat(one["occurredAt"]).astimezone(ZONE).hour for one in year)
    assert sum(hours[hour] for hour in range(1, 6)) == 0


def test_most_timed_interactions_tell_active_seconds_some_only_wall_clock_and_some_nothing(year):
    timed = [one for one in year if one["interactionType"] in ("case_view", "case_complete", "time_spent")]
    active = sum("activeSeconds" in one for one in timed) / len(timed)
    neither = sum("timeSpentSeconds" not in one for one in timed) / len(timed)
    assert 0.65 < active < 0.80 and 0.04 < neither < 0.12
    assert all(one["activeSeconds"] <= one["timeSpentSeconds"] for one in timed if "activeSeconds" in one)


def test_lena_is_steady(year):
    lena = of(year, "lena")
    weeks = [ANCHOR - timedelta(weeks=back) for back in range(1, 6)]
    assert all(per_week(lena, start, start + timedelta(weeks=1)) > 10 for start in weeks)


def test_milo_fades_into_silence(year):
    milo = of(year, "milo")
    before = per_week(milo, ANCHOR - timedelta(days=58), ANCHOR - timedelta(days=44))
    lately = per_week(milo, ANCHOR - timedelta(days=21), ANCHOR)
    assert before > 25 > 10 > lately
    assert (ANCHOR - day_of(milo[-1])).days >= 9


def test_amara_works_before_exams_and_hardly_else(year):
    crammed = [one for one in of(year, "amara") if 12 <= position(day_of(one), ANCHOR).week < 16]
    assert len(crammed) > 0.75 * len(of(year, "amara"))


def test_jonas_does_nothing_on_leave_and_is_back(year):
    start, end = LEAVE["jonas"].days(ANCHOR)
    days = {day_of(one) for one in of(year, "jonas")}
    assert not any(start <= day < end for day in days)
    assert any(day < start for day in days) and len([day for day in days if day >= end]) >= 8


def test_priya_clicks_through_what_takes_others_minutes(year):
    def seconds(username: str) -> float:
        return median(one["activeSeconds"] for one in of(year, username, "case_complete") if "activeSeconds" in one)

    assert seconds("priya") < 60 < 480 < seconds("lena")


def test_kofi_struggles_asks_and_keeps_going(year):
    def result(username: str) -> float:
        return mean(one["performanceMetrics"]["score"] for one in of(year, username, "case_complete"))

    def help_per_case(username: str) -> float:
        return len(of(year, username, "help_request")) / len(of(year, username, "case_start"))

    assert result("kofi") < 55 < 65 < result("lena")
    assert help_per_case("kofi") > 3 * help_per_case("lena")
    assert per_week(of(year, "kofi"), ANCHOR - timedelta(weeks=4), ANCHOR) > 30


def test_new_arrivals_are_new_and_some_never_started(year):
    active = Counter(one["userId"] for one in year)
    assert {learner.username for learner in LEARNERS if active[learner.username] == 0} == {
        learner.username for learner in LEARNERS if learner.story is Story.NEVER_STARTED
    }
    for learner in LEARNERS:
        if learner.story is Story.NEW:
            assert day_of(of(year, learner.username)[0]) >= learner.enrolled_from(ANCHOR) > ANCHOR - timedelta(days=20)


def test_everybody_has_a_specialty_that_is_hard_and_one_that_is_easy(year):
    def result(username: str, specialty: str) -> float:
        done = of(year, username, "case_complete")
        return mean(one["performanceMetrics"]["score"] for one in done if one["metadata"]["specialty"] == specialty)

    for learner in (one for one in STORY_TELLERS if one.story in (Story.STEADY, Story.KEEN, Story.STRUGGLING)):
        told = traits(learner, 7).strengths
        liked, hard = max(told, key=told.get), min(told, key=told.get)
        assert result(learner.username, liked) > result(learner.username, hard) + 8, learner.username


def test_sepsis_ii_loses_learners_at_one_step(year):
    def lost(case_id: str) -> float:
        about = Counter(one["interactionType"] for one in year if one.get("caseId") == case_id)
        return about["case_abandon"] / about["case_start"]

    assert lost("emer-06") > 2 * lost("emer-05")
    stages = Counter(
        one["metadata"]["stage"]
        for one in year
        if one["interactionType"] == "case_abandon" and one["caseId"] == "emer-06"
    )
    assert stages.most_common(1)[0][0] == "investigations"
