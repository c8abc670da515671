"""The product as a server calls it, within a test's transaction."""

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from medsim_tracking.wsgi import application


def in_the_tests_transaction(environ, start_response):
    """Without the end of a connection at a request's end, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        answer = application(environ, start_response)
        body = b"".join(answer)
        answer.close()
        return [body]
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
