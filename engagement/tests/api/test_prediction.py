import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from accounts.models import Enrolment, Pause
from engagement.api.prediction_answers import amount_json
from engagement.forecasts import Expected
from engagement.ml.models import Boosted
from engagement.ml.outlook import BGBB_ALONE, BLEND, RECENCY, SMOOTHING, CohortFit
from engagement.ml.trees import Trees
from engagement.model_training import train_models
from engagement.models import TrainedModel
from engagement.trained import COHORT, keep_model
from interactions.models import DailyActivity
from medsim_tracking.testing import NOW, enrol, person, track

URL = "/api/interaction-tracking/prediction/"
TODAY = NOW.date()


def read(api, who="lena", horizon=""):
    answer = api.get(f"{URL}{who}{horizon}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def days_of_work(learner, ages) -> list[DailyActivity]:
    """Daily sums as the writer would have made them of one completed case a day."""
    return [
        DailyActivity(
            user=learner,
            day=TODAY - timedelta(days=age),
            interaction_type="case_complete",
            policy_version="es-1",
            interactions=3,
            base_units=900_000,
            best_units=900_000,
            active_seconds=0,
            wall_seconds=0,
            unknown_seconds=0,
            untimed=3,
            first_at=NOW - timedelta(days=age),
            last_at=NOW - timedelta(days=age),
        )
        for age in ages
    ]


@pytest.fixture
def busy_cohort(cast):
    """Lena works every other day; 39 others every third, some of whom stopped."""
    lena, cardiology = cast["lena"], cast["cardiology"]
    rows = days_of_work(lena, range(1, 120, 2))
    for number in range(39):
        learner = person(f"learner-{number}")
        enrol(learner, cardiology)
        rows += days_of_work(learner, range(1 + 40 * (number % 4 == 0) + number % 3, 120, 3))
    DailyActivity.objects.bulk_create(rows)
    return lena


_FITTED: list[bytes] = []


@pytest.fixture
def trained(busy_cohort):
    """Trained once: the same data gives the same model."""
    if not _FITTED:
        _FITTED.append(train_models(now=NOW, boosting=False, history_days=182).stored[0].parameters)
    else:
        through = TODAY - timedelta(days=1)
        keep_model(
            kind=COHORT, parameters=_FITTED[0], learned_through=through, metrics={}, card="", chosen=True, now=NOW
        )
    return busy_cohort


def test_a_forecast_says_what_when_how_surely_and_from_what(trained, lena_api):
    body = read(lena_api, "me", "?horizon=14d")
    assert (body["userId"], body["asOf"], body["horizon"], body["policy"]) == ("lena", "2026-03-15", "14d", "es-1")
    assert body["timeRange"] == {"from": "2026-03-16T00:00:00Z", "to": "2026-03-30T00:00:00Z", "timeZone": "UTC"}
    assert 5 < body["activeDays"]["value"] < 9
    low, high = body["activeDays"]["interval"]
    assert 0 <= low <= body["activeDays"]["value"] <= high <= 14
    assert body["volume"]["value"] == pytest.approx(3 * body["activeDays"]["value"], rel=0.05)
    assert body["silence"]["value"] < 0.1
    assert body["index"]["withoutActivity"] < body["index"]["interval"][0] <= body["index"]["value"]
    assert set(body["record"]["activeDays"]["naive"]) == {
        "last week",
        "mean of 4 weeks",
        "four weeks before",
        "exponential smoothing",
    }
    assert (
        body["record"]["silence"]["forecast"]["cases"] == body["record"]["silence"]["naive"]["recency alone"]["cases"]
    )
    assert body["model"] == {"fittedThrough": "2026-03-15", "versions": {"cohort": "2026-03-15.1"}}


def test_where_nothing_beat_recency_alone_it_is_told_by_its_name_and_with_nothing_else(trained, lena_api, edda_api):
    """Who stopped stays silent here and nobody else does, so nothing can be better than recency."""
    said = read(lena_api, "me")["silence"]
    assert (said["basis"], said["method"], said["level"]) == ("rule", "recency", "low")
    assert said["reasons"] == [
        {
            "feature": "days since the last active day",
            "value": 0.0,
            "contribution": None,
            "text": "days since the last active day: 0",
        }
    ]
    text = read(edda_api)["silence"]["text"]
    share = f"{100 * said['value']:.0f} of 100"
    told = f"of learners who last worked as long ago as Lena, {share} did not work in the 14 days after."
    assert text == f"By the last active day alone: {told}"


def fitted_with(**changed):
    """The same fit, shown by other methods."""
    fit = replace(CohortFit.unpacked(_FITTED[0]), **changed)
    told = dict(learned_through=TODAY - timedelta(days=1), metrics={}, card="", chosen=True, now=NOW)
    keep_model(kind=COHORT, parameters=fit.packed(), **told)


def test_a_method_that_passed_is_told_with_the_three_figures_that_moved_the_chance_most(trained, lena_api):
    fitted_with(methods={"silence:14d": (BLEND, RECENCY), "volume:14d": (SMOOTHING,), "active_days:14d": (BGBB_ALONE,)})
    body = read(lena_api)
    assert (body["silence"]["method"], body["silence"]["basis"]) == ("blend", "shrunk")
    assert len(body["silence"]["reasons"]) == 3
    assert (body["activeDays"]["method"], body["activeDays"]["basis"]) == ("bgbb", "shrunk")
    assert (body["volume"]["method"], body["volume"]["basis"]) == ("smoothing", "rule")


def test_where_nothing_could_be_judged_no_chance_is_named(trained, lena_api):
    fitted_with(methods={}, bands={}, records={})
    body = read(lena_api)
    assert (body["silence"]["value"], body["silence"]["method"]) == (None, "rule")
    assert (body["activeDays"]["interval"], body["activeDays"]["method"]) == (None, "smoothing")
    assert body["record"]["silence"] is None


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (3.4, 1.2, 6.8, [2, 6]),
        (2.97, 2.3, 8.6, [2, 8]),
        (2.97, 1.0, 2.99, [1, 3]),
        (0.4, 0.0, 0.9, [0, 1]),
        (2.0, 2.6, 5.2, [2, 5]),
    ],
)
def test_an_interval_is_told_in_whole_days_and_holds_its_value(value, low, high, told):
    assert amount_json(Expected(value, low, high, "shrunk", "blend", 14))["interval"] == told


