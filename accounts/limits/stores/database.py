"""Windows in the product's PostgreSQL, for all processes of all machines."""

from collections.abc import Sequence

from django.db import Error, connection

from accounts.limits import window
from accounts.limits.window import Charge, Entries
from accounts.prepared import Prepared, make_ready

# One write in so many sweeps out the windows in which nothing counts any longer.
SWEEP_EVERY = 1000


# The condition is judged on the newest version of the row, under its lock, and so is what is written. Rows are
# locked in the order of their keys, so that two statements never wait for each other in a circle.
# Its values: keys, costs and limits, the period, now, and the length of a slot, in milliseconds.
SPEND = Prepared.of(
    """
    WITH asked AS (
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS asked(key, cost, most)
    )
    INSERT INTO accounts_spent AS held (key, until, times, costs)
    SELECT key, $5::bigint + $4::bigint, ARRAY[$5::bigint], ARRAY[cost]
    FROM asked WHERE cost <= most ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        until = excluded.until,
        (times, costs) = (
            SELECT array_agg(slot.at ORDER BY slot.at), array_agg(slot.cost ORDER BY slot.at)
            FROM (
                SELECT max(entry.at) AS at, sum(entry.cost)::bigint AS cost
                FROM (
                    SELECT * FROM unnest(held.times, held.costs) AS kept(at, cost)
                    WHERE at > $5::bigint - $4::bigint AND at <= $5::bigint + $4::bigint
                    UNION ALL SELECT excluded.times[1], excluded.costs[1]
                ) AS entry
                GROUP BY entry.at / $6::bigint
            ) AS slot
        )
    WHERE excluded.costs[1] + (
        SELECT coalesce(sum(cost), 0) FROM unnest(held.times, held.costs) AS kept(at, cost)
        WHERE at > $5::bigint - $4::bigint AND at <= $5::bigint + $4::bigint
    ) <= (SELECT most FROM asked WHERE asked.key = held.key)
    RETURNING key, times, costs
    """,
    values=6,
)


class DatabaseStore:
    """A small unlogged table in the product's PostgreSQL, for all processes of all machines.

    One statement decides and writes. It holds its row only while it runs, for it runs by itself, before the
    transaction that stores the interactions begins. Unlogged: a crash empties it, and nobody minds.
    """

    errors = (Error,)

    def __init__(self):
        self._writes = 0

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        if (entries := self.spend_many([(key, cost, limit)], period, now).get(key)) is not None:
            return True, entries
        with connection.cursor() as cursor:
            row = cursor.execute("SELECT times, costs FROM accounts_spent WHERE key = %s", (key,)).fetchone()
            return False, list(zip(*row, strict=True)) if row else []

    def spend_many(self, charges: Sequence[Charge], period: int, now: int) -> dict[str, Entries]:
        keys, costs, limits = map(list, zip(*charges, strict=True))
        told = [keys, costs, limits, period, now, window.slot_length(period)]
        with connection.cursor() as cursor:
            make_ready([SPEND])
            rows = cursor.execute(SPEND.call, told).fetchall()
            before, self._writes = self._writes, self._writes + len(rows)
            if before // SWEEP_EVERY != self._writes // SWEEP_EVERY:
                cursor.execute("DELETE FROM accounts_spent WHERE until < %s", (now,))
        return {key: list(zip(times, spent, strict=True)) for key, times, spent in rows}

    def forget(self, key: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_spent WHERE key = %s", (key,))

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_spent")
