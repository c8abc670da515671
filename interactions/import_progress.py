"""How far an import came and what it refused, kept in two files so that a killed import can go on."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from interactions.formats import InteractionLog


class OtherImport(ValueError):
    """The progress file belongs to another file or to other options; its text is a sentence."""


@dataclass
class Progress:
    """What the committed batches did.

    line           the last line of the log that a committed batch holds
    counts         interactions by outcome
    codes          those not stored, by their stable code
    seconds        spent importing, all runs together
    refused_bytes  how long the file of refused lines was then
    """

    line: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    refused_bytes: int = 0


class ImportFiles:
    """`NAME.progress.json` and `NAME.refused.jsonl` of one log in `folder`.

    options   what changes the meaning of the log; an import goes on only under the same
    """

    def __init__(self, log: InteractionLog, folder: Path, options: dict[str, Any]):
        self.progress_path = folder / f"{log.path.name}.progress.json"
        self.refused_path = folder / f"{log.path.name}.refused.jsonl"
        self._identity = {"size": log.size, "head": log.head, "options": options}
        self._refused: BinaryIO | None = None

    def load(self) -> Progress:
        """The progress of an import that was cut off, or a fresh one. Raises OtherImport."""
        try:
            told = json.loads(self.progress_path.read_bytes())
            identity, progress = told["import"], Progress(**told["progress"])
        except FileNotFoundError:
            return Progress()
        except (ValueError, KeyError, TypeError):
            raise OtherImport(f"{self.progress_path} is no progress file.") from None
        if identity != self._identity:
            raise OtherImport(
                f"{self.progress_path} tells of an unfinished import of another file or with other options."
            )
        return progress

    def start(self, progress: Progress) -> None:
        """Cut the file of refused lines back to what the committed batches wrote."""
        if progress.line == 0:
            self.progress_path.unlink(missing_ok=True)
        self._refused = self.refused_path.open("r+b" if progress.line and self.refused_path.exists() else "w+b")
        self._refused.truncate(progress.refused_bytes)
        self._refused.seek(0, os.SEEK_END)

    def refuse(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            # ASCII: a half surrogate pair is among the things that are refused, and UTF-8 cannot hold it.
            self._refused.write(json.dumps(line).encode() + b"\n")

    def save(self, progress: Progress) -> None:
        """Put the progress down whole or not at all; a kill between commit and here repeats one batch."""
        self._refused.flush()
        progress.refused_bytes = self._refused.tell()
        draft = self.progress_path.with_name(self.progress_path.name + ".new")
        draft.write_text(json.dumps({"import": self._identity, "progress": asdict(progress)}, indent=1))
        draft.replace(self.progress_path)

    def finish(self) -> None:
        """The import is complete: nothing to go on with, and no empty file of refused lines."""
        self.close()
        self.progress_path.unlink(missing_ok=True)
        if self.refused_path.stat().st_size == 0:
            self.refused_path.unlink()

    def close(self) -> None:
        if self._refused is not None:
            self._refused.close()
