"""Figures behind a risk of silence in words. Plain and kind: what was seen, never what somebody is."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from engagement.domain.forecast.silence_rule import RuleAnswer
from engagement.domain.insufficient import Insufficient
from engagement.forecasts import Reason, SilenceRisk
from engagement.ml.outlook import RECENCY
from engagement.words.numbers import fixed, number

# What can be short, so that translators find it.
NEEDS = (
    gettext_noop("observed days"),
    gettext_noop("coming days without leave"),
    gettext_noop("coming days of the enrolment"),
    gettext_noop("learners with 14 observed days, fitted"),
)


def risk_sentence(name: str | None, risk: SilenceRisk | RuleAnswer | Insufficient, days: int) -> str:
    """What is to be said about one learner; name: None where he himself reads it.

    A chance that is a shorter horizon's is told as that, and that it is no higher for these days.
    """
    if isinstance(risk, SilenceRisk) and risk.days != days:
        told = {"sentence": risk_sentence(name, risk, risk.days), "days": days}
        return _("%(sentence)s The chance of %(days)s days without work is no higher.") % told
    if name is None:
        return _own_risk_sentence(risk, days)
    if isinstance(risk, Insufficient):
        return _("There is too little to say whether %(name)s will go on.") % {"name": name}
    if isinstance(risk, RuleAnswer):
        told = {"name": name, "days": number(risk.days_since), "gap": fixed(risk.usual_gap, 0)}
        if risk.unusual:
            return _("%(name)s has not worked for %(days)s days; usually it is at most %(gap)s.") % told
        return _("%(name)s last worked %(days)s days ago, which is usual: gaps go up to %(gap)s days.") % told
    told = {"name": name, "percent": fixed(100 * risk.probability, 0), "days": days}
    if risk.method == RECENCY:
        said = _(
            "By the last active day alone: of learners who last worked as long ago as %(name)s, %(percent)s of 100 "
            "did not work in the %(days)s days after."
        )
        return said % told
    return (
        _("Of learners with days like those of %(name)s, %(percent)s of 100 did not work in the %(days)s days after.")
        % told
    )


def _own_risk_sentence(risk: SilenceRisk | RuleAnswer | Insufficient, days: int) -> str:
    if isinstance(risk, Insufficient):
        return _("There is too little to say how your next days will be.")
    if isinstance(risk, RuleAnswer):
        told = {"days": number(risk.days_since), "gap": fixed(risk.usual_gap, 0)}
        if risk.unusual:
            return _("You have not worked for %(days)s days; usually it is at most %(gap)s.") % told
        return _("You last worked %(days)s days ago, which is usual: gaps go up to %(gap)s days.") % told
    told = {"percent": fixed(100 * risk.probability, 0), "days": days}
    if risk.method == RECENCY:
        said = _(
            "By the last active day alone: of learners who last worked as long ago as you, %(percent)s of 100 did not "
            "work in the %(days)s days after."
        )
        return said % told
    return _("Of learners with days like yours, %(percent)s of 100 did not work in the %(days)s days after.") % told


def reason_sentence(reason: Reason) -> str:
    """One figure that moved the risk, as "days since the last active day: 9 (raises it)"."""
    told = {"what": _(reason.feature), "value": number(reason.value)}
    if reason.contribution is None:
        return _("%(what)s: %(value)s") % told
    if reason.contribution > 0:
        return _("%(what)s: %(value)s (raises it)") % told
    return _("%(what)s: %(value)s (lowers it)") % told
