"""Sentences of one learner's page, to a tutor about him or to himself (name: None)."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext, gettext_lazy

from analytics.dates import calendar_day
from analytics.numbers import count, fixed, number, whole
from analytics.selectors.index_line import IndexLine
from analytics.selectors.learner_page import SpecialtyStanding
from engagement.domain.elo import Mastery
from engagement.domain.forecast.bgbb import LEAST_DAYS, LEAST_LEARNERS
from engagement.domain.insufficient import Insufficient
from engagement.forecasts import ENROLLED, NOT_FITTED, Forecast, SilenceRisk
from engagement.peers import COHORT, TENURE, PeerComparison
from engagement.ranking import COLD_START, SHRUNK
from engagement.words.prediction import risk_sentence

# Masteries nearer to each other than this are not told apart.
LEAST_DIFFERENCE = 0.05
MEASURE_WORDS = {
    "activeDays": gettext_lazy("Active days"),
    "interactions": gettext_lazy("Interactions"),
    "activeMinutes": gettext_lazy("Active minutes"),
    "casesCompleted": gettext_lazy("Completed cases"),
}
BAND_WORDS = {
    "lower_third": (0, 3, gettext_lazy("lower third")),
    "middle_third": (1, 3, gettext_lazy("middle third")),
    "upper_third": (2, 3, gettext_lazy("upper third")),
    "lowest_quarter": (0, 4, gettext_lazy("lowest quarter")),
    "second_quarter": (1, 4, gettext_lazy("second quarter")),
    "third_quarter": (2, 4, gettext_lazy("third quarter")),
    "highest_quarter": (3, 4, gettext_lazy("highest quarter")),
}
ALIKE = gettext_lazy("the others are all alike")
MATCHES = {COHORT: gettext_lazy("the same cohort"), TENURE: gettext_lazy("enrolled for about as long")}
ADVICE_PARTS = {
    "gap": gettext_lazy("Room to grow"),
    "zpd": gettext_lazy("Right difficulty"),
    "due": gettext_lazy("Due for a refresher"),
    "prior": gettext_lazy("Taken up by others now"),
    "novelty": gettext_lazy("New"),
    "order": gettext_lazy("Easy first"),
}
BASES = {
    COLD_START: gettext_lazy("not personal yet"),
    SHRUNK: gettext_lazy("by general ability: few scored attempts in this specialty"),
}


def missing_sentence(missing: Insufficient) -> str:
    """What there is and what it takes, whatever it is counted in."""
    short = ", ".join(
        gettext("%(have)s of %(need)s %(what)s")
        % {"have": number(need.have), "need": number(need.need), "what": gettext(need.what)}
        for need in missing.needs
    )
    return gettext("Too little data yet: %(short)s.") % {"short": short}


def outlook_sentences(forecast: Forecast, line: IndexLine, name: str | None) -> list[str]:
    """What the next days may bring, as far as it is known."""
    if forecast.index is None or isinstance(forecast.index, Insufficient):
        return _no_forecast(forecast.index or Insufficient(()))
    index, last = forecast.index, line.points[-1].day
    end = forecast.as_of + timedelta(days=forecast.horizon)
    told = {
        "day": calendar_day(end, last),
        "score": whole(index.median),
        "low": whole(index.low),
        "high": whole(index.high),
        "floor": whole(index.floor),
    }
    said = [
        gettext("On %(day)s the index may stand near %(score)s: between %(low)s and %(high)s in 8 of 10 such cases.")
        % told,
        gettext("Without any active day until then it would be %(floor)s.") % told,
    ]
    if isinstance(forecast.silence, SilenceRisk):
        said.append(risk_sentence(name, forecast.silence, forecast.horizon))
    return said


def _no_forecast(missing: Insufficient) -> list[str]:
    """Why there is none: before any training that is no matter of this learner's."""
    if any(need.what == NOT_FITTED for need in missing.needs):
        told = {"learners": count(LEAST_LEARNERS, "learner"), "days": count(LEAST_DAYS, "day")}
        return [
            gettext("No forecast is made here yet.")
            + " "
            + gettext(
                "It is learned from all learners together, once a day, as soon as %(learners)s have been enrolled for "
                "%(days)s."
            )
            % told
        ]
    if any(need.what == ENROLLED for need in missing.needs):
        return [gettext("No forecast: the enrolment is over before these days are.")]
    return [gettext("No forecast. %(missing)s") % {"missing": missing_sentence(missing)}] if missing.needs else []


def specialties_sentence(specialties: Sequence[SpecialtyStanding]) -> str:
    """The strongest and the one with most room, where two can be told apart."""
    measured = [each for each in specialties if isinstance(each.mastery, Mastery)]
    if not measured:
        return gettext("Too little data yet: no specialty has three scored attempts.")
    best, last = measured[0], measured[-1]
    told = {
        "best": best.specialty,
        "high": fixed(100 * best.mastery.probability, 0),
        "last": last.specialty,
        "low": fixed(100 * last.mastery.probability, 0),
    }
    if best.mastery.probability - last.mastery.probability < LEAST_DIFFERENCE:
        if len(measured) == 1:
            return gettext("Known so far: %(best)s, %(high)s of 100 expected.") % told
        return gettext("No specialty stands out: between %(low)s and %(high)s of 100 expected in each.") % told
    return (
        gettext("Strongest in %(best)s, %(high)s of 100 expected; most room to grow in %(last)s, %(low)s of 100.")
        % told
    )


def peers_sentence(peers: PeerComparison, name: str | None) -> str:
    """Who is compared, or why nobody is."""
    if not peers.takes_part:
        return gettext("%(name)s takes no part in comparisons.") % {"name": name} if name else ""
    if isinstance(peers.measures, Insufficient):
        return missing_sentence(peers.measures)
    return gettext("Beside at least %(others)s others: %(matched)s. How much, not how well.") % {
        "others": peers.others,
        "matched": ", ".join(str(MATCHES[match]) for match in peers.matched_on),
    }
