"""How the admin writes moments, numbers and JSON: exact, sortable by eye, with their zone."""

import json
from collections.abc import Callable
from datetime import datetime

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html

# Django writes an empty column so, but not what a function of ours returns on a detail page.
NOTHING = "-"


def moment(name: str, description: str | None = None, exact: bool = False) -> Callable:
    """A column of a time, in the institution's zone, as `2026-11-23 14:30:00 UTC`; exact: with its microseconds."""

    @admin.display(description=description or name.replace("_", " "))
    def show(row) -> str:
        value: datetime | None = getattr(row, name)
        if value is None:
            return NOTHING
        local = timezone.localtime(value)
        told = local.replace(tzinfo=None).isoformat(" ", "auto" if exact else "seconds")
        return f"{told} {local:%Z}"

    # Django names the column's CSS class after the function.
    show.__name__ = name
    return show


def two_decimals(name: str) -> Callable:
    """A column of a score or a performance, as the pages write it: 60.40."""

    @admin.display(description=name.replace("_", " "))
    def show(row) -> str:
        value: float | None = getattr(row, name)
        return NOTHING if value is None else f"{value:.2f}"

    show.__name__ = name
    return show


def pretty_json(name: str) -> Callable:
    """A JSON column, indented, its keys in order."""

    @admin.display(description=name.replace("_", " "))
    def show(row) -> str:
        value = getattr(row, name)
        if value is None:
            return NOTHING
        return format_html("<pre>{}</pre>", json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))

    show.__name__ = name
    return show
