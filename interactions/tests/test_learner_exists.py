"""No interaction without its learner, whoever writes it: a key in SQLite, triggers in PostgreSQL (migration 0008)."""

import threading
from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from interactions.models import UserInteractionTrackingModel
from interactions.storage import insert_interactions
from interactions.tests.test_storage import columns_of, fact

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
NOBODY = 987_654_321


def stored() -> int:
    return UserInteractionTrackingModel.objects.count()


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_bulk_with_one_stranger_is_refused_whole(lena):
    rows = [fact(lena, event_id="e-1"), fact(lena, event_id="e-2", user_id=NOBODY), fact(lena, event_id="e-3")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_interactions(columns_of(*rows))
    assert stored() == 0


def test_an_interaction_cannot_be_given_to_a_stranger(lena, mia):
    insert_interactions(columns_of(fact(lena)))
    rows = UserInteractionTrackingModel.objects
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(user_id=NOBODY)
    rows.update(user_id=mia.pk)
    assert rows.get().user_id == mia.pk


def learner(name: str) -> User:
    """In no cohort: nothing else holds him."""
    return User.objects.create(username=name, public_id=name)


def test_only_a_learner_who_has_no_interactions_can_be_deleted_past_the_models():
    busy, idle = learner("busy"), learner("idle")
    insert_interactions(columns_of(fact(busy)))
    for each in (busy, idle):
        with suppress(IntegrityError), transaction.atomic():
            run("DELETE FROM accounts_user WHERE id = %s", each.pk)
    assert list(User.objects.learners()) == [busy]


def test_a_learner_who_has_interactions_keeps_his_key():
    busy = learner("busy")
    insert_interactions(columns_of(fact(busy)))
    with pytest.raises(IntegrityError), transaction.atomic():
        run("UPDATE accounts_user SET id = %s WHERE id = %s", NOBODY, busy.pk)


def test_a_learner_deleted_by_the_models_takes_his_interactions_along(lena):
    insert_interactions(columns_of(fact(lena)))
    lena.delete()
    assert stored() == 0


@on_postgresql
def test_a_learner_named_in_an_open_transaction_is_not_deleted_meanwhile():
    busy = learner("busy")
    heard = []

    def delete():
        try:
            run("DELETE FROM accounts_user WHERE id = %s", busy.pk)
        except DatabaseError as error:
            heard.append(type(error))
        finally:
            connection.close()

    other = threading.Thread(target=delete)
    with transaction.atomic():
        insert_interactions(columns_of(fact(busy)))
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join()
    assert (heard, stored()) == ([IntegrityError], 1)


@on_postgresql
def test_who_is_being_deleted_gets_no_interactions_meanwhile():
    busy = learner("busy")
    heard = []

    def insert():
        try:
            insert_interactions(columns_of(fact(busy)))
        except DatabaseError as error:
            heard.append(type(error))
        finally:
            connection.close()

    other = threading.Thread(target=insert)
    with transaction.atomic():
        run("DELETE FROM accounts_user WHERE id = %s", busy.pk)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join()
    assert (heard, stored()) == ([IntegrityError], 0)


@on_postgresql
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_nobody_is_deleted_where_what_was_committed_meanwhile_is_not_seen(level):
    idle = learner("idle")
    with pytest.raises(DatabaseError, match="READ COMMITTED"), transaction.atomic():
        run(f"SET TRANSACTION ISOLATION LEVEL {level}")
        run("DELETE FROM accounts_user WHERE id = %s", idle.pk)
    assert User.objects.filter(pk=idle.pk).exists()


@on_postgresql
def test_a_search_path_that_names_nothing_is_no_hindrance(lena):
    """What pg_dump writes begins with it."""
    busy, idle, log = learner("busy"), learner("idle"), "public.interactions_userinteractiontrackingmodel"
    insert_interactions(columns_of(fact(lena)))
    with transaction.atomic():
        run("SET LOCAL search_path = ''")
        run(f"CREATE TEMPORARY TABLE as_dumped ON COMMIT DROP AS SELECT * FROM {log}")
        run("UPDATE as_dumped SET id = gen_random_uuid(), user_id = %s", busy.pk)
        run(f"INSERT INTO {log} SELECT * FROM as_dumped")
        run("DELETE FROM public.accounts_user WHERE id = %s", idle.pk)
    assert (stored(), User.objects.filter(pk=idle.pk).exists()) == (2, False)


@on_postgresql
def test_a_temporary_table_does_not_answer_in_place_of_the_learners(lena):
    with pytest.raises(IntegrityError), transaction.atomic():
        run("CREATE TEMPORARY TABLE accounts_user (id bigint) ON COMMIT DROP")
        run("INSERT INTO pg_temp.accounts_user VALUES (%s)", NOBODY)
        insert_interactions(columns_of(fact(lena, user_id=NOBODY)))
    assert stored() == 0


@on_postgresql
def test_learners_are_not_truncated_away_from_their_interactions(lena):
    insert_interactions(columns_of(fact(lena)))
    with pytest.raises(IntegrityError), transaction.atomic():
        run("TRUNCATE accounts_user CASCADE")
    assert (stored(), User.objects.filter(pk=lena.pk).exists()) == (1, True)


@on_postgresql
def test_learners_are_truncated_together_with_the_log(lena):
    insert_interactions(columns_of(fact(lena)))
    with transaction.atomic():
        run("TRUNCATE accounts_user, interactions_userinteractiontrackingmodel CASCADE")
        assert (stored(), User.objects.count()) == (0, 0)
        transaction.set_rollback(True)


def test_an_interaction_may_be_a_strangers_on_the_way_to_somebody(lena, mia):
    insert_interactions(columns_of(fact(lena)))
    rows = UserInteractionTrackingModel.objects
    with transaction.atomic():
        rows.update(user_id=NOBODY)
        rows.update(user_id=mia.pk)
    assert rows.get().user_id == mia.pk
