"""What a training prompt shows: the same question with its schema shuffled and thinned, as retrieval would leave it."""
from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nl2sql.model.feeding import Lesson, Shown, padded
from nl2sql.model.network import Batch
from nl2sql.model.prompt import LIMIT, DoesNotFit, Pieces, Prompt, build_prompt
from nl2sql.records import Context, Pointer, Symbol


@dataclass(frozen=True)
class Rates:
    """How often something that the query doesn't need is left out, and how long prompts get."""

    tables: float = 0.2
    columns: float = 0.05
    values: float = 0.15
    links: float = 0.04
    unlinked: float = 0.1  # lessons that lose half of their names' links, as a question in other words would
    synonyms: float = 0.5  # lessons that get links by the thesaurus, which doesn't know every word that people use
    limit: int = 320  # word pieces of most prompts: attention over long ones is what a step costs
    long_share: float = 0.1  # lessons that may fill the whole window
    renamed: float = 0.0  # lessons whose schema gets other names
    thin: float = 0.0  # lessons that show little more than they need: half as long, and a narrowed schema looks like that

    def thinned(self) -> Rates:
        return replace(self, tables=0.6, columns=0.5)


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
    """The lesson over a shuffled and thinned context; pointers at values are numbered anew, in the previous query too."""
    context = lesson.context
    pointed = (*lesson.symbols, *context.previous)
    needed = needs(pointed, context)
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
    used = {symbol.index for symbol in pointed if isinstance(symbol, Pointer) and symbol.kind == "value"}
    values = [i for i in range(len(context.values)) if i in used or rng.random() > rates.values]
    place = {old: new for new, old in enumerate(values)}
    links = {}
    lost = max(rates.links, 0.5 if rng.random() < rates.unlinked else 0.0)
    for pointer, found in context.links.items():
        if pointer.kind == "value":
            if pointer.index in place:
                links[Pointer("value", place[pointer.index])] = found
        elif rng.random() > lost:
            links[pointer] = found

    def renumbered(symbols: Sequence[Symbol]) -> tuple[Symbol, ...]:
        return tuple(Pointer("value", place[s.index]) if isinstance(s, Pointer) and s.kind == "value" else s for s in symbols)

    varied = replace(context, columns=tuple(columns), values=tuple(context.values[i] for i in values), links=links,
                     previous=renumbered(context.previous))
    return Lesson(varied, renumbered(lesson.symbols))


@dataclass(frozen=True)
class Showing:
    """Turns lessons into prompts for training; None for those that can't be shown or are longer than ``steps`` symbols."""

    pieces: Pieces
    steps: int
    rates: Rates = Rates()
    rename: Callable[[Lesson, random.Random], Lesson] | None = None  # see renaming.Renaming
    similar: Callable[[Context, bool], Context] | None = None  # see similar.SimilarNames

    def __call__(self, lesson: Lesson, rng: random.Random) -> Shown | None:
        if self.rename and rng.random() < self.rates.renamed:
            lesson = self.rename(lesson, rng)
        linked = self._linked(lesson, rng.random() < self.rates.synonyms)
        varied = vary(linked, rng, self.rates.thinned() if rng.random() < self.rates.thin else self.rates)
        needed = needs((*varied.symbols, *varied.context.previous), varied.context)
        limits = (LIMIT,) if rng.random() < self.rates.long_share else (self.rates.limit, LIMIT)
        for limit in limits:
            try:
                return self._usable(build_prompt(varied.context, self.pieces, needed=needed, limit=limit), varied.symbols)
            except DoesNotFit:
                continue
        return None

    def as_asked(self, lesson: Lesson) -> Shown | None:
        """The lesson as inference would show it: nothing is known to be needed."""
        return self._usable(build_prompt(self._linked(lesson, True).context, self.pieces), lesson.symbols)

    def _linked(self, lesson: Lesson, synonyms: bool) -> Lesson:
        return replace(lesson, context=self.similar(lesson.context, synonyms)) if self.similar else lesson

    def _usable(self, prompt: Prompt, symbols: tuple[Symbol, ...]) -> Shown | None:
        slots = set(prompt.slots)
        fits = len(symbols) < self.steps and all(symbol in slots for symbol in symbols if isinstance(symbol, Pointer))
        return (prompt, symbols) if fits else None


def fixed_batches(lessons: Sequence[Lesson], showing: Showing, *, size: int = 25) -> list[Batch]:
    """Lessons as inference shows them, in batches of similar length; those that can't be shown are missing."""
    shown = sorted((one for lesson in lessons if (one := showing.as_asked(lesson))), key=lambda one: len(one[0].ids))
    parts = [shown[i : i + size] for i in range(0, len(shown), size)]
    return [padded(part) for part in parts]
