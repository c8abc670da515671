"""The window of a read's query string."""

from datetime import datetime

from django.http import QueryDict

from interactions.api.problems import query_problem, refuse_unknown
from interactions.windows import WINDOW_QUERY, Window, WindowFault, read_window


def asked_window(query: QueryDict, now: datetime, *others: str) -> Window:
    """The window that a query string asks for. Raises a Problem that names the parameter.

    others   what the query may hold besides; anything else is refused
    """
    refuse_unknown(query, {*WINDOW_QUERY, *others})
    try:
        return read_window(query, now)
    except WindowFault as fault:
        raise query_problem(fault.errors) from None
