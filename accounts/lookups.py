"""`learner__among=keys`: the rows of many people, whose keys are sent as one value.

`__in` sends each key as a value of its own, and writing and reading five hundred of them takes longer than finding the
rows. Where the database knows no arrays it is `__in`.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import BigAutoField, ForeignKey
from django.db.models.lookups import In


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class Among(In):
    """Any of some whole numbers."""

    lookup_name = "among"

    def get_prep_lookup(self):
        return list(dict.fromkeys(map(int, self.rhs)))

    def as_postgresql(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        # As text: of numbers it is made at once, where the driver would look at each.
        return f"{column} = ANY(%s::bigint[])", [*params, f"{{{','.join(map(str, self.rhs))}}}"]
