"""What only a store in Redis can do: be unreachable, forget by itself, be named wrongly."""

import socket
import sys
import time
from datetime import UTC, datetime

import pytest

from accounts.limits import Rate, StoreDown
from accounts.limits.ledger import Ledger
from accounts.limits.stores import RedisStore, store_named
from accounts.tests.limits.redis_server import free_port, redis_path, redis_server

MINUTE = 60_000
NOW, RATE = datetime(2026, 3, 2, tzinfo=UTC), Rate.read("3/m")


def test_a_window_is_kept_while_any_clock_may_still_count_it_and_then_dropped(redis_url):
    store = RedisStore(redis_url)
    store.clear()
    store.spend("a", 1, 5, MINUTE, 1_000_000)
    left = store._client.pttl("medsim:spent:a")
    assert 2 * MINUTE < left <= 3 * MINUTE


def test_what_others_keep_in_the_same_redis_is_left_alone(redis_url):
    store = RedisStore(redis_url)
    store._client.set("somebody", "else")
    store.spend("a", 1, 5, MINUTE, 1_000_000)
    store.clear()
    assert store._client.keys() == [b"somebody"]
    store._client.flushdb()


def test_after_a_restart_counting_goes_on_with_an_empty_window(tmp_path):
    if redis_path() is None:
        pytest.skip("no redis-server is installed")
    with redis_server(tmp_path) as url:
        books = Ledger(store_named(url))
        assert books.spend("a", 3, RATE, NOW).allowed
        assert not books.spend("a", 1, RATE, NOW).allowed
    with pytest.raises(StoreDown, match="ConnectionError"):
        books.spend("a", 1, RATE, NOW)
    with pytest.raises(StoreDown, match="ConnectionError"):
        books.forget("a")
    with redis_server(tmp_path, port=int(url.split(":")[2].split("/")[0])):
        assert books.spend("a", 3, RATE, NOW).allowed


def test_while_redis_is_down_each_process_counts_for_itself(caplog):
    books = Ledger(store_named(f"redis://:secret@127.0.0.1:{free_port()}"))
    assert [books.spend_or_go_on("a", 1, RATE, NOW).allowed for _ in range(4)] == [True, True, True, False]
    assert "rate_limit_store_down" in caplog.text
    assert "secret" not in caplog.text


def test_a_redis_that_does_not_answer_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        books = Ledger(store_named(f"redis://127.0.0.1:{silent.getsockname()[1]}"))
        began = time.monotonic()
        with pytest.raises(StoreDown, match="TimeoutError"):
            books.spend("a", 1, RATE, NOW)
        assert 0.4 < time.monotonic() - began < 3


@pytest.mark.parametrize(
    "address",
    [
        "redis://",
        "redis:///0",
        "redis://host:port/0",
        "redis://host:0",
        "redis://host:70000",
        "redis://:secret@host/first",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_its_password(address):
    with pytest.raises(ValueError, match="no address of Redis") as refused:
        store_named(address)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("option", ["socket_timeout=soon", "colour=red"])
def test_an_option_that_does_not_exist_is_refused(option):
    with pytest.raises(ValueError, match="option at fault"):
        store_named(f"redis://host/0?{option}")


def test_where_the_client_is_not_installed_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ValueError, match="needs the package redis"):
        store_named("redis://host:6379/0")
