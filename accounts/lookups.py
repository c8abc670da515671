"""`learner__among=keys`: the rows of many people, whose keys are sent as one value.

`__in` sends each key as a value of its own, and writing and reading five hundred of them takes longer than finding the
rows.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import BigAutoField, ForeignKey
from django.db.models.lookups import In

from accounts.statements import Keys, written_out


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class Among(In):
    """Any of some whole numbers."""

    lookup_name = "among"

    def get_prep_lookup(self):
        return self.rhs if isinstance(self.rhs, Keys) else list(dict.fromkeys(map(int, self.rhs)))

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*params, self._keys()]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self._keys()]

    def _keys(self) -> Keys | str:
        if isinstance(self.rhs, Keys):
            return self.rhs
        if not self.rhs:
            raise EmptyResultSet
        return written_out(self.rhs)
