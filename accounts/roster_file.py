"""Reading a roster: from the bytes of a CSV file to entries, each with the line it stands on."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User
from accounts.validators import validate_public_id

NAME_LENGTH = 200
EMAIL_LENGTH = 254
# A header is compared by its letters alone: publicId, public_id, "Public ID" and PUBLIC-ID are one.
_COLUMNS = {
    "publicid": "public_id",
    "userid": "public_id",
    "name": "name",
    "fullname": "name",
    "email": "email",
    "emailaddress": "email",
    "role": "role",
    "cohort": "cohort",
    "start": "start",
    "startdate": "start",
    "end": "end",
    "enddate": "end",
}
_DELIMITERS = ",;\t"


class RosterUnreadable(ValueError):
    """The file as a whole cannot be read; its text is a sentence."""


class Refused(ValueError):
    """One line cannot be taken. `code` is stable, `detail` is a sentence."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a roster. Absent text is ""; an absent start or end is None.

    end_told   whether the file speaks of ends at all: then an empty end means "still enrolled"
    """

    line: int
    public_id: str
    name: str
    email: str
    role: str
    cohort: str
    start: date | None
    end: date | None
    end_told: bool

    @property
    def says(self) -> tuple:
        """All but the line's number: two lines that say the same are one line twice."""
        return (self.public_id, self.name, self.email, self.role, self.cohort, self.start, self.end)


@dataclass(frozen=True)
class RosterFile:
    """A readable CSV file.

    header   the columns as the file writes them, `ignored` those that mean nothing here
    rows     (line, cells) of each line that holds anything; the header is line 1
    """

    header: list[str]
    columns: dict[str, int]
    ignored: list[str]
    rows: list[tuple[int, list[str]]]


def read_roster(raw: bytes) -> RosterFile:
    """The table in `raw`: UTF-8 with or without a mark, comma, semicolon or tab. Raises RosterUnreadable."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RosterUnreadable(
            f"The file is not UTF-8 (byte {error.start}). In Excel, save it as 'CSV UTF-8 (comma delimited)'."
        ) from None
    rows = list(_rows(text))
    if not rows:
        raise RosterUnreadable("The file is empty.")
    (_, header), *body = rows
    header = [title.strip() for title in header]
    columns: dict[str, int] = {}
    ignored = []
    for position, title in enumerate(header):
        name = _COLUMNS.get(re.sub(r"[^a-z]", "", title.lower()))
        if name is None:
            ignored.append(title)
        elif name in columns:
            raise RosterUnreadable(f"Two columns tell the same: {header[columns[name]]!r} and {title!r}.")
        else:
            columns[name] = position
    if "public_id" not in columns:
        raise RosterUnreadable(
            "The first line names no column 'public id'. Known: public id, name, e-mail, role, cohort, start, end."
        )
    return RosterFile(header, columns, [title for title in ignored if title], body)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first_line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first_line.count))
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise RosterUnreadable(f"Line {begins} cannot be read as CSV: {error}.") from None


def read_entry(roster: RosterFile, line: int, cells: list[str], shift_days: int) -> Entry:
    """What a line says, its days shifted. Raises Refused."""
    if len(cells) > len(roster.header):
        raise Refused("too_many_cells", f"The line has {len(cells)} cells under {len(roster.header)} columns.")

    def cell(name: str) -> str:
        position = roster.columns.get(name)
        return "" if position is None or position >= len(cells) else cells[position].strip()

    public_id = cell("public_id")
    try:
        validate_public_id(public_id)
    except ValidationError as error:
        raise Refused("bad_public_id", error.messages[0]) from None
    start, end = _day(cell("start"), "start", shift_days), _day(cell("end"), "end", shift_days)
    if start and end and end < start:
        raise Refused("end_before_start", f"The end ({end}) lies before the start ({start}).")
    return Entry(
        line=line,
        public_id=public_id,
        name=_text(cell("name"), "name", NAME_LENGTH),
        email=_email(cell("email")),
        role=_role(cell("role")),
        cohort=_text(cell("cohort"), "cohort", NAME_LENGTH),
        start=start,
        end=end,
        end_told="end" in roster.columns,
    )


def _text(text: str, column: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused(f"bad_{column}", f"The {column} has at most {limit} characters.")
    if not text.isprintable():
        raise Refused(f"bad_{column}", f"The {column} holds characters that cannot be shown.")
    return text


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise Refused("bad_email", f"{text!r} is no e-mail address.") from None
        if len(text) > EMAIL_LENGTH:
            raise Refused("bad_email", f"An e-mail address has at most {EMAIL_LENGTH} characters.")
    return text


def _role(text: str) -> str:
    role = text.lower()
    if role and role not in User.Role.values:
        raise Refused("bad_role", f"{text!r} is no role; roles are {', '.join(User.Role.values)}.")
    return role


def _day(text: str, column: str, shift_days: int) -> date | None:
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date() + timedelta(days=shift_days)
        except ValueError:
            continue
        except OverflowError:
            raise Refused("bad_date", f"The {column} {text} shifted by {shift_days} days is no date.") from None
    # 03/04/2026 is two different days in two countries; guessing would be wrong for one of them.
    raise Refused("bad_date", f"The {column} {text!r} is no date such as 2026-09-01 or 01.09.2026.")
