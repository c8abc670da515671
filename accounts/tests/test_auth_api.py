"""Signing in by JSON, and what a token is worth after the person behind it has changed."""

from datetime import timedelta

import jwt
import pytest
from django.urls import include, path
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.access import Access
from accounts.models import User
from medsim_tracking.testing import PASSWORD, ApiClient

TOKEN, REFRESH = "/api/auth/token", "/api/auth/token/refresh"


class EducatorsOnly(APIView):
    """A door to try tokens at."""

    access = Access.EDUCATOR

    def get(self, request):
        return Response({"userId": request.user.public_id})


class Undeclared(APIView):
    def get(self, request):
        return Response({})


urlpatterns = [
    path("api/auth/", include("accounts.api.urls")),
    path("educators", EducatorsOnly.as_view()),
    path("undeclared", Undeclared.as_view()),
]
pytestmark = pytest.mark.urls(__name__)


def sign_in(username: str, password: str = PASSWORD):
    return ApiClient().post(TOKEN, {"username": username, "password": password})


def problem_of(answer) -> tuple:
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "code", "detail", "requestId"}
    return body["status"], body["code"]


def test_signing_in_gives_a_token_pair_that_opens_doors(edda):
    answer = sign_in("edda")
    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh"}
    api = ApiClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})
    assert api.get("/educators").json() == {"userId": "edda"}


def test_tokens_carry_the_public_id_and_no_role(edda):
    claims = AccessToken(sign_in("edda").json()["access"]).payload
    assert claims["sub"] == "edda"
    assert set(claims) == {"token_type", "exp", "iat", "jti", "sub", "iss", "hash_password"}


@pytest.mark.parametrize(("username", "password"), [("edda", "wrong"), ("nobody", PASSWORD), ("Edda", PASSWORD)])
def test_signing_in_wrongly_is_401_and_says_nothing_of_who_exists(edda, username, password):
    answer = sign_in(username, password)
    assert problem_of(answer) == (401, "no_active_account")
    assert answer.json()["detail"] == "No active account found with the given credentials"


def test_signing_in_needs_both_fields(db):
    answer = ApiClient().post(TOKEN, {"username": "edda"})
    assert problem_of(answer) == (400, "invalid")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/password", "required")]


@pytest.mark.parametrize("body", ["", "{", "[]", '"edda"', '{"username": "edda", "password": "\\u0000"}'])
def test_a_body_that_cannot_be_read_is_400(db, body):
    answer = ApiClient().post(TOKEN, body)
    assert problem_of(answer)[0] == 400


def test_a_deactivated_person_cannot_sign_in(edda):
    User.objects.filter(pk=edda.pk).update(is_active=False)
    assert problem_of(sign_in("edda")) == (401, "no_active_account")


def test_a_learner_without_a_login_cannot_sign_in(db):
    User.objects.create(username="learner:x", public_id="x", password="!")
    assert problem_of(sign_in("learner:x", "!")) == (401, "no_active_account")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Bearer x.y.z", "Basic ZWRkYTpw", "Token x"])
def test_no_or_bad_token_is_401_with_a_challenge(db, header):
    answer = ApiClient(headers={"Authorization": header} if header else None).get("/educators")
    assert problem_of(answer)[0] == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_refresh_token_opens_no_door(edda):
    refresh = sign_in("edda").json()["refresh"]
    answer = ApiClient(headers={"Authorization": f"Bearer {refresh}"}).get("/educators")
    assert answer.status_code == 401


def test_an_expired_token_opens_no_door(edda):
    token = AccessToken.for_user(edda)
    token.set_exp(lifetime=-timedelta(seconds=1))
    assert ApiClient(headers={"Authorization": f"Bearer {token}"}).get("/educators").status_code == 401


def test_a_token_signed_with_another_key_opens_no_door(edda):
    forged = jwt.encode(AccessToken.for_user(edda).payload, "another key, long enough to sign with it", "HS256")
    assert ApiClient(headers={"Authorization": f"Bearer {forged}"}).get("/educators").status_code == 401


