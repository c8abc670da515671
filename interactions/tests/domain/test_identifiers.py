"""Identifiers of a batch: RFC 9562's version 7, in order."""

from uuid import UUID

from interactions.domain.identifiers import as_text, identifiers

MILLISECONDS = 1_772_445_600_123


def made(count=1000, milliseconds=MILLISECONDS):
    return [UUID(bytes=each.tobytes()) for each in identifiers(count, milliseconds)]


def test_they_are_of_version_7_and_hold_their_millisecond():
    assert {(each.version, each.variant, each.int >> 80) for each in made()} == {
        (7, "specified in RFC 4122", MILLISECONDS)
    }


def test_they_differ_and_stand_in_the_order_of_the_batch_and_of_time():
    first, second = made(), made(milliseconds=MILLISECONDS + 1)
    assert len({*first, *second}) == 2000
    assert sorted(first + second) == first + second


def test_what_is_random_is_drawn_anew():
    assert made(1) != made(1)


def test_they_are_spelled_as_usual():
    ids = identifiers(3, MILLISECONDS)
    assert as_text(ids) == [str(UUID(bytes=each.tobytes())) for each in ids]
