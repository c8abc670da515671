"""What is stored while others commit is counted, in whatever order they commit."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import User
from analytics.rollups import changes
from analytics.rollups.counting import count_changes
from analytics.tests.crowd_work import naive_counts, stored_counts
from interactions.services import track_interaction
from medsim_tracking.testing import NOW, track


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_interaction_that_commits_late_is_counted(cast, lena, mia, monkeypatch):
    """Lena's interaction has the older key and commits after Mia's was counted."""
    monkeypatch.setattr(changes, "LAG", timedelta())
    # Whatever is stored from now on, is stored between two runs.
    count_changes(now=NOW)
    stored, counted = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                told = {"userId": "lena", "interactionType": "search"}
                track_interaction(sender=User.objects.get(username="sim"), interaction=told, now=NOW)
                stored.set()
                counted.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert stored.wait(20)
    track(mia, "search", occurred_at=NOW - timedelta(days=3))
    count_changes(now=NOW)
    missing = naive_counts()
    counted.set()
    thread.join()
    count_changes(now=NOW)
    assert stored_counts() == naive_counts() != missing
