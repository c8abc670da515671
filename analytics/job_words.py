"""What a scheduled job did, in the reader's language, by the code and figures that it left (accounts.told)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext

from analytics.dates import exact
from analytics.numbers import count, number
from analytics.selectors.quality.works import JobState

# As jobs wrote them into their sentences before they left a code.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.\d+)?(?:\+00:00| UTC)")


def job_sentence(job: JobState) -> str:
    """What a job said, in one line.

    An error is told in the words of the program; so is what was kept before there were codes, and what a job of
    another version says.
    """
    if worded := _SENTENCES.get(job.code):
        try:
            return worded(job.figures)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            pass
    return _MOMENT.sub(_moment_within, job.message.partition("\n")[0])


def _moment_within(found: re.Match) -> str:
    """An error repeats what others wrote, which only looks like a moment, or is one that no zone can tell."""
    try:
        return _moment(f"{found[1]}+00:00")
    except (ValueError, OverflowError):
        return found[0]


def _moment(told: str) -> str:
    moment = datetime.fromisoformat(told)
    return exact(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _days_counted(told: Mapping[str, Any]) -> str:
    return gettext("Counted: %(days)s, %(interactions)s; levels of %(weeks)s; complete through %(moment)s.") % {
        "days": count(told["days"], "day"),
        "interactions": count(told["interactions"], "interaction"),
        "weeks": count(told["weeks"], "week"),
        "moment": _moment(told["through"]),
    }


def _progress_counted(told: Mapping[str, Any]) -> str:
    new = {"interactions": count(told["interactions"], "interaction")}
    if not told["through"]:
        return gettext("Counted: %(interactions)s; nothing has come in yet.") % new
    new["moment"] = _moment(told["through"])
    return gettext("Counted: %(interactions)s; complete through %(moment)s.") % new


def _days_kept(told: Mapping[str, Any]) -> str:
    return gettext("Days are kept of %(learners)s.") % {"learners": count(told["learners"], "learner")}


def _standings_kept(told: Mapping[str, Any]) -> str:
    return gettext("Judged: %(learners)s.") % {"learners": count(told["learners"], "learner")}


def _bodies_expired(told: Mapping[str, Any]) -> str:
    return gettext("Expired and deleted: %(bodies)s.") % {"bodies": count(told["bodies"], "refused body")}


def _abandonments_inferred(told: Mapping[str, Any]) -> str:
    return gettext(
        "Cases left without a word: inferred %(inferred)s, taken back %(undone)s; read %(interactions)s."
    ) % {
        "inferred": number(told["inferred"]),
        "undone": number(told["undone"]),
        "interactions": count(told["arrivals"], "interaction"),
    }


def _counts_verified(told: Mapping[str, Any]) -> str:
    days = {"days": count(told["days"], "day"), "counts": number(told["counts"])}
    if not told["counts"]:
        said = gettext("Compared: %(days)s; every count is what a recount gives.") % days
    elif told["repaired"]:
        said = gettext("Compared: %(days)s; counts that differed and are repaired: %(counts)s.") % days
    else:
        said = gettext("Compared: %(days)s; counts that differ: %(counts)s.") % days
    if told["passed_over"]:
        passed = {"days": count(told["passed_over"], "day")}
        said += " " + gettext("Passed over, because something came in: %(days)s.") % passed
    return said


def _models_trained(told: Mapping[str, Any]) -> str:
    return gettext("Trained models stored: %(models)s.") % {"models": number(told["models"])}


def _nothing_trained(told: Mapping[str, Any]) -> str:
    [(_, have, need), *_] = told["needs"]
    return gettext("Nothing was trained: learners observed for long enough are %(have)s, and it takes %(need)s.") % {
        "have": number(have),
        "need": number(need),
    }


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "abandonments_inferred": _abandonments_inferred,
    "bodies_expired": _bodies_expired,
    "counts_verified": _counts_verified,
    "days_counted": _days_counted,
    "days_kept": _days_kept,
    "models_trained": _models_trained,
    "nothing_trained": _nothing_trained,
    "progress_counted": _progress_counted,
    "standings_kept": _standings_kept,
}