def test_the_same_question_has_the_same_answer_and_a_longer_horizon_more_days(trained, lena_api):
    assert read(lena_api) == read(lena_api)
    by_horizon = [read(lena_api, horizon=f"?horizon={days}d") for days in (7, 14, 28)]
    assert [body["activeDays"]["value"] for body in by_horizon] == sorted(
        body["activeDays"]["value"] for body in by_horizon
    )


def always(logit_or_log: float, link: str) -> Boosted:
    """Trees that say the same of everybody."""
    none, leaf = np.zeros(1, int), np.zeros(1)
    return Boosted(Trees(none, leaf, none, none, leaf, none, logit_or_log, 1), link)


@pytest.fixture
def contradictory(trained):
    """Trees for 7, 14 and 28 days that were each right alone: silence .05, .07 and .03, 4, 2 and 9 active days."""
    through = TODAY - timedelta(days=1)
    told = dict(learned_through=through, metrics={}, card="", chosen=True, now=NOW)
    methods = {}
    for days, chance, active, volume in ((7, 0.05, 4, 30), (14, 0.07, 2, 20), (28, 0.03, 9, 25)):
        for target, trees in (
            ("silence", always(math.log(chance / (1 - chance)), "logit")),
            ("active_days", always(math.log(active), "log")),
            ("volume", always(math.log(volume), "log")),
        ):
            methods[f"{target}:{days}d"] = ("boosted",)
            keep_model(kind=f"{target}:{days}d", parameters=trees.packed(), **told)
    fitted_with(methods=methods)
    return trained


