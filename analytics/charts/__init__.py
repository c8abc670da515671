"""Charts: figures in, geometry and a table twin out. Each has one module here and one template in templates/charts.

A page shows any of them by `{% chart it %}`. Colours are classes of the stylesheet, words come with the figures.
"""

from analytics.charts.bands import Band, BandChart, band_chart
from analytics.charts.bars import Bar, BarChart, BarPlot, bar_plot
from analytics.charts.chart import (
    SMALLEST_GROUP,
    Cell,
    Chart,
    Figure,
    KeyEntry,
    NoChart,
    Table,
    empty_chart,
    insufficient_chart,
    suppressed_chart,
)
from analytics.charts.columns import ColumnChart, column_chart
from analytics.charts.distribution import Bin, Distribution, Marker, bins_of, distribution
from analytics.charts.funnel import Funnel, FunnelStep, funnel
from analytics.charts.heatmap import Heatmap, heatmap, weekday_names
from analytics.charts.line import ForecastPoint, LineChart, LinePoint, line_chart
from analytics.charts.places import Place, PlaceChart, place_chart
from analytics.charts.retention import RetentionStep, retention_chart
from analytics.charts.scale import Tick, XLabel, nice_ceiling
from analytics.charts.sparkline import Sparkline, sparkline
from analytics.charts.stacked import Segment, StackChart, StackRow, stacked

__all__ = [
    "SMALLEST_GROUP",
    "Band",
    "BandChart",
    "Bar",
    "BarChart",
    "BarPlot",
    "Bin",
    "Cell",
    "Chart",
    "ColumnChart",
    "Distribution",
    "Figure",
    "ForecastPoint",
    "Funnel",
    "FunnelStep",
    "Heatmap",
    "KeyEntry",
    "LineChart",
    "LinePoint",
    "Marker",
    "NoChart",
    "Place",
    "PlaceChart",
    "RetentionStep",
    "Segment",
    "Sparkline",
    "StackChart",
    "StackRow",
    "Table",
    "Tick",
    "XLabel",
    "band_chart",
    "bar_plot",
    "bins_of",
    "column_chart",
    "distribution",
    "empty_chart",
    "funnel",
    "heatmap",
    "insufficient_chart",
    "line_chart",
    "nice_ceiling",
    "place_chart",
    "retention_chart",
    "sparkline",
    "stacked",
    "suppressed_chart",
    "weekday_names",
]
