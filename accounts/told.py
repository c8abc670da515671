"""What a command did: an English sentence for who runs it, and a code with figures for pages in any language."""

from collections.abc import Mapping
from typing import Any


class Told(str):
    """The sentence, as `handle` returns it, so that it is written and `call_command` gives it back.

    code      what kind of thing was done; analytics.job_words words it
    figures   plain JSON by name: numbers, moments in ISO 8601
    """

    __slots__ = ("code", "figures")

    code: str
    figures: Mapping[str, Any]

    def __new__(cls, sentence: str, code: str, **figures: Any) -> "Told":
        told = super().__new__(cls, sentence)
        told.code, told.figures = code, figures
        return told
