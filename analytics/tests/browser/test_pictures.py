"""The pictures of README.md, taken of the demo: PICTURES=docs/images pytest -k pictures."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from analytics.tests.browser.chromium import PHONE, chromium, opened, session_of
from medsim_tracking.testing import client_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("PICTURES" not in os.environ, reason="takes pictures into the folder that PICTURES names"),
]

# Wide enough for a desk's layout, and small enough for a README.
SMALL_DESK = (1280, 720)
PICTURES = {
    "today.png": ("/", SMALL_DESK, "light"),
    "cohort.png": ("/cohorts/cardiology-a", SMALL_DESK, "light"),
    "learner.png": ("/learners/milo", SMALL_DESK, "light"),
    "cases.png": ("/cases?timeRange=90d", SMALL_DESK, "light"),
    "today-phone-dark.png": ("/", PHONE, "dark"),
}
LARGEST_BYTES = 200_000


def test_pictures_of_the_demo(live_server):
    call_command("load_demo", verbosity=0)
    session = session_of(client_of(User.objects.get(username="edda")))
    folder = Path(os.environ["PICTURES"])
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name, (path, size, scheme) in PICTURES.items():
            with opened(browser, live_server.url, session=session, size=size, scheme=scheme) as (page, heard):
                page.goto(path)
                page.screenshot(path=folder / name)
                assert heard.complaints == []
    assert [name for name in PICTURES if (folder / name).stat().st_size > LARGEST_BYTES] == []
