from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engagement.domain.insufficient import Insufficient, Need
from engagement.ml import fitting, training
from engagement.ml.card import card_of, cohort_card
from engagement.ml.evaluation import LearnerBootstrap, WeightedAuc, beats_everywhere, event_score
from engagement.ml.outlook import CohortFit
from engagement.ml.training import Plan, train

FIRST, CUT = date(2026, 1, 1), 124
# 31 March: the first of four weekly cut-offs, the last of which lies a label's length before CUT.
FIRST_TO_JUDGE = 89
PLAN = Plan(horizons=(14,), weeks=18, judge_weeks=4)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Few small trees, tried on few cases: what is tested is who ships, not how good it gets."""
    monkeypatch.setattr(fitting, "_SETTINGS", fitting._SETTINGS | {"max_iter": 15, "learning_rate": 0.2})


def learn(histories, **changed):
    return train(histories, FIRST, CUT, in_use={}, plan=replace(PLAN, **changed))


def test_the_same_days_give_the_same_models(cohort):
    first, second = (learn(cohort, only=frozenset({"silence:14d"})) for _ in range(2))
    assert first.cohort == second.cohort
    assert [candidate.why for candidate in first.candidates] == [candidate.why for candidate in second.candidates]


def test_a_model_worse_than_recency_alone_is_not_shipped(cohort, monkeypatch):
    """Sabotage: labels shuffled among those who learn, so that trees learn nothing."""
    honest = training.fit_boosted

    def shuffled(rows, target, link):
        return honest(rows, np.random.default_rng(0).permutation(target), link)

    monkeypatch.setattr(training, "fit_boosted", shuffled)
    done = learn(cohort)
    assert [candidate.key for candidate in done.candidates] == ["silence:14d", "active_days:14d", "volume:14d"]
    assert not any(candidate.won or candidate.model for candidate in done.candidates)
    assert "Not shipped" in card_of(done.candidates[0], done.cohort)


def test_a_better_model_is_shipped_and_says_so(cohort, monkeypatch):
    """Sabotage the other way: recency alone and what is in use are made to know nothing."""
    monkeypatch.setattr(training, "fit_recency", lambda days, silent: lambda later: np.full(len(later), 0.5))
    monkeypatch.setattr(training, "silence", lambda known, *rest: (np.full(len(known.rows), 0.5), "blend"))
    (candidate,) = learn(cohort, only=frozenset({"silence:14d"})).candidates
    assert candidate.won and candidate.model is not None
    assert candidate.why.startswith("Shipped")


def test_a_band_a_blend_and_a_record_come_with_enough_cases(cohort):
    fit = learn(cohort, boosting=False).cohort
    assert fit.logistic.keys() == {"silence:14d"}
    assert fit.bands.keys() == fit.levels.keys() == {"active_days:14d", "volume:14d"}
    record = fit.records["active_days:14d"]
    assert record.origins == ["2026-03-31", "2026-04-21"]
    assert record.amount["forecast"].rmse < record.amount["last week"].rmse
    assert 0.75 < record.amount["forecast"].coverage < 0.9
    assert CohortFit.unpacked(fit.packed()) == fit
    assert "active_days:14d, cut-offs 2026-03-31 to 2026-04-21" in cohort_card(fit)


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
    [candidate] = done.candidates
    told = done.cohort.records["silence:14d"].event["forecast"].brier
    # What knows nothing is told as that; else the record is of the trees that have not seen these days.
    assert (told == pytest.approx(0.25)) is (is_judged and not candidate.won)


def test_few_learners_give_no_fit(cohort):
    assert learn(cohort.rows(np.arange(29))) == Insufficient((Need("learners with 14 observed days", 29, 30),))


def test_few_cases_give_no_blend(cohort):
    fit = learn(cohort.rows(np.arange(30)), boosting=False, weeks=5).cohort
    assert (fit.logistic, fit.learners) == ({}, 30)


def test_no_case_to_learn_from_reaches_into_the_cut_offs_that_judge(cohort, monkeypatch):
    seen = []
    honest = training.cases_of
    monkeypatch.setattr(training, "cases_of", lambda h, cuts, *rest: seen.append(list(cuts)) or honest(h, cuts, *rest))
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
    assert beats_everywhere([good, good], [bad, bad])
    assert not beats_everywhere([good, bad], [bad, good])
