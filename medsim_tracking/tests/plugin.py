"""The suite's own pytest plugin: which database it runs on, and what it must not take from its surroundings.

pytest.ini loads it first of all, before Django reads its settings. `--database` chooses SQLite (the default,
a file, as in development), PostgreSQL, or both in one run with one summary.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from medsim_tracking.tests.both_databases import BothDatabases, ReportSender
from medsim_tracking.tests.postgresql_server import TemporaryPostgreSQL

TEST_DATABASE_VARIABLE = "MEDSIM_TEST_DATABASE_URL"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_addoption(parser):
    group = parser.getgroup("medsim", "Medsim Tracking")
    group.addoption(
        "--database",
        choices=["sqlite", "postgresql", "both"],
        default="sqlite",
        help=f"database to run on; PostgreSQL is the one of {TEST_DATABASE_VARIABLE}, or else started for the run",
    )
    group.addoption("--report-to", type=int, help="file descriptor to write reports to, for --database=both")


class Surroundings:
    """What a run makes for itself and takes away at its end."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="medsim-test-"))
        self.server: TemporaryPostgreSQL | None = None

    def database_url(self, database: str, named_server: str | None) -> str:
        if database == "sqlite":
            return f"sqlite:///{self.folder / 'unused.sqlite3'}"
        if named_server:
            return named_server
        self.server = TemporaryPostgreSQL()
        return self.server.url

    def remove(self) -> None:
        if self.server:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


surroundings_key = pytest.StashKey[Surroundings]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Choose the database before, and adapt what is only slow after, pytest-django has loaded the settings."""
    named_server = os.environ.get(TEST_DATABASE_VARIABLE)
    # A developer's own settings must not change what the tests say.
    for variable in list(os.environ):
        if variable.startswith("MEDSIM_") or variable in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            del os.environ[variable]
    surroundings = early_config.stash[surroundings_key] = Surroundings()
    early_config.add_cleanup(surroundings.remove)
    os.environ["DATABASE_URL"] = surroundings.database_url(early_config.known_args_namespace.database, named_server)
    if named_server:
        os.environ[TEST_DATABASE_VARIABLE] = named_server
    result = yield
    _adapt_settings(surroundings)
    early_config.pluginmanager.import_plugin("medsim_tracking.testing")
    return result


def _adapt_settings(surroundings: Surroundings) -> None:
    from django.conf import settings
    from django.db import connection

    # Argon2 is slow by design, and the cast signs in thousands of times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # On both databases the one that can be emptied without asking a database for it, as many tests have none.
    settings.MEDSIM_LIMIT_STORE = f"file:{surroundings.folder / 'limits.sqlite3'}"
    if connection.vendor == "sqlite":
        # A file, not memory: locks, WAL and second processes behave as they do outside the suite.
        connection.settings_dict["TEST"]["NAME"] = str(surroundings.folder / "test.sqlite3")


def pytest_configure(config):
    if config.option.database == "both":
        config.pluginmanager.register(BothDatabases(), "medsim-both-databases")
    if config.option.report_to is not None:
        config.pluginmanager.register(ReportSender(config), "medsim-report-sender")


def chromium_path() -> str | None:
    """Where a Chromium is installed on this machine."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_collection_modifyitems(items):
    from django.db import connection

    skips = {}
    if connection.vendor != "postgresql":
        skips["postgresql"] = pytest.mark.skip(reason="says something that is true on PostgreSQL only")
    if chromium_path() is None:
        skips["browser"] = pytest.mark.skip(reason="no Chromium is installed")
    for item in items:
        for marker, skip in skips.items():
            if item.get_closest_marker(marker):
                item.add_marker(skip)


def pytest_report_header(config):
    from django.db import connection

    here = f"{connection.display_name} at {os.environ['DATABASE_URL'].rpartition('@')[2]}"
    return f"database: {'SQLite in a child process, and ' if config.option.database == 'both' else ''}{here}"
