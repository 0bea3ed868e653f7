"""Context -> Prompt: the word pieces that the encoder reads and the slots that the decoder points at.

The same function serves training and inference. The text is
``[CLS] question [SEP] table : column , column = value = value , ... [SEP] table : ...`` over the context's columns in order.
Slots are, in this order: question words; tables, columns and values as they appear; numbers and periods of the question; then the
symbols of the previous query, which can be looked at but not pointed at. A slot is a span of pieces that is pooled.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from nl2sql.model import relations
from nl2sql.records import Context, Period, Pointer
from nl2sql.sql.symbols import INDEX

LIMIT = 512  # positions of the encoder
WORD_LIMIT = 160  # question words that get a slot
PIECES = 10  # word pieces shown of a value

Pieces = Callable[[str], tuple[int, ...]]

# What a slot is (an embedding each): the kinds of columns come first. Only append; KIND_COUNT leaves room.
KINDS = {name: i for i, name in enumerate(
    ("number", "text", "date", "boolean", "other", "table", "value", "word", "literal number", "literal period", "previous"))}
KIND_COUNT = 16
# Details of a slot. 0: none. Columns: 1 primary key, 2 foreign key, 3 both. Numbers: 4 plain, 5 percent. Periods: from 6 on.
UNITS = ("range", "year", "quarter", "month", "week", "day", "other")
DETAIL_COUNT = 64
# How a word piece is linked. Question words: level of the name link (0..2) + 3 if a value + 6 if a number, 12 if a period.
TABLE_MARK, COLUMN_MARK, VALUE_MARK, MARK_COUNT = 18, 21, 24, 32
ALIKE_TABLE, ALIKE_COLUMN, ALIKE_WORD = 25, 26, 27  # linked by meaning, and not by name


@dataclass(frozen=True)
class Prompt:
    """L word pieces and S slots. ``slots`` are the first P <= S of them, those that the decoder may point at."""

    ids: np.ndarray  # (L,) word pieces
    marks: np.ndarray  # (L,) how each piece is linked
    spans: np.ndarray  # (S, 2) the pieces of each slot, half-open; empty for symbols of the previous query
    slots: tuple[Pointer, ...]
    kinds: np.ndarray  # (S,)
    details: np.ndarray  # (S,)
    symbols: np.ndarray  # (S,) vocabulary index of a previous keyword, else 0
    relations: np.ndarray  # (S, S) uint8


class DoesNotFit(Exception):
    """The parts of the schema that must be shown are longer than the encoder's window."""


