"""Windows in Redis, or what speaks its language, for all processes of all machines."""

from urllib.parse import urlsplit

from accounts.limits import window
from accounts.limits.window import Entries

SCHEMES = ("redis", "rediss")
TIMEOUT_SECONDS = 0.5
PREFIX = "medsim:spent:"
# Redis drops a window by its own clock, which may differ from the callers' by so much.
CLOCKS_DIFFER_MS = 60_000


class RedisStore:
    """One key for each window. A script decides and writes, and Redis runs one script at a time.

    The time is the caller's and never Redis's own, which only clears away what counts no longer by anybody's clock.
    """

    # Entries lie in one string, packed: [time, cost, time, cost, ...], oldest first. As in window.py,
    # entries of one slot become one at the later time. Whole numbers are exact up to 2^53.
    SPEND = """
        local cost, limit, period, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local slot, keep = tonumber(ARGV[5]), tonumber(ARGV[6])
        local packed = redis.call('GET', KEYS[1])
        local before = packed and cmsgpack.unpack(packed) or {}
        local spent, merged, at = 0, cost, now
        local after, placed = {}, false
        local function same_slot(time) return math.floor(time / slot) == math.floor(now / slot) end
        for n = 1, #before, 2 do
            local time, each = before[n], before[n + 1]
            if now - period < time and time <= now + period then
                spent = spent + each
                if same_slot(time) then merged, at = merged + each, math.max(at, time) end
            end
        end
        if spent + cost > limit then return {0, before} end
        for n = 1, #before, 2 do
            local time = before[n]
            if now - period < time and time <= now + period and not same_slot(time) then
                if time > at and not placed then
                    placed = true
                    after[#after + 1], after[#after + 2] = at, merged
                end
                after[#after + 1], after[#after + 2] = time, before[n + 1]
            end
        end
        if not placed then after[#after + 1], after[#after + 2] = at, merged end
        redis.call('SET', KEYS[1], cmsgpack.pack(after), 'PX', keep)
        return {1, after}
    """

    def __init__(self, url: str):
        """Raises ValueError for what is no such address, and where the client is not installed."""
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError as error:
            raise ValueError(
                "a store in Redis needs the package redis; it is the extra `redis` of pyproject.toml."
            ) from error
        _refuse_what_is_no_address(url)
        # Once again where a kept connection has gone, as after a restart of Redis; never after a wait.
        retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        try:
            self._client = redis.Redis.from_url(
                url, **{"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS, "retry": retry}
            )
            pool = self._client.connection_pool
            # Connects to nothing yet, but says which option it does not know.
            pool.connection_class(**pool.connection_kwargs)
        except (TypeError, ValueError) as error:
            raise ValueError(f"the address of Redis has an option at fault: {error}.") from error
        self._spend = self._client.register_script(self.SPEND)
        self.errors = (redis.RedisError,)

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        keep = 2 * period + CLOCKS_DIFFER_MS
        told = (cost, limit, period, now, window.slot_length(period), keep)
        allowed, flat = self._spend(keys=[PREFIX + key], args=told)
        return bool(allowed), list(zip(flat[::2], flat[1::2], strict=True))

    def forget(self, key: str) -> None:
        self._client.unlink(PREFIX + key)

    def clear(self) -> None:
        for key in self._client.scan_iter(PREFIX + "*", count=1000):
            self._client.unlink(key)


def _refuse_what_is_no_address(url: str) -> None:
    # The client takes much for the local host or for database 0. The address is not repeated: it may hold a password.
    try:
        parts = urlsplit(url)
        whole = parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not (parts.path in ("", "/") or parts.path[1:].isdecimal()):
        raise ValueError("that is no address of Redis, such as redis://host:6379/0.")
