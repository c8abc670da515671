"""Fixtures of more than one folder. Their imports wait: pytest reads this before Django has its settings."""

import pytest


@pytest.fixture
def ten(cardiology, surgery):
    """Ten others in Lena's cohort, and as many in another, which must not count."""
    from engagement.tests.people import peers, work

    for learner in peers(surgery, 10, first=50):
        work(learner, 12)
    return peers(cardiology, 10)


@pytest.fixture
def history(lena, mia):
    """Lena is weak in cardiology and strong in surgery; Mia has done what must not count for Lena."""
    from engagement.tests.people import catalogue, complete

    for number in range(4):
        complete(lena, f"card-{number}", 30, days=20 - number)
        complete(lena, f"surg-{number}", 95, days=20 - number, specialty="surgery")
        complete(mia, f"card-{number}", 100, days=3)
    catalogue("card-8", difficulty="beginner")
    catalogue("card-9", difficulty="advanced")
    catalogue("surg-8", "surg-9", specialty="surgery")
