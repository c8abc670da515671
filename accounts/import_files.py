"""Where an import leaves its own files (what it refused, how far it came)."""

import os
from pathlib import Path

from django.conf import settings


def folder_for(source: Path, chosen: Path | None = None) -> Path:
    """The chosen folder, else the source's own where it can be written, else `var/imports` of the project."""
    if chosen is None and os.access(source.parent, os.W_OK):
        return source.parent
    folder = chosen or settings.BASE_DIR / "var" / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
