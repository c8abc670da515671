"""An answer given before the body was read reaches its client only when the body is read all the same."""

from io import BytesIO

import pytest
from django.db import OperationalError, models

from medsim_tracking.middleware import WholeRequestMiddleware
from medsim_tracking.testing import ApiClient

BULK = "/api/interaction-tracking/track-bulk"
TOO_LARGE = 5 * 1024 * 1024


def read_of(client, size):
    """The status of a request, and how much of its body was read."""
    body = BytesIO(b" " * size)
    environment = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(size), "wsgi.input": body}
    answer = client.generic("POST", BULK, **environment)
    return answer.status_code, body.tell()


def test_the_body_of_a_request_without_a_token_is_read(db):
    assert read_of(ApiClient(), 500_000) == (401, 500_000)


def test_the_body_is_read_when_the_storage_is_gone(lena_api, monkeypatch):
    def fail(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(models.QuerySet, "_fetch_all", fail)
    assert read_of(lena_api, 500_000) == (503, 500_000)


def test_a_body_beyond_all_limits_is_not_read_to_its_end(lena_api):
    assert read_of(lena_api, TOO_LARGE) == (413, WholeRequestMiddleware.LIMIT)


def test_a_client_that_went_away_while_sending_harms_nobody(db):
    class Gone(BytesIO):
        def read(self, *args):
            raise OSError("gone")

    answer = ApiClient().generic("POST", BULK, CONTENT_LENGTH=10, **{"wsgi.input": Gone()})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/", "/api/no-such-thing"])
def test_a_request_without_a_body_is_answered_as_ever(db, path):
    assert ApiClient().get(path).status_code in (302, 404)
