"""What a learner's page tells beyond his figures: patterns, what next, specialties, what may come, others."""

import csv
import io
import re
from datetime import timedelta

import pytest

from accounts.models import User
from analytics.tests.reading import rows_of, words_of
from analytics.tests.work import classmates, work
from medsim_tracking.testing import NOW

URL, OWN = "/learners/lena", "/me"
API = "/api/interaction-tracking"
RANGE = {"timeRange": "90d"}


@pytest.fixture
def hurried(lena, mia, sim):
    """Lena rushes through fifteen cases in two specialties; Mia's work could be taken for hers."""
    for number, (specialty, score) in enumerate([("cardiology", 95), ("surgery", 30)]):
        work(
            lena,
            days_ago=range(1 + number, 60, 4),
            sim=sim,
            caseId=f"c-{number}",
            caseTitle=f"Case {number}",
            activeSeconds=30,
            performanceMetrics={"score": score},
            metadata={"specialty": specialty, "difficulty": "medium"},
        )
    work(mia, days_ago=range(1, 30), sim=sim, activeSeconds=20, helpRequestType="Mia's own question")


def exported(client, table: str, path: str = URL, **query) -> list[dict[str, str]]:
    answer = client.get(path, RANGE | {"format": "csv", "table": table} | query)
    assert answer.status_code == 200, table
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def links_behind(answer) -> list[str]:
    found = re.findall(r'href="(\?[^"]*behind=[^"#]*)#timeline"', answer.content.decode())
    return [link.replace("&amp;", "&") for link in found]


def test_each_pattern_found_is_told_as_the_api_tells_it_to_tutor_and_learner(
    edda_client, edda_api, lena_client, lena_api, hurried
):
    for client, api, path in ((edda_client, edda_api, URL), (lena_client, lena_api, OWN)):
        told = api.get(f"{API}/patterns/lena", RANGE).json()["patterns"]
        words = words_of(client.get(path, RANGE))
        found = [pattern["text"] for pattern in told if pattern["status"] == "found"]
        assert len(found) >= 3
        assert [text for text in found if text not in words] == []


def test_a_pattern_opens_to_its_figures_and_leads_to_the_interactions_behind_it(edda_client, hurried):
    answer = edda_client.get(URL, RANGE)
    words = words_of(answer)
    assert "Completed in little time 30 Completed cases 30 Half of the quick ones took at most 30 s" in words
    assert "Looked at: 17 Dec 2025 to 16 Mar 2026." in words
    [link] = [link for link in links_behind(answer) if "shallow_completion" in link]
    behind = edda_client.get(URL + link)
    said = words_of(behind)
    assert "Only the 30 interactions behind this: Lena completed 30 of 30 cases" in said
    assert len(re.findall(r'<summary><time datetime="', behind.content.decode())) == 30
    assert "Mia" not in said


def test_a_pattern_that_was_not_found_leads_to_the_whole_timeline(edda_client, hurried):
    for kind in ("burst", "nonsense", "archetype' or 1=1"):
        assert "Only the" not in words_of(edda_client.get(URL, RANGE | {"behind": kind}))


def test_what_was_looked_for_in_vain_is_told_apart_from_what_could_not_be_judged(edda_client, hurried):
    words = words_of(edda_client.get(URL, RANGE))
    assert "Looked for, and nothing stood out:" in words
    assert "Too little data yet: 0 of 20 others in the cohort with as many weeks." in words


def test_what_comes_next_is_what_the_api_says_and_its_points_add_up(edda_client, edda_api, hurried):
    told = edda_api.get(f"{API}/recommendations/lena", RANGE).json()["recommendations"]
    answer = edda_client.get(URL, RANGE)
    page = answer.content.decode()
    advice = page[page.index('class="findings advice"') : page.index('aria-labelledby="specialties"')]
    assert re.findall(r"<strong>([^<]+)</strong>", advice) == [item["title"] for item in told] != []
    for block in advice.split("<details>")[1:]:
        *parts, total = [float(points) for points in re.findall(r"<dd>([\d.]+)(?: of 100)?</dd>", block)]
        assert sum(parts) == pytest.approx(total)


