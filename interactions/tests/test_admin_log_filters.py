"""Filters and search of the interaction log in the admin."""

from datetime import timedelta

import pytest

from interactions.tests.log_pages import LIST, fill, shown, text
from medsim_tracking.testing import NOW, enrol, person, track


def test_filters_narrow_the_log(ada_client, lena, mia, cardiology):
    track(lena, "search", event_id="search")
    track(lena, "case_complete", event_id="complete", case_id="c1", time_spent_seconds=1200,
          performance_metrics={"score": 100}, metadata={"specialty": "cardiology"})  # fmt: skip
    track(lena, "case_view", event_id="late", sent_at=NOW - timedelta(minutes=5), occurred_at=NOW - timedelta(hours=1))
    track(mia, "search", event_id="mia")
    track(mia, "case_view", event_id="mia-case", case_id="c2", metadata={"specialty": "surgery"})

    def found(query):
        return sorted(shown(ada_client, query))

    assert found("?interaction_type__exact=search") == ["mia", "search"]
    assert found("?engagement_level__exact=very_high") == ["complete"]
    assert found("?clock_flag__exact=corrected") == ["late"]
    assert found("?clock_flag__exact=") == ["complete", "mia", "mia-case", "search"]
    assert found(f"?cohort={cardiology.pk}") == ["complete", "late", "search"]
    assert found("?specialty__exact=surgery") == ["mia-case"]
    assert found("?learner=mia") == ["mia", "mia-case"]
    assert found("?case=c1") == ["complete"]
    assert found("?learner=lena&interaction_type__exact=search") == ["search"]
    assert found("?learner=mia&case=c1") == []
    assert found("?learner=lena&q=mia") == []
    assert found("?learner=mia&q=mia") == ["mia", "mia-case"]


def test_a_cohort_of_many_is_filtered_like_a_cohort_of_few(ada_client, cardiology, mia, monkeypatch):
    for number in range(4):
        learner = person(f"learner{number}")
        enrol(learner, cardiology)
        track(learner, "search", event_id=f"event{number}")
    track(mia, "search", event_id="mia")
    few = sorted(shown(ada_client, f"?cohort={cardiology.pk}"))
    monkeypatch.setattr("interactions.admin.filters.MOST_WALKS", 2)
    assert sorted(shown(ada_client, f"?cohort={cardiology.pk}")) == few == ["event0", "event1", "event2", "event3"]


def test_choices_of_filters_come_from_policies_cohorts_and_the_catalogue(ada_client, lena):
    track(lena, "case_view", case_id="c1", metadata={"specialty": "cardiology"})
    specs = {spec.title: spec.lookup_choices for spec in ada_client.get(LIST).context["cl"].filter_specs
             if hasattr(spec, "lookup_choices")}  # fmt: skip
    assert [title for title in specs] == ["interaction type", "cohort", "specialty"]
    assert len(specs["interaction type"]) == 12
    assert [name for _, name in specs["cohort"]] == ["Cardiology", "Surgery"]
    assert specs["specialty"] == [("cardiology", "cardiology")]


def test_search_finds_by_public_id_name_email_case_id_and_title(ada_client, cast):
    zoe = person("zoe", public_id="lms-42", name="Zoë Quist", email="z.quist@example.org")
    track(zoe, "search", event_id="zoe")
    track(cast["lena"], "case_view", event_id="case", case_id="case-7", case_title="Sepsis in the night")
    track(cast["mia"], "case_view", event_id="other", case_id="case-70", case_title="A cough")
    expected = {
        "lms-42": ["zoe"],
        "LMS": ["zoe"],
        "quist": ["zoe"],
        "Z.Quist@example.org": ["zoe"],
        "case-7": ["case"],
        "case-70": ["other"],
        "case-": ["case", "other"],
        "sepsis": ["case"],
        "lena": ["case"],
        "nobody": [],
        "  ": ["case", "other", "zoe"],
    }
    assert {term: sorted(shown(ada_client, f"?q={term}")) for term in expected} == expected


def test_search_says_what_it_understood(ada_client, lena):
    track(lena, "case_view", case_id="c-1", case_title="Lena's rash")
    assert "Understood as: learner Lena; case Lena's rash." in text(ada_client.get(LIST + "?q=len")).replace(
        "&#x27;", "'"
    )
    assert "No learner and no case is called that." in text(ada_client.get(LIST + "?q=nobody"))


def test_rows_of_many_learners_come_in_one_order_and_page_by_page(ada_client, cast):
    learners = [person(f"anna{number}") for number in range(5)]
    for number, learner in enumerate(learners):
        fill(learner, 20, first=number * 20, step=timedelta(minutes=7 - number), case_id="")
    fill(cast["mia"], 30)
    query, seen = "?q=anna", []
    while query is not None:
        list_ = ada_client.get(LIST + query).context["cl"]
        seen += [(row.occurred_at, row.pk) for row in list_.result_list]
        query = list_.older_link
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 100


def test_a_row_of_a_found_learner_with_a_found_case_shows_once(ada_client, lena):
    track(lena, "case_view", event_id="one", case_id="c1", case_title="Lena's rash")
    assert shown(ada_client, "?q=lena") == ["one"]
    assert shown(ada_client, "?q=len") == ["one"]


def test_more_matches_than_are_followed_are_told(ada_client, lena, monkeypatch):
    monkeypatch.setattr("interactions.admin.search.MOST_WALKS", 2)
    for number in range(3):
        track(person(f"anna{number}"), "search", event_id=str(number))
    answer = ada_client.get(LIST + "?q=anna")
    assert sorted(row.event_id for row in answer.context["cl"].result_list) == ["0", "1"]
    assert "the first 2 of more learners that match" in text(answer)


@pytest.mark.parametrize(
    "query",
    [
        "?older=nonsense",
        "?older=2026-01-01T00:00:00~",
        "?older=2026-01-01T00:00:00Z~12",
        "?older=~",
        "?newer=9999-12-31T23:59:59-23:00~",
        "?occurred_at__year=99999",
        "?occurred_at__year=9999",
        "?occurred_at__year=0",
        "?occurred_at__year=2026&occurred_at__month=13",
        "?occurred_at__year=2026&occurred_at__month=2&occurred_at__day=30",
        "?occurred_at__year=x",
        "?learner=nobody",
        "?learner=%00",
        "?case=a%00b",
        "?cohort=x",
        "?cohort=99999999999999999999999",
    ],
)
def test_what_makes_no_sense_leads_back_to_the_list(ada_client, lena, query):
    answer = ada_client.get(LIST + query)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?e=1")
    assert ada_client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "lookup", ["resource_name__icontains=x", "user__name=Lena", "occurred_at__gte=2026-01-01", "p=2&id=3"]
)
def test_lookups_that_no_index_serves_are_refused(ada_client, lookup):
    answer = ada_client.get(f"{LIST}?{lookup}")
    assert answer.status_code == 400
    assert "This request cannot be read." in answer.content.decode()
