"""Why something is recommended, in one sentence that holds for whoever reads it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.calendar import local_day
from engagement.ranking import COLD_START, Recommendation
from engagement.words.dates import full_day
from engagement.words.numbers import fixed, number


def reason_of(found: Recommendation) -> str:
    """The part that counts most, said plainly; and where it was drawn by lot, that."""
    said = _main_reason(found)
    if found.evidence.propensity is not None:
        return _("Something different, drawn by lot from the next best. %(reason)s") % {"reason": said}
    return said


def _main_reason(found: Recommendation) -> str:
    evidence = found.evidence
    parts = {part.name: part.points for part in evidence.parts}
    specialty = found.specialty or _("this field")
    if found.basis == COLD_START:
        return _cold_start(found, parts)
    if not evidence.attempts and parts["novelty"]:
        return _("No scored attempt in %(specialty)s yet.") % {"specialty": specialty}
    # Prior and novelty order what is otherwise alike; they are the reason only where nothing else is.
    main = max(("gap", "zpd", "due"), key=lambda name: parts.get(name, 0.0))
    if parts.get(main, 0.0) < max(parts["prior"], parts["novelty"]) / 2:
        return _popular(parts)
    if main == "gap":
        return ngettext(
            "Results in %(specialty)s have room to grow: %(mastery)s of 100 expected, from %(count)s scored attempt.",
            "Results in %(specialty)s have room to grow: %(mastery)s of 100 expected, from %(count)s scored attempts.",
            evidence.attempts,
        ) % {
            "specialty": specialty,
            "mastery": fixed(100 * evidence.mastery.probability, 0),
            "count": number(evidence.attempts),
        }
    if main == "zpd":
        return _("About the right difficulty: a score near %(score)s of 100 is expected.") % {
            "score": fixed(evidence.expected_score, 0)
        }
    return _("%(specialty)s was last practised on %(day)s; a refresher is due.") % {
        "specialty": specialty[:1].upper() + specialty[1:],
        "day": full_day(local_day(evidence.last_practised)),
    }


def _cold_start(found: Recommendation, parts: dict[str, float]) -> str:
    if parts.get("order", 0.0) > max(parts["prior"], parts["novelty"]):
        return _("A good place to start; it becomes personal after three scored cases.")
    return _popular(parts)


def _popular(parts: dict[str, float]) -> str:
    if parts["prior"] > parts["novelty"] / 2:
        return _("What others at the same point are opening now.")
    return _("Not opened yet.") if parts["novelty"] else _("Worth another look.")
