"""A page's table as CSV: exactly what is on screen, safe to open in a spreadsheet, counted and logged."""

import csv
import io
from datetime import datetime

from django.conf import settings

from accounts.limits import Rate, Verdict, ledger
from accounts.models import User
from analytics.charts import Figure, Table
from analytics.models import ExportLog

# A spreadsheet takes a cell that begins so for a formula, whatever its quotes say (OWASP ASVS 1.2.10); the
# full-width forms are taken for it by some as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def export_allowed(viewer: User, now: datetime) -> Verdict:
    """Charge one export to this account (`MEDSIM_RATE_EXPORT`)."""
    return ledger().spend_or_go_on(f"export:{viewer.pk}", 1, Rate.read(settings.MEDSIM_RATE_EXPORT), now)


def csv_text(table: Table) -> str:
    """The table as CSV (RFC 4180). Numbers are bare, with a point and all their decimals; texts are quoted.

    A byte order mark leads, without which Excel reads UTF-8 as something else.
    """
    told = io.StringIO()
    writer = csv.writer(told, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in table.columns])
    writer.writerows([[safe_cell(_value(cell)) for cell in row] for row in table.rows])
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + told.getvalue()


def safe_cell(value: int | float | str | None) -> int | float | str:
    """Numbers as they are; a text that a spreadsheet would run begins with an apostrophe."""
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}").startswith(_FORMULA) else text


def _value(cell) -> int | float | str | None:
    return cell.value if isinstance(cell, Figure) else str(cell)


def log_export(
    *, viewer: User, page: str, subject: str, table: str, filters: dict, rows: int, now: datetime
) -> ExportLog:
    """Say who took out what."""
    return ExportLog.objects.create(
        viewer=viewer,
        viewer_name=f"{viewer.display_name} ({viewer.username})"[:200],
        page=page,
        subject=subject,
        table=table,
        filters=filters,
        rows=rows,
        at=now,
    )
