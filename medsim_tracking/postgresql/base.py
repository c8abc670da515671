"""The database engine that the settings name for PostgreSQL. Django asks for a module `base` of this content."""

from datetime import UTC, datetime
from select import POLLIN, poll

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import Error


class UtcLoader(BaseTzLoader):
    """Reads a moment as Python does. Django's way through psycopg's own Python takes eight times as long.

    A connection that does not speak UTC has Django register its own again for each cursor.
    """

    timezone = UTC

    def load(self, data) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            # What lies outside of Python's years, and infinity.
            return super().load(data)


class DatabaseWrapper(base.DatabaseWrapper):
    """Reads moments fast (`UtcLoader`), and looks at the socket before a request's first statement.

    Django would ask the server `SELECT 1`.
    A server that went away has closed it, or said why it is about to; an idle one says nothing. What no look
    can tell, a network that swallows packets, ends the first statement within seconds (`patience`).
    """

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", UtcLoader)
        return connection

    def is_usable(self) -> bool:
        try:
            waiting = poll()
            waiting.register(self.connection.pgconn.socket, POLLIN)
        except Error:
            return False
        return not waiting.poll(0)
