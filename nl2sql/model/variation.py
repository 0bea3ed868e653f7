"""What a training prompt shows: the same question with its schema shuffled and thinned, as retrieval and other databases would."""
from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nl2sql.model.fitting import Lesson
from nl2sql.model.network import Batch, collate
from nl2sql.model.prompt import LIMIT, DoesNotFit, Pieces, Prompt, build_prompt
from nl2sql.records import Context, Pointer, Symbol


@dataclass(frozen=True)
class Rates:
    """How often something that the query doesn't need is left out, and how long prompts get."""

    tables: float = 0.2
    columns: float = 0.05
    values: float = 0.15
    links: float = 0.04
    limit: int = 320  # word pieces of most prompts: attention over long ones is what a step costs
    long_share: float = 0.1  # batches that may fill the whole window


def needs(symbols: Sequence[Symbol], context: Context) -> set[Pointer]:
    """The tables and columns that a sequence can't do without."""
    owner, found = context.schema.owner, set()
    for symbol in symbols:
        if isinstance(symbol, Pointer):
            if symbol.kind == "value":
                symbol = Pointer("column", context.values[symbol.index].column)
            if symbol.kind == "column":
                found |= {symbol, Pointer("table", owner[symbol.index])}
            elif symbol.kind == "table":
                found.add(symbol)
    return found


def vary(lesson: Lesson, rng: random.Random, rates: Rates = Rates()) -> Lesson:
    """The lesson over a shuffled and thinned context; pointers at values are numbered anew."""
    context, needed = lesson.context, needs(lesson.symbols, lesson.context)
    tables: dict[int, list[int]] = {}
    for column in context.columns:
        tables.setdefault(context.schema.owner[column], []).append(column)
    order = [t for t in tables if Pointer("table", t) in needed or rng.random() > rates.tables]
    rng.shuffle(order)
    columns: list[int] = []
    for table in order:
        kept = [c for c in tables[table] if Pointer("column", c) in needed or rng.random() > rates.columns] or tables[table][:1]
        rng.shuffle(kept)
        columns += kept
    used = {symbol.index for symbol in lesson.symbols if isinstance(symbol, Pointer) and symbol.kind == "value"}
    values = [i for i in range(len(context.values)) if i in used or rng.random() > rates.values]
    place = {old: new for new, old in enumerate(values)}
    links = {}
    for pointer, found in context.links.items():
        if pointer.kind == "value":
            if pointer.index in place:
                links[Pointer("value", place[pointer.index])] = found
        elif rng.random() > rates.links:
            links[pointer] = found
    symbols = tuple(Pointer("value", place[s.index]) if isinstance(s, Pointer) and s.kind == "value" else s for s in lesson.symbols)
    varied = replace(context, columns=tuple(columns), values=tuple(context.values[i] for i in values), links=links)
    return Lesson(varied, symbols)


def show(lesson: Lesson, pieces: Pieces, limit: int) -> Prompt | None:
    """The lesson's prompt, if all that its symbols point at can be shown."""
    needed = needs(lesson.symbols, lesson.context)
    for room in (limit, LIMIT):
        try:
            prompt = build_prompt(lesson.context, pieces, needed=needed, limit=room)
        except DoesNotFit:
            continue
        shown = set(prompt.slots)
        return prompt if all(s in shown for s in lesson.symbols if isinstance(s, Pointer)) else None
    return None


class Batches:
    """Makes batches of varied lessons; lessons that can't be shown, or are longer than ``steps`` symbols, are left out."""

    def __init__(self, pieces: Pieces, *, rates: Rates = Rates(), steps: int) -> None:
        self.pieces, self.rates, self.steps = pieces, rates, steps

    def __call__(self, lessons: Sequence[Lesson], rng: random.Random) -> Batch | None:
        limit = LIMIT if rng.random() < self.rates.long_share else self.rates.limit
        return self._batch([vary(lesson, rng, self.rates) for lesson in lessons], limit)

    def fixed(self, lessons: Sequence[Lesson], size: int = 25) -> list[Batch]:
        """The lessons as inference would show them, in batches of similar length."""
        ordered = sorted(lessons, key=lambda lesson: len(lesson.context.columns))
        made = (self._batch(ordered[i : i + size], LIMIT, told=False) for i in range(0, len(ordered), size))
        return [batch for batch in made if batch is not None]

    def _batch(self, lessons: Sequence[Lesson], limit: int, *, told: bool = True) -> Batch | None:
        shown = []
        for lesson in lessons:
            prompt = show(lesson, self.pieces, limit) if told else show(Lesson(lesson.context, ()), self.pieces, limit)
            slots = set(prompt.slots) if prompt else set()
            if prompt and len(lesson.symbols) < self.steps and all(s in slots for s in lesson.symbols if isinstance(s, Pointer)):
                shown.append((prompt, lesson.symbols))
        return collate([prompt for prompt, _ in shown], [symbols for _, symbols in shown]) if shown else None
