from dataclasses import replace

import numpy as np
import pytest

from engagement.ml.cases import cases_of
from engagement.ml.features import FEATURES, REACH_DAYS, features_of
from engagement.ml.peers import EVERYBODY, peer_figures, peer_rows
from engagement.tests.ml.conftest import histories_like


def named(rows: np.ndarray, row: int = 0) -> dict[str, float]:
    return dict(zip(FEATURES, rows[row].tolist(), strict=True))


def features_at(histories, cut: int) -> np.ndarray:
    past, present = histories.as_of(cut, REACH_DAYS), histories.present(cut)
    return features_of(past, peer_rows(peer_figures(past, histories.group, present), histories.group))


def test_nothing_after_the_cut_off_changes_a_feature_or_a_naive_forecast(cohort):
    cut = 80
    later = cohort.active.copy()
    later[:, cut + 1 :] = ~later[:, cut + 1 :]
    changed = replace(cohort, active=later, volume=np.where(later, 50.0, 0.0).astype(np.float32))
    changed.volume[:, : cut + 1] = cohort.volume[:, : cut + 1]
    assert np.array_equal(features_at(cohort, cut), features_at(changed, cut))
    ours, theirs = (cases_of(histories, [cut], 7) for histories in (cohort, changed))
    assert not np.array_equal(ours.active_days, theirs.active_days)
    assert np.array_equal(ours.known.counts.active, theirs.known.counts.active)
    for target, forecasts in ours.known.naive.items():
        for name, expected in forecasts.items():
            assert np.array_equal(expected, theirs.known.naive[target][name]), (target, name)


def test_features_say_what_their_names_say():
    active = np.zeros((12, 100), bool)
    active[0, [80, 86, 90, 95]] = True
    got = named(features_at(histories_like(active), 99))
    assert got["days since the last active day"] == 4
    assert got["usual gap"] == 5
    assert (got["longest gap"], got["latest gap"]) == (6, 5)
    assert (got["active days in 7"], got["active days in 14"], got["active days in 28"]) == (1, 3, 4)
    assert (got["active days, week 1 back"], got["active days, week 2 back"]) == (1, 2)
    assert got["interactions in 14 (log)"] == pytest.approx(np.log1p(6))
    assert got["share of the cohort at work, week 1 back"] == pytest.approx(1 / 12)
    assert got["the cohort's days since the start"] == 100


def test_who_was_never_active_has_finite_features():
    rows = features_at(histories_like(np.zeros((3, 100), bool)), 50)
    assert np.isfinite(rows).all()
    assert named(rows)["days since the last active day"] == 51


def test_a_cohort_under_ten_is_given_what_everybody_did():
    active = np.zeros((30, 100), bool)
    active[:9, 99] = True
    group = np.repeat([5, 6], [9, 21])
    histories = histories_like(active, group)
    figures = peer_figures(histories.as_of(99, 84), group, histories.present(99))
    assert figures.keys() == {EVERYBODY, 6}
    at_work = peer_rows(figures, np.array([5, 6, -1]))[:, 0]
    assert at_work.tolist() == [0.3, 0.0, 0.3]
