"""The database engine that the settings name for PostgreSQL. Django asks for a module `base` of this content."""

from select import POLLIN, poll

from django.db.backends.postgresql import base
from psycopg import Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the socket before a request's first statement, where Django would ask the server `SELECT 1`.

    A server that went away has closed it, or said why it is about to; an idle one says nothing. What no look
    can tell, a network that swallows packets, ends the first statement within seconds (`patience`).
    """

    def is_usable(self) -> bool:
        try:
            waiting = poll()
            waiting.register(self.connection.pgconn.socket, POLLIN)
        except Error:
            return False
        return not waiting.poll(0)
