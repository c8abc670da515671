import numpy as np
import pytest

from engagement.domain.forecast.bgbb import BGBB, Counts, counts_of, fit_bgbb

DONATIONS = BGBB(1.204, 0.750, 0.657, 2.783)
# Years with a gift, the last of them, how many donors.
DONORS = (
    *((6, 6, 1203), (5, 6, 728), (4, 6, 512), (3, 6, 357), (2, 6, 234), (1, 6, 129)),
    *((5, 5, 335), (4, 5, 284), (3, 5, 225), (2, 5, 173), (1, 5, 119)),
    *((4, 4, 240), (3, 4, 181), (2, 4, 155), (1, 4, 78)),
    *((3, 3, 322), (2, 3, 255), (1, 3, 129)),
    *((2, 2, 613), (1, 2, 277), (1, 1, 1091), (0, 0, 3464)),
)


def counts(x: int, last: int, observed: int) -> Counts:
    return Counts(np.array([x]), np.array([last]), np.array([observed]))


def test_worked_values_of_the_published_donations_model():
    steady, stopped = counts(6, 6, 6), counts(4, 4, 6)
    assert DONATIONS.alive(steady)[0] == pytest.approx(1, abs=5e-7)
    assert DONATIONS.expected_active_days(steady, 5)[0] == pytest.approx(3.752116, abs=5e-7)
    assert DONATIONS.no_active_day(steady, 5)[0] == pytest.approx(0.076841, abs=5e-7)
    assert DONATIONS.alive(stopped)[0] == pytest.approx(0.215104, abs=5e-7)


def donors() -> Counts:
    """11,104 donors of 1995 and what they gave in the six years after (Fader, Hardie and Shang 2010)."""
    same = [np.full(number, place) for place, (_, _, number) in enumerate(DONORS)]
    active, last, _ = np.array(DONORS)[np.concatenate(same)].T
    return Counts(active, last, np.full(len(active), 6))


def test_the_published_fit_is_found_again_with_its_likelihood():
    table = donors()
    assert len(table.active) == 11_104
    assert DONATIONS.log_likelihood(table).sum() == pytest.approx(-33225.6, abs=0.05)
    found = fit_bgbb(table, ridge=0.0)
    assert [found.alpha, found.beta, found.gamma, found.delta] == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=2e-3)


def test_the_chances_of_a_fortnight_add_up_to_one_day_after_another():
    """P(none in 1) = 1 - E[X_1], and E grows by at most a day a day."""
    learner = counts(9, 20, 28)
    one = DONATIONS.outlook(learner, 1)
    assert one.none[0] == pytest.approx(1 - one.active_days[0], abs=1e-12)
    expected = [DONATIONS.expected_active_days(learner, days)[0] for days in range(1, 29)]
    assert np.all(np.diff([0, *expected]) > 0) and expected[-1] < 28


def test_counts_are_read_newest_first_and_only_where_the_learner_was_watched():
    active = np.zeros((3, 56), bool)
    active[0, [2, 5]] = True
    active[1, 0] = True
    got = counts_of(active, np.array([10, 70, 5]))
    assert (got.active.tolist(), got.last.tolist(), got.observed.tolist()) == ([2, 1, 0], [8, 56, 0], [10, 56, 5])


@pytest.fixture(scope="module")
def cohort() -> Counts:
    """1,500 learners over 42 days, drawn from known parameters."""
    rng = np.random.default_rng(7)
    chance, leaving = rng.beta(1.2, 1.8, 1500), rng.beta(0.7, 14.0, 1500)
    there = np.logical_and.accumulate(rng.random((1500, 42)) >= leaving[:, None], axis=1)
    days = there & (rng.random((1500, 42)) < chance[:, None])
    return counts_of(days[:, ::-1], np.full(1500, 42))


def test_a_fit_finds_the_cohort_it_was_drawn_from_in_any_order(cohort):
    model = fit_bgbb(cohort)
    assert model.alpha / (model.alpha + model.beta) == pytest.approx(0.4, abs=0.03)
    assert model.gamma / (model.gamma + model.delta) == pytest.approx(0.7 / 14.7, abs=0.015)
    shuffled = np.random.default_rng(1).permutation(1500)
    assert fit_bgbb(Counts(*(getattr(cohort, name)[shuffled] for name in Counts.__slots__))) == model


def test_nothing_overflows_at_the_edges():
    for model in (BGBB(1e-3, 1e-3, 1e-3, 1e-3), BGBB(8000, 8000, 8000, 8000)):
        edges = Counts(np.array([0, 0, 56, 1]), np.array([0, 0, 56, 1]), np.array([0, 56, 56, 56]))
        outlook = model.outlook(edges, 28)
        assert np.isfinite(outlook.active_days).all() and (outlook.none >= 0).all() and (outlook.alive <= 1).all()
