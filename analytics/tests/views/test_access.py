"""Who may open which page, and what the others meet."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.access import Access
from accounts.models import User
from analytics.tests.reading import without_own_scripts
from analytics.tests.work import work
from analytics.views.page import Page
from medsim_tracking.testing import PASSWORD

LENA, CARDIOLOGY = "/learners/lena", "/cohorts/cardiology"


@pytest.fixture
def lenas_work(lena, cardiology, sim):
    """Data that could leak."""
    # Not in a title: the catalogue is everybody's.
    work(lena, days_ago=[1, 2], sim=sim, helpRequestType="Lena's own question")


def without_token(answer) -> bytes:
    """The page without its form token, which is masked anew each time."""
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", answer.content)


@pytest.mark.parametrize("path", [LENA, CARDIOLOGY])
def test_otto_meets_nothing_of_lena(otto_client, lenas_work, path):
    hidden, missing = otto_client.get(path), otto_client.get(path.replace("lena", "nobody").replace("card", "nobo"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert without_token(hidden) == without_token(missing)
    assert b"Lena" not in hidden.content


def test_otto_finds_nothing_of_lena_on_his_own_pages(otto_client, lenas_work):
    for path in ("/", "/cohorts/surgery", "/cohorts/surgery?q=lena", "/learners/mia"):
        answer = otto_client.get(path)
        assert answer.status_code == 200
        assert b"Lena" not in answer.content
        assert b"ardiology" not in answer.content


def test_a_learner_sees_herself_and_nobody_else(lena_client, mia_client, lenas_work):
    assert lena_client.get(LENA).status_code == 200
    assert mia_client.get(LENA).status_code == 404


@pytest.mark.parametrize("who", ["lena_client", "sim_client"])
def test_a_cohort_is_no_place_for_this_role(request, who, lenas_work):
    answer = request.getfixturevalue(who).get(CARDIOLOGY)
    assert answer.status_code == 403
    assert b"not for your role" in answer.content


@pytest.mark.parametrize("path", ["/", "/me", LENA, CARDIOLOGY, "/cohorts/nothing?x=1"])
def test_nobody_signed_in_is_sent_to_sign_in_and_back(lenas_work, path):
    client = Client()
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=/")
    answer = client.post(answer["Location"], {"username": "edda", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, path)


@pytest.mark.parametrize("aim", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_signing_in_leads_to_this_host_only(edda, aim):
    answer = Client().post("/sign-in", {"username": "edda", "password": PASSWORD, "next": aim})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_an_enrolment_that_ended_hides_the_learner(edda_client, lena, lenas_work, clock):
    assert edda_client.get(LENA).status_code == 200
    lena.enrolments.update(end=clock.now.date())
    assert edda_client.get(LENA).status_code == 404


def test_a_demoted_educator_is_refused_at_once(edda, edda_client, lenas_work):
    assert edda_client.get(CARDIOLOGY).status_code == 200
    edda.role = User.Role.STUDENT
    edda.save()
    assert edda_client.get(CARDIOLOGY).status_code == 403
    assert edda_client.get(LENA).status_code == 404


def test_a_page_that_declares_no_policy_answers_nobody(ada):
    class Forgotten(Page):
        def get(self, request):
            return HttpResponse("secret", content_type="text/plain")

    class Declared(Forgotten):
        access = Access.SIGNED_IN

    request = RequestFactory().get("/")
    request.user = ada
    assert Declared.as_view()(request).status_code == 200
    with pytest.raises(PermissionDenied):
        Forgotten.as_view()(request)


def test_signing_out_takes_a_post(edda_client):
    assert edda_client.get("/sign-out").status_code == 405
    assert edda_client.get("/").status_code == 200
    assert edda_client.post("/sign-out")["Location"] == "/sign-in"
    assert edda_client.get("/").status_code == 302


def test_a_form_from_elsewhere_is_refused_with_a_page_of_ours(edda):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in", {"username": "edda", "password": PASSWORD})
    assert answer.status_code == 403
    assert b"did not come from this site" in answer.content
    assert b"<style" not in answer.content


@pytest.mark.parametrize("username", ["edda", "nobody"])
def test_a_wrong_password_says_the_same_for_a_name_that_exists(edda, username):
    answer = Client().post("/sign-in", {"username": username, "password": "wrong"})
    assert answer.status_code == 200
    assert answer.content.count(b"This name and password do not fit together.") == 1


def test_a_learner_without_a_login_cannot_sign_in(sim):
    newcomer = User.objects.create(username="learner:x", public_id="x", password="!")
    answer = Client().post("/sign-in", {"username": newcomer.username, "password": "!"})
    assert b"do not fit together" in answer.content


@pytest.mark.parametrize("path", ["/learners/%00", "/cohorts/%00", "/learners/" + "a" * 65, "/nothing"])
def test_an_address_that_leads_nowhere_is_404(edda_client, path):
    answer = edda_client.get(path)
    assert answer.status_code == 404
    assert b"nothing here that you may see" in answer.content


def test_pages_are_not_kept_and_run_nothing_inline(edda_client, lenas_work):
    for path in ("/", CARDIOLOGY, LENA, "/sign-in"):
        answer = edda_client.get(path, follow=True)
        assert answer["Cache-Control"] in ("no-store", "max-age=0, no-cache, no-store, must-revalidate, private")
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert b"style=" not in answer.content
        assert b"<script" not in without_own_scripts(answer)


def test_every_page_has_its_name():
    named = {
        "home": ((), "/"),
        "sign-in": ((), "/sign-in"),
        "sign-out": ((), "/sign-out"),
        "me": ((), "/me"),
        "cohort": (("cardiology",), CARDIOLOGY),
        "learner": (("lena",), LENA),
    }
    assert {name: reverse(name, args=args) for name, (args, _) in named.items()} == {
        name: path for name, (_, path) in named.items()
    }
