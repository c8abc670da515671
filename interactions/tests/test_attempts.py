"""Inferring abandonments from the log, taking them back, and what is shown between the runs."""

import time
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command

from interactions import attempts
from interactions.attempts import infer_abandonments
from interactions.funnels import CaseFunnel, funnels_by_case, funnels_by_learner, total_funnel
from interactions.models import AttemptWalk, CaseAttempt, DailyActivity, UserInteractionTrackingModel
from medsim_tracking.testing import NOW, track

AT_ONCE = timedelta()
MONDAY = NOW - timedelta(days=7)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def did(user, what: str, after: float, *, case: str = "sepsis", late: float = 0, **fields):
    """An interaction so many hours after MONDAY, received so many hours later."""
    at = MONDAY + hours(after)
    return track(user, what, case_id=case, occurred_at=at, now=at + hours(late), **fields)


def _let_a_millisecond_pass():
    """Ids bear the machine's time to the millisecond, and tests read what they have just written."""
    time.sleep(0.002)


def run(after: float, **options) -> tuple[int, int]:
    """The job at so many hours after MONDAY: how many it inferred, and how many it took back."""
    _let_a_millisecond_pass()
    steps = list(infer_abandonments(now=MONDAY + hours(after), **{"lag": AT_ONCE} | options))
    return sum(step.inferred for step in steps), sum(step.undone for step in steps)


def table() -> list[tuple]:
    rows = CaseAttempt.objects.order_by("user__public_id", "case_id", "started_at")
    return [(row.user.public_id, row.case_id, row.outcome, row.last_seen_at - MONDAY) for row in rows.select_related()]


def standing() -> set[str]:
    return set(CaseAttempt.objects.standing().values_list("case_id", flat=True))


@pytest.fixture(params=["along the log", "learner by learner"])
def way(request, db, monkeypatch):
    """Both ways through the log give the same answers."""
    if request.param == "along the log":
        AttemptWalk.objects.create(pk=1, through=attempts._NOTHING)
        monkeypatch.setattr(attempts, "_is_flood", lambda through, border: False)
        monkeypatch.setattr(attempts, "ROWS_A_STEP", 2)
    else:
        monkeypatch.setattr(attempts, "_is_flood", lambda through, border: True)
        monkeypatch.setattr(attempts, "LEARNERS_A_BLOCK", 2)


def test_a_start_without_an_end_is_inferred_abandoned_after_a_day_without_a_sign(way, lena, mia):
    for case, kinds in {"left": ["case_view"], "done": ["case_complete"], "given-up": ["case_abandon"]}.items():
        did(lena, "case_start", 0, case=case)
        for kind in kinds:
            did(lena, kind, 1, case=case)
    did(mia, "case_start", 2, case="left")
    did(mia, "search", 2, case="")
    assert run(24.9) == (0, 0)
    assert run(25) == (1, 0)
    assert table() == [
        ("lena", "done", "completed", hours(1)),
        ("lena", "given-up", "abandoned", hours(1)),
        ("lena", "left", "inferred", hours(1)),
        ("mia", "left", "open", hours(2)),
    ]
    [row] = CaseAttempt.objects.standing()
    assert (row.user, row.inferred_at, row.undone_at) == (lena, MONDAY + hours(25), None)
    assert run(25) == (0, 0)


@pytest.mark.parametrize("kind", ["case_view", "case_complete", "case_abandon", "case_start"])
@pytest.mark.parametrize(("after", "late"), [(50, 0), (10, 48)], ids=["comes back", "was there, as is heard late"])
def test_any_later_sign_takes_it_back_at_once_and_the_job_writes_it_down(way, lena, mia, kind, after, late):
    for user in (lena, mia):
        did(user, "case_start", 0)
    assert run(30) == (2, 0)
    back = did(lena, kind, after, late=late)
    # Between the runs: hers is not shown any more, Mia's is.
    assert [row.user for row in CaseAttempt.objects.standing()] == [mia]
    assert [row.user for row in CaseAttempt.objects.shaken(AttemptWalk.objects.get().through)] == [lena]
    assert run(58)[1] == 1
    hers = CaseAttempt.objects.filter(user=lena).earliest("started_at")
    assert (hers.inferred_at, hers.undone_at, hers.undone_by) == (
        # Ten hours in and nothing since: abandoned still, by what is known now.
        MONDAY + hours(58 if (kind, after) == ("case_view", 10) else 30),
        MONDAY + hours(58),
        back.pk,
    )
    expected = {
        "case_view": "open" if after == 50 else "inferred",
        "case_complete": "completed",
        "case_abandon": "abandoned",
        "case_start": "restarted",
    }
    assert hers.outcome == expected[kind]


