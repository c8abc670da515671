"""A learner's page, and one's own."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.models import Pause
from analytics.tests.reading import rows_of, without_own_scripts, words_of
from analytics.tests.work import work
from interactions.policies import policy_book
from medsim_tracking.testing import NOW, enrol, person, track

URL = "/learners/lena"
API = "/api/interaction-tracking/engagement/lena"


@pytest.fixture
def lenas_work(lena, mia, sim):
    work(lena, days_ago=range(1, 90, 2), sim=sim)
    work(mia, days_ago=range(1, 20), sim=sim, caseTitle="Mia's own case")


@pytest.mark.parametrize("name", ["7d", "30d", "90d", "365d", "all"])
def test_the_page_and_the_api_give_the_same_figures(edda_client, edda_api, lenas_work, name):
    told = edda_api.get(API, {"timeRange": name}).json()
    answer = edda_client.get(URL, {"timeRange": name})
    words = words_of(answer)
    assert f"Index {told['engagementScore']:.2f} 100 All three together" in words
    points = {
        "Activity": told["parts"]["activity"] * 50,
        "Regularity": told["parts"]["regularity"] * 30,
        "Depth": told["parts"]["depth"] * 20,
    }
    for part, value in points.items():
        [shown] = re.findall(rf"{part} (\d+\.\d\d) ", words)
        assert float(shown) == pytest.approx(value, abs=0.0101)
    rows = {row[0]: row[1] for row in rows_of(answer, "compare")}
    assert rows["Interactions"] == str(told["totalInteractions"])
    assert rows["Index at the end"] == str(int(told["engagementScore"]))
    assert rows["Without a time"] == str(told["timeSpent"]["untimed"])


def test_the_parts_shown_add_up_to_the_index_shown(edda_client, lenas_work):
    words = words_of(edda_client.get(URL))
    said_of = r"Activity (\d+) of 50, Regularity (\d+) of 30, Depth (\d+) of 20; together (\d+) of 100"
    [said] = re.findall(said_of, words)
    *parts, index = map(int, said)
    assert sum(parts) == index > 0


def test_the_cohorts_table_shows_the_same_index_and_sentence(edda_client, lena, sim):
    work(lena, days_ago=range(13, 90, 2), sim=sim)
    [_, row] = rows_of(edda_client.get("/cohorts/cardiology"), "learners")
    words = words_of(edda_client.get(URL))
    assert f"{row[2]} {row[1]} Engagement index, of 100" in words
    assert f"{row[7]} It clears with one active day" in words


def test_an_educator_finds_the_way_back_to_the_cohort(edda_client, lenas_work):
    page = edda_client.get(URL).content.decode()
    assert '<a href="/cohorts/cardiology">Cardiology</a>' in page


def test_ones_own_page_is_the_same_in_the_second_person(lena_client, edda_client, lenas_work):
    own, seen = words_of(lena_client.get("/me")), words_of(edda_client.get(URL))
    assert "Your engagement index, of 100" in own
    assert "Nothing stands out." in own
    assert "What you did" in own
    assert "Your engagement index" not in seen
    figures = r"\d+ Very high|\d+ High|\d+ Medium|\d+ Low|Activity \d+ of 50"
    assert re.findall(figures, own) == re.findall(figures, seen) != []
    assert words_of(lena_client.get(URL)).replace(URL, "/me") == own


def test_a_learner_reads_no_verdict_and_no_warning_about_himself(lena_client, lena, sim):
    work(lena, days_ago=range(18, 90, 2), sim=sim)
    answer = lena_client.get("/me")
    assert (
        "You have not worked for 18 days; usually you pause 2 days. "
        "On leave or in exams? Tell your school, and these days will not count."
    ) in words_of(answer)
    assert "pause entered" not in words_of(answer)
    assert b'class="attention"' not in answer.content


def test_who_never_started_is_invited(lena_client):
    assert "Your first case is waiting for you" in words_of(lena_client.get("/me"))


def test_fast_cases_are_a_question_and_no_verdict(lena_client, edda_client, lena, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim, activeSeconds=30)
    seen, own = words_of(edda_client.get(URL)), words_of(lena_client.get("/me"))
    assert "Lena completed 15 of 15 cases in little time (half within 30 s). What happened?" in seen
    assert "You completed 15 of 15 cases in little time (half within 30 s). What happened?" in own


@pytest.mark.parametrize(
    ("pause", "start", "said", "compares"),
    [
        ((37, 6), 200, "No comparison: on leave on 7 of the 7 days before.", False),
        ((37, 10), 200, "On leave on 3 of the 7 days before.", True),
        (None, 6, "No comparison: the 7 days before lie before the enrolment.", False),
        (None, 9, "4 of the 7 days before lie before the enrolment.", True),
        (None, 200, "", True),
    ],
)
def test_a_window_before_that_did_not_count_is_no_zero(edda_client, lena, sim, pause, start, said, compares):
    today, enrolment = NOW.date(), lena.enrolments.get()
    lena.enrolments.update(start=today - timedelta(days=start))
    if pause:
        Pause.objects.create(
            enrolment=enrolment, start=today - timedelta(days=pause[0]), end=today - timedelta(days=pause[1])
        )
    work(lena, days_ago=[1], sim=sim)
    answer = edda_client.get(URL, {"timeRange": "7d"})
    assert said in words_of(answer)
    assert ("of the 7 days before" in words_of(answer) or "No comparison" in words_of(answer)) == bool(said)
    assert len(rows_of(answer, "compare")[1]) == (3 if compares else 2)


@pytest.mark.parametrize(("days", "said"), [(1, False), (2, False), (3, True)])
def test_a_median_takes_three_sessions(edda_client, lena, days, said):
    for day in range(1, days + 1):
        for minutes in (0, 24):
            track(lena, "case_view", occurred_at=NOW - timedelta(days=day, minutes=minutes))
    words = words_of(edda_client.get(URL))
    assert ("; median session 24 min." in words) == said
    assert ("1 session in the period." in words) == (days == 1)


def test_weeks_say_what_they_are_and_both_bars_have_a_name(edda_client, lena, lenas_work, sim):
    work(lena, days_ago=[100], sim=sim)
    words = words_of(edda_client.get(URL, {"timeRange": "90d"}))
    assert "weeks of 7 days, the last ending today" in words
    assert "These 13 weeks The 13 weeks before" in words


def test_three_times_are_told_apart_and_the_untimed_counted(edda_client, lena):
    hour_ago = NOW - timedelta(hours=1)
    track(lena, "case_view", occurred_at=hour_ago, time_spent_seconds=600, active_seconds=240)
    track(lena, "case_view", occurred_at=hour_ago, time_spent_seconds=3600)
    track(lena, "navigation", occurred_at=hour_ago)
    rows = {row[0]: row[1:] for row in rows_of(edda_client.get(URL), "compare")}
    assert {name: rows[name] for name in ("Active time", "Wall-clock time", "Unknown time", "Without a time")} == {
        "Active time": ["4 min", "0 s"],
        "Wall-clock time": ["1 h 10 min", "0 s"],
        "Unknown time": ["1 h", "0 s"],
        "Without a time": ["1", "0"],
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", "30 days"), ("?timeRange=7d", "7 days"), ("?timeRange=all", "All"), ("?timeRange=wrong", "30 days")],
)
def test_the_period_lives_in_the_url(edda_client, lenas_work, query, shown):
    page = edda_client.get(URL + query).content.decode()
    assert re.findall(r'aria-current="true">([^<]+)<', page) == [shown]


def test_paused_days_are_hatched_and_the_pause_is_told(edda_client, lena, lenas_work):
    today = NOW.date()
    Pause.objects.create(
        enrolment=lena.enrolments.get(), start=today - timedelta(days=3), end=today + timedelta(days=9)
    )
    answer = edda_client.get(URL, {"timeRange": "7d"})
    page, words = answer.content.decode(), words_of(answer)
    # In the points of the days and in the index over them.
    assert page.count('fill="url(#hatch)" x=') == 8
    assert "Paused; counts again from 25 Mar. Days of a pause do not count." in words
    assert "It clears" not in words


def test_too_little_data_is_said_in_words(edda_client, cardiology):
    enrol(person("dov"), cardiology, start=NOW.date() - timedelta(days=2))
    words = words_of(edda_client.get("/learners/dov"))
    assert "Not enough data yet: 3 of 7 days." in words
    assert "No interactions yet. What the simulator sends appears here at once." in words
    assert "Timeline" not in words


def test_an_empty_period_says_so_and_where_more_is(edda_client, lena, sim):
    work(lena, days_ago=[200], sim=sim)
    answer = edda_client.get(URL, {"timeRange": "7d"})
    assert "No interactions in this period, 10 Mar 2026 to 16 Mar 2026." in words_of(answer)
    assert b'href="?timeRange=all"' in answer.content


def test_an_interaction_opens_to_parts_that_add_up_to_its_score(edda_client, lena):
    row = track(
        lena,
        "case_complete",
        occurred_at=NOW - timedelta(hours=1),
        time_spent_seconds=1111,
        performance_metrics={"score": 77},
        case_title="Sepsis II",
    )
    words = words_of(edda_client.get(URL))
    [said] = re.findall(
        r"Kind of work ([\d.]+) Time ([\d.]+) Performance ([\d.]+) Regular weeks before ([\d.]+) "
        r"Score of this interaction ([\d.]+) of 100",
        words,
    )
    *parts, score = map(float, said)
    assert sum(parts) == pytest.approx(score)
    assert score == row.engagement_score


def test_the_timeline_is_paged_by_a_cursor_to_its_end(edda_client, lena, lenas_work, sim):
    work(lena, days_ago=range(2, 160), sim=sim)
    seen, address = [], f"{URL}?timeRange=365d"
    for _ in range(9):
        page = edda_client.get(address).content.decode()
        seen += re.findall(r'<summary>\s*<span class="when"><time datetime="([^"]+)"', page)
        following = re.findall(r'rel="next" href="(\?[^"#]+)#timeline"', page)
        if not following:
            break
        address = URL + following[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 159
    assert seen == sorted(seen, reverse=True)


def test_a_cursor_opens_no_other_learners_timeline(edda, edda_client, ada_client, lena, mia, lenas_work, sim):
    work(mia, days_ago=range(1, 200), sim=sim)
    page = ada_client.get("/learners/mia?timeRange=365d").content.decode()
    [cursor] = re.findall(r"before=([^\"#&]+)", page)
    newest = "Sun 15 Mar 2026, 12:00"
    assert newest in words_of(edda_client.get(URL))
    for stolen in (cursor, "nonsense"):
        words = words_of(edda_client.get(f"{URL}?before={stolen}"))
        assert newest in words
        assert "Mia" not in words


def test_hostile_titles_stay_text(edda_client, lena):
    hostile = "</title></svg><script>alert(1)</script>"
    track(
        lena,
        "case_start",
        occurred_at=NOW - timedelta(hours=1),
        case_id="x",
        case_title=hostile,
        resource_name="<img src=x onerror=alert(2)>",
        resource_id="r",
        help_request_type="<b>",
        metadata={"specialty": "<i>", "difficulty": "<u>"},
    )
    answer = edda_client.get(URL)
    for mark in (b"<script", b"<img", b"<b>", b"<i>", b"<u>"):
        assert mark not in without_own_scripts(answer)
    assert hostile in words_of(answer)


def test_a_public_id_may_hold_a_slash_and_marks(edda_client, cardiology):
    enrol(person("odd", public_id="a/b?c#d&e", name="Odd"), cardiology)
    page = unescape(edda_client.get("/cohorts/cardiology").content.decode())
    [address] = re.findall(r'href="(/learners/a[^"]+)"', page)
    assert "Odd" in words_of(edda_client.get(address))


@pytest.mark.parametrize("who", ["edda", "ada", "sim"])
def test_who_is_no_learner_is_told_what_this_page_is_for(request, who):
    words = words_of(request.getfixturevalue(f"{who}_client").get("/me"))
    assert "You have no learning of your own here" in words
    assert "Engagement index" not in words
    assert ("belongs to a simulator" in words) == (who == "sim")


def test_an_educator_who_worked_a_case_reads_about_it(edda, edda_client):
    track(edda, "case_start", case_id="sepsis", case_title="Sepsis II")
    assert "Sepsis II" in words_of(edda_client.get("/me"))


def test_an_admin_sees_every_learner(ada_client, lenas_work):
    assert "Mia's own case" in words_of(ada_client.get("/learners/mia"))


@pytest.mark.parametrize("days", [1, 30])
@pytest.mark.parametrize(("who", "path", "queries"), [("edda_client", URL, 31), ("lena_client", "/me", 29)])
def test_a_page_costs_the_same_however_much_was_done(
    request, lena, sim, days, who, path, queries, django_assert_num_queries
):
    work(lena, days_ago=range(1, days + 1), sim=sim)
    client = request.getfixturevalue(who)
    policy_book()
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("who", ["edda_client", "lena_client"])
def test_of_who_never_began_nothing_is_drawn_and_the_page_says_so(request, who, lena):
    answer = request.getfixturevalue(who).get("/learners/lena")
    assert "so there is nothing to draw" in words_of(answer)
    assert "<figure" not in answer.content.decode()


def test_before_any_training_the_page_says_that_no_forecast_is_made_and_what_it_takes(edda_client, lena, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    words = words_of(edda_client.get("/learners/lena"))
    assert (
        "No forecast is made here yet. It is learned from all learners together, once a day, as soon as 30 learners "
        "have been enrolled for 14 days."
    ) in words
    assert "0 of 30" not in words


def test_one_run_of_days_is_told_once_with_one_longest(edda_client, lena, sim):
    # The longest run lies before the days that patterns look at.
    work(lena, days_ago=[1, 2, 3, *range(150, 159)], sim=sim)
    words = words_of(edda_client.get("/learners/lena"))
    assert "3 active days in a row; the longest run was 9 days." in words
    assert "Lena has been active 3 days in a row." in words
    assert words.count("longest run was") == 1


def test_the_section_of_patterns_is_called_so(edda_client, lena, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    page = edda_client.get("/learners/lena").content.decode()
    assert '<h2 id="patterns">Patterns</h2>' in page
    assert '<a href="#patterns">Patterns</a>' in page


def test_kinds_of_work_say_of_how_many_from_when_and_until_when(edda_client, lena, sim):
    work(lena, days_ago=[1, 3], sim=sim)
    words = words_of(edda_client.get(URL, {"timeRange": "7d"}))
    assert re.search(
        r"Interactions by type .* (\d+ interactions) · 10 Mar 2026 to 16 Mar 2026 · days in UTC · "
        r"complete through 12:00 Comparison",
        words,
    )
