"""Guessing is slow at every door, and only for the guesser."""

from ipaddress import ip_network

import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from accounts.addresses import client_address
from accounts.models import User
from medsim_tracking.testing import PASSWORD, ApiClient

TOKEN = "/api/auth/token"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def ask(username="lena", password="wrong", **extra):
    return ApiClient().post(TOKEN, {"username": username, "password": password}, **extra)


def fail(times, **extra) -> list[int]:
    return [ask(**extra).status_code for _ in range(times)]


def test_the_sixth_attempt_after_five_failures_is_refused_even_with_the_right_password(lena, clock):
    assert fail(5) == [401] * 5
    clock.forward(minutes=5)
    answer = ask(password=PASSWORD)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert (answer.json()["code"], answer["Retry-After"]) == ("too_many_failures", "600")


def test_after_the_wait_one_may_try_again_and_a_second_before_one_may_not(lena, clock):
    fail(5)
    clock.forward(seconds=899)
    assert ask(password=PASSWORD)["Retry-After"] == "1"
    clock.forward(seconds=1)
    assert ask(password=PASSWORD).status_code == 200


def test_the_right_password_takes_failures_back(lena):
    for _ in range(3):
        assert fail(4) == [401] * 4
        assert ask(password=PASSWORD).status_code == 200


def test_who_signs_in_often_is_no_guesser(lena):
    assert {ask(password=PASSWORD).status_code for _ in range(8)} == {200}


def test_all_doors_share_one_counter(ada):
    pages = Client()
    wrong = {"username": "ada", "password": "wrong"}
    assert fail(2, username="ada") == [401, 401]
    assert [pages.post("/sign-in", wrong).status_code for _ in range(2)] == [200, 200]
    fail(1, username="ada")
    right = {"username": "ada", "password": PASSWORD}
    assert ask(**right).status_code == 429
    answer = pages.post("/sign-in?next=/admin/", right)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes." in answer.content.decode()
    assert "_auth_user_id" not in pages.session


def test_the_guessers_victim_signs_in_from_elsewhere_and_others_from_the_same_place(lena, mia):
    fail(6)
    assert ask(password=PASSWORD).status_code == 429
    assert ask(password=PASSWORD, **ELSEWHERE).status_code == 200
    assert ask("mia", PASSWORD).status_code == 200


@pytest.mark.parametrize("username", ["nobody", "x" * 5000, "ünï\u0000", ""])
def test_a_name_that_does_not_exist_is_counted_as_one_that_does(lena, username):
    assert set(fail(5, username=username)) <= {400, 401}
    assert ask(username).status_code in (400, 429)


def test_a_header_of_the_clients_own_brings_no_new_attempts(lena):
    api, told = ApiClient(), {"username": "lena", "password": "wrong"}
    statuses = [api.post(TOKEN, told, HTTP_X_FORWARDED_FOR=f"198.51.{n}.1").status_code for n in range(300)]
    assert (statuses.count(401), statuses.count(429)) == (5, 295)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, nonsense", "10.0.0.2"),
        ("10.0.0.2", "6.6.6.6, nonsense, 10.9.9.9", "10.9.9.9"),
        ("10.0.0.2", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("2001:db8::1", "2001:db8:1::9", "2001:db8:1::9"),
        ("", "198.51.100.1", ""),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_trusted_proxies_vouch_for_it(settings, peer, forwarded, expected):
    settings.MEDSIM_TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::1")]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == expected


def test_without_the_store_nobody_signs_in(lena, settings, tmp_path):
    settings.MEDSIM_LIMIT_STORE = f"file:{tmp_path}"
    answer = ask(password=PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert int(answer["Retry-After"]) > 0
    client = Client(raise_request_exception=False)
    assert client.post("/sign-in", {"username": "lena", "password": PASSWORD}).status_code == 503


def test_no_guess_beyond_the_limit_reaches_the_password(lena, monkeypatch):
    looked_at = []
    monkeypatch.setattr(User, "check_password", lambda self, password: looked_at.append(password))
    fail(40)
    assert len(looked_at) == 5


def test_a_command_that_signs_in_without_a_request_is_not_counted(lena):
    for _ in range(6):
        assert authenticate(username="lena", password="wrong") is None
    assert authenticate(username="lena", password=PASSWORD) == lena
