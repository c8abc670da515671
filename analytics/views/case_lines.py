"""A case of the list as the texts of its row, made before they are shown, as those of learners are (learner_lines)."""

from django.urls import reverse

from analytics.case_figures import outcome_bar
from analytics.case_words import row_sentence
from analytics.numbers import duration, fixed, number, share
from analytics.selectors.case_pages import Judged
from analytics.selectors.crowds.concerns import LEFT
from analytics.words import difficulty_words


def line_of(one: Judged, query: str) -> dict[str, object]:
    """The texts by name. query: the filters that go with the reader to the case's own page."""
    case, bar = one.health, outcome_bar(one.health)
    return {
        "url": reverse("case", args=[case.case_id]) + (f"?{query}" if query else ""),
        "title": case.title,
        "kind": " · ".join(filter(None, (case.specialty, difficulty_words(case.difficulty)))),
        # Whether it loses more learners than the other cases.
        "loses": one.first is not None and one.first.kind == LEFT,
        "sentence": row_sentence(one),
        "bar": bar,
        "became": ", ".join(part.words for part in bar),
        "learners": number(case.learners),
        "starts": number(case.starts),
        "left": share(case.left, case.starts),
        "half": duration(case.time.median) if case.time else "–",
        "fast": share(case.shallow, case.timed),
        "score": fixed(case.score.mean, 0) if case.score else "–",
    }
