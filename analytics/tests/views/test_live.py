"""The live page: who is in a case now, how much there is a minute, what came last."""

from datetime import timedelta

import pytest

from accounts.models import User
from analytics.jobs.catching_up import catch_up
from analytics.selectors import live
from analytics.selectors.crowds.figures import heatmap_of
from analytics.selectors.crowds.scope import in_whole_weeks, scope_for
from analytics.selectors.crowds.weeks import counts_of
from analytics.selectors.live import live_view
from analytics.tests.reading import rows_of, words_of
from analytics.tests.work import classmates
from interactions.policies import policy_book
from interactions.windows import Window
from medsim_tracking.testing import NOW, track


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def working(viewer: User, now=NOW) -> list[tuple]:
    return [
        (one.learner.username, one.case_title, (now - one.since) / minutes(1), (now - one.last_at) / minutes(1))
        for one in live_view(viewer, now=now).at_work
    ]


def test_who_started_a_case_and_has_not_ended_it_is_in_it(edda, lena):
    track(lena, "case_start", occurred_at=NOW - minutes(50), case_id="sepsis", case_title="Sepsis II")
    track(lena, "navigation", occurred_at=NOW - minutes(4), case_id="sepsis", case_title="Sepsis II")
    assert working(edda) == [("lena", "Sepsis II", 50, 4)]
    track(lena, "case_complete", occurred_at=NOW - minutes(1), case_id="sepsis")
    assert working(edda) == []
    track(lena, "feedback_submit", occurred_at=NOW, case_id="sepsis")
    assert working(edda) == []


def test_a_completion_that_tells_the_start_of_its_span_ends_the_case(edda, lena):
    track(lena, "case_start", occurred_at=NOW - minutes(20), case_id="sepsis")
    track(lena, "navigation", occurred_at=NOW - minutes(5), case_id="sepsis")
    begun = NOW - minutes(20)
    track(lena, "case_complete", start_time=begun, end_time=NOW, time_spent_seconds=1200, case_id="sepsis")
    assert working(edda) == []


def test_what_came_in_under_a_case_s_id_alone_is_told_under_its_title(edda_client, lena):
    track(lena, "case_start", occurred_at=NOW - minutes(20), case_id="sep-2", case_title="Sepsis II")
    track(lena, "case_abandon", occurred_at=NOW - minutes(2), case_id="sep-2")
    words = words_of(edda_client.get("/live"))
    assert "Case abandoned · Sepsis II" in words
    assert "sep-2" not in words


def test_half_an_hour_without_a_sign_is_not_now(edda, lena):
    track(lena, "case_start", occurred_at=NOW - minutes(31), case_id="sepsis")
    assert working(edda) == []


def test_of_two_open_cases_a_learner_is_in_the_one_he_was_seen_in_last(edda, lena):
    track(lena, "case_start", occurred_at=NOW - minutes(20), case_id="asthma")
    track(lena, "case_start", occurred_at=NOW - minutes(10), case_id="sepsis")
    track(lena, "search", occurred_at=NOW - minutes(2), case_id="asthma")
    assert working(edda) == [("lena", "asthma", 20, 2)]


def test_minutes_count_when_it_happened_as_the_reports_do(edda, cardiology, lena, mia):
    for ago in (0, 1, 1, 29, 30, 45):
        track(lena, "navigation", occurred_at=NOW - minutes(ago))
    track(mia, "navigation")
    shown = live_view(edda, now=NOW).minutes
    assert [(NOW - minute.start) / minutes(1) for minute in shown] == list(range(29, -1, -1))
    assert [minute.interactions for minute in shown if minute.interactions] == [1, 2, 1]
    # Noon is a whole hour of the heatmap: what happened in its first minute, and nothing else, is in both.
    catch_up(now=NOW + minutes(1))
    scope = scope_for(edda, names_known=True)
    told = heatmap_of(counts_of(scope, in_whole_weeks(Window(NOW - timedelta(days=7), NOW)), ("hours",)))
    assert told.cells[0][12] == shown[-1].interactions == 1


def test_a_clock_that_runs_ahead_counts_in_the_running_minute(edda, lena):
    track(lena, "navigation", occurred_at=NOW + minutes(1.5))
    assert live_view(edda, now=NOW).minutes[-1].interactions == 1


def test_with_very_much_fewer_minutes_are_shown_and_each_is_whole(edda, lena, monkeypatch):
    monkeypatch.setattr(live, "MOST_COUNTED", 3)
    for ago in (0, 1, 2, 2, 3):
        track(lena, "navigation", occurred_at=NOW - minutes(ago))
    assert [minute.interactions for minute in live_view(edda, now=NOW).minutes] == [1, 1]


