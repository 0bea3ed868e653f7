"""Files that were dropped on the page: moved out of the server's upload folder, opened, and deleted with their tab."""
from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nl2sql import Assistant, BadInput, Database

ENDINGS = (".csv", ".tsv", ".parquet", ".duckdb", ".ddb", ".db", ".sqlite", ".sqlite3", ".xlsx")
MOST_FILES = 12


class Upload:
    """One database from one drop. ``assistant`` asks it; ``close`` leaves nothing of it behind."""

    def __init__(self, files: Sequence[str], upload_folder: Path) -> None:
        """``files`` are paths that the browser names, so they must lie in the folder to which uploads go. Raises BadInput."""
        checked = [_checked(name, upload_folder) for name in files]
        if not 1 <= len(checked) <= MOST_FILES:
            raise BadInput(f"Drop one to {MOST_FILES} files.")
        self._folder = Path(tempfile.mkdtemp(prefix="nl2sql-upload-"))
        try:
            moved = _move(checked, self._folder)
            self.names = tuple(path.name for path in moved)
            self._database = Database(moved)
        except BaseException as error:
            sentence = _by_name(str(error), self._folder)
            shutil.rmtree(self._folder, ignore_errors=True)
            if isinstance(error, BadInput):
                raise BadInput(sentence) from error
            raise
        self.assistant = Assistant(self._database)

    def close(self) -> None:
        self.assistant.close()
        self._database.close()
        if not self._database.path.is_relative_to(self._folder):
            self._database.path.unlink(missing_ok=True)  # the copy that was made of them
        shutil.rmtree(self._folder, ignore_errors=True)


def _by_name(sentence: str, folder: Path) -> str:
    """Who dropped a file knows it by its name, not by our folder. At the beginning it is quoted, so that it keeps its letters."""
    words = sentence.replace(f"{folder}{os.sep}", "")
    name = next((path.name for path in sorted(folder.iterdir()) if words.startswith(path.name)), "")
    return f'"{name}"{words[len(name):]}' if name else words


def _checked(name: str, upload_folder: Path) -> Path:
    path = Path(name)
    try:
        real = path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        raise BadInput("That file is gone: drop it again.") from None
    if not real.is_relative_to(upload_folder.resolve()) or not real.is_file():
        raise BadInput("Only files that were dropped on this page can be opened.")
    if real.suffix.lower() not in ENDINGS:
        raise BadInput(f"{path.suffix or 'A file without an ending'} can't be read; {', '.join(ENDINGS)} can.")
    return real


def _move(files: Sequence[Path], folder: Path) -> list[Path]:
    """Under their own names, which become the names of tables; a second file of one name gets a number."""
    moved: list[Path] = []
    for number, path in enumerate(files):
        name = re.sub(r"[^\w.\- ()&+,]", "_", path.name)[-100:]
        target = folder / name
        if target.exists():
            target = folder / f"{target.stem}_{number}{target.suffix}"
        shutil.move(path, target)
        moved.append(target)
    return moved
