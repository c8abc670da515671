"""People in the admin: accounts by role, never deleted; cohorts of any size with their enrolments and pauses."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Cohort, Enrolment, Pause, User
from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import NOW, PASSWORD, TERM_START, enrol, person, track


def page(entry, action: str = "change") -> str:
    return reverse(f"admin:accounts_{entry._meta.model_name}_{action}", args=[entry.pk])


def found(client, path: str) -> list:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return [str(row) for row in answer.context["cl"].result_list]


def form_of(client, path: str) -> dict:
    """What the page would send if nothing were changed."""
    context = client.get(path).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = [field for form in forms for field in form]
    return {
        field.html_name: field.value() for field in fields if field.value() is not None and field.value() is not False
    }


@pytest.mark.parametrize("term", ["lms-42", "QUIST", "z.quist@exam", "zoe-login"])
def test_people_are_found_by_id_name_email_and_username(ada_client, term):
    person("zoe-login", public_id="lms-42", name="Zoë Quist", email="z.quist@example.org")
    assert found(ada_client, f"/admin/accounts/user/?q={term}") == ["Zoë Quist"]


def test_people_are_filtered_by_role(ada_client):
    assert found(ada_client, "/admin/accounts/user/?role__exact=educator") == ["Edda", "Otto"]


def test_students_without_an_enrolment_are_found(ada_client, cast):
    person("lenna", name="Lenna")
    assert found(ada_client, "/admin/accounts/user/?enrolment=none") == ["Lenna"]
    assert len(found(ada_client, "/admin/accounts/user/?enrolment=other")) == User.objects.count()


def test_times_are_written_year_first_with_their_zone(ada_client, lena):
    User.objects.filter(pk=lena.pk).update(last_login=NOW)
    for path in ("/admin/accounts/user/", page(lena)):
        assert "2026-03-16 12:00:00 UTC" in ada_client.get(path).content.decode()


def test_nothing_is_written_in_one_way(ada_client):
    content = ada_client.get("/admin/accounts/cohort/add/").content.decode()
    assert '<div class="readonly">-</div>' in content
    assert "None" not in content


def test_the_admin_names_the_products_icon(ada_client, client):
    for answer in (ada_client.get("/admin/"), ada_client.get("/admin/accounts/user/")):
        assert '<link rel="icon" type="image/svg+xml" href="/static/favicon.svg">' in answer.content.decode()


def test_a_new_educator_can_sign_in_but_not_into_the_admin(ada_client, client):
    sent = {
        "username": "nora",
        "name": "Nora",
        "email": "nora@example.org",
        "role": "educator",
        "public_id": "nora-1",
        "time_zone": "Europe/Berlin",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert ada_client.post("/admin/accounts/user/add/", sent).status_code == 302
    nora = User.objects.get(username="nora")
    assert (nora.name, nora.role, nora.public_id, nora.time_zone) == ("Nora", "educator", "nora-1", "Europe/Berlin")
    assert client.login(username="nora", password=PASSWORD)
    assert client.get("/admin/").status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"public_id": "me"}, "is taken"), ({"public_id": "mia"}, "already exists"), ({"time_zone": "Mars/Base"}, "IANA")],
)
def test_what_is_no_account_is_refused(ada_client, lena, change, sentence):
    answer = ada_client.post(page(lena), form_of(ada_client, page(lena)) | change)
    assert sentence in answer.content.decode()
    assert User.objects.get(pk=lena.pk).public_id == "lena"


def test_the_role_takes_the_admin_site_along(ada_client, edda, edda_client):
    sent = form_of(ada_client, page(edda))
    assert ada_client.post(page(edda), sent | {"role": "admin"}).status_code == 302
    assert edda_client.get("/admin/").status_code == 200
    assert ada_client.post(page(edda), sent).status_code == 302
    assert edda_client.get("/admin/").status_code == 403


@pytest.mark.parametrize("change", [{"role": "educator"}, {"is_active": ""}])
def test_an_admin_does_not_lock_himself_out(ada, ada_client, change):
    sent = {name: value for name, value in (form_of(ada_client, page(ada)) | change).items() if value}
    answer = ada_client.post(page(ada), sent)
    assert "Your own account stays an active admin" in answer.content.decode()
    ada_client.post("/admin/accounts/user/", {"action": "deactivate", "_selected_action": ada.pk})
    ada.refresh_from_db()
    assert (ada.role, ada.is_active) == ("admin", True)


def test_people_are_deactivated_and_not_deleted(ada_client, lena, lena_client):
    track(lena, "search")
    assert ada_client.post(page(lena, "delete"), {"post": "yes"}).status_code == 403
    ada_client.post("/admin/accounts/user/", {"action": "delete_selected", "_selected_action": lena.pk, "post": "yes"})
    assert UserInteractionTrackingModel.objects.filter(user=lena).count() == 1
    content = ada_client.get(page(lena)).content.decode()
    assert ("deletelink" in content, "Accounts are not deleted" in content) == (False, True)

    ada_client.post("/admin/accounts/user/", {"action": "deactivate", "_selected_action": lena.pk})
    lena.refresh_from_db()
    assert (lena.is_active, lena_client.login(username="lena", password=PASSWORD)) == (False, False)
    ada_client.post("/admin/accounts/user/", {"action": "activate", "_selected_action": lena.pk})
    lena.refresh_from_db()
    assert lena.is_active


def test_a_person_leads_to_what_he_did(ada_client, lena):
    content = ada_client.get(page(lena)).content.decode()
    assert "/admin/interactions/userinteractiontrackingmodel/?learner=lena" in content
    assert f"/admin/accounts/enrolment/?learner__id__exact={lena.pk}" in content


def test_educators_are_offered_by_name_and_only_educators(ada_client):
    path = "/admin/autocomplete/?app_label=accounts&model_name=cohort&field_name=educators&term="
    assert [one["text"] for one in ada_client.get(path + "d").json()["results"]] == ["Edda"]
    assert ada_client.get(path + "lena").json()["results"] == []


def test_a_cohort_takes_educators_and_learners(ada_client, cardiology, mia, edda, otto):
    path = page(cardiology)
    sent = form_of(ada_client, path) | {"educators": [edda.pk, otto.pk]}
    new = {"enrolments-2-TOTAL_FORMS": "1", "enrolments-2-0-learner": mia.pk, "enrolments-2-0-start": "2026-02-01"}
    assert ada_client.post(path, sent | new).status_code == 302
    assert set(cardiology.educators.all()) == {edda, otto}
    assert set(cardiology.enrolments.values_list("learner__username", "start")) == {
        ("lena", TERM_START),
        ("mia", date(2026, 2, 1)),
    }


def test_an_enrolment_is_ended_within_its_cohort(ada_client, cardiology):
    sent = form_of(ada_client, page(cardiology)) | {"enrolments-0-end": "2026-03-01"}
    assert ada_client.post(page(cardiology), sent).status_code == 302
    assert cardiology.enrolments.get().end == date(2026, 3, 1)


@pytest.fixture
def large(cardiology) -> Cohort:
    learners = User.objects.bulk_create(
        User(username=f"learner{number}", public_id=f"learner{number}", password="!") for number in range(2000)
    )
    Enrolment.objects.bulk_create(
        Enrolment(learner=learner, cohort=cardiology, start=TERM_START - timedelta(days=number // 10))
        for number, learner in enumerate(learners, start=10)
    )
    return cardiology


def test_a_cohort_of_two_thousand_opens_and_saves(ada_client, large, mia):
    with CaptureQueriesContext(connection) as captured:
        answer = ada_client.get(page(large))
    assert answer.status_code == 200
    assert len(captured) <= 12
    assert len(answer.context["inline_admin_formsets"][0].formset.forms) == 50
    assert "2001 with their pauses" in answer.content.decode()
    sent = form_of(ada_client, page(large)) | {"name": "Cardiology A", "enrolments-3-end": "2026-03-01"}
    # Somebody enrols one more meanwhile, who would be among the latest fifty.
    enrol(mia, large, start=TERM_START + timedelta(days=1))
    assert ada_client.post(page(large), sent).status_code == 302
    large.refresh_from_db()
    assert (large.name, large.enrolments.count()) == ("Cardiology A", 2002)
    assert large.enrolments.get(end=date(2026, 3, 1)).pk == sent["enrolments-3-id"]


def test_a_forged_enrolment_of_another_cohort_stays(ada_client, cardiology, surgery):
    foreign = surgery.enrolments.get()
    sent = form_of(ada_client, page(cardiology)) | {"enrolments-0-id": foreign.pk, "enrolments-0-end": "2026-03-01"}
    before = list(Enrolment.objects.order_by("pk").values())
    ada_client.post(page(cardiology), sent)
    assert list(Enrolment.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("path", ["user", "cohort", "enrolment"])
def test_lists_take_the_same_few_queries_for_any_number_of_rows(ada_client, cardiology, edda, path, rows):
    for number in range(rows):
        cohort = Cohort.objects.create(slug=f"cohort-{number}", name=f"Cohort {number}")
        cohort.educators.add(edda)
        enrol(person(f"learner{number}"), cohort)
    with CaptureQueriesContext(connection) as captured:
        assert len(found(ada_client, f"/admin/accounts/{path}/")) > rows
    assert len(captured) == {"user": 4, "cohort": 5, "enrolment": 5}[path]


def test_pauses_are_entered_on_the_enrolments_page(ada_client, lena, cardiology):
    enrolment = cardiology.enrolments.get()
    assert page(enrolment) in ada_client.get(page(cardiology)).content.decode()
    new = {
        "pauses-TOTAL_FORMS": "1",
        "pauses-0-start": "2026-01-05",
        "pauses-0-end": "2026-01-12",
        "pauses-0-reason": "Leave",
    }
    assert ada_client.post(page(enrolment), form_of(ada_client, page(enrolment)) | new).status_code == 302
    assert Pause.objects.values_list("enrolment", "start", "end", "reason").get() == (
        enrolment.pk,
        date(2026, 1, 5),
        date(2026, 1, 12),
        "Leave",
    )
    assert found(ada_client, "/admin/accounts/enrolment/?q=lena") == [str(enrolment)]


def test_only_a_cohort_nobody_was_enrolled_in_may_be_deleted(ada_client, cardiology):
    mistake = Cohort.objects.create(slug="mistake", name="Mistake")
    assert ada_client.post(page(cardiology, "delete"), {"post": "yes"}).status_code == 403
    assert ada_client.post(page(mistake, "delete"), {"post": "yes"}).status_code == 302
    assert set(Cohort.objects.values_list("slug", flat=True)) == {"cardiology", "surgery"}


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/login/?next=/admin/", "/admin/logout/"])
def test_the_administration_has_no_door_of_its_own(client, ada, path):
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1] == ("/sign-in?next=/admin/", 302)
    answer = client.post("/sign-in?next=/admin/", {"username": "ada", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/login/?next=/admin/", "/admin/accounts/user/"])
def test_who_is_signed_in_and_no_admin_meets_the_products_own_403(edda_client, path):
    answer = edda_client.get(path)
    assert answer.status_code == 403
    assert "This page is not for your role." in answer.content.decode()
    assert "password" not in answer.content.decode()


def test_an_admin_who_asks_to_sign_in_again_is_let_in(ada_client):
    assert ada_client.get("/admin/login/?next=/admin/accounts/user/", follow=True).redirect_chain[-1] == (
        "/admin/accounts/user/",
        302,
    )


def test_signing_in_at_the_administrations_address_leads_to_this_host_only(client, ada):
    aim = client.get("/admin/login/?next=https://evil.example/")["Location"]
    answer = client.post(aim, {"username": "ada", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
