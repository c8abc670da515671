"""`{% each lines as line %}<tr><td>{{ line.name }}</td></tr>{% endeach %}`: a loop over dozens of rows that are alike.

Django looks each variable of each row up again, which takes longer than all else on a page with many rows. Here what
stands between the tags is rendered once for each shape of a row (which of what `{% if %}` asks about is there), with
blanks in the place of its values; then the blanks are filled, row by row.

Within another loop, `{% each rows as row everywhere %}` renders no shape again: what is not of the row is alike in all
rounds of that loop.

So a row's values are texts or whole numbers, made before: a filter, a loop or another tag finds a blank instead.
"""

from collections.abc import Callable
from html import escape
from operator import attrgetter
from typing import NamedTuple

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Stands around a value's name in what is filled. No text of ours holds it: neither HTML nor PostgreSQL admits it.
MARK = "\0"


@register.tag
def each(parser: Parser, token: Token) -> "EachNode":
    _, *told = token.split_contents()
    if len(told) not in (3, 4) or told[1] != "as" or told[3:] not in ([], ["everywhere"]):
        raise template.TemplateSyntaxError("Written as {% each rows as row %}, or {% each rows as row everywhere %}.")
    body = parser.parse(("endeach",))
    parser.delete_first_token()
    return EachNode(parser.compile_filter(told[0]), told[2], body, is_kept=len(told) == 4)


class EachNode(template.Node):
    child_nodelists = ("body",)

    def __init__(self, rows: FilterExpression, name: str, body: NodeList, *, is_kept: bool):
        self.rows, self.name, self.body, self.is_kept = rows, name, body, is_kept

    def render(self, context) -> SafeString:
        shapes = _Shapes(lambda blank: self._rendered(context, blank))
        if self.is_kept:
            shapes = context.render_context.setdefault(self, shapes)
        return mark_safe("".join([shapes.form_of(row).filled(row) for row in self.rows.resolve(context)]))

    def _rendered(self, context, blank: "_Blank") -> str:
        with context.push(**{self.name: blank}):
            return self.body.render(context)


class _Blank:
    """Stands for a value of a row, or for the row itself; what `{% if %}` asks about it is answered, and noted."""

    __iter__ = None

    def __init__(self, row: object, path: str, asked: dict["_Question", None]):
        self._row, self._path, self._asked = row, path, asked

    def __getitem__(self, name: str) -> "_Blank":
        return _Blank(self._row, f"{self._path}.{name}" if self._path else name, self._asked)

    def __bool__(self) -> bool:
        return self._answer(_Question(self._path))

    def __eq__(self, other: object) -> bool:
        return self._answer(_Question(self._path, other))

    def __str__(self) -> str:
        return f"{MARK}{self._path}{MARK}"

    def _answer(self, question: "_Question") -> bool:
        self._asked[question] = None
        return question.of(self._row)


class _Question(NamedTuple):
    """Whether a row's value is there; with `other`, whether it is this one."""

    path: str
    other: object = None

    def of(self, row: object) -> bool:
        value = attrgetter(self.path)(row)
        return bool(value) if self.other is None else value == self.other


class _Form:
    """A row of one shape, as text with blanks."""

    def __init__(self, text: str):
        parts = text.split(MARK)
        self._text, names = "%s".join(part.replace("%", "%%") for part in parts[::2]), parts[1::2]
        # Of a single name attrgetter would give the bare value.
        self._values = attrgetter(*names) if len(names) > 1 else lambda row: [attrgetter(name)(row) for name in names]

    def filled(self, row: object) -> str:
        return self._text % tuple([_escaped(value) for value in self._values(row)])


def _escaped(value: str | int) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


class _Shapes:
    """The forms by shape: the answers to what rendering asked so far. Where it asks more, a form is made once more."""

    def __init__(self, render: Callable[[_Blank], str]):
        self._render = render
        self._asked: dict[_Question, None] = {}
        self._forms: dict[tuple[bool, ...], _Form] = {}

    def form_of(self, row: object) -> _Form:
        if (form := self._forms.get(self._shape(row))) is None:
            form = _Form(self._render(_Blank(row, "", self._asked)))
            self._forms[self._shape(row)] = form
        return form

    def _shape(self, row: object) -> tuple[bool, ...]:
        return tuple([question.of(row) for question in self._asked])
