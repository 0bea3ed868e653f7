"""Which part of a schema a prompt shows: all of it where it fits, else the best tables and columns, closed under foreign keys.

Sizes are word pieces of the encoder, estimated from letters, so that no tokenizer is needed here.
"""
from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from nl2sql.names import humanize
from nl2sql.records import Column, Link, LinkedValue, Pointer, Schema, Table, Word

_PIECES = 470  # of the encoder's 512 positions; the rest is for separators and for what the estimate misses
_MOST_COLUMNS = 200
_CUT = 0.6  # what is worse than the best by more is left out: it loses nothing on Spider's training databases set aside
_SMALLEST = 2  # word pieces of a column
_LOOKED_AT = 1000  # tables and columns at most: many more than fit a prompt
_LONGEST_PATH = 4  # joins between two chosen tables


def fits(schema: Schema, words: Sequence[Word], values: Sequence[LinkedValue] = ()) -> bool:
    """Whether the whole schema can stand in one prompt."""
    if len(schema.columns) > _MOST_COLUMNS:
        return False
    names = sum(_size(table) for table in schema.tables) + sum(_size(column) for column in schema.columns)
    return names <= room(words, values)


def room(words: Sequence[Word], values: Sequence[LinkedValue] = ()) -> int:
    """The pieces that a question with its values leaves for names."""
    return _PIECES - sum(_pieces(word.text) for word in words) - sum(1 + _pieces(str(value.value)) for value in values)


def narrow(
    schema: Schema, tables: Sequence[float], columns: Sequence[float], *, keep: Iterable[int] = (), space: int = _PIECES,
    most: int | None = None,
) -> tuple[int, ...]:
    """The columns to show, in the schema's order, from a score for each table and each column; higher is better.

    Tables and columns come in the order of their scores, each with what joins it to those before it, until ``space`` (word
    pieces) or ``most`` (columns) is used up or what is left is far worse than the best. Columns to ``keep`` come first, whatever
    their scores.
    """
    import numpy as np

    draft = _Draft(schema, columns, space, most)
    for column in sorted(set(keep), key=lambda column: -columns[column]):
        draft.add(schema.owner[column], column, needed=True)
    scores = [*tables, *columns]
    best = np.argsort(-np.array(scores), kind="stable")[:_LOOKED_AT].tolist()
    for place in best:
        if draft.is_full or scores[place] < scores[best[0]] - _CUT:
            break
        column = place - len(tables)
        draft.add(*((place, None) if column < 0 else (schema.owner[column], column)))
    return tuple(sorted(draft.columns))


class _Draft:
    """What is shown so far, and what it leaves of the room."""

    def __init__(self, schema: Schema, scores: Sequence[float], space: int, most: int | None) -> None:
        self.schema, self.scores, self.space = schema, scores, space
        self.most = len(scores) if most is None else most
        self.with_primary_keys = most is None  # where columns are counted, those that no join needs are worth no more than others
        self.joins = _joins(schema)
        self.tables: set[int] = set()
        self.columns: set[int] = set()

    @property
    def is_full(self) -> bool:
        return self.space < _SMALLEST or len(self.columns) >= self.most

    def add(self, table: int, column: int | None, *, needed: bool = False) -> None:
        """A table or one of its columns, with the joins to what is shown, unless that is too much."""
        if not needed and self._least(table, column) > self.space:
            return  # before the joins are looked for
        path = [table] if table in self.tables else _path(self.joins, table, self.tables)
        tables = set(path) - self.tables
        new = {key for one, other in pairwise(path) for key in self.joins[one][other]}
        if self.with_primary_keys:
            new |= {i for other in tables for i in self.schema.columns_of(other) if self.schema.columns[i].primary_key}
        if column is not None:
            new.add(column)
        elif tables and not new and self.schema.tables[table].columns:
            new.add(max(self.schema.columns_of(table), key=self.scores.__getitem__))
        new -= self.columns
        cost = sum(_size(self.schema.tables[i]) for i in tables) + sum(_size(self.schema.columns[i]) for i in new)
        if needed or (cost <= self.space and len(self.columns) + len(new) <= self.most):
            self.tables |= tables
            self.columns |= new
            self.space -= cost

    def _least(self, table: int, column: int | None) -> int:
        """The pieces that a table or column takes without any join."""
        own = 0 if table in self.tables else _size(self.schema.tables[table])
        return own + (0 if column is None or column in self.columns else _size(self.schema.columns[column]))


def lexical_scores(schema: Schema, links: Mapping[Pointer, tuple[Link, ...]]) -> tuple[list[float], list[float]]:
    """Scores from the words that name things: a table's whole name 0.15, words of one 0.05 to 0.15; a column's twice as much.

    A table's score holds a quarter of its best column's.
    """
    tables, columns = [0.0] * len(schema.tables), [0.0] * len(schema.columns)
    best = [0.0] * len(schema.tables)
    for pointer, found in links.items():
        score = 0.15 if any(link.level == 2 for link in found) else min(0.15, 0.05 * len(found))
        if pointer.kind == "table":
            tables[pointer.index] = score
        elif pointer.kind == "column":
            columns[pointer.index] = 2 * score
            owner = schema.owner[pointer.index]
            best[owner] = max(best[owner], 0.5 * score)
    return [own + of_column for own, of_column in zip(tables, best, strict=True)], columns


def _path(graph: Mapping[int, Iterable[int]], start: int, goals: set[int]) -> list[int]:
    """The shortest way from ``start`` into ``goals``; ``start`` alone where there is none short enough."""
    queue, seen = deque([[start]]), {start}
    while queue and goals:
        path = queue.popleft()
        if path[-1] in goals:
            return path
        for following in graph.get(path[-1], ()) if len(path) <= _LONGEST_PATH else ():
            if following not in seen:
                seen.add(following)
                queue.append([*path, following])
    return [start]


def _size(item: Table | Column) -> int:
    return 1 + _pieces(item.words or humanize(item.name))


def _pieces(text: str) -> int:
    """Word pieces, roughly: one for each word, one more for every seven letters after the first two."""
    return sum(1 + max(0, len(word) - 2) // 7 for word in text.split())


def _joins(schema: Schema) -> Mapping[int, Mapping[int, set[int]]]:
    """Table index -> each other table that foreign keys join it to -> the columns of those keys; once for each Schema object."""
    known: dict[int, dict[int, set[int]]] | None = schema.__dict__.get("_joins")
    if known is None:
        known = {}
        for key in schema.foreign_keys:
            source, target = schema.owner[key.source], schema.owner[key.target]
            if source != target:
                for one, other in ((source, target), (target, source)):
                    known.setdefault(one, {}).setdefault(other, set()).update((key.source, key.target))
        schema.__dict__["_joins"] = known
    return known