def test_who_is_forecast_by_contradictory_methods_is_told_what_fewer_days_allow(contradictory, lena_api):
    bodies = [read(lena_api, horizon=f"?horizon={days}d") for days in (7, 14, 28)]
    told = {name: [body[name]["value"] for body in bodies] for name in ("silence", "activeDays", "volume")}
    assert told == {"silence": [0.05, 0.05, 0.03], "activeDays": [4, 4, 9], "volume": [30, 30, 30]}
    whose = {name: [body[name]["fromHorizon"] for body in bodies] for name in told}
    assert whose == {
        "silence": ["7d", "7d", "28d"],
        "activeDays": ["7d", "7d", "28d"],
        "volume": ["7d", "7d", "7d"],
    }
    for body in bodies:
        for name in ("activeDays", "volume"):
            low, high = body[name]["interval"]
            assert low <= body[name]["value"] <= high
    # Trees of fewer days have a part in it, so they are named.
    assert {"silence:7d", "silence:14d"} <= bodies[1]["model"]["versions"].keys()


def test_a_chance_that_is_a_shorter_horizons_is_told_as_that(contradictory, lena_api, edda_api):
    short, long = (read(edda_api, horizon=f"?horizon={days}d")["silence"] for days in (7, 14))
    assert short["text"] == "Of learners with days like those of Lena, 5 of 100 did not work in the 7 days after."
    assert long["text"] == f"{short['text']} The chance of 14 days without work is no higher."
    assert long["reasons"] == short["reasons"]


MIXED = {
    "silence:7d": (BGBB_ALONE,),
    "silence:14d": (RECENCY,),
    "silence:28d": (BLEND,),
    "active_days:7d": (BLEND,),
    "active_days:14d": (SMOOTHING,),
    "active_days:28d": (BGBB_ALONE,),
    "volume:7d": (BGBB_ALONE,),
    "volume:14d": (SMOOTHING,),
    "volume:28d": (BGBB_ALONE,),
}


def test_no_learner_of_a_house_is_told_anything_that_contradicts_a_shorter_horizon(trained, ada_api):
    fitted_with(methods=MIXED)
    held = 0
    for who in ("lena", *(f"learner-{number}" for number in range(39))):
        bodies = [read(ada_api, who, f"?horizon={days}d") for days in (7, 14, 28)]
        chances, days, volumes = (
            [body[name]["value"] for body in bodies] for name in ("silence", "activeDays", "volume")
        )
        assert chances == sorted(chances, reverse=True)
        assert days == sorted(days) and all(0 <= told <= most for told, most in zip(days, (7, 14, 28), strict=True))
        assert volumes == sorted(volumes)
        held += sum(body[name]["fromHorizon"] != body["horizon"] for body in bodies for name in ("silence", "volume"))
    # Else nothing was tried.
    assert held > 0


def test_who_stopped_is_more_likely_to_stay_silent(trained, ada_api):
    stopped, steady = read(ada_api, "learner-4"), read(ada_api, "learner-5")
    assert stopped["silence"]["value"] > 0.5 > steady["silence"]["value"]
    assert (stopped["silence"]["level"], steady["silence"]["level"]) == ("high", "low")


def test_a_day_that_has_just_begun_is_no_idle_day_and_work_on_it_counts(trained, lena_api, lena):
    before = read(lena_api)
    track(lena, "case_complete", time_spent_seconds=1800, occurred_at=NOW - timedelta(hours=1))
    after = read(lena_api)
    assert (before["asOf"], after["asOf"]) == ("2026-03-15", "2026-03-16")


def test_with_few_learners_only_a_rule_speaks_and_gives_no_chance(lena_api, lena):
    DailyActivity.objects.bulk_create(days_of_work(lena, [20, 22, 24, 26, 28, 30]))
    body = read(lena_api)
    assert body["silence"]["value"] is None
    assert (body["silence"]["basis"], body["silence"]["level"]) == ("rule", "raised")
    assert body["silence"]["text"] == "Lena has not worked for 19 days; usually it is at most 2."
    assert body["activeDays"] == {
        "status": "insufficient_data",
        "value": None,
        "needs": [{"what": "learners with 14 observed days, fitted", "have": 0, "need": 30}],
    }