@lru_cache(maxsize=4)
def word_pieces(folder: Path) -> Pieces:
    """The tokenizer of an encoder folder, a function from text to piece ids."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    unknown: tuple[int, ...] = (tokenizer.token_to_id("[UNK]") or 0,)

    @lru_cache(maxsize=100_000)
    def pieces(text: str) -> tuple[int, ...]:
        return tuple(tokenizer.encode(text, add_special_tokens=False).ids) or unknown

    return pieces


def build_prompt(context: Context, pieces: Pieces, *, needed: Set[Pointer] = frozenset(), limit: int = LIMIT) -> Prompt:
    """The prompt of a context. Where it's too long, columns go, unlinked ones first; never the ``needed`` (training knows them).

    Raises ``DoesNotFit`` where those alone are too long.
    """
    draft = _Draft(context, pieces)
    draft.question()
    draft.schema(_fitting(context, pieces, needed, limit - len(draft.ids)))
    draft.literals()
    draft.previous()
    return draft.finish()


@dataclass
class _Draft:
    """A prompt that grows slot by slot."""

    context: Context
    pieces: Pieces
    ids: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    slots: list[Pointer] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    details: list[int] = field(default_factory=list)
    families: list[int] = field(default_factory=list)
    owners: list[tuple[int, int]] = field(default_factory=list)  # table, column

    def write(self, ids: Sequence[int], mark: int = 0) -> tuple[int, int]:
        start = len(self.ids)
        self.ids.extend(ids)
        self.marks.extend([mark] * len(ids))
        return start, len(self.ids)

    def slot(self, span: tuple[int, int], family: int, kind: int, detail: int = 0, owner: tuple[int, int] = (-1, -1)) -> None:
        self.spans.append(span)
        self.families.append(family)
        self.kinds.append(kind)
        self.details.append(detail)
        self.owners.append(owner)

    def question(self) -> None:
        words = self.context.words[:WORD_LIMIT]
        marks = _word_marks(self.context, len(words))
        self.write(self.pieces("[CLS]"))
        for i, word in enumerate(words):
            ids = self.pieces(word.text.lower())[:PIECES]
            if len(self.ids) + len(ids) > LIMIT // 2:
                break
            self.slot(self.write(ids, marks[i]), relations.WORD, KINDS["word"])
            self.slots.append(Pointer("word", i))
        self.write(self.pieces("[SEP]"))

    def schema(self, columns: Sequence[int]) -> None:
        context, schema = self.context, self.context.schema
        levels = {pointer: relations.best_level(links) for pointer, links in context.links.items()}
        values: dict[int, list[int]] = {}
        for i, value in enumerate(context.values):
            values.setdefault(value.column, []).append(i)
        keys = {key.source for key in schema.foreign_keys}
        equals, comma, separator = self.pieces("="), self.pieces(","), self.pieces("[SEP]")
        table = -1
        for position, column in enumerate(columns):
            if schema.owner[column] != table:
                table = schema.owner[column]
                pointer = Pointer("table", table)
                mark = _name_mark(levels.get(pointer, 0), TABLE_MARK, ALIKE_TABLE)
                span = self.write(self.pieces(table_words(context, table)), mark)
                self.slot(span, relations.TABLE, KINDS["table"], 0, (table, -1))
                self.slots.append(pointer)
                self.write(self.pieces(":"))
            pointer, what = Pointer("column", column), schema.columns[column]
            mark = _name_mark(levels.get(pointer, 0), COLUMN_MARK, ALIKE_COLUMN)
            span = self.write(self.pieces(column_words(context, column)), mark)
            self.slot(span, relations.COLUMN, KINDS[what.kind], what.primary_key + 2 * (column in keys), (table, column))
            self.slots.append(pointer)
            for i in values.get(column, ()):
                self.write(equals)
                span = self.write(self.pieces(str(context.values[i].value).lower()[:200])[:PIECES], VALUE_MARK)
                self.slot(span, relations.VALUE, KINDS["value"], 0, (table, column))
                self.slots.append(Pointer("value", i))
            self.write(comma)
            if position + 1 == len(columns) or schema.owner[columns[position + 1]] != table:
                self.ids[-1] = separator[0]

    def literals(self) -> None:
        for i, number in enumerate(self.context.numbers):
            self.literal(Pointer("number", i), number.first, number.last, "literal number", 4 + number.percent)
        for i, period in enumerate(self.context.periods):
            self.literal(Pointer("period", i), period.first, period.last, "literal period", _period_detail(period))

    def literal(self, pointer: Pointer, first: int, last: int, kind: str, detail: int) -> None:
        words = sum(family == relations.WORD for family in self.families)
        if first < words:
            span = (self.spans[first][0], self.spans[min(last, words - 1)][1])
            self.slot(span, relations.LITERAL, KINDS[kind], detail)
            self.slots.append(pointer)

    def previous(self) -> None:
        for _ in self.context.previous:
            self.slot((0, 0), relations.PREVIOUS, KINDS["previous"])

    def finish(self) -> Prompt:
        context, where = self.context, {pointer: i for i, pointer in enumerate(self.slots)}
        words = sum(family == relations.WORD for family in self.families)
        links = {pointer: [(link.word, link.level) for link in found] for pointer, found in context.links.items()}
        for i, value in enumerate(context.values):
            links.setdefault(Pointer("value", i), []).extend((word, 3) for word in range(value.first, value.last + 1))
        matches = [(word, where[pointer], level) for pointer, found in links.items() if pointer in where
                   for word, level in found if word < words]
        literals = {Pointer("number", i): number for i, number in enumerate(context.numbers)} | {
            Pointer("period", i): period for i, period in enumerate(context.periods)}
        spans = [(where[pointer], literal.first, min(literal.last, words - 1)) for pointer, literal in literals.items()
                 if pointer in where]
        before = len(self.slots)
        pointed = [(before + i, where[symbol]) for i, symbol in enumerate(context.previous)
                   if isinstance(symbol, Pointer) and symbol in where]
        symbols = [0] * before + [INDEX.get(symbol, 0) if isinstance(symbol, str) else 0 for symbol in context.previous]
        owners = np.array(self.owners, dtype=np.int64).reshape(-1, 2)
        return Prompt(
            ids=np.array(self.ids, dtype=np.int64), marks=np.array(self.marks, dtype=np.int64),
            spans=np.array(self.spans, dtype=np.int64).reshape(-1, 2), slots=tuple(self.slots),
            kinds=np.array(self.kinds, dtype=np.int64), details=np.array(self.details, dtype=np.int64),
            symbols=np.array(symbols, dtype=np.int64),
            relations=relations.relation_matrix(np.array(self.families), owners[:, 0], owners[:, 1], context.schema,
                                                matches, spans, pointed),
        )


def table_words(context: Context, table: int) -> str:
    what = context.schema.tables[table]
    return what.words or what.name.lower().replace("_", " ")


def column_words(context: Context, column: int) -> str:
    what = context.schema.columns[column]
    return what.words or what.name.lower().replace("_", " ")


def _name_mark(level: int, first: int, alike: int) -> int:
    return alike if level == relations.ALIKE else first + min(2, level) * (level < relations.ALIKE)


def _word_marks(context: Context, words: int) -> list[int]:
    names, values, literals, alike = ([0] * words for _ in range(4))
    for pointer, links in context.links.items():
        for word, level in links:
            if word < words and pointer.kind != "value":
                names[word] = max(names[word], min(level, 2) * (level < relations.ALIKE))
                alike[word] |= level == relations.ALIKE
    for value in context.values:
        for word in range(value.first, min(value.last + 1, words)):
            values[word] = 3
    spans = [(6, n.first, n.last) for n in context.numbers] + [(12, p.first, p.last) for p in context.periods]
    for mark, first, last in spans:
        literals[first : last + 1] = [mark] * len(literals[first : last + 1])
    marks = [sum(parts) for parts in zip(names, values, literals, strict=True)]
    return [mark or ALIKE_WORD * near for mark, near in zip(marks, alike, strict=True)]


def _period_detail(period: Period) -> int:
    unit = UNITS.index(period.unit) if period.unit in UNITS else len(UNITS) - 1
    sides = 0 if period.start is None else 1 if period.end is None else 2
    return 6 + unit + len(UNITS) * (sides + 3 * period.relative)


def _fitting(context: Context, pieces: Pieces, needed: Set[Pointer], room: int) -> tuple[int, ...]:
    """The context's columns, less those that are too many: unlinked ones go first, the last of the prompt before others."""
    schema, cost = context.schema, {}
    for column in context.columns:
        cost[column] = len(pieces(column_words(context, column))) + 1
    for value in context.values:
        if value.column in cost:
            cost[value.column] += min(PIECES, len(pieces(str(value.value).lower()[:200]))) + 1
    head = {table: len(pieces(table_words(context, table))) + 1 for table in {schema.owner[column] for column in context.columns}}
    total = sum(cost.values()) + sum(head.values())
    if total <= room:
        return context.columns
    keys = {end for key in schema.foreign_keys for end in (key.source, key.target)}
    shown = {value.column for value in context.values}

    def worth(column: int) -> int:
        table = Pointer("table", schema.owner[column])
        if Pointer("column", column) in needed or (table in needed and left[table.index] == 1):
            return 9
        linked = 3 * (Pointer("column", column) in context.links or column in shown)
        return linked + (column in keys or schema.columns[column].primary_key) + (table in context.links)

    left = {table: sum(schema.owner[column] == table for column in context.columns) for table in head}
    kept = list(context.columns)
    while total > room and kept:
        column = min(reversed(kept), key=worth)
        if worth(column) == 9:
            raise DoesNotFit(f"{total} word pieces of needed columns, room for {room}")
        kept.remove(column)
        table = schema.owner[column]
        left[table] -= 1
        total -= cost[column] + (head[table] if not left[table] else 0)
    return tuple(kept)
