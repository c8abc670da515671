"""Rates, written as django-ratelimit writes them: `600/m`, `5/15m`."""

from functools import lru_cache
from typing import NamedTuple

from django_ratelimit.core import _split_rate, rate_re


class Rate(NamedTuple):
    """At most `limit` within any `period` milliseconds."""

    limit: int
    period: int

    @classmethod
    @lru_cache(maxsize=16)
    def read(cls, text: str) -> "Rate":
        """Raises ValueError for what is no rate, or for one that lets nothing through."""
        if not (rate_re.fullmatch(text) and text[-1].isalpha()):
            raise ValueError(f"{text!r} is no rate, such as 600/m.")
        limit, seconds = _split_rate(text)
        if not limit or not seconds:
            raise ValueError(f"{text!r} lets nothing through.")
        return cls(limit, seconds * 1000)
