"""How cases fare, and that nothing about fewer than ten learners is shown or follows."""

from datetime import timedelta

import pytest

from analytics.selectors.case_pages import case_overview, case_report
from analytics.selectors.crowds.cases import CaseHealth, Stage, case_health, case_window
from analytics.selectors.crowds.concerns import HELP, LEFT, SCORES, SHALLOW
from analytics.selectors.crowds.scope import scope_for
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from interactions.models import Case
from interactions.windows import read_window
from medsim_tracking.testing import NOW

MONTH = read_window({"timeRange": "30d"}, NOW)


def health(viewer, *, cohort=None, **options) -> dict[str, CaseHealth]:
    scope = scope_for(viewer, **options)
    part = cohort and scope_for(viewer, cohort=cohort)
    return {case.case_id: case for case in case_health(scope, case_window(scope, MONTH), part=part)}


@pytest.fixture
def learners(cardiology):
    return crowd(cardiology, 14)


def test_a_case_is_told_in_full(edda, sim, learners):
    """Nine finish, three of them in a minute; three leave by their word, two without one."""
    attempt(learners[:6], "sepsis", sim, score=60, help_at="history")
    attempt(learners[6:9], "sepsis", sim, minutes=1, score=90)
    attempt(learners[9:12], "sepsis", sim, end="abandon", stage="diagnosis")
    attempt(learners[12:13], "sepsis", sim, end="", stage="diagnosis")
    attempt(learners[13:], "sepsis", sim, end="", stage="history")
    judge_and_count()
    [case] = health(edda).values()
    funnel = case.funnel
    assert (case.title, case.specialty, case.difficulty, case.learners) == ("Sepsis", "surgery", "basic", 14)
    assert (funnel.started, funnel.completed, funnel.abandoned, funnel.inferred, funnel.unresolved) == (14, 9, 3, 2, 0)
    assert (case.left, case.left_at, case.drop) == (5, {"diagnosis": 4, "history": 1}, Stage("diagnosis", 4, 5))
    assert (case.timed, case.shallow, case.scores.mean, case.scores.n) == (9, 3, 70, 9)
    assert (case.help_requests, case.help_by_stage) == (6, {"history": 6})


def test_times_and_scores_of_fewer_than_ten_completions_tell_of_single_learners_and_stay_unseen(edda, sim, learners):
    attempt(learners[:9], "nine", sim)
    attempt(learners[9:], "nine", sim, end="abandon")
    attempt(learners[:10], "ten", sim)
    attempt(learners[10:], "ten", sim, end="abandon")
    judge_and_count()
    told = health(edda)
    assert (told["nine"].learners, told["nine"].timed, told["nine"].scores.n) == (14, 9, 9)
    assert (told["nine"].time, told["nine"].score, told["nine"].times, told["nine"].marks) == (None, None, {}, {})
    assert (told["ten"].time.count, told["ten"].score.mean) == (10, 80)


def test_no_stage_is_named_where_no_single_one_has_most(edda, sim, learners):
    attempt(learners[:2], "sepsis", sim, end="", stage="history")
    attempt(learners[2:4], "sepsis", sim, end="abandon", stage="diagnosis")
    attempt(learners[4:], "sepsis", sim)
    judge_and_count()
    assert health(edda)["sepsis"].drop is None


def test_nine_learners_make_no_figure_and_ten_do(edda, otto, sim, learners, mia):
    attempt(learners[:9], "nine", sim)
    attempt([*learners[:10], mia], "ten", sim)
    attempt(learners, "all", sim)
    judge_and_count()
    # All that is left out was made by nine, so the next smallest goes with it.
    assert sorted(health(edda)) == ["all"]
    assert health(otto) == {}
    assert sorted(health(edda, names_known=True)) == ["all", "nine", "ten"]


def test_a_cohort_is_told_alone_and_what_few_of_each_did_nowhere(edda, sim, cardiology, surgery, learners):
    """Edda teaches both cohorts. Six of one and eight of the other are ten, and would follow from the weeks of both."""
    surgery.educators.add(edda)
    others = crowd(surgery, 13, "s")
    for case in ("ours", "ours too"):
        attempt(learners, case, sim)
    attempt(others, "theirs", sim)
    attempt([*learners[:6], *others[:8]], "both", sim)
    attempt([*learners[6:], *others[8:]], "both too", sim)
    judge_and_count()
    assert told(edda, {}, {"cohort": cardiology}, {"cohort": surgery}) == [
        {"ours": 14, "ours too": 14, "theirs": 13},
        {"ours": 14, "ours too": 14},
        {"theirs": 13},
    ]


def test_small_cohorts_are_one_together_with_the_same_rule(edda, otto, sim, surgery, cardiology):
    surgery.educators.add(edda)
    ours, theirs = crowd(cardiology, 7), crowd(surgery, 6, "s")
    attempt([*ours, *theirs], "all", sim)
    attempt([*ours[1:], *theirs], "most", sim)
    judge_and_count()
    assert told(edda, {}, {"cohort": cardiology}, {"cohort": surgery}) == [{"all": 13, "most": 12}, {}, {}]
    # The three would follow from the week of all, and the smaller of the others goes with them.
    attempt(ours[:3], "few", sim)
    judge_and_count()
    assert told(edda, {}) == [{"all": 13}]
    assert told(otto, {}) == [{}]


