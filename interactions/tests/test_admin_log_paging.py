"""Pages of the interaction log in the admin: by key, in bounded work."""

from datetime import timedelta

import pytest

from interactions.admin import walks
from interactions.tests.log_pages import LIST, fill, shown, text
from medsim_tracking.testing import NOW


@pytest.mark.parametrize("ties", [False, True])
def test_pages_by_key_show_every_row_once_in_both_directions(ada_client, lena, ties):
    # Ties: a log that knows only days, with page borders inside a day.
    fill(lena, 130, step=timedelta(0) if ties else timedelta(minutes=1))
    query, down = "", []
    while query is not None:
        list_ = ada_client.get(LIST + query).context["cl"]
        down.append([row.pk for row in list_.result_list])
        last, query = query, list_.older_link
    assert [len(page) for page in down] == [50, 50, 30]
    assert len(set().union(*down)) == 130
    assert down[0] + down[1] + down[2] == sorted(set().union(*down), reverse=True)

    up, query = [], last
    while query is not None:
        list_ = ada_client.get(LIST + query).context["cl"]
        up.append([row.pk for row in list_.result_list])
        query = list_.newer_link
    assert up == [down[2], down[1], down[0]]


def test_a_link_to_the_newest_leads_back_from_a_later_page(ada_client, lena):
    fill(lena, 60)
    list_ = ada_client.get(LIST + "?engagement_level__exact=low").context["cl"]
    older = ada_client.get(LIST + list_.older_link).context["cl"]
    assert older.newest_link == "?engagement_level__exact=low"
    assert list_.newest_link is None


def test_a_rare_match_is_looked_for_in_windows(ada_client, lena, monkeypatch):
    fill(lena, 10, clock_flag="clamped")
    fill(lena, 90, first=10)
    monkeypatch.setattr(walks, "WINDOW", 40)
    answer = ada_client.get(LIST + "?clock_flag__exact=clamped")
    assert answer.context["cl"].result_list == []
    assert "Looked through the newest 40 interactions" in text(answer)
    further = answer.context["cl"].older_link
    assert shown(ada_client, further) == []
    further = ada_client.get(LIST + further).context["cl"].older_link
    answer = ada_client.get(LIST + further)
    assert [row.event_id for row in answer.context["cl"].result_list] == [str(number) for number in range(9, -1, -1)]
    assert answer.context["cl"].older_link is None


def test_a_window_that_ends_within_a_tie_loses_nothing(ada_client, lena, monkeypatch):
    fill(lena, 30, step=timedelta(0), clock_flag="clamped")
    fill(lena, 30, first=30, step=timedelta(0), start=NOW - timedelta(days=1))
    monkeypatch.setattr(walks, "WINDOW", 35)
    first = ada_client.get(LIST + "?clock_flag__exact=clamped").context["cl"]
    assert len(first.result_list) == 30
    # All of the tie lies in the first window, so nothing is shown twice.
    assert first.older_link is None or shown(ada_client, first.older_link) == []


def test_looking_upwards_is_bounded_too(ada_client, lena, monkeypatch):
    fill(lena, 90)
    fill(lena, 5, first=90, clock_flag="clamped")
    monkeypatch.setattr(walks, "WINDOW", 60)
    oldest = (NOW - timedelta(days=31)).isoformat().replace("+00:00", "Z")
    answer = ada_client.get(LIST + f"?clock_flag__exact=clamped&newer={oldest}~")
    assert answer.context["cl"].result_list == []
    assert "Looked through the next 60 interactions" in text(answer)
    assert shown(ada_client, answer.context["cl"].newer_link) == ["94", "93", "92", "91", "90"]


@pytest.mark.parametrize("query", ["?o=1", "?all=", "?p=7", "?_facets=True", "?q=%00"])
def test_djangos_own_ways_to_sort_count_and_show_all_do_nothing(ada_client, lena, query):
    fill(lena, 60)
    answer = ada_client.get(LIST + query, follow=True)
    assert [row.event_id for row in answer.context["cl"].result_list] == [str(number) for number in range(59, 9, -1)]
