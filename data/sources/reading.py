"""How every loader here opens a file of a data set: checked, with one clear sentence where the folder isn't the right one.

Not covered: the meaning of the rows. A loader checks what it alone knows (that a database is listed, that a key exists).
"""
from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nl2sql.errors import BadInput


def existing(folder: str | Path, name: str, what: str) -> Path:
    """The file ``name`` of a data set's folder, or ``BadInput`` that says which data set ``what`` the folder should hold."""
    folder = Path(folder)
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder: give the folder of {what}.")
    if not (folder / name).exists():
        raise BadInput(f"{folder} has no {name}: it is not the folder of {what}.")
    return folder / name


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file can't be read, for the end of a sentence."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    return {FileNotFoundError: "there is no such file", IsADirectoryError: "it is a folder"}.get(
        type(error), error.strerror or str(error))


def text_of(path: Path, what: str = "", encoding: str = "utf-8") -> str:
    """A file's text, or ``BadInput`` that begins with ``what`` the file is."""
    try:
        return path.read_text(encoding=encoding)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{what}{path} can't be read: {reason(error)}.") from error


def parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path} is not valid JSON: {error}.") from error


def read_rows(path: Path, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The objects of a JSON list, each of which has all the ``keys``."""
    rows, keys = parsed(path), tuple(keys)
    if not isinstance(rows, list):
        raise BadInput(f"{path} must hold a JSON list.")
    for number, row in enumerate(rows, 1):
        missing = [key for key in keys if key not in row] if isinstance(row, dict) else list(keys)
        if missing:
            raise BadInput(f"{path}: entry {number} has no {', '.join(missing)}.")
    return rows


def literal(value: Any) -> Any:
    """A list that may come as a string holding a Python literal."""
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError) as error:
        raise BadInput(f"not a Python literal: {value[:60]!r}.") from error
