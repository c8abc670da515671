"""Patterns in a sentence or two: to a tutor about a learner, or to the learner about himself. Figures, no verdicts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from engagement.domain.insufficient import Insufficient
from engagement.domain.patterns import archetype as ways
from engagement.domain.patterns.finding import Outcome
from engagement.words.numbers import days, duration, number, share

# What can be short, so that translators find it.
NEEDS = (
    gettext_noop("interactions"),
    gettext_noop("sessions"),
    gettext_noop("counting days"),
    gettext_noop("counting days in the range"),
    gettext_noop("active days"),
    gettext_noop("gaps between active days"),
    gettext_noop("points in 14 counting days"),
    gettext_noop("active complete weeks"),
    gettext_noop("complete weeks"),
    gettext_noop("complete weeks before the last"),
    gettext_noop("complete last week"),
    gettext_noop("others in the cohort with as many weeks"),
    gettext_noop("completed cases with known time"),
    gettext_noop("cases worked on"),
    gettext_noop("attempts that went badly"),
    gettext_noop("cases started"),
)
# From here on two weeks share more of their weekdays than they do not.
MUCH_ALIKE = 0.6


def pattern_words(kind: str, outcome: Outcome, *, name: str | None) -> str:
    """What a detector answered; `name`: the learner's, None where he himself reads it."""
    if outcome is None:
        return _("Looked, and nothing stood out. That does not say that nothing changed.")
    if isinstance(outcome, Insufficient):
        short = (
            _("%(have)s of %(need)s %(what)s")
            % {"have": number(need.have), "need": number(need.need), "what": _(need.what)}
            for need in outcome.needs
        )
        return _("Too little data yet: %(short)s.") % {"short": ", ".join(short)}
    return WORDS[kind](outcome.evidence, Voice(name))


class Voice:
    """Chooses between the sentence about a learner and the one to him, and fills in the figures."""

    def __init__(self, name: str | None):
        self.name = name

    def __call__(self, about: str, to: str, **figures: Any) -> str:
        told = {name: number(value) if isinstance(value, int | float) else value for name, value in figures.items()}
        return (to if self.name is None else about) % {"name": self.name, **told}


def day(value: date, beside: date) -> str:
    """`9 March`, with the year unless it is that of the other day."""
    if value.year == beside.year:
        return formatted(value, pgettext("pattern of a date", "j F"))
    return formatted(value, pgettext("pattern of a date", "j F Y"))


def _sessions(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s worked in %(sessions)s sessions, about %(rate)s a week; half of them lasted %(median)s or longer."),
        _("You worked in %(sessions)s sessions, about %(rate)s a week; half of them lasted %(median)s or longer."),
        sessions=told["sessions"],
        rate=number(told["sessions_per_week"]),
        median=duration(told["median_seconds"]),
    )


def _preferred_hours(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s most often begins between %(start)s and %(end)s: %(inside)s of %(sessions)s sessions."),
        _("You most often begin between %(start)s and %(end)s: %(inside)s of %(sessions)s sessions."),
        start=f"{told['from_hour']:02d}:00",
        end=f"{told['to_hour']:02d}:00",
        inside=told["sessions_inside"],
        sessions=told["sessions"],
    )


def _preferred_days(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s works mostly on %(weekdays)s: %(on_them)s of %(active)s active days."),
        _("You work mostly on %(weekdays)s: %(on_them)s of %(active)s active days."),
        weekdays=", ".join(str(WEEKDAYS[weekday]) for weekday in told["weekdays"]),
        on_them=told["active_days_on_them"],
        active=told["active_days"],
    )


def _regularity(told: Mapping, say: Voice) -> str:
    figures = {"share": share(told["same_days"], 1), "weeks": told["weeks"]}
    if told["same_profile"] >= MUCH_ALIKE:
        return say(
            _("%(name)s's weeks are much alike: any two of %(weeks)s weeks have %(share)s of their days in common."),
            _("Your weeks are much alike: any two of %(weeks)s weeks have %(share)s of their days in common."),
            **figures,
        )
    return say(
        _("%(name)s works on other days each week: any two of %(weeks)s weeks have %(share)s of their days in common."),
        _("You work on other days each week: any two of %(weeks)s weeks have %(share)s of their days in common."),
        **figures,
    )


def _streak(told: Mapping, say: Voice) -> str:
    if told["current_days"] < 2:
        return say(
            _("%(name)s has kept to four active days a week or more; full weeks in a row: %(weeks)s."),
            _("You have kept to four active days a week or more; full weeks in a row: %(weeks)s."),
            weeks=told["weeks_with_four_active_days"],
        )
    # Of the longest run only the days looked at are known here; the page tells that of all days.
    return say(
        _("%(name)s has been active %(days)s in a row."),
        _("You have been active %(days)s in a row."),
        days=days(told["current_days"]),
    )


def _burst(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s did far more than usual on %(when)s: up to %(largest)s points; the usual day has %(usual)s."),
        _("You did far more than usual on %(when)s: up to %(largest)s points; your usual day has %(usual)s."),
        when=", ".join(day(done, told["last_day"]) for done in told["days"][-3:]),
        largest=number(told["largest_points"]),
        usual=number(told["usual_points"]),
    )


