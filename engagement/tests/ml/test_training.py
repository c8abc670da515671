from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engagement.domain.insufficient import Insufficient, Need
from engagement.ml import fitting, lessons, outlook, shorter, training
from engagement.ml.card import card_of, cohort_card
from engagement.ml.cases import cases_of, over
from engagement.ml.choosing import judged_amount, judged_silence, methods_of
from engagement.ml.evaluation import LearnerBootstrap, WeightedAuc, event_score
from engagement.ml.lessons import Plan, lesson_of
from engagement.ml.outlook import BLEND, LOGISTIC, RECENCY, SMOOTHING, CohortFit, amount, silence
from engagement.ml.shorter import within_shorter
from engagement.ml.training import train

FIRST, CUT = date(2026, 1, 1), 124
# 31 March: the first of four weekly cut-offs, the last of which lies a label's length before CUT.
FIRST_TO_JUDGE = 89
PLAN = Plan(horizons=(14,), weeks=18, judge_weeks=4)
# What 14 days learn from, so that no label reaches into the first cut-off that judges.
LEARNED_BEFORE = range(FIRST_TO_JUDGE - 14, 13, -5)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Few small trees, tried on few cases: what is tested is who ships, not how good it gets."""
    monkeypatch.setattr(fitting, "_SETTINGS", fitting._SETTINGS | {"max_iter": 15, "learning_rate": 0.2})


def learn(histories, **changed):
    return train(histories, FIRST, CUT, in_use={}, plan=replace(PLAN, **changed))


def test_the_same_days_give_the_same_models(cohort):
    first, second = (learn(cohort, only=frozenset({"silence:14d"})) for _ in range(2))
    assert first.cohort == second.cohort
    assert [choice.why for choice in first.choices] == [choice.why for choice in second.choices]


def verdicts(choice) -> dict[str, bool]:
    return {verdict.method: verdict.passed for verdict in choice.verdicts}


def test_a_model_worse_than_recency_alone_is_not_shipped(cohort, monkeypatch):
    """Sabotage: labels shuffled among those who learn, so that trees learn nothing."""
    honest = training.fit_boosted

    def shuffled(rows, target, link):
        return honest(rows, np.random.default_rng(0).permutation(target), link)

    monkeypatch.setattr(training, "fit_boosted", shuffled)
    done = learn(cohort)
    assert [choice.key for choice in done.choices] == ["silence:14d", "active_days:14d", "volume:14d"]
    assert not any(choice.won or choice.model or "boosted" in choice.methods for choice in done.choices)
    assert "- boosted: refused; earlier half: AUC" in cohort_card(done.cohort, done.choices)


def test_where_no_candidate_beats_recency_alone_it_is_shown_itself(cohort, monkeypatch):
    """Sabotage: every candidate says the opposite of recency."""
    honest = training.silence_by

    def turned(method, known, *rest):
        return honest(method, known, *rest) if method == RECENCY else 1 - honest(RECENCY, known, *rest)

    monkeypatch.setattr(training, "silence_by", turned)
    done = learn(cohort, only=frozenset({"silence:14d"}))
    [choice] = done.choices
    assert verdicts(choice) == {"boosted": False, "blend": False, "logistic": False, "bgbb": False}
    assert done.cohort.methods == {"silence:14d": (RECENCY,)}
    record = done.cohort.records["silence:14d"].event
    assert record["forecast"] == record["recency alone"]
    known = cases_of(cohort, [CUT - 14], 14).known
    shown = silence(known, 14, done.cohort, {})
    assert shown.methods == {14: RECENCY}
    assert np.array_equal(shown.values, done.cohort.recency["silence:14d"].predict(known.rows))
    assert "recency: shown as it is, since no candidate passed" in cohort_card(done.cohort, done.choices)


def test_a_refused_candidate_gives_way_to_the_next_that_passes_and_to_no_worse_one(cohort, monkeypatch):
    """Sabotage: only the small logistic model knows more than recency; what stands before and behind it knows less."""
    honest = training.silence_by

    def told(method, known, days, *rest):
        recency = honest(RECENCY, known, days, *rest)
        return recency if method == LOGISTIC else 0.5 + 0.1 * (1 if method == RECENCY else -1) * (recency > 0.5)

    monkeypatch.setattr(training, "silence_by", told)
    [choice] = learn(cohort, only=frozenset({"silence:14d"})).choices
    assert choice.methods == (LOGISTIC, RECENCY)


def test_where_no_candidate_beats_the_naive_forecasts_smoothing_is_shown(cohort, monkeypatch):
    """Sabotage: BG/BB and what is made with it expect as good as nothing."""
    honest = training.amount_by

    def nothing(method, *rest):
        expected = honest(method, *rest)
        return expected if method == SMOOTHING else 0.1 * expected

    monkeypatch.setattr(training, "amount_by", nothing)
    done = learn(cohort, boosting=False, only=frozenset({"active_days:14d"}))
    assert done.cohort.methods == {"active_days:14d": (SMOOTHING,)}
    record = done.cohort.records["active_days:14d"].amount
    assert record["forecast"] == record["exponential smoothing"]


def test_one_half_that_is_worse_than_one_naive_forecast_is_enough_to_refuse():
    naive = {"last week": [3.0, 3.0], "exponential smoothing": [2.5, 2.5]}
    told = {"boosted": [2.0, 2.6], "blend": [2.6, 2.0], "bgbb": [2.4, 2.4]} | naive
    verdicts = judged_amount(told, list(naive))
    assert [verdict.passed for verdict in verdicts] == [False, False, True]
    assert verdicts[0].why == "later half: RMSE 2.600; exponential smoothing: RMSE 2.500"
    assert methods_of(verdicts, SMOOTHING) == ("bgbb", SMOOTHING)


def test_a_better_model_is_shipped_and_says_so(cohort, monkeypatch):
    """Sabotage the other way: whatever is no tree is made to know nothing."""
    honest = training.silence_by

    def ignorant(method, known, *rest):
        return honest(method, known, *rest) if method == "boosted" else np.full(len(known.rows), 0.5)

    monkeypatch.setattr(training, "silence_by", ignorant)
    done = learn(cohort, only=frozenset({"silence:14d"}))
    [choice] = done.choices
    assert choice.won and choice.model is not None
    assert done.cohort.methods["silence:14d"] == ("boosted", RECENCY)
    assert "boosted: passed; better than recency in every span" in card_of(choice, done.cohort)


def test_trees_that_are_no_better_than_what_stands_without_them_are_refused(cohort, monkeypatch):
    """Sabotage: trees and a blend that both beat recency alone, of which the blend is the surer."""
    honest = training.silence_by

    def told(method, known, days, then, models):
        recency = honest(RECENCY, known, days, then, models)
        sure = {RECENCY: 0.0, BLEND: 1.0, "boosted": 0.5}.get(method, -1.0)
        return 0.5 + sure * (recency - 0.5)

    monkeypatch.setattr(training, "silence_by", told)
    [choice] = learn(cohort, only=frozenset({"silence:14d"})).choices
    assert choice.methods == (BLEND, RECENCY)
    assert "; blend: AUC" in choice.verdicts[0].why


def test_a_band_a_blend_and_a_record_come_with_enough_cases(cohort):
    done = learn(cohort, boosting=False)
    fit = done.cohort
    assert fit.logistic.keys() == fit.recency.keys() == {"silence:14d"}
    assert fit.bands.keys() == fit.levels.keys() == {"active_days:14d", "volume:14d"}
    record = fit.records["active_days:14d"]
    assert record.origins == ["2026-03-31", "2026-04-21"]
    assert record.amount["forecast"].rmse < record.amount["last week"].rmse
    assert 0.75 < record.amount["forecast"].coverage < 0.9
    assert CohortFit.unpacked(fit.packed()) == fit
    card = cohort_card(fit, done.choices)
    assert "## active_days:14d" in card
    assert "Record of what is shown, cut-offs 2026-03-31 to 2026-04-21" in card
    assert "- boosted: refused; not tried: not asked for" in card


BOTH = {"horizons": (7, 14)}


def test_a_longer_horizon_is_judged_and_recorded_as_it_is_shown(cohort, monkeypatch):
    """Sabotage: over 7 days nobody is silent and all are active throughout, whatever 14 days say by themselves."""
    plain = learn(cohort, boosting=False, **BOTH).cohort
    say, expect = outlook.silence_by, outlook.amount_by

    def never_silent(method, known, days, *rest):
        return (days != 7) * say(method, known, days, *rest)

    def always_active(method, target, known, days, *rest):
        return np.maximum(expect(method, target, known, days, *rest), 6.9 * (days == 7))

    monkeypatch.setattr(outlook, "silence_by", never_silent)
    monkeypatch.setattr(outlook, "amount_by", always_active)
    done = learn(cohort, boosting=False, **BOTH).cohort
    silent, active = done.records["silence:14d"].event, done.records["active_days:14d"].amount
    assert plain.methods["silence:14d"] != done.methods["silence:14d"] == (RECENCY,)
    assert {said for said, _came, _cases in silent["forecast"].bins} == {0.0}
    assert silent["recency alone"] == plain.records["silence:14d"].event["recency alone"]
    assert done.methods["active_days:14d"] == (SMOOTHING,)
    assert active["forecast"].rmse > active["exponential smoothing"].rmse
    assert min(done.bands["active_days:14d"].edges) >= 6.9
    # Nothing is shorter than 7 days.
    assert [done.records[f"{name}:7d"] for name in ("silence", "active_days")] == [
        plain.records[f"{name}:7d"] for name in ("silence", "active_days")
    ]


def test_what_is_judged_is_what_is_shown(cohort):
    """The newest cut-off forecast once more by the fit that judged it, through the door that pages use."""
    fit = learn(cohort, boosting=False, **BOTH).cohort
    lesson = within_shorter(lesson_of(cohort, FIRST, CUT, 14, PLAN, fit.bgbb), cohort, fit.methods, {})
    then = replace(lesson.then, methods=fit.methods)
    shown = silence(lesson.newest.known, 14, then, {})
    said = training._silence_then(lesson, fit.methods["silence:14d"][0], lesson.newest, None)
    assert np.array_equal(shown.values, said)
    assert (shown.days == 7).any()


@pytest.mark.parametrize(("learned_to", "anew"), [(FIRST_TO_JUDGE, 0), (FIRST_TO_JUDGE + 1, 1)])
def test_trees_for_fewer_days_are_learned_anew_where_they_know_days_that_judge(cohort, monkeypatch, learned_to, anew):
    honest, learned = shorter.fit_boosted, []

    def watched(rows, target, link):
        learned.append((len(rows), float(target.mean())))
        return honest(rows, target, link)

    monkeypatch.setattr(shorter, "fit_boosted", watched)
    monkeypatch.setattr(training, "methods_of", lambda verdicts, simplest: ("boosted", simplest))
    monkeypatch.setattr(training, "judged_silence", lambda scores: ())
    plan = replace(PLAN, only=frozenset({"silence:7d", "silence:14d"}), boosting=False, **BOTH)
    told = dict(in_use={"silence:7d": Watched(), "silence:14d": Watched()}, learned_to={"silence:7d": learned_to})
    train(cohort, FIRST, CUT, plan=plan, **told | {"learned_to": told["learned_to"] | {"silence:14d": 0}})
    learn_from = cases_of(cohort, LEARNED_BEFORE, 7)
    assert learned == anew * [(len(learn_from), float(learn_from.silent.mean()))]


def test_what_came_in_the_first_days_of_cases_is_what_came_in_as_many_days(cohort):
    cases = over(cases_of(cohort, [40, 60], 28), cohort, 7)
    assert np.array_equal(cases.active_days, cases_of(cohort, [40, 60], 7).active_days)
    assert np.array_equal(cases.volume, cases_of(cohort, [40, 60], 7).volume)


class Watched:
    """A model in use that knows nothing and notes whether it was asked."""

    def __init__(self):
        self.asked = False

    def predict(self, rows):
        self.asked = True
        return np.full(len(rows), 0.5)


@pytest.mark.parametrize(("learned_to", "is_judged"), [(FIRST_TO_JUDGE, True), (FIRST_TO_JUDGE + 1, False)])
def test_what_is_in_use_is_not_judged_on_days_it_learned_from(cohort, learned_to, is_judged):
    in_use = {"silence:14d": Watched()}
    said = dict(in_use=in_use, learned_to={"silence:14d": learned_to})
    done = train(cohort, FIRST, CUT, plan=replace(PLAN, only=frozenset(in_use)), **said)
    assert in_use["silence:14d"].asked is is_judged
    [choice] = done.choices
    assert ("boosted, in use" in verdicts(choice)) is is_judged
    # What knows nothing is refused, though it is in use.
    assert not choice.keeps_trees
    assert done.cohort.records["silence:14d"].event["forecast"].brier < 0.2


def test_trees_in_use_stay_where_they_still_beat_recency_alone_and_new_ones_do_not_beat_them(cohort, monkeypatch):
    honest, before = training.silence_by, Watched()

    def told(method, known, days, then, models):
        if method == "boosted" and models["silence:14d"] is before:
            return honest(RECENCY, known, days, then, models)
        return np.full(len(known.rows), 0.5)

    monkeypatch.setattr(training, "silence_by", told)
    plan = replace(PLAN, only=frozenset({"silence:14d"}))
    done = train(cohort, FIRST, CUT, plan=plan, in_use={"silence:14d": before}, learned_to={"silence:14d": 60})
    [choice] = done.choices
    assert (choice.won, choice.keeps_trees, choice.model) == (False, True, None)
    assert done.cohort.methods["silence:14d"] == ("boosted", RECENCY)


def test_few_learners_give_no_fit(cohort):
    assert learn(cohort.rows(np.arange(29))) == Insufficient((Need("learners with 14 observed days", 29, 30),))


def test_few_cases_give_no_blend(cohort):
    fit = learn(cohort.rows(np.arange(30)), boosting=False, weeks=5).cohort
    assert (fit.logistic, fit.learners) == ({}, 30)


def test_where_recency_alone_has_too_few_cases_no_chance_is_named_and_amounts_are_smoothed(cohort):
    few = cohort.rows(np.arange(31))
    fit = learn(few, boosting=False, weeks=5).cohort
    known = cases_of(few, [CUT - 14], 14).known
    assert silence(known, 14, fit, {}) is None
    assert amount("active_days", known, 14, replace(fit, methods={}), {}).methods[14] == SMOOTHING


def test_where_trees_cannot_be_read_the_next_that_passed_is_shown(cohort):
    fit = learn(cohort, boosting=False, only=frozenset({"silence:14d"})).cohort
    fit.methods["silence:14d"] = ("boosted", BLEND, RECENCY)
    assert silence(cases_of(cohort, [CUT - 14], 14).known, 14, fit, {}).methods == {14: BLEND}


def test_no_case_to_learn_from_reaches_into_the_cut_offs_that_judge(cohort, monkeypatch):
    seen = []
    honest = lessons.cases_of
    monkeypatch.setattr(lessons, "cases_of", lambda h, cuts, *rest: seen.append(list(cuts)) or honest(h, cuts, *rest))
    learn(cohort, boosting=False)
    # What is shipped learns once more from all of them, after the judging.
    learning, *judging, _everything = seen
    assert max(learning) + 14 <= min(cut for cuts in judging for cut in cuts)
    assert max(cut for cuts in judging for cut in cuts) + 14 == CUT


def test_weights_of_one_give_the_plain_auc_and_a_learner_comes_with_all_his_cases():
    rng = np.random.default_rng(2)
    score, happened = rng.integers(0, 9, 400) / 9, rng.random(400) < 0.4
    assert WeightedAuc(score, happened)(np.ones(400)) == pytest.approx(event_score(score, happened).auc)
    learner = np.repeat(np.arange(100), 4)
    weights = next(LearnerBootstrap(learner, repeats=1).weights()).reshape(100, 4)
    assert (weights == weights[:, :1]).all() and weights.sum() == 400


def test_one_worse_span_is_enough_to_lose():
    happened = np.tile([True, False, False, False], 100)
    good, bad = (event_score(np.where(happened, high, 0.2), happened) for high in (0.8, 0.1))
    assert [verdict.passed for verdict in judged_silence({"blend": [good, good], RECENCY: [bad, bad]})] == [True]
    [verdict] = judged_silence({"blend": [good, bad], RECENCY: [bad, good]})
    assert not verdict.passed
    assert verdict.why.startswith("later half: AUC 0.000")


def test_where_nobody_fell_silent_nothing_is_better():
    nobody = event_score(np.full(10, 0.1), np.zeros(10, bool))
    [verdict] = judged_silence({"bgbb": [nobody, nobody], RECENCY: [nobody, nobody]})
    assert not verdict.passed and "AUC not known" in verdict.why
