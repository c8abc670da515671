"""Settings come from the environment alone, and production does not start half-configured."""

import ast
import os
import re
import runpy
import subprocess
import sys
from base64 import b64encode

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from medsim_tracking.tests.plugin import TEST_DATABASE_VARIABLE

SETTINGS_FILE = settings.BASE_DIR / "medsim_tracking" / "settings.py"
OPERATIONS = settings.BASE_DIR / "docs" / "operations.md"
PRODUCTION = {
    "MEDSIM_ENV": "production",
    "MEDSIM_SECRET_KEY": "k3Jq9vXw2mNpR7tYzB4dF6gH8sL1cV5uE0aQiOxWnZyT-jMbKrP",
    "MEDSIM_EVENT_KEY": "another-key-of-its-own-with-forty-letters",
    "MEDSIM_DATA_KEYS": "Q2UYtIH7uD1sl3mJ2rk1xF0oB9zVhC4nW6aTgE5yXqM=,b3RoZXIta2V5LW9mLXRoZS1yaW5nLTMyLWJ5dGVzISE=",
    "MEDSIM_ALLOWED_HOSTS": "learn.example.org",
    "DATABASE_URL": "postgres://medsim:secret@db.example.org:5432/medsim",
}
DEFAULT_DATA_KEY = "ZGV2ZWxvcG1lbnQtb25seS1kYXRhLWtleS0zMi1ieXQ="
DATA_KEYS_SENTENCE = "MEDSIM_DATA_KEYS must hold keys of 32 random bytes in base64, separated by commas."
DEFAULT_SECRET = "development-only-secret-that-production-refuses-to-start-with"


@pytest.fixture
def load(monkeypatch):
    """Run settings.py in an environment that names only what is given here; returns what it defines."""

    def run(environment: dict[str, str]) -> dict:
        for variable in list(os.environ):
            if variable.startswith("MEDSIM_") or variable == "DATABASE_URL":
                monkeypatch.delenv(variable)
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        return runpy.run_path(str(SETTINGS_FILE))

    return run


def test_development_needs_no_variable_and_answers_on_loopback_only(load):
    loaded = load({})
    assert loaded["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert loaded["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert loaded["DEBUG"] is False


def test_production_starts_when_all_is_set(load):
    loaded = load(PRODUCTION)
    assert loaded["ALLOWED_HOSTS"] == ["learn.example.org"]
    assert (loaded["SESSION_COOKIE_SECURE"], loaded["CSRF_COOKIE_SECURE"], loaded["SECURE_SSL_REDIRECT"]) == (True,) * 3
    assert loaded["PASSWORD_HASHERS"][0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_production_trusts_a_proxys_headers_only_when_told_to(load):
    assert "SECURE_PROXY_SSL_HEADER" not in load(PRODUCTION)
    assert "SECURE_PROXY_SSL_HEADER" in load(PRODUCTION | {"MEDSIM_BEHIND_PROXY": "on"})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"MEDSIM_SECRET_KEY": None}, "MEDSIM_SECRET_KEY must be set to at least 50 random characters."),
        ({"MEDSIM_SECRET_KEY": DEFAULT_SECRET}, "MEDSIM_SECRET_KEY must be set"),
        ({"MEDSIM_SECRET_KEY": "short"}, "MEDSIM_SECRET_KEY must be set"),
        ({"MEDSIM_EVENT_KEY": None}, "MEDSIM_EVENT_KEY must be set to at least 32 random characters of its own."),
        ({"MEDSIM_EVENT_KEY": DEFAULT_SECRET}, "MEDSIM_EVENT_KEY must be set"),
        ({"MEDSIM_EVENT_KEY": "short"}, "MEDSIM_EVENT_KEY must be set"),
        ({"MEDSIM_EVENT_KEY": PRODUCTION["MEDSIM_SECRET_KEY"]}, "MEDSIM_EVENT_KEY must be set"),
        ({"MEDSIM_DATA_KEYS": None}, DATA_KEYS_SENTENCE),
        ({"MEDSIM_DATA_KEYS": ""}, DATA_KEYS_SENTENCE),
        ({"MEDSIM_DATA_KEYS": "c2hvcnQ="}, DATA_KEYS_SENTENCE),
        ({"MEDSIM_DATA_KEYS": "no base64 at all!"}, DATA_KEYS_SENTENCE),
        ({"MEDSIM_DATA_KEYS": f"{PRODUCTION['MEDSIM_DATA_KEYS']},{DEFAULT_DATA_KEY}"}, DATA_KEYS_SENTENCE),
        ({"MEDSIM_DEBUG": "on"}, "MEDSIM_DEBUG must be off."),
        ({"MEDSIM_ALLOWED_HOSTS": None}, "MEDSIM_ALLOWED_HOSTS must name the hosts that are served."),
        ({"DATABASE_URL": None}, "DATABASE_URL must name the database."),
    ],
)
def test_production_refuses_to_start_with_one_sentence_for_the_fault(load, change, sentence):
    environment = {name: value for name, value in (PRODUCTION | change).items() if value is not None}
    with pytest.raises(ImproperlyConfigured) as refused:
        load(environment)
    said = str(refused.value)
    assert said.startswith(f"Not starting in production. {sentence}")
    assert said.count(".") == 2