def test_what_came_last_stands_in_the_order_of_arrival_and_says_when_it_is_late(edda_client, lena):
    track(lena, "case_start", case_id="sepsis", case_title="Sepsis II")
    track(lena, "search", occurred_at=NOW - timedelta(hours=3))
    track(lena, "navigation", occurred_at=NOW - timedelta(days=2))
    words = words_of(edda_client.get("/live"))
    assert "just now Lena Search sent late, happened 3 hours ago just now Lena Case started · Sepsis II" in words
    assert "Page turned" not in words


def test_the_page_says_it_in_a_sentence(edda_client, otto_client, lena):
    track(lena, "case_start", case_id="sepsis", case_title="Sepsis II")
    words = words_of(edda_client.get("/live"))
    assert "1 learner is in a case now. 1 interaction of 1 learner in the last 30 minutes." in words
    assert "complete through 12:00:00, UTC" in words
    quiet = words_of(otto_client.get("/live"))
    assert "Nobody is at work right now." in quiet
    assert "Nothing has come in during the last 30 minutes." in quiet


def test_otto_sees_nothing_of_lena_and_ada_sees_all(otto_client, ada_client, lena, mia):
    track(lena, "case_start", case_id="sepsis", case_title="Sepsis II")
    track(mia, "case_start", case_id="hernia", case_title="Hernia")
    seen_by = {client: words_of(client.get("/live")) for client in (otto_client, ada_client)}
    assert ("Sepsis II" in seen_by[otto_client], "Hernia" in seen_by[otto_client]) == (False, True)
    assert ("Sepsis II" in seen_by[ada_client], "Hernia" in seen_by[ada_client]) == (True, True)
    assert otto_client.get("/live?cohort=cardiology").status_code == 200
    assert "Sepsis II" not in words_of(otto_client.get("/live?cohort=cardiology"))


def test_one_cohort_can_be_looked_at_alone(edda_client, edda, lena, mia, cast):
    cast["surgery"].educators.add(edda)
    for learner, case in ((lena, "Sepsis II"), (mia, "Hernia")):
        track(learner, "case_start", case_id=case, case_title=case)
    assert rows_of(edda_client.get("/live?cohort=surgery"), "working")[1:] == [
        ["Mia", "Hernia", "started just now", "just now"]
    ]


def test_asked_again_the_page_answers_with_its_changing_part_alone(edda_client, lena):
    track(lena, "case_start", case_id="sepsis", case_title="Sepsis II")
    whole, part = edda_client.get("/live"), edda_client.get("/live", headers={"HX-Request": "true"})
    told = part.content.decode().strip()
    assert told.startswith("<h1>")
    assert told in whole.content.decode()


def test_asking_again_changes_no_filter(edda_client, cardiology):
    edda_client.get("/live?cohort=cardiology")
    assert edda_client.get("/live", headers={"HX-Request": "true"}).status_code == 200
    assert edda_client.get("/live")["Location"] == "/live?cohort=cardiology"


def test_the_export_says_what_the_screen_says(edda_client, lena):
    track(lena, "case_start", case_id="sepsis", case_title="Sepsis II")
    [head, row] = edda_client.get("/live?format=csv").content.decode("utf-8-sig").splitlines()
    assert head == '"Learner","Id","Case","Started","Last seen in it"'
    moment = "2026-03-16T12:00:00+00:00"
    assert row == f'"Lena","lena","Sepsis II","{moment}","{moment}"'
    last = edda_client.get("/live?format=csv&table=last").content.decode("utf-8-sig").splitlines()
    assert last[1].startswith(f'"Lena","lena","Case started","Sepsis II","{moment}","{moment}",')
    table = edda_client.get("/live?format=csv&table=minutes").content.decode("utf-8-sig").splitlines()
    assert table[-1] == f'"{moment}",1'


def test_the_filter_stands_above_what_it_filters(edda_client, cardiology):
    page = edda_client.get("/live").content.decode()
    assert page.index('name="cohort"') < page.index('id="live"') < page.index("<h1>")


def test_a_learner_has_no_live_page(lena_client):
    assert lena_client.get("/live").status_code == 403


@pytest.mark.parametrize("mates", [0, 29])
def test_looking_costs_the_same_for_one_learner_and_for_thirty(
    edda_client, cardiology, lena, mates, django_assert_num_queries
):
    for learner in (lena, *classmates(cardiology, mates)):
        track(learner, "case_start", case_id="sepsis")
    policy_book()
    with django_assert_num_queries(9):
        edda_client.get("/live")
