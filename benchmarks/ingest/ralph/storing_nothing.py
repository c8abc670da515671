"""A backend for Ralph LRS that says every statement is stored and stores none: what its web half alone can do.

Runs in Ralph's environment, never in ours.
"""

from ralph.backends.data.base import DataBackendStatus
from ralph.backends.lrs.base import BaseLRSBackend, BaseLRSBackendSettings, StatementQueryResult


class StoringNothing(BaseLRSBackend[BaseLRSBackendSettings]):
    name = "nothing"

    def status(self):
        return DataBackendStatus.OK

    def write(self, data, target=None, chunk_size=None, ignore_errors=False, operation_type=None):
        return sum(1 for _ in data)

    def query_statements(self, params, target=None):
        return StatementQueryResult(statements=[])

    def query_statements_by_ids(self, ids, target=None):
        return []

    def _read_dicts(self, query, target, chunk_size, ignore_errors):
        return iter(())

    def close(self):
        pass
