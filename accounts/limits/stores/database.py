"""Windows in the product's PostgreSQL, for all processes of all machines."""

from django.db import Error, connection

from accounts.limits import window
from accounts.limits.window import Entries

# One write in so many sweeps out the windows in which nothing counts any longer.
SWEEP_EVERY = 1000


class DatabaseStore:
    """A small unlogged table in the product's PostgreSQL, for all processes of all machines.

    One statement decides and writes. It holds its row only while it runs, for it runs by itself, before the
    transaction that stores the interactions begins. Unlogged: a crash empties it, and nobody minds.
    """

    errors = (Error,)

    # The condition is judged on the newest version of the row, under its lock, and so is what is written.
    SPEND = """
        INSERT INTO accounts_spent AS held (key, until, times, costs)
        VALUES (%(key)s::text, %(now)s::bigint + %(period)s::bigint, ARRAY[%(now)s::bigint], ARRAY[%(cost)s::bigint])
        ON CONFLICT (key) DO UPDATE SET
            until = excluded.until,
            (times, costs) = (
                SELECT array_agg(slot.at ORDER BY slot.at), array_agg(slot.cost ORDER BY slot.at)
                FROM (
                    SELECT max(entry.at) AS at, sum(entry.cost)::bigint AS cost
                    FROM (
                        SELECT * FROM unnest(held.times, held.costs) AS kept(at, cost)
                        WHERE at > %(now)s::bigint - %(period)s::bigint AND at <= %(now)s::bigint + %(period)s::bigint
                        UNION ALL SELECT %(now)s::bigint, %(cost)s::bigint
                    ) AS entry
                    GROUP BY entry.at / %(slot)s::bigint
                ) AS slot
            )
        WHERE %(cost)s::bigint + (
            SELECT coalesce(sum(cost), 0) FROM unnest(held.times, held.costs) AS kept(at, cost)
            WHERE at > %(now)s::bigint - %(period)s::bigint AND at <= %(now)s::bigint + %(period)s::bigint
        ) <= %(limit)s::bigint
        RETURNING times, costs
    """

    def __init__(self):
        self._writes = 0

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        told = {
            "key": key,
            "cost": cost,
            "limit": limit,
            "period": period,
            "now": now,
            "slot": window.slot_length(period),
        }
        with connection.cursor() as cursor:
            # A new row is inserted without the condition being asked.
            row = cursor.execute(self.SPEND, told).fetchone() if cost <= limit else None
            if row:
                self._writes += 1
                if self._writes % SWEEP_EVERY == 0:
                    cursor.execute("DELETE FROM accounts_spent WHERE until < %s", (now,))
                return True, list(zip(*row, strict=True))
            row = cursor.execute("SELECT times, costs FROM accounts_spent WHERE key = %s", (key,)).fetchone()
            return False, list(zip(*row, strict=True)) if row else []

    def forget(self, key: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_spent WHERE key = %s", (key,))

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_spent")
