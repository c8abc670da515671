from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.limits.checks import check_limits
from accounts.limits.rates import Rate


def test_the_default_configuration_is_sound():
    assert check_limits(None) == []


@pytest.mark.parametrize(("workers", "expected"), [(1, []), (2, ["limits.E003"]), (16, ["limits.E003"])])
def test_a_store_in_memory_is_refused_with_more_than_one_worker(settings, workers, expected):
    settings.MEDSIM_LIMIT_STORE, settings.MEDSIM_WORKERS = "memory", workers
    assert [error.id for error in check_limits(None)] == expected


def test_the_check_command_stops_at_it(settings):
    settings.MEDSIM_LIMIT_STORE, settings.MEDSIM_WORKERS = "memory", 4
    with pytest.raises(SystemCheckError, match="4 times the limit"):
        call_command("check")


def test_a_table_is_looked_for_on_postgresql_only(settings, monkeypatch):
    settings.MEDSIM_LIMIT_STORE = "database"
    for vendor, expected in (("sqlite", ["limits.E004"]), ("postgresql", [])):
        monkeypatch.setattr("accounts.limits.checks.connection", SimpleNamespace(vendor=vendor))
        assert [error.id for error in check_limits(None)] == expected


@pytest.mark.parametrize("rate", ["", "600", "many/m", "600/w", "600/m ", "0/m", "5/0m", "-5/m"])
def test_what_is_no_rate_is_refused(settings, rate):
    settings.MEDSIM_RATE_LEARNER = rate
    assert [error.id for error in check_limits(None)] == ["limits.E001"]


@pytest.mark.parametrize("store", ["redis", "redis://host:port", "redis://host/0?colour=red"])
def test_a_store_that_does_not_exist_is_refused(settings, store):
    settings.MEDSIM_LIMIT_STORE = store
    assert [error.id for error in check_limits(None)] == ["limits.E002"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [("600/m", Rate(600, 60_000)), ("5/15m", Rate(5, 900_000)), ("1/s", Rate(1, 1000)), ("9/2h", Rate(9, 7_200_000))],
)
def test_rates_are_read_as_django_ratelimit_writes_them(text, rate):
    assert Rate.read(text) == rate