def test_an_unsigned_token_opens_no_door(edda):
    forged = jwt.encode(AccessToken.for_user(edda).payload, None, "none")
    assert ApiClient(headers={"Authorization": f"Bearer {forged}"}).get("/educators").status_code == 401


def test_a_session_opens_no_api_door(edda_client):
    assert edda_client.get("/educators").status_code == 401


def test_a_deactivated_persons_token_ends_at_the_next_request(edda, edda_api):
    assert edda_api.get("/educators").status_code == 200
    User.objects.filter(pk=edda.pk).update(is_active=False)
    assert edda_api.get("/educators").status_code == 401


def test_a_deleted_persons_token_ends_at_the_next_request(edda, edda_api):
    edda.delete()
    assert edda_api.get("/educators").status_code == 401


def test_a_changed_password_ends_tokens_at_the_next_request(edda, edda_api):
    edda.set_password("five loud geese swim")
    edda.save()
    assert edda_api.get("/educators").status_code == 401


def test_the_role_is_read_from_the_database_on_every_request(lena, lena_api, edda, edda_api):
    assert (lena_api.get("/educators").status_code, edda_api.get("/educators").status_code) == (403, 200)
    User.objects.filter(pk=lena.pk).update(role=User.Role.EDUCATOR)
    User.objects.filter(pk=edda.pk).update(role=User.Role.STUDENT)
    assert (lena_api.get("/educators").status_code, edda_api.get("/educators").status_code) == (200, 403)


def test_a_view_without_a_policy_answers_nobody(ada_api):
    assert problem_of(ada_api.get("/undeclared")) == (403, "permission_denied")


@pytest.mark.parametrize("sub", ["\0", "edda\0", "\ud800", "", "x" * 65, None, 7, True, ["edda"], {"edda": 1}])
def test_a_token_of_ours_that_names_what_no_person_is_called_is_401(edda, settings, sub):
    claims = AccessToken.for_user(edda).payload | {"sub": sub}
    forged = {
        kind: jwt.encode(claims | {"token_type": kind}, settings.SECRET_KEY, algorithm="HS256")
        for kind in ("access", "refresh")
    }
    api = ApiClient(headers={"Authorization": f"Bearer {forged['access']}"})
    assert problem_of(api.get("/educators"))[0] == 401
    assert problem_of(ApiClient().post(REFRESH, {"refresh": forged["refresh"]}))[0] == 401


def test_refreshing_gives_an_access_token_that_opens_doors(edda):
    refreshed = ApiClient().post(REFRESH, {"refresh": sign_in("edda").json()["refresh"]})
    assert (refreshed.status_code, set(refreshed.json())) == (200, {"access"})
    api = ApiClient(headers={"Authorization": f"Bearer {refreshed.json()['access']}"})
    assert api.get("/educators").status_code == 200


def _forget(edda: User) -> None:
    edda.delete()


def _deactivate(edda: User) -> None:
    User.objects.filter(pk=edda.pk).update(is_active=False)


def _change_password(edda: User) -> None:
    edda.set_password("five loud geese swim")
    edda.save()


@pytest.mark.parametrize("change", [_forget, _deactivate, _change_password])
def test_refreshing_ends_when_the_person_is_gone_or_changed_the_password(edda, change):
    refresh = sign_in("edda").json()["refresh"]
    change(edda)
    assert problem_of(ApiClient().post(REFRESH, {"refresh": refresh}))[0] == 401


def test_refreshing_with_anything_else_is_401(edda):
    expired = RefreshToken.for_user(edda)
    expired.set_exp(lifetime=-timedelta(seconds=1))
    for bad in ("x", "x.y.z", str(AccessToken.for_user(edda)), str(expired)):
        assert problem_of(ApiClient().post(REFRESH, {"refresh": bad})) == (401, "token_not_valid")


def test_addresses_work_with_a_trailing_slash_too(edda):
    signed_in = ApiClient().post(TOKEN + "/", {"username": "edda", "password": PASSWORD})
    assert signed_in.status_code == 200
    assert ApiClient().post(REFRESH + "/", {"refresh": signed_in.json()["refresh"]}).status_code == 200
