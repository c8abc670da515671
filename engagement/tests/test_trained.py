from datetime import date

import pytest

from engagement.domain.forecast.bgbb import BGBB
from engagement.ml.outlook import CohortFit
from engagement.models import TrainedModel
from engagement.trained import COHORT, keep_model, models_in_use, withdraw_others
from medsim_tracking.testing import NOW


def keep(size: float, chosen: bool = True) -> TrainedModel:
    fit = CohortFit("2026-03-15", 40, BGBB(1.0, 2.0, 3.0, 4.0), size, [], [], {-1: (0.0,) * 7})
    told = dict(learned_through=date(2026, 3, 15), metrics={}, card="", now=NOW)
    return keep_model(kind=COHORT, parameters=fit.packed(), chosen=chosen, **told)


def test_the_newest_chosen_model_is_used_and_the_former_ones_are_kept_for_a_while(db):
    assert models_in_use().cohort is None
    for size in range(15):
        keep(float(size))
    used = models_in_use()
    assert (used.cohort.size, used.versions) == (14.0, {"cohort": "2026-03-15.15"})
    assert TrainedModel.objects.count() == 12
    assert TrainedModel.objects.filter(chosen=True).count() == 1


def test_a_model_that_was_not_chosen_is_not_used(db):
    keep(1.0)
    keep(2.0, chosen=False)
    assert models_in_use().cohort.size == 1.0


def test_trees_that_passed_no_more_are_used_no_more_and_the_fit_stays(db):
    keep(1.0)
    told = dict(parameters=b"", learned_through=date(2026, 3, 15), metrics={}, card="", chosen=True, now=NOW)
    for kind in ("silence:14d", "silence:7d"):
        keep_model(kind=kind, **told)
    withdraw_others({"silence:7d"})
    chosen = TrainedModel.objects.filter(chosen=True).values_list("kind", flat=True)
    assert set(chosen) == {COHORT, "silence:7d"}


def test_a_process_that_read_a_model_reads_it_no_more(db, django_assert_num_queries):
    keep(77.0)
    for queries in (2, 1):
        with django_assert_num_queries(queries):
            models_in_use()


def test_a_pickle_in_the_place_of_a_model_is_no_model(db):
    row = keep(5.0)
    TrainedModel.objects.filter(pk=row.pk).update(parameters=b"\x80\x04cos\nsystem\n.", digest="another")
    with pytest.raises(ValueError):
        models_in_use()
