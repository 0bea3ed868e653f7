"""Which part of a schema a prompt shows: all of it where it fits, else the best tables, closed under foreign keys.

Sizes are word pieces of the encoder, estimated from letters, so that no tokenizer is needed here.
"""
from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from nl2sql.names import humanize
from nl2sql.records import Column, Link, LinkedValue, Pointer, Schema, Table, Word

_PIECES = 470  # of the encoder's 512 positions; the rest is for separators and for what the estimate misses
_MOST_COLUMNS = 200
_SEEDS = 8  # tables chosen for themselves, before those that join them
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
    schema: Schema, tables: Sequence[float], columns: Sequence[float], *, keep: Iterable[int] = (), space: int = _PIECES
) -> tuple[int, ...]:
    """The columns to show, in the schema's order, from a score for each table and each column; higher is better.

    Kept whatever the scores: ``keep``, and the primary keys and foreign keys of the tables shown. The best tables come with the
    tables on the shortest joins between them; as many as leave room for their keys and half of their other columns.
    """
    kept = set(keep)
    owners = list(dict.fromkeys(schema.owner[column] for column in sorted(kept, key=lambda column: -columns[column])))
    ranked = owners + sorted(set(range(len(schema.tables))) - set(owners), key=lambda table: (-tables[table], table))
    graph = _joins(schema)
    for seeds in range(min(max(_SEEDS, len(owners)), len(ranked)), 0, -1):
        shown = _closed(graph, ranked[:seeds])
        required = {column for column in kept if schema.owner[column] in shown} | _keys(schema, shown)
        left = space - sum(_size(schema.tables[table]) for table in shown) - sum(_size(schema.columns[i]) for i in required)
        others = [column for table in shown for column in schema.columns_of(table) if column not in required]
        if seeds == 1 or 2 * left >= sum(_size(schema.columns[i]) for i in others):
            break
    for column in sorted(others, key=lambda column: (-columns[column], column)):
        size = _size(schema.columns[column])
        if size <= left:
            required.add(column)
            left -= size
    return tuple(sorted(required))


def lexical_scores(schema: Schema, links: Mapping[Pointer, tuple[Link, ...]]) -> tuple[list[float], list[float]]:
    """Scores of tables and columns from the words that name them: 0.15 for a whole name, 0.05 to 0.15 for words of one."""

    def score(pointer: Pointer) -> float:
        found = links.get(pointer, ())
        return 0.15 if any(link.level == 2 for link in found) else min(0.15, 0.05 * len(found))

    columns = [score(Pointer("column", i)) for i in range(len(schema.columns))]
    best = [max((columns[i] for i in schema.columns_of(table)), default=0.0) for table in range(len(schema.tables))]
    return [score(Pointer("table", i)) + 0.5 * best[i] for i in range(len(schema.tables))], columns


def _joins(schema: Schema) -> dict[int, list[int]]:
    graph: dict[int, list[int]] = {}
    for key in schema.foreign_keys:
        source, target = schema.owner[key.source], schema.owner[key.target]
        if source != target:
            graph.setdefault(source, []).append(target)
            graph.setdefault(target, []).append(source)
    return graph


def _closed(graph: Mapping[int, Sequence[int]], tables: Sequence[int]) -> list[int]:
    """The tables and those on a shortest join path from each of them to a better one."""
    shown = list(tables[:1])
    for table in tables[1:]:
        path = _path(graph, table, set(shown))
        shown += [other for other in path if other not in shown]
    return shown


def _path(graph: Mapping[int, Sequence[int]], start: int, goals: set[int]) -> list[int]:
    """The shortest way from ``start`` into ``goals``; ``start`` alone where there is none short enough."""
    queue, seen = deque([[start]]), {start}
    while queue:
        path = queue.popleft()
        if path[-1] in goals:
            return path
        for following in graph.get(path[-1], ()) if len(path) <= _LONGEST_PATH else ():
            if following not in seen:
                seen.add(following)
                queue.append([*path, following])
    return [start]


def _keys(schema: Schema, tables: Sequence[int]) -> set[int]:
    """Primary keys, and both ends of the foreign keys that join two of the tables."""
    shown = set(tables)
    found = {column for table in tables for column in schema.columns_of(table) if schema.columns[column].primary_key}
    for key in schema.foreign_keys:
        if schema.owner[key.source] in shown and schema.owner[key.target] in shown:
            found |= {key.source, key.target}
    return found


def _size(item: Table | Column) -> int:
    return 1 + _pieces(item.words or humanize(item.name))


def _pieces(text: str) -> int:
    """Word pieces, roughly: one for each word, one more for every seven letters after the first two."""
    return sum(1 + max(0, len(word) - 2) // 7 for word in text.split())