def _cramming(told: Mapping, say: Voice) -> str:
    figures = {
        "share": share(told["share"], 1),
        "first": day(told["crammed_days"][0], told["last_day"]),
        "last": day(told["crammed_days"][-1], told["last_day"]),
        "empty": told["zero_days"],
    }
    return say(
        _("%(name)s did %(share)s of a fortnight's work from %(first)s to %(last)s; %(empty)s of 14 days had none."),
        _("You did %(share)s of a fortnight's work from %(first)s to %(last)s; %(empty)s of 14 days had none."),
        **figures,
    )


def _binge_then_silence(told: Mapping, say: Voice) -> str:
    return say(
        _("After much more work than usual on %(when)s, %(name)s was silent for %(silent)s; a long gap is %(gap)s."),
        _("After much more work than usual on %(when)s, you did nothing for %(silent)s; a long gap is %(gap)s."),
        when=day(told["burst_day"], told["last_day"]),
        silent=days(told["silent_days"]),
        gap=days(told["long_gap_days"]),
    )


def _trend(told: Mapping, say: Voice) -> str:
    figures = {
        "slope": days(abs(round(told["slope_days_per_week"], 1))),
        "weeks": ", ".join(map(number, told["active_days_by_week"])),
    }
    if told["direction"] == "down":
        return say(
            _("%(name)s's active days a week are falling by about %(slope)s a week: %(weeks)s."),
            _("Your active days a week are falling by about %(slope)s a week: %(weeks)s."),
            **figures,
        )
    return say(
        _("%(name)s's active days a week are rising by about %(slope)s a week: %(weeks)s."),
        _("Your active days a week are rising by about %(slope)s a week: %(weeks)s."),
        **figures,
    )


def _change_point(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s's active days a week: %(after)s since the week of %(when)s, %(before)s before."),
        _("Your active days a week: %(after)s since the week of %(when)s, %(before)s before."),
        when=day(told["changed_on"], told["last_day"]),
        after=number(told["active_days_after"]),
        before=number(told["active_days_before"]),
    )


def _weekly_anomaly(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s's week of %(when)s had %(seen)s interactions, where about %(expected)s are usual in such a week."),
        _("Your week of %(when)s had %(seen)s interactions, where about %(expected)s are usual in such a week."),
        when=day(told["first_day"], told["last_day"]),
        seen=told["interactions"],
        expected=round(told["expected_interactions"]),
    )


def _shallow_completion(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s completed %(rapid)s of %(done)s cases in little time (half within %(median)s). What happened?"),
        _("You completed %(rapid)s of %(done)s cases in little time (half within %(median)s). What happened?"),
        rapid=told["rapid"],
        done=told["completed"],
        median=duration(told["median_rapid_seconds"]),
    )


def _help_abuse(told: Mapping, say: Voice) -> str:
    return say(
        _("On %(found)s of %(cases)s cases %(name)s asked for more help before the last can have been read."),
        _("On %(found)s of %(cases)s cases you asked for more help before the last can have been read."),
        found=told["cases_with_hurried_help"],
        cases=told["cases"],
    )


def _help_avoidance(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s asked for no help on %(alone)s of %(hard)s cases that proved hard. Would a hint have been of use?"),
        _("You asked for no help on %(alone)s of %(hard)s cases that proved hard. A hint may be of use there."),
        alone=told["attempts_without_help"],
        hard=told["attempts_that_went_badly"],
    )


def _abandonment_loop(told: Mapping, say: Voice) -> str:
    if told["mostly_given_up"]:
        return say(
            _("%(name)s left %(given_up)s of %(ended)s cases before the end. What was in the way?"),
            _("You left %(given_up)s of %(ended)s cases before the end. What was in the way?"),
            given_up=told["given_up"],
            ended=told["ended"],
        )
    return say(
        _("%(name)s began a case up to %(tries)s times without completing it: %(cases)s."),
        _("You began a case up to %(tries)s times without completing it: %(cases)s."),
        tries=told["most_attempts_at_one"],
        cases=", ".join(told["cases_begun_again"][:3]),
    )


def _archetype(told: Mapping, say: Voice) -> str:
    about, to = {
        ways.FADING: (_("%(name)s is working less than before"), _("You are working less than before")),
        ways.CRAMMER: (_("%(name)s works in a few full days"), _("You work in a few full days")),
        ways.STRUGGLING: (
            _("%(name)s keeps working although results are low"),
            _("You keep working although results are low"),
        ),
        ways.PASSIVE: (_("%(name)s looks at more than is worked on"), _("You look at more than you work on")),
        ways.STEADY: (_("%(name)s works steadily"), _("You work steadily")),
        ways.SPORADIC: (_("%(name)s works now and then"), _("You work now and then")),
    }[told["archetype"]]
    return say(
        _("%(way)s: active on %(active)s of the last 28 days, in %(weeks)s of 4 weeks."),
        _("%(way)s: active on %(active)s of the last 28 days, in %(weeks)s of 4 weeks."),
        way=say(about, to),
        active=told["active_days"],
        weeks=told["active_weeks"],
    )


# One line a detector; the test holds that none is missing.
WORDS = {
    "sessions": _sessions,
    "preferred_hours": _preferred_hours,
    "preferred_days": _preferred_days,
    "regularity": _regularity,
    "streak": _streak,
    "burst": _burst,
    "cramming": _cramming,
    "binge_then_silence": _binge_then_silence,
    "trend": _trend,
    "change_point": _change_point,
    "weekly_anomaly": _weekly_anomaly,
    "shallow_completion": _shallow_completion,
    "help_abuse": _help_abuse,
    "help_avoidance": _help_avoidance,
    "abandonment_loop": _abandonment_loop,
    "archetype": _archetype,
}
