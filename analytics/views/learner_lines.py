"""A learner of a cohort's table as the texts of its cells, made before they are shown (templatetags/each.py)."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from analytics.charts import Sparkline
from analytics.moments import moment
from analytics.numbers import signed, whole
from analytics.views.cohort_table import Entry
from analytics.words import level_words, points_sentence, standing_sentence


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """The cells; "" where there is nothing to tell, and the template says that in words."""

    url: str
    name: str
    is_paused: bool
    level: str
    level_words: str
    index: str
    change: str
    seen: str
    done: str
    spark: Sparkline
    spark_words: str
    needs: bool
    stands_out: str
    why: str


def line_of(entry: Entry, now: datetime) -> LearnerLine:
    row, standing = entry.row, entry.row.standing
    score, level, change = standing.score, standing.level, standing.change
    spark, spark_words = entry.trend
    return LearnerLine(
        url=reverse("learner", args=[row.learner.public_id]),
        name=row.learner.display_name,
        is_paused=standing.is_paused,
        level=level or "",
        level_words=level_words(level),
        index="" if score is None else str(whole(score)),
        change="" if change is None else signed(change),
        seen=moment(row.last_seen, now) if row.last_seen else "",
        done=entry.done_words,
        spark=spark,
        spark_words=spark_words,
        needs=bool(standing.attention),
        stands_out=standing_sentence(standing),
        why=f"{points_sentence(standing.reasons)}." if standing.reasons else "",
    )