def test_production_names_every_fault_at_once(load):
    with pytest.raises(ImproperlyConfigured) as refused:
        load({"MEDSIM_ENV": "production", "MEDSIM_DEBUG": "on"})
    named = ["MEDSIM_SECRET_KEY", "MEDSIM_EVENT_KEY", "MEDSIM_DATA_KEYS"]
    named += ["MEDSIM_DEBUG", "MEDSIM_ALLOWED_HOSTS", "DATABASE_URL"]
    assert re.findall(r"[A-Z]+_[A-Z_]+", str(refused.value)) == named


def test_a_ring_of_data_keys_is_read_in_its_order(load):
    told = ",".join(b64encode(letter * 32).decode() for letter in (b"b", b"a"))
    assert load(PRODUCTION | {"MEDSIM_DATA_KEYS": told})["DATA_KEYS"] == [b"b" * 32, b"a" * 32]


def test_a_data_key_that_is_none_is_refused_in_development_too(load):
    with pytest.raises(ImproperlyConfigured, match="MEDSIM_DATA_KEYS must hold keys"):
        load({"MEDSIM_DATA_KEYS": "c2hvcnQ="})


@pytest.mark.parametrize("zone", ["Berlin", "../UTC", "UTC+1"])
def test_an_unknown_time_zone_is_refused_by_name(load, zone):
    with pytest.raises(ImproperlyConfigured, match="is no IANA time zone"):
        load({"MEDSIM_TIME_ZONE": zone})


def test_days_are_cut_in_the_zone_that_is_told(load):
    assert load({"MEDSIM_TIME_ZONE": "Europe/Berlin"})["TIME_ZONE"] == "Europe/Berlin"


def _manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("MEDSIM_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=surroundings | environment,
        capture_output=True,
        text=True,
    )


def test_a_process_does_not_start_in_production_with_the_default_secret():
    ended = _manage("check", **PRODUCTION | {"MEDSIM_SECRET_KEY": DEFAULT_SECRET})
    assert ended.returncode != 0
    assert "MEDSIM_SECRET_KEY must be set" in ended.stderr


def test_the_deployment_check_finds_nothing_in_production():
    ended = _manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (ended.returncode, ended.stdout) == (0, "System check identified no issues (0 silenced).\n"), ended.stderr


def test_migrations_say_all_that_the_models_say(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _variables() -> dict[str, str | None]:
    """Every environment variable that settings.py reads, with its default where that is a plain value."""
    variables: dict[str, str | None] = {}
    for node in ast.walk(ast.parse(SETTINGS_FILE.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if ast.unparse(node.func.value) != "env":
            continue
        default = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), None)
        try:
            variables[node.args[0].value] = _as_told(ast.literal_eval(default))
        except ValueError:
            variables[node.args[0].value] = None  # computed: the table says it in words
    return variables


def _as_told(default) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return ",".join(default) if isinstance(default, list) else str(default)


def _table() -> dict[str, str]:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a variable stands in two rows"
    return {name: default.strip().strip("`") for name, default in rows}


def test_operations_page_lists_every_variable_with_its_default():
    table, variables = _table(), _variables()
    assert table.keys() == variables.keys()
    assert {name: table[name] for name in variables if variables[name] is not None} == {
        name: default or "none" for name, default in variables.items() if default is not None
    }


def test_operations_page_names_the_suites_own_variable():
    assert f"`{TEST_DATABASE_VARIABLE}`" in OPERATIONS.read_text(encoding="utf-8")


def test_only_the_settings_read_the_environment():
    reads = re.compile(r"os\.(environ(?!\.setdefault)|getenv)|environ\.Env")
    packages = [file.parent for file in settings.BASE_DIR.glob("*/__init__.py")]
    sources = (file for package in packages for file in package.rglob("*.py") if "tests" not in file.parts)
    readers = [
        str(file.relative_to(settings.BASE_DIR)) for file in sources if reads.search(file.read_text(encoding="utf-8"))
    ]
    assert readers == ["medsim_tracking/settings.py"]
