"""What a public id and a time zone may be."""

import pytest
from django.core.exceptions import ValidationError

from accounts.validators import validate_public_id, validate_time_zone


@pytest.mark.parametrize("public_id", ["a", "x" * 64, "lms:4711/å", "two words", "Me"])
def test_public_id_may_be_any_printable_name(public_id):
    validate_public_id(public_id)


@pytest.mark.parametrize(
    ("public_id", "code"),
    [
        ("", "length"),
        ("x" * 65, "length"),
        ("me", "reserved"),
        (" lena", "characters"),
        ("lena ", "characters"),
        ("le\nna", "characters"),
        ("le\0na", "characters"),
        ("le\u202ena", "characters"),
    ],
)
def test_public_id_is_refused_with_its_reason(public_id, code):
    with pytest.raises(ValidationError) as refused:
        validate_public_id(public_id)
    assert refused.value.code == code


@pytest.mark.parametrize("zone", ["", "UTC", "Europe/Berlin"])
def test_time_zone_may_be_empty_or_an_iana_name(zone):
    validate_time_zone(zone)


@pytest.mark.parametrize("zone", ["Berlin", "UTC+1", "europe/berlin", "../etc/passwd"])
def test_time_zone_must_exist(zone):
    with pytest.raises(ValidationError):
        validate_time_zone(zone)
