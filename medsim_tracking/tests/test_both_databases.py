"""One run on both databases: nothing that fails on either is lost, and the summary is that of both."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from medsim_tracking.tests.plugin import TEST_DATABASE_VARIABLE

pytestmark = [pytest.mark.postgresql, pytest.mark.server]
PLANTED = """
import os
import time
from pathlib import Path

from django.db import connection

def test_is_true_on_sqlite_only():
    assert connection.vendor == "sqlite"

def test_is_true_on_postgresql_only():
    assert connection.vendor == "postgresql"

def test_is_true_on_both_and_meets_the_other():
    assert "MEDSIM_RETENTION_DAYS" not in os.environ
    here = Path(__file__).parent
    (here / connection.vendor).touch()
    deadline = time.monotonic() + 60
    while not ((here / "sqlite").exists() and (here / "postgresql").exists()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
"""
PLANTED_DEATH = """
import os
from django.db import connection

def test_ends_the_process_on_sqlite():
    if connection.vendor == "sqlite":
        os._exit(7)
"""


@pytest.fixture
def run_on_both(tmp_path):
    """Run one planted test file in a pytest of its own; returns its exit status and the lines it printed."""

    def run(source: str, *options: str) -> tuple[int, list[str]]:
        file = tmp_path / "test_planted.py"
        file.write_text(source)
        # A process that dies leaves its folder behind: below ours, where it is cleared away.
        ours = {
            TEST_DATABASE_VARIABLE: os.environ["DATABASE_URL"],
            "TMPDIR": str(tmp_path),
            "MEDSIM_RETENTION_DAYS": "1",
        }
        our_pytest = [sys.executable, "-m", "pytest", "-c", settings.BASE_DIR / "pytest.ini", "-p", "no:cacheprovider"]
        ended = subprocess.run(
            [*our_pytest, "--database=both", file, *options],
            cwd=settings.BASE_DIR,
            env=os.environ | ours,
            capture_output=True,
            text=True,
        )
        return ended.returncode, ended.stdout.splitlines()

    return run


def test_failures_of_both_runs_stand_in_one_summary(run_on_both):
    status, lines = run_on_both(PLANTED)
    failed = [line.split("::")[1].partition(" - ")[0] for line in lines if line.startswith("FAILED")]
    assert status == pytest.ExitCode.TESTS_FAILED
    assert failed == ["test_is_true_on_sqlite_only", "test_is_true_on_postgresql_only [sqlite]"]
    assert "2 failed, 4 passed" in lines[-1]


def test_a_failure_on_sqlite_alone_fails_the_whole(run_on_both):
    status, lines = run_on_both(PLANTED, "-k", "postgresql_only")
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 1 passed, 2 deselected" in lines[-1]


def test_a_run_that_dies_on_sqlite_fails_the_whole_and_postgresql_still_runs(run_on_both):
    status, lines = run_on_both(PLANTED_DEATH)
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 1 passed" in lines[-1]
    assert "The run on SQLite ended with exit status 7:" in lines
