"""Daily sums in the admin: read only, without counting, by learner."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interactions.models import DailyActivity
from medsim_tracking.testing import NOW, person, track

LIST = "/admin/interactions/dailyactivity/"


def shown(client, query: str = "") -> list[tuple]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200, answer
    return [(row.user.public_id, row.day.day, row.interaction_type) for row in answer.context["cl"].result_list]


@pytest.fixture
def sums(lena, mia):
    track(lena, "search", now=NOW - timedelta(days=1))
    track(mia, "search")
    # Came late: entered last, though of an earlier day.
    track(lena, "case_view", now=NOW, occurred_at=NOW - timedelta(days=3))


def test_sums_are_listed_as_they_grew_and_a_learners_by_day(ada_client, sums, cardiology):
    assert shown(ada_client) == [("lena", 13, "case_view"), ("mia", 16, "search"), ("lena", 15, "search")]
    by_day = [("lena", 15, "search"), ("lena", 13, "case_view")]
    assert shown(ada_client, "?learner=lena") == by_day
    assert shown(ada_client, "?q=lena") == by_day
    assert shown(ada_client, f"?cohort={cardiology.pk}") == by_day
    assert shown(ada_client, "?interaction_type__exact=search") == [("mia", 16, "search"), ("lena", 15, "search")]
    assert shown(ada_client, "?q=nobody") == []


@pytest.mark.parametrize("query", ["", "?learner=lena"])
def test_pages_by_key_show_every_sum_once(ada_client, lena, query):
    sums = ("interactions", "base_units", "best_units", "active_seconds", "wall_seconds", "unknown_seconds", "untimed")
    rows = [
        DailyActivity(
            user=lena,
            day=NOW.date() - timedelta(days=number // 2),
            interaction_type=str(number % 2),
            policy_version="es-1",
            first_at=NOW,
            last_at=NOW,
            **dict.fromkeys(sums, 1),
        )
        for number in range(120)
    ]
    DailyActivity.objects.bulk_create(rows)
    seen, link = [], query
    while link is not None:
        list_ = ada_client.get(LIST + link).context["cl"]
        seen += [row.pk for row in list_.result_list]
        link = list_.older_link
    assert len(seen) == len(set(seen)) == 120


def test_the_number_of_queries_does_not_grow_with_the_rows(ada_client, lena):
    track(lena, "search")
    with CaptureQueriesContext(connection) as few:
        shown(ada_client)
    for number in range(30):
        track(person(f"learner{number}"), "search")
    with CaptureQueriesContext(connection) as many:
        assert len(shown(ada_client)) == 31
    assert len(many) == len(few) <= 12
    assert [query for query in many.captured_queries if "COUNT(" in query["sql"].upper()] == []


def test_nobody_changes_a_sum(ada_client, sums):
    row = DailyActivity.objects.first()
    page = reverse("admin:interactions_dailyactivity_change", args=[row.pk])
    forged = (page, page.replace("change", "delete"), LIST + "add/", LIST)
    before = list(DailyActivity.objects.order_by("pk").values())
    data = {"action": "delete_selected", "_selected_action": row.pk, "interactions": 99, "post": "yes"}
    assert [ada_client.post(path, data).status_code for path in forged] == [403] * 4
    assert list(DailyActivity.objects.order_by("pk").values()) == before


def test_a_sum_is_titled_by_its_learner(ada_client, sums):
    row = DailyActivity.objects.get(user__public_id="lena", interaction_type="search")
    content = ada_client.get(reverse("admin:interactions_dailyactivity_change", args=[row.pk])).content.decode()
    title = "Lena, 2026-03-15, search"
    assert f"<h2>{title}</h2>" in content
    assert f"&rsaquo; {title}" in content
    assert str(row) not in content


def test_a_sum_leads_to_the_interactions_it_was_added_up_from(ada_client, sums):
    row = DailyActivity.objects.get(user__public_id="lena", interaction_type="search")
    content = ada_client.get(reverse("admin:interactions_dailyactivity_change", args=[row.pk])).content.decode()
    link = "learner=lena&interaction_type__exact=search&occurred_at__year=2026&occurred_at__month=3&occurred_at__day=15"
    assert link.replace("&", "&amp;") in content
    answer = ada_client.get(f"/admin/interactions/userinteractiontrackingmodel/?{link}")
    assert [found.user.public_id for found in answer.context["cl"].result_list] == ["lena"]
