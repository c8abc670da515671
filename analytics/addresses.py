"""Names that hold anything, as parts of an address.

A browser walks an address before it asks for it: a segment that is one dot or two names no place, but the way up, and
writing the dots as `%2E` does not help. So such a segment gets a tilde in front, and one that has tildes in front
already gets one more: `.` is `~.`, `~.` is `~~.`, and every other name stays what it is.
"""

import re

_DOTS = re.compile(r"(?:(?<=/)|\A)(~*\.\.?)(?=/|\Z)")
_MARKED = re.compile(r"(?:(?<=/)|\A)~(~*\.\.?)(?=/|\Z)")


class _AnyName:
    """A path converter. What it gives may be twice as long as the name and no name at all: 404 is the view's."""

    def to_python(self, told: str) -> str:
        return _MARKED.sub(r"\1", told)

    def to_url(self, name: str) -> str:
        return _DOTS.sub(r"~\1", name)


class AnyName(_AnyName):
    """What can be printed, slashes too."""

    regex = ".{1,128}"


class AnyText(_AnyName):
    """Whatever a simulator sends, ends of lines too."""

    regex = r"[\s\S]{1,400}"
