"""Words that are said again and again, kept: a page tells the same days and figures dozens of times."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec

from django.utils.translation import get_language

MOST = 4096
P = ParamSpec("P")


def kept_by_language(words: Callable[P, str]) -> Callable[P, str]:
    """Of a function of its arguments and the language alone. The arguments are hashable."""

    @lru_cache(MOST, typed=True)
    def kept(language: str, /, *args: P.args, **kwargs: P.kwargs) -> str:
        return words(*args, **kwargs)

    @wraps(words)
    def told(*args: P.args, **kwargs: P.kwargs) -> str:
        return kept(get_language(), *args, **kwargs)

    return told
