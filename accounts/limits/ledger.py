"""The one ledger of what was spent, in the store that MEDSIM_LIMIT_STORE names."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import OperationalError

from accounts.limits.rates import Rate
from accounts.limits.stores import MemoryStore, Store, store_named
from accounts.limits.window import Charge, Entries, Verdict, verdict

logger = logging.getLogger(__name__)
ALERT_EVERY_SECONDS = 60


class StoreDown(OperationalError):
    """The store cannot be reached, so nobody knows what was spent. Uncaught it is storage trouble: 503."""


class Ledger:
    """Charges accounts. `now` is the caller's, so that one request has one time."""

    def __init__(self, store: Store):
        self.store = store
        self._local = MemoryStore()
        self._alerted: float | None = None

    def spend(self, key: str, cost: int, rate: Rate, now: datetime) -> Verdict:
        """Charge `cost` if it fits, else nothing. Raises StoreDown."""
        return self._decide(self.store, key, cost, rate, _milliseconds(now))

    def spend_or_go_on(self, key: str, cost: int, rate: Rate, now: datetime) -> Verdict:
        """As `spend`, but while the store is down each process counts for itself, and an alert is logged."""
        try:
            return self.spend(key, cost, rate, now)
        except StoreDown as error:
            self._alert(error, now.timestamp())
            return self._decide(self._local, key, cost, rate, _milliseconds(now))

    def spend_many_or_go_on(self, charges: Mapping[str, tuple[int, Rate]], now: datetime) -> dict[str, Verdict]:
        """Charge costs under several keys at once, each whole or not at all; the verdicts of those that fit."""
        milliseconds, allowed = _milliseconds(now), {}
        for period in {rate.period for _, rate in charges.values()}:
            asked = [(key, cost, rate.limit) for key, (cost, rate) in charges.items() if rate.period == period]
            try:
                found = _charged(self.store, asked, period, milliseconds)
            except self.store.errors as error:
                self._alert(StoreDown(f"{type(error).__name__}: {error}"), now.timestamp())
                found = _charged(self._local, asked, period, milliseconds)
            for key, entries in found.items():
                cost, rate = charges[key]
                allowed[key] = verdict(entries, cost, rate.limit, period, milliseconds, allowed=True)
        return allowed

    def forget(self, key: str) -> None:
        """Nothing counts against this key any longer. Raises StoreDown."""
        try:
            self.store.forget(key)
        except self.store.errors as error:
            raise StoreDown(f"{type(error).__name__}: {error}") from error

    def clear(self) -> None:
        self.store.clear()
        self._local.clear()

    @staticmethod
    def _decide(store: Store, key: str, cost: int, rate: Rate, now: int) -> Verdict:
        try:
            allowed, entries = store.spend(key, cost, rate.limit, rate.period, now)
        except store.errors as error:
            raise StoreDown(f"{type(error).__name__}: {error}") from error
        return verdict(entries, cost, rate.limit, rate.period, now, allowed=allowed)

    def _alert(self, error: StoreDown, now: float) -> None:
        # Once a minute: an alert per request would fill the disk that may be the very trouble.
        if self._alerted is None or abs(now - self._alerted) >= ALERT_EVERY_SECONDS:
            self._alerted = now
            logger.error("rate_limit_store_down: each process counts for itself (%s)", error)


def _charged(store: Store, charges: Sequence[Charge], period: int, now: int) -> dict[str, Entries]:
    """The windows of those that fit, in one go where the store can."""
    if (many := getattr(store, "spend_many", None)) is not None:
        return many(charges, period, now)
    spent = {key: store.spend(key, cost, limit, period, now) for key, cost, limit in charges}
    return {key: entries for key, (allowed, entries) in spent.items() if allowed}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@lru_cache(maxsize=8)
def _ledger_of(store: str) -> Ledger:
    return Ledger(store_named(store))


def ledger() -> Ledger:
    """This process's ledger."""
    return _ledger_of(settings.MEDSIM_LIMIT_STORE)
