"""Figures as text: as many decimals as they have, in the reader's own notation, with their unit."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext_lazy

from engagement.words.kept import kept_by_language

# Whatever is counted in words. A word that is counted and is not here is a mistake, not a fallback: other
# languages have more than an s at the end.
NOUNS = {
    "active day": ngettext_lazy("%(number)s active day", "%(number)s active days"),
    "active learner": ngettext_lazy("%(number)s active learner", "%(number)s active learners"),
    "case": ngettext_lazy("%(number)s case", "%(number)s cases"),
    "completion": ngettext_lazy("%(number)s completion", "%(number)s completions"),
    "day": ngettext_lazy("%(number)s day", "%(number)s days"),
    "four-week run": ngettext_lazy("%(number)s four-week run", "%(number)s four-week runs"),
    "hour": ngettext_lazy("%(number)s hour", "%(number)s hours"),
    "interaction": ngettext_lazy("%(number)s interaction", "%(number)s interactions"),
    "learner": ngettext_lazy("%(number)s learner", "%(number)s learners"),
    "minute": ngettext_lazy("%(number)s minute", "%(number)s minutes"),
    "more active day": ngettext_lazy("%(number)s more active day", "%(number)s more active days"),
    "point": ngettext_lazy("%(number)s point", "%(number)s points"),
    "refused body": ngettext_lazy("%(number)s refused body", "%(number)s refused bodies"),
    "scheduled job": ngettext_lazy("%(number)s scheduled job", "%(number)s scheduled jobs"),
    "session": ngettext_lazy("%(number)s session", "%(number)s sessions"),
    "start": ngettext_lazy("%(number)s start", "%(number)s starts"),
    "time": ngettext_lazy("%(number)s time", "%(number)s times"),
    "value": ngettext_lazy("%(number)s value", "%(number)s values"),
    "week": ngettext_lazy("%(number)s week", "%(number)s weeks"),
}


@kept_by_language
def fixed(value: float | Decimal, decimals: int) -> str:
    """`1,234.50`: rounded to so many decimals, halves up, thousands apart."""
    # Of itself number_format cuts.
    return number_format(_half_up(value, decimals), decimal_pos=decimals, force_grouping=True)


def _half_up(value: float | Decimal, decimals: int) -> int | Decimal:
    """As people round: Python takes 12.5 down to 12, the even number. No zero has a sign."""
    if isinstance(value, int):
        return value
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


@kept_by_language
def number(value: float) -> str:
    """A figure with as many decimals as it has, one at most."""
    rounded = _half_up(value, 1)
    return fixed(rounded, 0 if rounded == int(rounded) else 1)


@kept_by_language
def count(value: float, noun: str) -> str:
    """`1 learner`, `2 learners`, `2.5 days`. Raises KeyError for a noun that NOUNS does not name."""
    # A plural is chosen by a whole number; 2.5 days are days as 3 are.
    form = value if isinstance(value, int) else 1 if value == 1 else max(2, round(value))
    return (NOUNS[noun] % form) % {"number": number(value)}


def days(value: float) -> str:
    """`1 day`, `2.5 days`."""
    return count(value, "day")


def whole(score: float) -> int:
    """A score without its decimals: cut, not rounded, so that 59.97 does not read as a 60 of the level above."""
    return floor(score)


@kept_by_language
def signed(value: int) -> str:
    """A change with its sign; the minus is as wide as the plus."""
    if not value:
        return "±0"
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


@kept_by_language
def share(part: float, total: float) -> str:
    """`84%`: a whole percentage; an en dash where there is nothing to be a share of."""
    if not total:
        return "–"
    return gettext("%(number)s%%") % {"number": fixed(100 * part / total, 0)}


@kept_by_language
def duration(seconds: float) -> str:
    """`50 s`, `46 min`, `12 h 5 min`."""
    seconds = round(seconds)
    if seconds < 60:
        return gettext("%(number)s s") % {"number": seconds}
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    said = [gettext("%(number)s h") % {"number": number(hours)}] if hours else []
    said += [gettext("%(number)s min") % {"number": minutes}] if minutes else []
    return " ".join(said)


def apportioned(total: float, parts: Mapping[str, float], decimals: int) -> dict[str, float]:
    """The parts rounded so that they add up to the rounded total: what is left over goes to the largest rests."""
    unit = 10**decimals
    scaled = {name: max(0.0, value) * unit for name, value in parts.items()}
    cut = {name: floor(value + 1e-6) for name, value in scaled.items()}
    missing = round(total * unit) - sum(cut.values())
    for name in sorted(scaled, key=lambda name: cut[name] - scaled[name])[: max(0, missing)]:
        cut[name] += 1
    return {name: value / unit for name, value in cut.items()}
