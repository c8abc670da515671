"""One chart of each kind, with a text in it that would like to be markup; tests and the browser look at them."""

from analytics.charts import (
    Band,
    Figure,
    ForecastPoint,
    FunnelStep,
    LinePoint,
    Marker,
    Place,
    RetentionStep,
    band_chart,
    bins_of,
    column_chart,
    distribution,
    empty_chart,
    funnel,
    heatmap,
    insufficient_chart,
    line_chart,
    place_chart,
    retention_chart,
    suppressed_chart,
)
from analytics.numbers import duration
from engagement.domain.insufficient import Insufficient, Need

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
SAID = {"words": f"In words: {HOSTILE}", "note": f"24 values {HOSTILE}"}


def samples(text: str = HOSTILE) -> dict[str, object]:
    """By key, in the order of a page; `text` stands wherever a label or a title does."""
    points = [
        LinePoint(f"{day} {text}", None if day in (4, 7) else 100.0 + 10 * day, 90.0 + day, day in (7, 8))
        for day in range(1, 15)
    ]
    ahead = [ForecastPoint(f"{day} {text}", 200, 200 - 20 * (day - 14), 200 + 20 * (day - 14)) for day in (15, 16)]
    steps = [RetentionStep(f"week {week}", 40 if week < 3 else 9, 40 - 10 * week) for week in range(4)]
    charts = [
        line_chart(
            key="line",
            title=f"Line {text}",
            heading="Day",
            unit=f"Points {text}",
            points=points,
            forecast=ahead,
            before_words=f"before {text}",
            **SAID,
        ),
        line_chart(key="few", title="Few", heading="Day", unit="Points", points=points[:5], **SAID),
        retention_chart(key="retention", title=f"Retention {text}", heading="Week", steps=steps, **SAID),
        column_chart(
            key="columns",
            title=f"Columns {text}",
            heading="Week",
            kinds=[("low", f"Low {text}"), ("high", "High"), ("unmeasured", "None")],
            columns=[(f"{week} {text}", [week, 4, 1]) for week in range(5)],
            **SAID,
        ),
        heatmap(key="heat", title=f"Heat {text}", unit=text, counts={(0, 9): 8, (6, 23): 2, (3, 0): 5}, **SAID),
        funnel(
            key="funnel",
            title=f"Funnel {text}",
            note="n",
            heading="Step",
            unit="Learners",
            people=21,
            steps=[FunnelStep(f"{name} {text}", n) for name, n in (("a", 21), ("b", 20), ("c", 11), ("d", 11))],
        ),
        distribution(
            key="spread",
            title=f"Spread {text}",
            heading="Time",
            unit=text,
            bins=bins_of([60, 130, 250, 400, 599], 6, unit=60),
            markers=[Marker(250, f"Median {text}"), Marker(70, "Fastest tenth")],
            value_words=duration,
            **SAID,
        ),
        band_chart(
            key="bands",
            title=f"Bands {text}",
            note="n",
            heading="Measure",
            own_words=f"You {text}",
            others=12,
            bands=[Band(f"Index {text}", 10, 40, 50, 70, 90, 62), Band("Depth", 10, 40, 50, 70, 90, None)],
        ),
        place_chart(
            key="places",
            title=f"Places {text}",
            headings=["Measure", "Now", "Before"],
            own_words=f"Where you stand {text}",
            others=15,
            places=[
                Place(f"Days {text}", [Figure(3.3, "3.3"), Figure(None, "–")], f"3.3 {text}", 2, 3, f"upper {text}"),
                Place("Minutes", [Figure(0, "0"), Figure(1, "1")], "0 a week", None, 1, "all alike"),
            ],
            **SAID,
        ),
        empty_chart("empty", f"Empty {text}"),
        insufficient_chart("short", f"Short {text}", Insufficient((Need("counting days", 3, 7),))),
        suppressed_chart("few-people", f"Small {text}"),
    ]
    return {chart.key: chart for chart in charts}
