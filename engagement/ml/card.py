"""Model cards: what a model is, from what, how it was judged, and what it must not be used for."""

from collections.abc import Sequence

from engagement.ml.choosing import SPANS, Choice
from engagement.ml.evaluation import EventScore
from engagement.ml.features import FEATURES
from engagement.ml.outlook import CohortFit, TrackRecord

_NOT_FOR = """Not for grading, admission, dismissal, or any decision about a person without a person. A forecast says
how learners with such days went on so far; it does not know why, and it does not say what somebody can do.
Inputs are days and counts of interactions, of the learner and of the cohort. Age, gender, origin, disability,
marks and free text are no inputs. Whether errors differ between groups is not known here: audit that first."""


def card_of(choice: Choice, cohort: CohortFit) -> str:
    """The card of trees for one forecast, shipped or not."""
    lines = [f"# {choice.key}", "", *_tried(choice), ""]
    lines += [
        f"Learned through {cohort.fitted_on}. Gradient boosting of trees on {len(FEATURES)} features,",
        "deterministic, kept as arrays of numbers.",
        "",
        _NOT_FOR,
    ]
    return "\n".join(lines)


def cohort_card(cohort: CohortFit, choices: Sequence[Choice] = ()) -> str:
    """The card of the cohort's fit: what is shown for each forecast, what else was tried, and the record."""
    model = cohort.bgbb
    lines = [
        "# cohort",
        "",
        f"Fitted through {cohort.fitted_on} on {cohort.learners} learners.",
        f"BG/BB of active days: alpha {model.alpha:.4f}, beta {model.beta:.4f}, gamma {model.gamma:.4f}, "
        f"delta {model.delta:.4f}; {cohort.size:.2f} interactions an active day.",
        "",
    ]
    for choice in choices:
        lines += [f"## {choice.key}", "", *_tried(choice)]
        if record := cohort.records.get(choice.key):
            told = f"Record of what is shown, cut-offs {record.origins[0]} to {record.origins[1]}:"
            lines += ["", told, "", *_record(record)]
        lines.append("")
    return "\n".join([*lines, _NOT_FOR])


def _tried(choice: Choice) -> list[str]:
    """What is shown, and why every other candidate is not."""
    simplest = choice.methods[-1]
    lines = [f"Shown: {choice.methods[0]}.", ""]
    for verdict in choice.verdicts:
        lines.append(f"- {verdict.method}: {'passed' if verdict.passed else 'refused'}; {verdict.why}")
    if len(choice.methods) == 1:
        lines.append(f"- {simplest}: shown as it is, since no candidate passed")
    told = "Judged on cut-offs after everything they learned from"
    lines += ["", f"{told}: {'; '.join(SPANS)} (of amounts the first two).", ""]
    for name, values in choice.scores.items():
        lines.append(f"- {name}: " + "; ".join(_score(value) for value in values))
    return lines


def _record(record: TrackRecord) -> list[str]:
    events = [f"- {name}: {_score(score)}" for name, score in record.event.items()]
    amounts = [
        f"- {name}: RMSE {score.rmse:.3f}, pinball {score.pinball:.3f}, 80 % interval held {score.coverage:.1%} "
        f"({score.cases} cases)"
        for name, score in record.amount.items()
    ]
    return events + amounts


def _score(value: EventScore | float) -> str:
    if isinstance(value, float):
        return f"RMSE {value:.3f}"
    area = "not known" if value.auc is None else f"{value.auc:.3f}"
    off = "" if value.calibration_error is None else f", calibration error {value.calibration_error:.3f}"
    return f"AUC {area}, Brier {value.brier:.4f} ({value.cases} cases, {value.base_rate:.1%} silent{off})"
