"""The catalogue in the admin: names and kinds are put right by hand, entries come and stay by themselves."""

import pytest
from django.urls import reverse

from interactions.models import Case, Resource
from medsim_tracking.testing import track


@pytest.fixture
def case(lena) -> Case:
    track(lena, "case_view", case_id="c1", case_title="Abdomnial pain", metadata={"specialty": "surgery"})
    track(lena, "case_view", case_id="c2", case_title="Rash")
    return Case.objects.get(case_id="c1")


@pytest.fixture
def video(lena) -> Resource:
    track(lena, "resource_access", resource_type="video", resource_id="v1", resource_name="Knots")
    track(lena, "resource_access", resource_type="quiz", resource_id="q1", resource_name="Questions")
    return Resource.objects.get(resource_id="v1")


def page(entry, action: str = "change") -> str:
    return reverse(f"admin:interactions_{entry._meta.model_name}_{action}", args=[entry.pk])


def test_a_case_is_put_right_but_keeps_its_id(ada_client, case):
    sent = {"case_id": "other", "title": "Abdominal pain", "specialty": "surgery", "difficulty": "basic"}
    assert ada_client.post(page(case), sent).status_code == 302
    stored = Case.objects.values_list("case_id", "title", "specialty", "difficulty").get(pk=case.pk)
    assert stored == ("c1", "Abdominal pain", "surgery", "basic")
    assert "/userinteractiontrackingmodel/?case=c1" in ada_client.get(page(case)).content.decode()


def test_a_resource_is_put_right_but_keeps_its_id(ada_client, video):
    sent = {"resource_id": "other", "resource_type": "quiz", "name": "Surgical knots", "specialty": "surgery"}
    assert ada_client.post(page(video), sent).status_code == 302
    stored = Resource.objects.values_list("resource_type", "resource_id", "name", "specialty").get(pk=video.pk)
    assert stored == ("video", "v1", "Surgical knots", "surgery")


def test_what_an_admin_corrected_stands_until_he_gives_it_back(ada_client, lena, case):
    corrected = {"title": "Abdominal pain", "specialty": "surgery", "difficulty": ""}
    ada_client.post(page(case), corrected)
    told = {"case_id": "c1", "case_title": "Abdomnial pain", "metadata": {"specialty": "gut", "difficulty": "hard"}}
    track(lena, "case_view", **told)
    case.refresh_from_db()
    assert (case.title, case.specialty, case.difficulty, case.by_hand) == ("Abdominal pain", "surgery", "hard", True)

    ada_client.post(page(case), {**corrected, "difficulty": "hard"})  # unticked: given back
    track(lena, "case_view", **told)
    case.refresh_from_db()
    assert (case.title, case.by_hand) == ("Abdomnial pain", False)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("case/?q=abdom", ["c1"]),
        ("case/?q=c2", ["c2"]),
        ("case/?specialty=surgery", ["c1"]),
        ("resource/?q=knot", ["v1"]),
        ("resource/?resource_type=quiz", ["q1"]),
    ],
)
def test_entries_are_found(ada_client, case, video, query, found):
    rows = ada_client.get(f"/admin/interactions/{query}").context["cl"].result_list
    assert [getattr(row, "case_id", None) or row.resource_id for row in rows] == found


def test_entries_are_neither_added_nor_deleted_by_hand(ada_client, case, video):
    for entry in (case, video):
        model = entry._meta.model_name
        assert ada_client.post(page(entry, "delete"), {"post": "yes"}).status_code == 403
        assert ada_client.post(f"/admin/interactions/{model}/add/", {"case_id": "new"}).status_code == 403
        ada_client.post(
            f"/admin/interactions/{model}/", {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
        )
        entry.refresh_from_db()
