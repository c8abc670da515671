"""How much one account may send in a while: exact over all processes, and in any minute, not only in whole ones."""

from accounts.limits.ledger import StoreDown, ledger
from accounts.limits.rates import Rate
from accounts.limits.window import Verdict

__all__ = ["Rate", "StoreDown", "Verdict", "ledger"]