def test_a_newcomer_gets_no_forecast_of_his_own(trained, ada_api, cast):
    newcomer = person("nora")
    enrol(newcomer, cast["cardiology"], TODAY - timedelta(days=4))
    body = read(ada_api, "nora")
    needs = [{"what": "observed days", "have": 4, "need": 14}, {"what": "active days", "have": 0, "need": 2}]
    missing = {"status": "insufficient_data", "value": None, "needs": needs}
    assert [body[name] for name in ("activeDays", "volume", "index", "silence")] == [missing] * 4


@pytest.mark.parametrize(
    ("begins", "ends", "days", "coming"),
    [
        (-10, 200, "14d", 0),
        (-10, 4, "14d", 10),
        (6, 8, "7d", 6),
        (6, 8, "14d", 12),
        (7, 8, "7d", 7),
        (-10, 0, "14d", 14),
    ],
)
def test_nothing_is_forecast_into_days_of_leave(trained, lena_api, lena, begins, ends, days, coming):
    span = (TODAY + timedelta(days=begins), TODAY + timedelta(days=ends))
    Pause.objects.create(enrolment=lena.enrolments.get(), start=span[0], end=span[1])
    body, horizon = read(lena_api, horizon=f"?horizon={days}"), int(days[:-1])
    values = [body[name] for name in ("activeDays", "volume", "index", "silence")]
    if coming == horizon:
        assert all("status" not in value for value in values)
    else:
        needs = [{"what": "coming days without leave", "have": coming, "need": horizon}]
        assert values == [{"status": "insufficient_data", "value": None, "needs": needs}] * 4


@pytest.mark.parametrize(
    ("ends", "days", "coming"),
    [(5, "14d", 5), (5, "7d", 5), (14, "14d", 14), (13, "14d", 13), (0, "7d", 0), (-9, "7d", 0)],
)
def test_nothing_is_forecast_beyond_the_end_of_the_enrolment(trained, lena_api, lena, ends, days, coming):
    lena.enrolments.update(end=TODAY + timedelta(days=ends))
    body, horizon = read(lena_api, horizon=f"?horizon={days}"), int(days[:-1])
    values = [body[name] for name in ("activeDays", "volume", "index", "silence")]
    if coming == horizon:
        assert all("status" not in value for value in values)
    else:
        needs = [{"what": "coming days of the enrolment", "have": coming, "need": horizon}]
        assert values == [{"status": "insufficient_data", "value": None, "needs": needs}] * 4


@pytest.mark.parametrize(("gap", "coming"), [(0, 14), (2, 12)])
def test_who_goes_on_in_the_next_block_is_forecast_into_it(trained, lena_api, lena, gap, coming):
    first = lena.enrolments.get()
    first.end = TODAY + timedelta(days=5)
    first.save()
    Enrolment.objects.create(learner=lena, cohort=first.cohort, start=first.end + timedelta(days=gap))
    short = read(lena_api)["activeDays"].get("needs", [{"have": 14}])
    assert [need["have"] for need in short] == [coming]


def test_otto_finds_nobody_and_edda_reads_the_same_as_lena(trained, otto_api, edda_api, lena_api):
    assert otto_api.get(URL + "lena").status_code == 404
    assert read(edda_api) == read(lena_api, "me")


@pytest.mark.parametrize(("query", "pointer"), [("?horizon=3d", "/horizon"), ("?timeRange=7d", "/timeRange")])
def test_a_parameter_that_cannot_be_is_named(lena_api, query, pointer):
    answer = lena_api.get(f"{URL}me{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_the_number_of_queries_is_constant(trained, lena_api, lena, django_assert_num_queries):
    read(lena_api)
    for number in range(2):
        for days in (7, 14, 28):
            with django_assert_num_queries(9):
                read(lena_api, horizon=f"?horizon={days}d")
        DailyActivity.objects.bulk_create(days_of_work(lena, range(2 + 40 * number, 40 * (number + 1), 2)))


def test_a_dry_run_of_training_stores_nothing(busy_cohort):
    assert train_models(now=NOW, keep=False, boosting=False, history_days=126).stored == []
    assert not TrainedModel.objects.exists()
