"""The OpenAPI document against the product: schemathesis asks every operation all that the document allows, and
much that it does not, and compares status, headers, content type and body with what was promised."""

from datetime import UTC, timedelta

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.config._checks import NegativeDataRejectionConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from medsim_tracking.testing import NOW, api_of, track
from medsim_tracking.tests.hostile.product import in_the_tests_transaction

BOUNDED = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
LAST_YEAR = st.datetimes((NOW - timedelta(days=360)).replace(tzinfo=None), NOW.replace(tzinfo=None))
# That we know the years 1970 to 2200 only, the format cannot say.
schemathesis.openapi.format("date-time", LAST_YEAR.map(lambda moment: moment.replace(tzinfo=UTC).isoformat()))


def asking(**config) -> SchemathesisConfig:
    # Ours beside the usual ones: too many is 413, and a bulk tells of each item for itself.
    rejected = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "207"]
    checks = ChecksConfig(
        negative_data_rejection=NegativeDataRejectionConfig(expected_statuses=rejected),
    )
    return SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(checks=checks, **config)))


def schema(**config):
    document = SchemaGenerator().get_schema(request=None, public=True)
    made = schemathesis.openapi.from_dict(document, config=asking(**config))
    made.app = in_the_tests_transaction
    return made


anything = schema()
about_oneself = schema(
    parameters={"path.userId": "me"}, generation=GenerationConfig(modes=[GenerationMode.POSITIVE])
).include(method="GET")
# What a document cannot say: that an end lies after its start, a cursor was given out, a type is active today, text
# holds no NUL. What a good request is, the examples say.
UNSAID = [positive_data_acceptance]


@pytest.fixture
def tokens(cast, settings):
    settings.MEDSIM_RATE_LEARNER = settings.MEDSIM_RATE_SERVICE = settings.MEDSIM_RATE_SIGN_IN = "1000000/m"
    track(cast["lena"], "case_complete", case_id="c1", time_spent_seconds=600)
    return {role: api_of(cast[role]).defaults["HTTP_AUTHORIZATION"] for role in ("lena", "edda", "ada", "sim")}


def ask(case, token):
    case.call_and_validate(headers={"Authorization": token}, excluded_checks=UNSAID)


@pytest.mark.parametrize("role", ["lena", "sim"])
@anything.parametrize()
@BOUNDED
def test_every_answer_is_as_promised(case, tokens, role):
    ask(case, tokens[role])


@pytest.mark.parametrize("role", ["lena", "ada"])
@about_oneself.parametrize()
@BOUNDED
def test_what_one_reads_about_oneself_has_the_promised_shape(case, tokens, role):
    ask(case, tokens[role])
