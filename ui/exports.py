"""Results for other programs: CSV that a spreadsheet can't be tricked with, Parquet, and lines of Python."""
from __future__ import annotations

import io
import re

from nl2sql import show
from nl2sql.errors import BadInput
from nl2sql.records import Result


def to_csv(result: Result) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it as such. Text that would be a formula gets an apostrophe before it."""
    return show.to_csv(result, safe=True).encode("utf-8-sig", "replace")


def to_parquet(result: Result) -> bytes:
    """Raises ``BadInput`` where a column's cells are of no one type."""
    import pyarrow
    import pyarrow.parquet

    target = io.BytesIO()
    try:
        pyarrow.parquet.write_table(result.to_arrow(), target)
    except pyarrow.ArrowException as error:
        raise BadInput(f"These rows can't be written as Parquet: {str(error).splitlines()[0]}.") from error
    return target.getvalue()


def to_python(sql: str, files: tuple[str, ...]) -> str:
    """Lines that fetch the same rows; ``files`` are the names of the database's files, () for the sample database."""
    opened = "" if not files else f"Database({files[0]!r})" if len(files) == 1 else f"Database({list(files)!r})"
    names = "Assistant, Database" if files else "Assistant"
    quoted = f'"""\n{sql}\n"""' if '"""' not in sql and "\\" not in sql and not sql.endswith('"') else repr(sql)
    return f"from nl2sql import {names}\n\nresult = Assistant({opened}).run_sql({quoted})\nprint(result.to_pandas())\n"


def file_name(question: str, ending: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")[:60].strip("-")
    return f"{words or 'result'}.{ending}"
