"""Counts tell packed what is read most, and blocks of four weeks what may be shown of specialties and difficulties.

Made of the counts that are stored: those of sealed days cannot be counted again.
"""

from datetime import date, timedelta
from itertools import groupby

from django.db import migrations, models

from analytics.domain.counting import added
from analytics.domain.learner_sets import size, union
from analytics.domain.totals import packed_totals

FIRST_BLOCK, BLOCK_DAYS = date(1970, 1, 5), 28
PARTS = ("specialty", "difficulty")
ROWS_AT_ONCE = 500


def block_of(day):
    return day - timedelta(days=(day - FIRST_BLOCK).days % BLOCK_DAYS)


def part_of(row):
    return row.crowd_id, row.by, row.name


def pack_totals(apps, schema_editor):
    count = apps.get_model("analytics", "Count")
    weeks = count.objects.filter(span="week").exclude(by="case")
    for start in sorted({block_of(day) for day in weeks.values_list("start", flat=True).distinct()}):
        rows = list(weeks.filter(start__gte=start, start__lt=start + timedelta(days=BLOCK_DAYS)))
        for row in rows:
            row.totals = packed_totals(row.values)
        count.objects.bulk_update(rows, ["totals"], batch_size=ROWS_AT_ONCE)
        shown = sorted((row for row in rows if row.shown and row.by in PARTS), key=part_of)
        blocks = [together(count, start, list(part)) for _, part in groupby(shown, key=part_of)]
        count.objects.bulk_create(blocks, batch_size=ROWS_AT_ONCE)


def together(count, start, weeks):
    values, learners = added(week.values for week in weeks), union(bytes(week.learners) for week in weeks)
    return count(
        span="block",
        start=start,
        crowd_id=weeks[0].crowd_id,
        by=weeks[0].by,
        name=weeks[0].name,
        values=values,
        totals=packed_totals(values),
        learners=learners,
        size=size(learners),
        shown=True,
    )


def take_blocks_of_parts_away(apps, schema_editor):
    apps.get_model("analytics", "Count").objects.filter(span="block", by__in=PARTS).delete()


class Migration(migrations.Migration):
    dependencies = [("analytics", "0008_cases_released_anew")]

    operations = [
        migrations.AddField(
            model_name="count",
            name="totals",
            field=models.BinaryField(
                default=b"",
                editable=False,
                help_text="Those of `values` that are read most, packed (analytics/domain/totals.py); "
                "not of days and cases.",
            ),
        ),
        migrations.AlterField(
            model_name="count",
            name="shown",
            field=models.BooleanField(
                default=False,
                help_text="Of weeks and blocks of four weeks: whether it may be shown (docs/counting.md).",
            ),
        ),
        migrations.RunPython(pack_totals, take_blocks_of_parts_away),
    ]
