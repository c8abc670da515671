"""How long a request waits for PostgreSQL: never without an end.

Commands (imports, migrations) wait as long as it takes.

The bounds, the first two in the connection's own options (settings):

- a server that is not there, or does not finish the greeting: `connect_timeout`;
- a network that swallows packets: `tcp_user_timeout`, keepalives;
- a statement that takes too long: PostgreSQL ends it itself (`statement_timeout`), 5 seconds where something is
  written, 10 where something is read;
- a peer that takes packets and never answers (a stalled proxy, a stopped server), which no option of the network
  notices: our side stops listening a little later than the server should have spoken.
"""

from types import MethodType
from typing import Any

import psycopg
from django.core.signals import request_started
from django.db import connection, connections
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

WRITING_SECONDS, READING_SECONDS = 5, 10
# How much later than the server's own limit we stop waiting for its word.
GRACE_SECONDS = 2
# For the first word on a connection that lay idle: it asks whether somebody is still there.
GREETING_SECONDS = 2


def bound_requests() -> None:
    """Called once by a process that answers requests."""
    connection_created.connect(_bound, dispatch_uid="patience")
    request_started.connect(_ask_whether_somebody_is_there, dispatch_uid="patience")


def _bound(sender, connection, **kwargs) -> None:
    if connection.vendor == "postgresql":
        raw = connection.connection
        raw.patience = GREETING_SECONDS
        raw.statement_seconds = WRITING_SECONDS
        raw.wait = MethodType(_wait_bounded, raw)
        _tell_server(raw, WRITING_SECONDS)
        # What a worker that died held locked is free again soon, though the network never says that it died.
        raw.execute(f"SET idle_in_transaction_session_timeout = '{READING_SECONDS}s'")


def _ask_whether_somebody_is_there(**kwargs) -> None:
    for opened in connections.all(initialized_only=True):
        if hasattr(raw := opened.connection, "patience"):
            raw.patience = GREETING_SECONDS


def _wait_bounded(raw: psycopg.Connection, gen, *args: Any, **kwargs: Any) -> Any:
    """psycopg's own wait, ended by a time-out; what then may still come would be taken for another answer."""
    kwargs.setdefault("timeout", raw.patience)
    raw.patience = raw.statement_seconds + GRACE_SECONDS
    try:
        return psycopg.Connection.wait(raw, gen, *args, **kwargs)
    except psycopg.OperationalError:
        if raw.pgconn.transaction_status == TransactionStatus.ACTIVE:
            raw.pgconn.finish()
        raise


def _tell_server(raw: psycopg.Connection, seconds: int) -> None:
    raw.statement_seconds = seconds
    raw.execute(f"SET statement_timeout = '{seconds}s'")


class PatientReadsMiddleware:
    """Gives what only reads more time per statement. Told to the server when the first statement comes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or connection.vendor != "postgresql":
            return self.get_response(request)
        with connection.execute_wrapper(_more_patience):
            try:
                return self.get_response(request)
            finally:
                _usual_patience()


def _more_patience(execute, sql, params, many, context):
    raw = context["connection"].connection
    if getattr(raw, "statement_seconds", READING_SECONDS) != READING_SECONDS:
        _tell_server(raw, READING_SECONDS)
    return execute(sql, params, many, context)


def _usual_patience() -> None:
    raw = connection.connection
    # In a transaction that failed nothing can be said, and its end takes back what was said in it.
    if getattr(raw, "statement_seconds", WRITING_SECONDS) != WRITING_SECONDS and not raw.closed:
        if connection.in_atomic_block:
            return
        try:
            _tell_server(raw, WRITING_SECONDS)
        except psycopg.Error:
            connection.close()
