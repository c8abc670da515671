"""Parts of queries that Django would make of dozens of objects each: made as often as pages are read."""

from collections.abc import Sequence

from django.db.models import BigIntegerField, Func

# Policy version, the most that counts of a type on a day (ten-thousandths of a point), the types of which that is so.
Cap = tuple[str, int, tuple[str, ...]]


class DailyCap(Func):
    """What counts at most of a day's units of one type: 0 of a type that its policy does not name.

    kind, version   columns: the interaction type and the policy version
    """

    output_field = BigIntegerField()

    def __init__(self, kind: str, version: str, caps: Sequence[Cap]):
        super().__init__(kind, version)
        self.caps = caps

    def as_sql(self, compiler, connection):
        (kind, _), (version, _) = (compiler.compile(column) for column in self.get_source_expressions())
        cases, values = [], []
        for of, cap, kinds in self.caps:
            cases.append(f"WHEN {version} = %s AND {kind} IN ({', '.join(['%s'] * len(kinds))}) THEN %s")
            values += [of, *kinds, cap]
        return (f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"), values
