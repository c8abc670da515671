"""Every text of the pages has its German, and what is compiled is what stands in the catalogue.

Read without GNU gettext, which is only needed to gather texts anew (`make messages`).
"""

import ast
import gettext
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from analytics import dates, numbers, words
from medsim_tracking.testing import NOW

CATALOGUE = settings.BASE_DIR / "locale/de/LC_MESSAGES/django.po"
SEPARATOR = "\x04"
# Function, and which of its arguments are context, text, plural.
CALLS = {"gettext": (None, 0, None), "gettext_lazy": (None, 0, None), "gettext_noop": (None, 0, None)}
CALLS |= {"ngettext": (None, 0, 1), "ngettext_lazy": (None, 0, 1), "_": (None, 0, None)}
CALLS |= {"pgettext": (0, 1, None), "pgettext_lazy": (0, 1, None), "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2)}


def entries(text: str) -> list[dict[str, str]]:
    """The entries of a .po file: keyword to text, with the flags under `flags`."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        entry, name = {"flags": " ".join(re.findall(r"^#, (.*)$", block, re.M))}, ""
        for line in block.splitlines():
            if line.startswith("#") or '"' not in line:
                continue
            keyword, _, rest = line.partition('"')
            name = keyword.strip() or name
            entry[name] = entry.get(name, "") + ast.literal_eval(f'"{rest}')
        if "msgid" in entry:
            found.append(entry)
    return found


def key_of(entry: dict[str, str]) -> str:
    return f"{entry['msgctxt']}{SEPARATOR}{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]


def texts_in(source: str) -> set[str]:
    """What a Python source gives to gettext, as the catalogue's keys."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in CALLS and len(node.args) > CALLS[name][1]:
            context, text, _ = CALLS[name]
            told = [node.args[at].value for at in (context, text) if at is not None and _is_text(node.args[at])]
            if len(told) == (context is not None) + 1:
                found.add(SEPARATOR.join(told))
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def texts_in_template(source: str) -> set[str]:
    """Django turns a template into calls of gettext between lines of X; some of them span what Python would not."""
    calls = re.findall(r" (n?p?gettext|_)\((.*?)\) ", templatize(source), re.S)
    found = set()
    for name, arguments in calls:
        told = arguments.replace(",count", ",0").replace(", count", ",0")
        found |= texts_in(f"{name}({told})")
    return found


def _sources(pattern: str) -> list[Path]:
    rooms = ("accounts", "interactions", "engagement", "analytics", "medsim_tracking", "templates", "outreach")
    return [path for room in rooms for path in (settings.BASE_DIR / room).rglob(pattern) if "tests" not in path.parts]


@pytest.fixture(scope="module")
def catalogue() -> list[dict[str, str]]:
    return entries(CATALOGUE.read_text(encoding="utf-8"))


def test_every_text_of_the_sources_is_in_the_catalogue(catalogue):
    told = set().union(*(texts_in(path.read_text(encoding="utf-8")) for path in _sources("*.py")))
    told |= set().union(*(texts_in_template(path.read_text(encoding="utf-8")) for path in _sources("*.html")))
    assert len(told) > 300
    assert sorted(told - {key_of(entry) for entry in catalogue}) == [], "Run `make messages` and translate these."


def test_every_text_of_the_catalogue_has_its_german(catalogue):
    open_texts = [
        entry["msgid"]
        for entry in catalogue
        if "fuzzy" in entry["flags"] or not all(text for name, text in entry.items() if name.startswith("msgstr"))
    ]
    assert open_texts == []


def test_what_is_compiled_is_what_stands_in_the_catalogue(catalogue):
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    written = {}
    for entry in catalogue:
        if "msgid_plural" in entry:
            written |= {(key_of(entry), form): entry[f"msgstr[{form}]"] for form in (0, 1)}
        elif entry["msgid"]:
            written[key_of(entry)] = entry["msgstr"]
    assert {key: text for key, text in compiled.items() if key} == written


def test_a_translation_keeps_the_figures_of_its_text(catalogue):
    """A figure left out would be a lie, one made up an error."""

    def figures(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|<[^>]+>", text))

    lost = []
    for entry in catalogue:
        wanted = figures(entry.get("msgid_plural", entry["msgid"]))
        for name, text in entry.items():
            # A singular may say "one" in words.
            if name.startswith("msgstr") and entry["msgid"]:
                lost += (
                    [text] if figures(text) != wanted and not (name == "msgstr[0]" and figures(text) < wanted) else []
                )
    assert lost == []


def test_the_reader_finds_what_is_planted():
    assert texts_in("gettext('a')\nngettext('b', 'c', 2)\npgettext('x', 'd')\ngettext(name)") == {"a", "b", "x\x04d"}
    planted = (
        "{% load i18n %}{% translate 'a' %}{% blocktranslate count n=n %}{{ n }} b{% plural %}c{% endblocktranslate %}"
    )
    assert texts_in_template(planted) == {"a", "%(n)s b"}
    assert entries(StringIO('#, fuzzy\nmsgid "a\\n"\n"b"\nmsgstr ""\n').read()) == [
        {"flags": "fuzzy", "msgid": "a\nb", "msgstr": ""}
    ]


def test_german_figures_days_and_plurals():
    with translation.override("de"):
        assert (numbers.number(1234.5), numbers.fixed(0.5, 2)) == ("1.234,5", "0,50")
        assert numbers.share(1, 4) == "25\N{NO-BREAK SPACE}%"
        assert [numbers.count(n, "case") for n in (0, 1, 2)] == ["0 Fälle", "1 Fall", "2 Fälle"]
        assert numbers.days(2.5) == "2,5 Tage"
        assert dates.exact(NOW) == "Mo, 16. Mär 2026, 12:00 UTC"
        assert dates.long_date(NOW.date()) == "Montag, 16. März 2026"
        assert words.level_words("very_high") == "Sehr hoch"
