"""OULAD's clicks as histories: one row for each enrolment, one column for each day, all presentations on one calendar.

Kuzilek, Hlosta, Zdrahal, Scientific Data 4:170171 (2017), CC-BY 4.0. No demographics are read.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from engagement.domain.forecast.history import Histories

FILES = ("studentVle", "studentRegistration", "courses")
# The data names months only. Saturdays, so that weeks fall together; the years' order is all that matters.
STARTS = {"2013B": date(2013, 2, 2), "2013J": date(2013, 10, 5), "2014B": date(2014, 2, 1), "2014J": date(2014, 10, 4)}
# Clicks come up to 25 days before a presentation starts.
EARLY_DAYS = 25
NEVER = 10_000


@dataclass(frozen=True, slots=True)
class Enrolments:
    """histories of all; presentation (k,) such as 2014J; start (k,) the column of its day 0; first_day is column 0."""

    histories: Histories
    presentation: np.ndarray
    start: np.ndarray
    first_day: date

    def rows(self, chosen: np.ndarray) -> "Enrolments":
        return Enrolments(self.histories.rows(chosen), self.presentation[chosen], self.start[chosen], self.first_day)


def missing(folder: Path) -> list[Path]:
    return [path for name in FILES if not (path := folder / "oulad" / f"{name}.parquet").exists()]


def read(folder: Path) -> Enrolments:
    """Raises OSError where a file is not there."""
    clicks, registrations, courses = (_columns(folder / "oulad" / f"{name}.parquet") for name in FILES)
    presentation, module = registrations["code_presentation"], registrations["code_module"]
    begins = {name: STARTS[name] for name in np.unique(presentation)}
    first_day = min(begins.values()) - timedelta(days=EARLY_DAYS)
    start = np.array([(begins[name] - first_day).days for name in presentation])
    course = np.char.add(presentation, module)
    lengths = dict(
        zip(
            np.char.add(courses["code_presentation"], courses["code_module"]),
            courses["module_presentation_length"],
            strict=True,
        )
    )
    closed = start + np.array([int(lengths[name]) for name in course]) + 1

    volume = np.zeros((len(start), int(closed.max())), np.float32)
    row = _rows_of(clicks, registrations)
    column = start[row] + clicks["date"]
    known = column < volume.shape[1]
    # Several rows for one learner, site and day are facts: they are summed.
    np.add.at(volume, (row[known], column[known]), clicks["sum_click"][known].astype(np.float32))

    registered = np.nan_to_num(registrations["date_registration"].astype(float), nan=-EARLY_DAYS)
    left = np.nan_to_num(registrations["date_unregistration"].astype(float), nan=NEVER)
    histories = Histories(
        active=volume > 0,
        volume=volume,
        points=volume,
        best=volume,
        start=start + np.maximum(registered, -EARLY_DAYS).astype(int),
        end=start + left.astype(int),
        closed=closed,
        group=np.unique(course, return_inverse=True)[1],
    )
    return Enrolments(histories, presentation, start, first_day)


def _columns(path: Path) -> dict[str, np.ndarray]:
    table = parquet.read_table(path)
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    return {name: values.astype(str) if values.dtype == object else values for name, values in columns.items()}


def _rows_of(clicks: dict[str, np.ndarray], registrations: dict[str, np.ndarray]) -> np.ndarray:
    """The registration's row of each click: the same course, presentation and student."""
    parts = []
    names = [(table["code_module"], table["code_presentation"]) for table in (clicks, registrations)]
    for position in (0, 1):
        known = np.unique(names[1][position])
        parts.append([np.searchsorted(known, pair[position]) for pair in names])
    keys = [
        (parts[0][table] * 100 + parts[1][table]) * 10_000_000 + source["id_student"].astype(np.int64)
        for table, source in enumerate((clicks, registrations))
    ]
    order = np.argsort(keys[1])
    return order[np.searchsorted(keys[1], keys[0], sorter=order)]