def test_what_was_heard_late_of_before_the_last_sign_changes_nothing(way, lena):
    did(lena, "case_start", 0)
    did(lena, "case_view", 2)
    assert run(30) == (1, 0)
    did(lena, "case_view", 1, late=40)
    assert standing() == set()
    assert run(41) == (0, 0)
    assert standing() == {"sepsis"}


def test_an_end_heard_late_of_before_the_last_sign_is_an_end(way, lena):
    did(lena, "case_start", 0)
    did(lena, "case_view", 2)
    assert run(30) == (1, 0)
    did(lena, "case_complete", 1, late=40)
    assert run(41) == (0, 1)
    assert table() == [("lena", "sepsis", "completed", hours(1))]


def test_a_start_heard_after_its_end_is_ended(way, lena):
    did(lena, "case_complete", 1)
    assert run(2) == (0, 0)
    did(lena, "case_start", 0, late=3)
    assert run(30) == (0, 0)
    assert table() == [("lena", "sepsis", "completed", hours(1))]


def test_a_span_that_began_before_its_start_ends_it(way, lena):
    did(lena, "case_start", 1)
    assert run(30) == (1, 0)
    times = {"start_time": MONDAY, "end_time": MONDAY + hours(3)}
    track(lena, "case_complete", case_id="sepsis", **times, now=MONDAY + hours(31))
    assert standing() == set()
    assert CaseAttempt.objects.shaken(AttemptWalk.objects.get().through).exists()
    assert run(32) == (0, 1)
    did(lena, "case_view", 33)
    assert run(60) == (0, 0)
    assert table() == [("lena", "sepsis", "completed", hours(3))]


def test_reading_on_gives_what_reading_everything_gives(lena, mia, monkeypatch):
    monkeypatch.setattr(attempts, "_is_flood", lambda through, border: False)
    chance = Random(7)
    for _ in range(8):
        for _ in range(6):
            kind = chance.choice(["case_start", "case_start", "case_view", "case_complete", "case_abandon"])
            did(chance.choice([lena, mia]), kind, chance.randrange(200), case=chance.choice("ab"), late=200)
        run(400)
    read_on = table()
    CaseAttempt.objects.all().delete()
    run(400, afresh=True)
    assert table() == read_on
    assert {row[2] for row in read_on} == {"completed", "abandoned", "inferred", "restarted"}


def test_who_comes_back_and_leaves_again_is_inferred_again(way, lena):
    did(lena, "case_start", 0)
    assert run(30) == (1, 0)
    did(lena, "case_view", 40)
    assert run(41) == (0, 1)
    assert run(64) == (1, 0)
    [row] = CaseAttempt.objects.all()
    assert (row.inferred_at - MONDAY, row.undone_at - MONDAY) == (hours(64), hours(41))


def test_nobody_is_inferred_away_while_news_of_him_waits(way, lena):
    did(lena, "case_start", 0)
    assert run(1) == (0, 0)
    did(lena, "case_view", 24)
    # What arrived within the last minutes is not read yet, but heeded.
    assert run(25, lag=timedelta(minutes=5)) == (0, 0)


def test_a_start_that_is_purged_still_waits_for_its_learner(way, lena):
    did(lena, "case_start", 0)
    assert run(30) == (1, 0)
    UserInteractionTrackingModel.objects.all().delete()
    assert run(31, afresh=True) == (0, 0)
    did(lena, "case_complete", 40)
    assert run(41) == (0, 1)
    assert table() == [("lena", "sepsis", "completed", hours(40))]


def test_the_hours_are_a_setting(way, lena, settings):
    settings.MEDSIM_ABANDONED_AFTER_HOURS = 2
    did(lena, "case_start", 0)
    assert (run(1.9), run(2)) == ((0, 0), (1, 0))


def test_a_run_that_is_cut_off_anywhere_is_finished_by_the_next(way, lena, mia):
    for user in (lena, mia):
        for number in range(4):
            did(user, "case_start", number, case=f"case-{number}")
    _let_a_millisecond_pass()
    for taken in range(1, 4):
        for _ in zip(range(taken), infer_abandonments(now=MONDAY + hours(48), lag=AT_ONCE), strict=False):
            pass
    run(48)
    assert [row[2] for row in table()] == ["inferred"] * 8


