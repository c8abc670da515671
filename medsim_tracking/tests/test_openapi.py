"""The OpenAPI document: whole, and true in its examples."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator, FormatChecker

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document():
    with GENERATOR_STATS.silence():
        return SchemaGenerator().get_schema(request=None, public=True)


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method} {path}", item[method]


def bodies(document):
    """Every body of a request or an answer: where it stands, its schema, its examples."""
    for name, operation in operations(document):
        told = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for place, body in told.items():
            for media_type, content in body.get("content", {}).items():
                yield f"{name} {place} {media_type}", content["schema"], content.get("examples", {})


def test_it_is_valid_openapi(document):
    validate_schema(document)


def test_every_operation_says_what_it_is_by_a_name_of_its_own(document):
    said = [(operation["operationId"], operation.get("summary", "")) for _, operation in operations(document)]
    assert all(summary for _, summary in said)
    assert len({name for name, _ in said}) == len(said)
    assert [name for name, _ in said if name.endswith(("Create", "Retrieve", "List"))] == []


def test_every_status_answers_with_a_shape_and_shows_what_it_looks_like(document):
    assert [where for where, _, examples in bodies(document) if not examples] == []
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert answer["description"], f"{name} {status}"
            expected = "application/json" if status < "300" else "application/problem+json"
            assert list(answer["content"]) == [expected], f"{name} {status}"


def test_every_example_is_what_its_schema_says(document):
    faults = []
    for where, schema, examples in bodies(document):
        whole = {**schema, "components": document["components"]}
        checker = Draft202012Validator(whole, format_checker=FormatChecker())
        for name, example in examples.items():
            faults += [f"{where} {name}: {error.message}" for error in checker.iter_errors(example["value"])]
    assert faults == []


def test_whoever_needs_a_token_is_told_so_by_401(document):
    for name, operation in operations(document):
        assert ("401" in operation["responses"]) >= ("security" in operation), name