def told(viewer, *asked):
    return [{case: found.learners for case, found in health(viewer, **each).items()} for each in asked]


def test_a_part_alone_is_refused(edda, cardiology):
    scope = scope_for(edda, cohort=cardiology)
    with pytest.raises(ValueError, match="all that a reader may see"):
        case_health(scope, case_window(scope, MONTH))


def overview(viewer, **options):
    return case_overview(viewer, window=MONTH, now=NOW, **options)


def test_the_worst_come_first_and_what_has_no_figures_is_named_alike(edda, sim, learners):
    attempt(learners, "plain", sim)
    attempt(learners, "plain", sim, days_ago=9)
    attempt(learners[:6], "losing", sim, end="abandon", stage="history")
    attempt(learners[6:], "losing", sim)
    attempt(learners, "rushed", sim, minutes=1)
    attempt(learners[1:], "tough", sim)
    attempt(learners, "helped", sim, help_at="diagnosis")
    attempt(learners[:2], "few", sim)
    Case.objects.create(case_id="never", title="Never", first_seen=NOW)
    Case.objects.create(case_id="rumour", title="Rumour", first_seen=NOW, confirmed=False)
    judge_and_count()
    found = overview(edda)
    assert [(one.health.case_id, one.first and one.first.kind) for one in found.cases] == [
        ("losing", LEFT),
        ("rushed", SHALLOW),
        ("helped", HELP),
        ("plain", None),
    ]
    # Who made "few" would follow from the others and the total: the last of the others by its id is kept back with it.
    assert [case.case_id for case in found.unshown] == ["few", "never", "tough"]
    assert overview(edda, difficulty="advanced").cases == ()


def test_scores_are_compared_with_those_of_cases_as_hard(edda, sim, learners):
    for case, score in {"high": 80, "low": 50}.items():
        attempt(learners[:7], case, sim, score=score)
        attempt(learners[7:], case, sim, score=score + 6)
    attempt(learners, "hard", sim, score=30, difficulty="advanced")
    judge_and_count()
    [low] = [one for one in overview(edda).cases if one.first and one.health.case_id == "low"]
    assert (low.first.kind, low.first.part, low.first.others) == (SCORES, 53, 83)


def test_help_is_compared_among_cases_as_hard(edda, sim, learners):
    attempt(learners, "easy", sim)
    attempt(learners, "easy too", sim)
    for case in ("hard", "hard too"):
        attempt(learners, case, sim, difficulty="advanced", help_at="history")
    judge_and_count()
    assert [one.first for one in overview(edda).cases] == [None] * 4
    attempt(learners, "asking", sim, help_at="history")
    judge_and_count()
    assert [(one.health.case_id, one.first.kind) for one in overview(edda).cases if one.first] == [("asking", HELP)]


def around(viewer, changed_on, window="90d", **options):
    case = Case.objects.get(case_id="sepsis")
    case.changed_on = changed_on
    found = case_report(viewer, case, window=read_window({"timeRange": window}, NOW), now=NOW, **options).around
    return found and tuple(side and (side.starts, side.left) for side in (found.before, found.after))


def test_before_and_after_a_change_stand_side_by_side_in_whole_weeks(edda, sim, learners, cardiology):
    attempt(learners, "sepsis", sim, end="abandon", days_ago=21)
    attempt(learners[:12], "sepsis", sim, days_ago=14)
    attempt(learners, "sepsis", sim, days_ago=7)
    judge_and_count()
    monday = NOW.date() - timedelta(days=7)
    assert around(edda, monday) == ((26, 14), (14, 0))
    assert around(edda, monday - timedelta(days=5)) == ((14, 14), (14, 0))
    assert around(edda, monday, cohort=cardiology) is None
    assert around(edda, None) is None


def test_a_side_of_few_learners_parts_no_block(edda, sim, learners):
    for days_ago in (14, 7):
        attempt(learners, "other", sim, days_ago=days_ago)
    attempt(learners, "sepsis", sim, days_ago=14)
    attempt(learners[:9], "sepsis", sim, days_ago=7)
    judge_and_count()
    assert health(edda)["sepsis"].starts == 23
    # Nine after it: neither side is told, or they would follow.
    assert around(edda, NOW.date() - timedelta(days=7), window="30d") == (None, None)


def test_a_week_of_nine_is_in_no_case(edda, sim, learners):
    attempt(learners, "sepsis", sim, days_ago=14)
    attempt(learners[:9], "sepsis", sim, days_ago=7)
    judge_and_count()
    assert health(edda)["sepsis"].starts == 14
    assert around(edda, NOW.date() - timedelta(days=7), window="30d") == ((14, 0), None)


def test_a_case_is_not_shown_where_the_weeks_of_its_specialty_would_tell_of_a_few(edda, sim, learners):
    attempt(learners, "heart", sim, specialty="cardiology")
    attempt(learners[:12], "lung", sim, specialty="pneumology")
    attempt(learners[9:12], "asthma", sim, specialty="pneumology")
    judge_and_count()
    # Pneumology less lung would be the three of asthma.
    assert told(edda, {}) == [{"heart": 14}]
