"""Insights in a sentence each: to a tutor about a learner, or to himself. Questions and offers, no verdicts."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from engagement.domain.insights import Insight
from engagement.insights import LearningInsights, RiskFactor
from engagement.words.dates import earliest
from engagement.words.numbers import count, days, duration, number, share, whole
from engagement.words.patterns import Voice, pattern_words
from engagement.words.standing import (
    attention_sentence,
    clearing_sentence,
    own_clearing_sentence,
    own_sentences,
    own_standing_sentence,
    points_sentence,
    standing_sentence,
)


def summary_words(found: LearningInsights, *, to_the_learner: bool) -> str:
    """Where the learner stands, and against his own window before."""
    standing, analytics = found.standing, found.analytics
    if to_the_learner:
        has_begun = bool(analytics.record.days)
        said = [own_standing_sentence(standing, has_begun=has_begun)]
    else:
        said = [standing_sentence(standing)]
    if standing.reasons:
        said.append(f"{points_sentence(standing.reasons)}.")
    if analytics.previous is not None:
        active, before = analytics.totals.active_days, analytics.previous.totals.active_days
        said.append(
            _("%(active)s in this period, %(before)s in the one before.")
            % {"active": count(active, "active day"), "before": number(before)}
        )
    return " ".join(said)


def risk_words(factor: RiskFactor, *, to_the_learner: bool) -> str:
    return own_sentences(factor.reason) if to_the_learner else attention_sentence(factor.reason)


def clearing_words(factor: RiskFactor, found: LearningInsights, *, to_the_learner: bool) -> str | None:
    if factor.clearing is None:
        return None
    told = own_clearing_sentence if to_the_learner else clearing_sentence
    return told(factor.clearing, found.as_of)


def strength_words(insight: Insight, *, name: str | None) -> str:
    """A strength; `name`: the learner's, None where he himself reads it."""
    return STRENGTHS[insight.kind](insight.evidence, Voice(name))


def opportunity_words(insight: Insight, found: LearningInsights, *, name: str | None) -> str:
    if insight.kind in OPPORTUNITIES:
        return OPPORTUNITIES[insight.kind](insight.evidence, Voice(name), found)
    return pattern_words(insight.kind, found.patterns.of(insight.kind).outcome, name=name)


def limit_words(insight: Insight, *, name: str | None) -> str:
    if insight.kind == "pattern":
        return pattern_words(insight.evidence["pattern"], insight.missing, name=name)
    return LIMITS[insight.kind](insight)


def _returned(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s is back: %(active)s since a silence of %(silent)s."),
        _("You are back: %(active)s since a silence of %(silent)s."),
        active=count(told["active_days_since"], "active day"),
        silent=days(told["silent_days"]),
    )


def _risen(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s's index is %(points)s above that of four weeks ago."),
        _("Your index is %(points)s above that of four weeks ago."),
        points=count(told["points"], "point"),
    )


def _regular(told: Mapping, say: Voice) -> str:
    figures = {"share": share(told["regularity_part"], 1)}
    return say(
        _("Of four active days a week %(name)s reached %(share)s."),
        _("Of four active days a week you reached %(share)s."),
        **figures,
    )


def _streak(told: Mapping, say: Voice) -> str:
    if told["current_days"] > 1:
        return say(
            _("%(name)s has been active %(days)s in a row; the longest run was %(longest)s."),
            _("You have been active %(days)s in a row; your longest run was %(longest)s."),
            days=days(told["current_days"]),
            longest=days(told["longest_days"]),
        )
    return say(
        _("%(name)s has kept to four active days a week or more; full weeks in a row: %(weeks)s."),
        _("You have kept to four active days a week or more; full weeks in a row: %(weeks)s."),
        weeks=told["weeks_with_four_active_days"],
    )


def _depth(told: Mapping, say: Voice) -> str:
    return say(
        _("On the best days %(name)s works cases through: %(share)s of the depth there can be."),
        _("On your best days you work cases through: %(share)s of the depth there can be."),
        share=share(told["depth_part"], 1),
    )


def _sees_through(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s worked every case to the end: %(cases)s, none abandoned."),
        _("You worked every case to the end: %(cases)s, none abandoned."),
        cases=count(told["completed"], "case"),
    )


def _mastery(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s can expect %(mastery)s of 100 on a case of middling difficulty in %(specialty)s (%(n)s scored)."),
        _("You can expect %(mastery)s of 100 on a case of middling difficulty in %(specialty)s (%(n)s scored)."),
        mastery=whole(100 * told["mastery"]),
        specialty=told["specialty"],
        n=told["attempts"],
    )


def _rising(told: Mapping, say: Voice) -> str:
    return say(
        _("%(name)s's active days a week are rising: %(weeks)s."),
        _("Your active days a week are rising: %(weeks)s."),
        weeks=", ".join(map(number, told["active_days_by_week"])),
    )


STRENGTHS = {
    "returned": _returned,
    "risen": _risen,
    "regular": _regular,
    "streak": _streak,
    "depth": _depth,
    "sees_through": _sees_through,
    "mastery": _mastery,
    "rising": _rising,
}


def _next_level(told: Mapping, say: Voice, found: LearningInsights) -> str:
    levels = {"medium": _("medium"), "high": _("high"), "very_high": _("very high")}
    return say(
        _("%(days)s in a row like %(name)s's usual ones lead to the level %(level)s, %(when)s."),
        _("%(days)s in a row like your usual ones lead to the level %(level)s, %(when)s."),
        days=count(told["active_days"], "active day"),
        level=levels[told["level"]],
        when=earliest(told["by_day"], found.as_of),
    )


def _room(told: Mapping, say: Voice, found: LearningInsights) -> str:
    part = {"activity": _("activity"), "regularity": _("regularity"), "depth": _("depth")}[told["part"]]
    return _("Most room in the index: %(part)s gives %(points)s of %(most)s points.") % {
        "part": part,
        "points": whole(told["points"]),
        "most": whole(told["of_points"]),
    }


OPPORTUNITIES = {"next_level": _next_level, "room": _room}


def _not_competence(_limit: Insight) -> str:
    return _("These figures tell how much and how regularly somebody works, not how well.")


def _unknown_time(limit: Insight) -> str:
    told = limit.evidence
    return _("For %(unknown)s of %(clock)s on the clock nobody knows whether it was active (%(share)s).") % {
        "unknown": duration(told["unknown_seconds"]),
        "clock": duration(told["wall_clock_seconds"]),
        "share": share(told["unknown_seconds"], told["wall_clock_seconds"]),
    }


def _untimed(limit: Insight) -> str:
    told = limit.evidence
    return _("%(untimed)s of %(all)s brought no time.") % {
        "untimed": number(told["untimed"]),
        "all": count(told["interactions"], "interaction"),
    }


def _no_performance(limit: Insight) -> str:
    [need] = limit.missing.needs
    return _("Too few results to say what is mastered: %(have)s of %(need)s scored cases.") % {
        "have": number(need.have),
        "need": number(need.need),
    }


def _order_within_a_day(_limit: Insight) -> str:
    return _("Cases left in a row are counted from sums of days: within one day some may be missed, none is made up.")


def _after_leave(_limit: Insight) -> str:
    return _("A pause ended within four weeks: the index looks back across it to the work before.")


LIMITS = {
    "not_competence": _not_competence,
    "unknown_time": _unknown_time,
    "untimed": _untimed,
    "no_performance": _no_performance,
    "order_within_a_day": _order_within_a_day,
    "after_leave": _after_leave,
}
