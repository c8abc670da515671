"""A learner of a cohort's table as the texts of its cells, made before they are shown.

Looking through objects for each of ten cells of dozens of learners took a template longer than all else on the page.
"""

from django.urls import reverse

from analytics.numbers import signed, whole
from analytics.views.cohort_table import Entry
from analytics.words import level_words, points_sentence, standing_sentence


def line_of(entry: Entry) -> dict[str, object]:
    """The cells by name; "" where there is nothing to tell, and the template says that in words."""
    row, standing = entry.row, entry.row.standing
    spark, spark_words = entry.trend
    return {
        "url": reverse("learner", args=[row.learner.public_id]),
        "name": row.learner.display_name,
        "is_paused": standing.is_paused,
        "level": standing.level,
        "level_words": level_words(standing.level),
        "index": "" if standing.score is None else str(whole(standing.score)),
        "change": "" if standing.change is None else signed(standing.change),
        "last_seen": row.last_seen,
        "done": entry.done_words,
        "spark": spark,
        "spark_words": spark_words,
        "needs": bool(standing.attention),
        "stands_out": standing_sentence(standing),
        "why": f"{points_sentence(standing.reasons)}." if standing.reasons else "",
    }
