"""Numbers as text, for the pages: made in engagement.words.numbers, where the API's sentences need them too."""

from engagement.words.numbers import NOUNS, apportioned, count, days, duration, fixed, number, share, signed, whole

__all__ = ["NOUNS", "apportioned", "count", "days", "duration", "fixed", "number", "share", "signed", "whole"]
