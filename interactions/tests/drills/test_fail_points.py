"""A failure after any statement of the write path leaves the database as it was before the bulk."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from interactions import services
from interactions.models import Case, DailyActivity, Resource, UserInteractionTrackingModel
from interactions.recount import learner_blocks, recount
from interactions.services import track_bulk_interactions
from interactions.storage import insert_interactions

TABLES = User, UserInteractionTrackingModel, DailyActivity, Case, Resource
MOST_STATEMENTS = 60

pytestmark = pytest.mark.django_db(transaction=True)


class Planted(Exception):
    """The failure. No database error, so nothing of Django's or ours knows what to do about it."""


class FailPoint:
    """Fails after the statement of this number. `fired` says which one that was."""

    def __init__(self, number: int):
        self.left, self.fired = number, None

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        self.passed(sql)
        return result

    def passed(self, sql: str) -> None:
        self.left -= 1
        if self.left == 0:
            self.fired = sql
            raise Planted(sql)


def state():
    """Every row of every table that the writer touches."""
    return {model.__name__: sorted(map(repr, model.objects.values_list())) for model in TABLES}


def search(user, event_id, **more):
    return {"userId": user, "eventId": event_id, "interactionType": "search", "timeSpentSeconds": 60, **more}


KNOWN = [search("lena", "known"), search("lena", "other", caseId="old-case", caseTitle="Old"), search("mia", "known")]
MIXED = [
    search("lena", "new"),
    search("lena", "known"),
    search("newcomer", "new", caseId="new-case", caseTitle="New"),
    search("lena", "other", caseId="old-case", caseTitle="Changed"),
    search("newcomer", "new", caseId="new-case", caseTitle="New"),
    search("mia", "later", caseId="old-case", caseTitle="Renamed", resourceType="video", resourceId="r"),
    search("mia", "bad", timeSpentSeconds=-1),
]
EXPECTED = ["created", "duplicate", "created", "conflict", "duplicate", "created", "invalid"]


def send(sim, bulk):
    outcomes = track_bulk_interactions(sender=sim, interactions=bulk, now=timezone.now())
    return [outcome.status for outcome in outcomes]


def strike_after_every_statement(sim, monkeypatch):
    """Send MIXED with a failure after its first, second, … statement until none is left to fail.

    Returns the statements that failed, the states they left other than the one before, and the last answer.
    """
    fired, between = [], []
    before = state()
    for number in range(1, MOST_STATEMENTS):
        point = FailPoint(number)

        def insert(facts, point=point):
            insert_interactions(facts)
            # COPY goes past the wrapper, which sees every statement of SQLite.
            if connection.vendor == "postgresql":
                point.passed("COPY")

        monkeypatch.setattr(services, "insert_interactions", insert)
        statuses = None
        with suppress(Planted), connection.execute_wrapper(point):
            statuses = send(sim, MIXED)
        if point.fired is None:
            return fired, between, statuses
        if point.fired.startswith("BEGIN"):
            # Django does not know yet that a transaction is open. Such a connection ends with its process.
            connection.close()
        fired.append(point.fired)
        if state() != before:
            between.append(point.fired)
            return fired, between, statuses
    raise AssertionError(f"The write path has more than {MOST_STATEMENTS} statements.")


def test_a_failure_after_any_statement_leaves_the_state_before(sim, monkeypatch):
    send(sim, KNOWN)
    fired, between, statuses = strike_after_every_statement(sim, monkeypatch)
    print(f"{len(fired)} statements failed, {len(between)} left something behind")
    assert (between, statuses) == ([], EXPECTED)
    # What must have been among them, or the test has not met the write path.
    for table in TABLES[:4]:
        assert any(f'INTO "{table._meta.db_table}"' in sql or sql == "COPY" for sql in fired), table
    assert Case.objects.get(case_id="old-case").title == "Renamed"
    assert User.objects.filter(public_id="newcomer").exists()
    assert UserInteractionTrackingModel.objects.count() == len(KNOWN) + 3
    assert not [drift for learners in learner_blocks() for drift in recount(learners)]


def test_sums_written_after_the_commit_are_noticed(sim, monkeypatch):
    add = services.add_to_daily_activity
    monkeypatch.setattr(services, "add_to_daily_activity", lambda sums: transaction.on_commit(lambda: add(sums)))
    send(sim, KNOWN)
    _, between, _ = strike_after_every_statement(sim, monkeypatch)
    assert len(between) == 1


def test_a_writer_without_a_transaction_is_noticed(sim, monkeypatch):
    send(sim, KNOWN)
    monkeypatch.setattr(services, "_write", services._write.__wrapped__)
    if connection.vendor == "postgresql":
        # Locks are refused outside a transaction; the sabotage goes without.
        monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **kwargs: queryset)
    _, between, _ = strike_after_every_statement(sim, monkeypatch)
    assert len(between) == 1
