"""`{% each %}` writes what `{% for %}` would."""

from dataclasses import dataclass
from html import escape

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe

HOSTILE = '<b>%s {{ x }} & "quoted"</b>'


@dataclass
class Tip:
    words: str


@dataclass
class Row:
    name: str
    kind: str = ""
    count: int = 0
    tip: Tip | None = None


ROWS = [
    Row("Lena", "high", 3, Tip("once")),
    Row("Mia"),
    Row(HOSTILE, "low", 12, Tip(HOSTILE)),
    Row(mark_safe("<em>Ida</em>"), "high"),
    Row("100 %"),
]
BODY = (
    '<tr class="{{ row.kind }}{% if not row.count %} none{% endif %}">{% if row.kind == "low" %}!{% endif %}'
    "<td>{{ row.name }}</td>{% if row.tip %}<td>{{ row.tip.words }}: {{ row.count }} {{ unit }}</td>{% endif %}</tr>"
)


def written(template: str, **context) -> str:
    return Template("{% load each %}" + template).render(Context(context))


def test_rows_are_written_as_for_would_write_them():
    context = {"rows": ROWS, "unit": HOSTILE}
    by_each = written("{% each rows as row %}" + BODY + "{% endeach %}", **context)
    assert by_each == written("{% for row in rows %}" + BODY + "{% endfor %}", **context)
    assert escape(HOSTILE) in by_each


def test_rows_that_are_alike_are_rendered_once_for_all():
    asked = []
    rows = [Row(str(number), "high" if number % 2 else "") for number in range(10)]
    text = written(
        "{% each rows as row %}{{ row.name }}{% if row.kind %}+{% endif %}{{ heard }}{% endeach %}",
        rows=rows,
        heard=lambda: asked.append(None) or ".",
    )
    assert text == "0.1+.2.3+.4.5+.6.7+.8.9+."
    # Once more than there are shapes: the first time nobody knew what would be asked.
    assert len(asked) <= 3


def test_nothing_to_write_writes_nothing():
    assert written("{% each rows as row %}{{ row.name }}{% endeach %}", rows=[]) == ""


def test_a_row_without_blanks_is_written_as_often_as_there_are_rows():
    assert written("{% each rows as row %}50 %{% endeach %}", rows=[Row("a"), Row("b")]) == "50 %50 %"


def test_what_goes_through_a_value_finds_a_blank_and_fails():
    with pytest.raises(TypeError):
        written("{% each rows as row %}{% for sign in row.name %}{{ sign }}{% endfor %}{% endeach %}", rows=ROWS)


def test_each_says_how_it_is_written():
    with pytest.raises(TemplateSyntaxError, match="each rows as row"):
        Template("{% load each %}{% each row in rows %}{% endeach %}")


def test_in_a_loop_the_shapes_of_the_first_round_serve_the_others():
    asked = []
    text = written(
        "{% for rows in rounds %}{% each rows as row everywhere %}{{ row.name }}{{ heard }}{% endeach %};{% endfor %}",
        rounds=[[Row("a"), Row("b")], [], [Row("c")]],
        heard=lambda: asked.append(None) or ".",
    )
    assert text == "a.b.;;c.;"
    assert len(asked) == 1
