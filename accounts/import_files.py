"""Where an import leaves its own files (what it refused, how far it came)."""

import os
from pathlib import Path

from django.conf import settings


def trouble_with(error: OSError) -> str:
    """What an OSError means, as a plain sentence."""
    where = error.filename or "The file"
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return f"There is no file {where}."
        case IsADirectoryError():
            return f"{where} is a folder, not a file."
        case PermissionError():
            return f"{where} cannot be opened: this account is not allowed to."
    return f"{where} cannot be read or written: {(error.strerror or str(error)).lower()}."


def folder_for(source: Path, chosen: Path | None = None) -> Path:
    """The chosen folder, else the source's own where it can be written, else `var/imports` of the project."""
    if chosen is None and os.access(source.parent, os.W_OK):
        return source.parent
    folder = chosen or settings.BASE_DIR / "var" / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
