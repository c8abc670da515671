import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import User
from accounts.prepared import Prepared, make_ready, prepared

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def _nothing_is_prepared():
    def forget():
        connection.ensure_connection()
        connection.connection.execute("DEALLOCATE ALL")
        connection.connection.__dict__.pop("prepared", None)

    forget()
    yield
    forget()


def ask(statement: Prepared, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        make_ready([statement])
        return cursor.execute(statement.call, values).fetchall()


def known() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'medsim%'")
        return [name for (name,) in cursor.fetchall()]


def test_a_statement_is_told_to_a_connection_once_and_asked_with_other_values(django_assert_num_queries):
    User.objects.create(username="ines", public_id="i")
    User.objects.create(username="jan", public_id="j")
    named = prepared("SELECT username FROM accounts_user WHERE public_id = ANY(%s) ORDER BY username")
    # What it takes to tell it is nobody's statement.
    with django_assert_num_queries(3):
        assert ask(named, ["i"]) == [("ines",)]
        assert ask(named, ["j", "i"]) == [("ines",), ("jan",)]
        assert ask(named, []) == []
    assert known() == [named.name]


@pytest.mark.parametrize("constant", ["it's", 'a "b"', "back\\slash", "100 %s", "$1", "ü 🫀", 7, -2])
def test_a_constant_is_written_in_as_it_is(constant):
    told = prepared(f"SELECT %s::text, %s{'::text' if type(constant) is str else ''}", (constant,))
    assert ask(told, "a value") == [("a value", constant)]


def test_different_texts_have_different_names_and_equal_ones_the_same():
    one, other = prepared("SELECT %s::int + %s", (1,)), prepared("SELECT %s::int + %s", (2,))
    assert one.name != other.name
    assert prepared("SELECT %s::int + %s", (1,)).name == one.name
    assert ask(one, 1) + ask(other, 1) == [(2,), (3,)]


def test_a_rollback_takes_back_what_was_done_and_not_what_is_prepared():
    one = prepared("SELECT %s::int")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="ines")
        assert ask(one, 1) == [(1,)]
        raise IntegrityError("planted")
    assert not User.objects.exists()
    assert ask(one, 2) == [(2,)]
    assert known() == [one.name]


def test_what_postgresql_refuses_is_an_error_each_time_and_not_taken_for_known():
    nonsense = prepared("SELECT %s::int FROM no_such_table")
    for _ in range(2):
        with pytest.raises(ProgrammingError, match="no_such_table"), transaction.atomic():
            ask(nonsense, 1)
    assert known() == []


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_anew():
    one = prepared("SELECT %s::int")
    assert ask(one, 1) == [(1,)]
    connection.close()
    assert ask(one, 2) == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_a_table_that_changes_is_planned_anew():
    names = prepared("SELECT username FROM accounts_user WHERE public_id = %s")
    User.objects.create(username="ines", public_id="i")
    assert [ask(names, "i") for _ in range(8)] == [[("ines",)]] * 8
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user ADD COLUMN extra int DEFAULT 1")
        try:
            assert ask(names, "i") == [("ines",)]
        finally:
            cursor.execute("ALTER TABLE accounts_user DROP COLUMN extra")
