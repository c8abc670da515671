"""Reading a page as a person does: its words without its marks."""

import re
from html.parser import HTMLParser

# Marks between whose words there is room on the page.
_APART = {"caption", "desc", "div", "h1", "h2", "h3", "li", "p", "summary", "text", "title", "tr"}
_CELLS = {"td", "th", "dd", "dt"}


class _Words(HTMLParser):
    """Collects the text of a page, and that of its tables cell by cell."""

    def __init__(self):
        super().__init__()
        self.all: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag, attributes):
        if tag in _APART | _CELLS:
            self.all.append(" ")
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td") and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.all.append(data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def words_of(answer) -> str:
    """All text of a page, runs of blanks as one."""
    assert answer.status_code == 200, answer.status_code
    reader = _Words()
    reader.feed(answer.content.decode())
    return re.sub(r"\s+", " ", "".join(reader.all)).strip()


def rows_of(answer, table: str) -> list[list[str]]:
    """The cells of each row of the first table with a class, heads included, blanks as one."""
    [found] = re.findall(rf'<table class="{table}".*?</table>', answer.content.decode(), re.DOTALL)[:1] or [""]
    reader = _Words()
    reader.feed(found)
    return [[re.sub(r"\s+", " ", cell).strip() for cell in row] for row in reader.rows]


def without_own_scripts(answer) -> bytes:
    """The page as it came, but for the scripts that it loads from this host: any other is an intruder."""
    return re.sub(rb'<script defer src="/static/[^"<>]+"></script>', b"", answer.content)
