"""Sabotage: the product with daily sums written after the commit instead of with it. A drill must notice.

granian --interface rsgi drills.sums_outside:application
"""

import time
from importlib import import_module

from django.db import transaction

from medsim_tracking.rsgi import application

__all__ = ["application"]

# Much longer than the rest of a bulk: nearly every kill falls into it.
PAUSE_SECONDS = 1
# Models cannot be imported before the application has loaded the settings.
services = import_module("interactions.services")
_add = services.add_to_daily_activity


def _add_after_the_commit(deltas) -> None:
    def add() -> None:
        time.sleep(PAUSE_SECONDS)
        _add(deltas)

    transaction.on_commit(add)


services.add_to_daily_activity = _add_after_the_commit