def test_a_step_that_another_run_has_done_meanwhile_is_dropped(way, lena, monkeypatch):
    for number in range(3):
        did(lena, "case_start", number, case=f"case-{number}")
    keep, overtaken = attempts._keep, []

    def keep_late(*args, **options):
        if not overtaken:
            overtaken.append(None)
            overtaken.append(run(48))
        return keep(*args, **options)

    monkeypatch.setattr(attempts, "_keep", keep_late)
    assert run(48) == (0, 0)
    assert overtaken == [None, (3, 0)]
    assert len(table()) == 3


def test_facts_and_sums_are_left_alone(way, lena):
    did(lena, "case_start", 0)

    def stored():
        return [list(model.objects.order_by("pk").values()) for model in (UserInteractionTrackingModel, DailyActivity)]

    before = stored()
    assert run(48) == (1, 0)
    assert stored() == before


def test_along_the_log_only_the_touched_learners_attempt_is_read(lena, mia, django_assert_max_num_queries):
    for user in (lena, mia):
        did(user, "case_start", 0)
    run(1)
    did(lena, "case_view", 2)
    _let_a_millisecond_pass()
    # The walk, its flood, the step with the one learner, the empty step, and the look for the silent.
    with django_assert_max_num_queries(14):
        assert sum(step.learners for step in infer_abandonments(now=MONDAY + hours(3), lag=AT_ONCE)) == 1


def test_the_command_tells_what_it_would_do_and_does_it(lena, monkeypatch, capsys):
    monkeypatch.setattr(infer_abandonments, "__kwdefaults__", {"lag": AT_ONCE, "afresh": False})
    did(lena, "case_start", 0)
    _let_a_millisecond_pass()
    call_command("infer_abandonments", dry_run=True)
    assert capsys.readouterr().out.startswith("1 abandonments would be inferred, 0 would be taken back;")
    assert (CaseAttempt.objects.count(), AttemptWalk.objects.count()) == (0, 0)
    call_command("infer_abandonments")
    assert capsys.readouterr().out.startswith("1 abandonments inferred, 0 taken back;")
    assert standing() == {"sepsis"}


def test_funnels_tell_what_became_of_the_starts_of_a_window(way, lena, mia, edda, django_assert_num_queries):
    did(lena, "case_start", -1)
    for after, kind in enumerate(["start", "complete", "start", "abandon", "start", "start"]):
        did(lena, f"case_{kind}", after)
    did(lena, "case_start", 20, case="stroke")
    did(lena, "case_start", 60, case="asthma")
    did(mia, "case_start", 3)
    assert run(61) == (3, 0)
    did(lena, "case_view", 62, case="stroke")
    window = {"start": MONDAY, "end": MONDAY + hours(70)}
    sepsis = CaseFunnel(starts=4, completed=1, abandoned=1, inferred=1, restarted=1)
    unresolved = CaseFunnel(starts=1, unresolved=1)
    seen_by_edda = CaseAttempt.objects.visible_to(edda)
    with django_assert_num_queries(3):
        assert funnels_by_case(seen_by_edda, **window) == {"sepsis": sepsis, "stroke": unresolved, "asthma": unresolved}
    by_learner = funnels_by_learner(CaseAttempt.objects.all(), **window)
    assert by_learner == {
        lena.pk: CaseFunnel(starts=6, completed=1, abandoned=1, inferred=1, restarted=1, unresolved=2),
        mia.pk: CaseFunnel(starts=1, inferred=1),
    }
    assert total_funnel(by_learner.values()) == CaseFunnel(7, 1, 1, 2, 1, 2)
    assert total_funnel([]) == CaseFunnel()


def test_a_stage_heard_late_moves_the_stage_and_is_no_sign_of_a_return(way, lena):
    did(lena, "case_start", 0)
    first = did(lena, "case_view", 1, metadata={"stage": "4"})
    did(lena, "case_view", 3)
    assert run(30) == (1, 0)
    told = CaseAttempt.objects.values_list("outcome", "stage", "stage_by", "undone_at")
    assert told.get() == ("inferred", "4", first.pk, None)
    later = did(lena, "case_view", 2, late=40, metadata={"stage": "diagnosis"})
    assert run(42) == (0, 0)
    assert told.get() == ("inferred", "diagnosis", later.pk, None)