def test_a_start_without_data_is_called_one(edda_client, lena):
    assert "Not personal yet. Too little data yet: 0 of 3 scored attempts." in words_of(edda_client.get(URL))


def test_specialties_stand_by_what_can_be_expected_in_them(edda_client, hurried):
    answer = edda_client.get(URL, RANGE)
    _, first, second = rows_of(answer, "specialties")
    assert (first[0], second[0]) == ("cardiology", "surgery")
    assert int(first[2]) > int(second[2])
    said = f"Strongest in cardiology, {first[2]} of 100 expected; most room to grow in surgery, {second[2]} of 100."
    assert said in words_of(answer)


@pytest.mark.parametrize(("others", "compared"), [(9, False), (10, True)])
def test_others_are_a_band_from_ten_on_and_never_a_name(
    edda_client, lena_client, cardiology, lena, sim, others, compared
):
    mates = classmates(cardiology, others)
    for place, mate in enumerate(mates):
        work(mate, days_ago=range(1, 3 + 2 * place), sim=sim)
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    for client, path, who in ((edda_client, URL, "Lena stands"), (lena_client, OWN, "you stand")):
        words = words_of(client.get(path))
        assert ("third" in words) == compared
        assert (f"Where {who}" in words and "Beside at least 10 others" in words) == compared
        assert ("Too little data yet: 5 of 10 others to compare with." in words) != compared
        assert "Mate" not in words


def test_who_takes_no_part_is_compared_on_nobodys_page(edda_client, lena_client, cardiology, lena, sim):
    work(*classmates(cardiology, 12), lena, days_ago=range(1, 60, 2), sim=sim)
    User.objects.filter(pk=lena.pk).update(peer_comparison=False)
    assert "Lena takes no part in comparisons." in words_of(edda_client.get(URL))
    assert "You take no part: you see no comparison" in words_of(lena_client.get(OWN))
    assert edda_client.get(URL, {"format": "csv", "table": "peers"}).status_code == 404


def test_the_line_ends_where_the_index_stands_with_the_own_past_behind_it(edda_client, edda_api, hurried):
    rows = exported(edda_client, "line", timeRange="30d")
    before = edda_api.get(f"{API}/engagement/lena", {"from": "2025-10-01", "to": rows_day(30)}).json()
    now = edda_api.get(f"{API}/engagement/lena").json()
    assert len(rows) == 30
    assert float(rows[-1]["Index"]) == now["engagementScore"]
    assert float(rows[-1]["The 30 days before"]) == before["engagementScore"]


def rows_day(days_ago: int) -> str:
    return (NOW.date() - timedelta(days=days_ago)).isoformat()


def test_what_is_on_screen_is_exported(edda_client, cardiology, hurried, sim):
    work(*classmates(cardiology, 12), days_ago=range(1, 9), sim=sim)
    words = words_of(edda_client.get(URL, RANGE))
    for table in ("patterns", "next", "specialties", "peers", "cases", "timeline"):
        rows = exported(edda_client, table)
        assert rows, table
        for column, cell in rows[0].items():
            if column.endswith("seconds"):
                continue
            shown = re.sub(r"\.0+$", "", cell.lstrip("'"))
            assert shown in words or re.match(r"2026-\d\d-\d\d|2025-\d\d-\d\d/|\d+\.\d", shown), (table, cell)
    assert len(exported(edda_client, "timeline", behind="shallow_completion")) == 30


def test_a_page_stays_light_however_much_was_done(edda_client, lena, sim):
    work(lena, days_ago=range(364), sim=sim)
    for name in ("30d", "365d"):
        assert len(edda_client.get(URL, {"timeRange": name}).content) < 150_000
