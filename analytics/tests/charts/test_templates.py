"""Every chart as a page shows it."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from django.template import engines
from django.utils import translation

from analytics.charts import Figure
from analytics.tests.charts.samples import HOSTILE, samples

PAGE = {"institution_zone": "Europe/Berlin", "viewer_zone": "Asia/Kolkata", "complete_through": "14:32"}
CHARTS = samples()
DRAWN = [key for key, chart in CHARTS.items() if chart.table]


class Marks(HTMLParser):
    """The tags and attributes that a browser would see, and the texts between them."""

    def __init__(self):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.texts.append(data)


def shown(chart, **more) -> str:
    template = engines["django"].from_string("{% load medsim %}{% chart it %}")
    return template.render(PAGE | {"it": chart} | more)


@pytest.mark.parametrize("key", CHARTS)
def test_hostile_texts_stay_text_and_nothing_is_inline(key):
    marks = Marks()
    marks.feed(shown(CHARTS[key]))
    assert HOSTILE in "".join(marks.texts)
    assert {"script", "img", "style"} & marks.tags == set()
    assert [name for name in marks.attributes if name.startswith("on") or name == "style"] == []


@pytest.mark.parametrize("key", DRAWN)
def test_the_table_twin_says_every_figure_of_the_chart(key):
    chart, page = CHARTS[key], shown(CHARTS[key])
    cells = [re.sub(r"\s+", " ", cell) for cell in re.findall(r"<t[dh](?:\s[^>]*)?>(.*?)</t[dh]>", page, re.S)]
    twin = [str(cell) for row in (chart.table.columns, *chart.table.rows) for cell in row]
    assert [unescape(cell) for cell in cells] == twin
    assert any(isinstance(cell, Figure) for row in chart.table.rows for cell in row)


@pytest.mark.parametrize("key", DRAWN)
def test_zone_freshness_title_and_description_are_there(key):
    page = shown(samples("plain")[key])
    assert "days in Europe/Berlin · complete through 14:32, Asia/Kolkata" in page
    assert samples("plain")[key].title in page
    assert "<title" in page or "aria-label=" in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_chart_may_be_older_than_its_page():
    assert "complete through 14:30, Asia/Kolkata" in shown(replace(CHARTS["line"], through="14:30"))


def test_no_locale_turns_a_position_into_words():
    with translation.override("de"):
        page = shown(CHARTS["line"])
    positions = re.findall(r'\s(?:x|y|x1|x2|y1|y2|cx|cy|width|height|points|viewBox)="([^"]*)"', page)
    assert positions
    assert [each for each in positions if not re.fullmatch(r"[-\d. ,%]*", each)] == []
    assert [each for each in positions if re.search(r"\d,\d+%", each)] == []


def test_the_export_of_a_chart_is_offered_where_its_page_exports():
    assert 'href="?timeRange=90d&amp;format=csv&amp;table=line"' in shown(
        CHARTS["line"], exports="timeRange=90d&format=csv"
    )
    assert "format=csv" not in shown(CHARTS["line"])


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("empty", "Nothing in this period."),
        ("short", "Not enough data yet: 3 of 7 days."),
        ("few-people", "Not shown: figures about a group need at least 10 learners."),
    ],
)
def test_where_there_is_no_chart_there_are_words(key, words):
    page = shown(CHARTS[key])
    assert words in page
    assert "<svg" not in page and "<table" not in page


def test_few_marks_can_be_walked_and_say_what_they_are():
    page = shown(samples("plain")["few"])
    assert page.count('tabindex="0" role="img" aria-label="') == 5
    assert 'role="group"' in page
    assert 'tabindex="0" role="img"' not in shown(CHARTS["line"])
    assert HOSTILE not in page
