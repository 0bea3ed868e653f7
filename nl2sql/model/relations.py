"""How two slots of a prompt are related: one small integer per ordered pair, read by the relation-aware layers.

After RAT-SQL (Wang et al. 2020): name and value matches between question words and schema, membership, foreign keys,
word distance. Ids are part of the weights' meaning: only append, ``COUNT`` leaves room.
"""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nl2sql.records import Link, Schema

FAMILIES = ("word", "table", "column", "value", "literal", "previous")  # literal: numbers and periods
WORD, TABLE, COLUMN, VALUE, LITERAL, PREVIOUS = range(len(FAMILIES))

# 1..36: nothing special is known, only the families; 0 is padding
GENERIC = 1 + np.arange(36).reshape(6, 6)
SELF = 37
NEAR = {-2: 38, -1: 39, 1: 40, 2: 41}  # words at this distance
SAME_TABLE, HAS_COLUMN, OF_TABLE, HAS_VALUE, OF_COLUMN = 42, 43, 44, 45, 46
REFERS, REFERRED, TABLE_REFERS, TABLE_REFERRED = 47, 48, 49, 50
ALIKE, PERHAPS = 4, 5  # levels of links by meaning (``similar``): the nearest name, and others that are not far
# word -> slot and slot -> word, by family and level of the link (records.Link)
MATCH = {(TABLE, 1): (51, 52), (TABLE, 2): (53, 54), (COLUMN, 1): (55, 56), (COLUMN, 2): (57, 58), (VALUE, 3): (59, 60),
         (COLUMN, 3): (61, 62), (TABLE, 3): (61, 62),
         (TABLE, ALIKE): (69, 70), (COLUMN, ALIKE): (71, 72), (TABLE, PERHAPS): (73, 74), (COLUMN, PERHAPS): (75, 76)}
NAMES_LITERAL, NAMED_BY = 63, 64  # word inside the span of a number or period, and back
POINTS_AT, POINTED_AT = 65, 66  # a pointer of the previous query and the slot that it points at
PREVIOUS_NEXT, PREVIOUS_LAST = 67, 68  # neighbours in the previous query
COUNT = 80  # 77..79 are spare

# A pair that is linked more than once (partly by name and by value, say) keeps the stronger link
STRENGTH = {0: 0, PERHAPS: 1, ALIKE: 2, 1: 3, 3: 4, 2: 5}


def best_level(links: Iterable[Link]) -> int:
    """The strongest of their levels; 0 where there are none."""
    return max((link.level for link in links), key=STRENGTH.__getitem__, default=0)


def relation_matrix(
    families: np.ndarray,
    tables: np.ndarray,
    columns: np.ndarray,
    schema: Schema,
    matches: Iterable[tuple[int, int, int]],
    literal_spans: Iterable[tuple[int, int, int]],
    pointed: Iterable[tuple[int, int]],
) -> np.ndarray:
    """Relations of S slots as a uint8 array (S, S).

    ``families``, ``tables``, ``columns`` (S,): each slot's family, table index and column index (-1: none; a value has its
    column's). ``matches``: (word slot, slot, level). ``literal_spans``: (slot, first word slot, last word slot).
    ``pointed``: (slot of a previous symbol, slot that it points at).
    """
    relations = GENERIC[families][:, families].astype(np.uint8)
    words = int((families == WORD).sum())
    for distance, relation in NEAR.items():
        at = np.arange(max(0, -distance), max(0, words - max(0, distance)))
        relations[at, at + distance] = relation
    _schema_relations(relations, families, tables, columns, schema)
    for word, slot, level in sorted(matches, key=lambda match: STRENGTH[match[2]]):
        pair = MATCH.get((int(families[slot]), level))
        if pair:
            relations[word, slot], relations[slot, word] = pair
    for slot, first, last in literal_spans:
        relations[first : last + 1, slot] = NAMES_LITERAL
        relations[slot, first : last + 1] = NAMED_BY
    previous = np.flatnonzero(families == PREVIOUS)
    relations[previous[:-1], previous[1:]] = PREVIOUS_NEXT
    relations[previous[1:], previous[:-1]] = PREVIOUS_LAST
    for slot, target in pointed:
        relations[slot, target], relations[target, slot] = POINTS_AT, POINTED_AT
    np.fill_diagonal(relations, SELF)
    return relations


def _schema_relations(
    relations: np.ndarray, families: np.ndarray, tables: np.ndarray, columns: np.ndarray, schema: Schema
) -> None:
    table_slots, column_slots, value_slots = (np.flatnonzero(families == family) for family in (TABLE, COLUMN, VALUE))

    def mark(rows: np.ndarray, others: np.ndarray, where: np.ndarray, relation: int, back: int) -> None:
        i, j = np.nonzero(where)
        relations[rows[i], others[j]] = relation
        relations[others[j], rows[i]] = back

    same = tables[column_slots][:, None] == tables[column_slots][None, :]
    mark(column_slots, column_slots, same, SAME_TABLE, SAME_TABLE)
    mark(table_slots, column_slots, tables[table_slots][:, None] == tables[column_slots][None, :], HAS_COLUMN, OF_TABLE)
    mark(column_slots, value_slots, columns[column_slots][:, None] == columns[value_slots][None, :], HAS_VALUE, OF_COLUMN)
    slot_of_table = {int(tables[slot]): int(slot) for slot in table_slots}
    slot_of_column = {int(columns[slot]): int(slot) for slot in column_slots}
    for key in schema.foreign_keys:
        a, b = slot_of_column.get(key.source), slot_of_column.get(key.target)
        if a is not None and b is not None:
            relations[a, b], relations[b, a] = REFERS, REFERRED
        a, b = slot_of_table.get(schema.owner[key.source]), slot_of_table.get(schema.owner[key.target])
        if a is not None and b is not None and a != b:
            relations[a, b], relations[b, a] = TABLE_REFERS, TABLE_REFERRED
