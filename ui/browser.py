"""The schema as the page shows it: tables that unfold to columns with types, keys, comments and sample values."""
from __future__ import annotations

import datetime as dt

from markupsafe import Markup

from nl2sql.records import Column, Schema, Table
from nl2sql.ui.cells import day, text
from nl2sql.ui.icons import icon

_SAMPLES = 3
_SAMPLE_LENGTH = 24


def draw_schema(schema: Schema) -> Markup:
    """A click on a name hands it to the question (``data-act="insert"``)."""
    return Markup("").join(_table(schema, number, table) for number, table in enumerate(schema.tables))


def summary(name: str, schema: Schema, as_of: dt.date, reason: str) -> Markup:
    """The database in two lines."""
    tables = f"{len(schema.tables)} {'table' if len(schema.tables) == 1 else 'tables'}"
    return Markup('<strong title="{0}">{0}</strong><span title="{1}">{2}, as of {3}</span>').format(
        name, reason, tables, day(as_of)
    )


def _table(schema: Schema, number: int, table: Table) -> Markup:
    targets = {key.source: key.target for key in schema.foreign_keys}
    columns = []
    for i in schema.columns_of(number):
        target = targets.get(i)
        columns.append(_column(schema.columns[i], "" if target is None else _full_name(schema, target)))
    rows = "" if table.rows is None else f"{table.rows:,}"
    comment = Markup('<p class="comment">{}</p>').format(table.comment) if table.comment else ""
    return Markup('<details class="entry" data-name="{}"><summary>{}<span class="name">{}</span><small>{}</small></summary>'
                  '{}{}<ul>{}</ul></details>').format(
        " ".join([table.name, *(schema.columns[i].name for i in schema.columns_of(number))]).lower(),
        icon("table"), table.name, rows, comment,
        _insert(table.words or table.name, "Use this table in the question", ""), Markup("").join(columns),
    )  # fmt: skip


def _column(column: Column, target: str) -> Markup:
    key = Markup('<b title="Primary key">{}</b>').format(icon("key")) if column.primary_key else Markup("")
    if target:
        key += Markup('<b title="Refers to {}">{}</b>').format(target, icon("link"))
    samples = [text(sample) for sample in column.samples[:_SAMPLES] if sample is not None]
    shown = ", ".join(sample if len(sample) <= _SAMPLE_LENGTH else sample[:_SAMPLE_LENGTH] + "…" for sample in samples)
    about = [Markup("<p>{}</p>").format(part) for part in (column.comment, f"e.g. {shown}" if shown else "") if part]
    name = _insert(column.words or column.name, "Put into the question", column.name)
    return Markup('<li><div class="column">{}{}<small>{}</small></div>{}</li>').format(
        name, key, column.type.lower(), Markup("").join(about)
    )


def _insert(words: str, title: str, name: str) -> Markup:
    return Markup('<button type="button" class="{}" data-act="insert" data-text="{}" title="{}">{}</button>').format(
        "name" if name else "use", words, title, name or "Use in the question"
    )


def _full_name(schema: Schema, column: int) -> str:
    return f"{schema.tables[schema.owner[column]].name}.{schema.columns[column].name}"
