"""What a training is fed: lessons drawn from several sources, shown as prompts, padded into batches, here or by other processes.

A pool of lessons is drawn, shown and sorted by length as one; everything random in it is drawn from (seed, number of the pool).
"""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from torch.utils.data import DataLoader, Dataset

from nl2sql.model.network import Batch, collate
from nl2sql.model.prompt import Prompt
from nl2sql.records import Context, Symbol

POOL = 2048  # lessons that are drawn and sorted by length together, and batches at least
FEWEST = 8

Place = tuple[str, int]  # a source and a lesson's number in it


@dataclass(frozen=True)
class Lesson:
    """A question in its context and the symbols to write."""

    context: Context
    symbols: tuple[Symbol, ...]


Shown = tuple[Prompt, tuple[Symbol, ...]]
Show = Callable[[Lesson, random.Random], Shown | None]  # None: the lesson can't be shown
Pad = Callable[[Sequence[Shown]], Batch]


def padded(shown: Sequence[Shown]) -> Batch:
    return collate([prompt for prompt, _ in shown], [symbols for _, symbols in shown])


@dataclass
class Mix:
    """Lessons by source, and how much of each a pass takes (1.0: all of it). Remembers how many of each were drawn."""

    sources: Mapping[str, Sequence[Lesson]]
    shares: Mapping[str, float]
    seed: int = 0
    drawn: dict[str, int] = field(default_factory=dict)
    _orders: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def draw(self, count: int, rng: random.Random) -> list[Place]:
        """The next ``count`` lessons; every source is gone through in a new random order each time."""
        names = [name for name, lessons in self.sources.items() if lessons and self.shares.get(name, 1.0) > 0]
        weights = [len(self.sources[name]) * self.shares.get(name, 1.0) for name in names]
        return [(name, self._next(name)) for name in rng.choices(names, weights, k=count)]

    def _next(self, name: str) -> int:
        at, count = self.drawn.get(name, 0), len(self.sources[name])
        self.drawn[name] = at + 1
        turn, place = divmod(at, count)
        if (name, turn) not in self._orders:
            self._orders = {key: order for key, order in self._orders.items() if key[0] != name}
            order = list(range(count))
            random.Random(f"{self.seed}-{name}-{turn}").shuffle(order)
            self._orders[name, turn] = order
        return self._orders[name, turn][place]


class Pool(NamedTuple):
    """A pool that is to be shown, and what had been drawn before it."""

    number: int
    drawn: dict[str, int]
    places: list[Place]


class Fed(NamedTuple):
    """A batch and its place: to go on after it, a training needs the pool, how far it is in it, and what was drawn before it."""

    pool: int
    place: int
    drawn: dict[str, int]
    lessons: int  # of all processes
    batch: Batch


@dataclass
class Feed(Dataset[list[Fed]]):
    """Endless batches of ``size`` lessons, of which this process learns every ``processes``-th from ``rank`` on.

    ``workers``: processes that show and pad the lessons; 0: it happens when a batch is asked for.
    """

    mix: Mix
    show: Show
    size: int
    seed: int = 0
    workers: int = 0
    rank: int = 0
    processes: int = 1
    pinned: bool = False  # batches lie where a GPU can fetch them by itself
    pad: Pad = padded

    def batches(self, pool: int = 0, place: int = 0) -> Iterator[Fed]:
        """The batches from a place on; the mix must be as it was before that pool."""
        loader: DataLoader[list[Fed]] = DataLoader(
            self, sampler=self._pools(pool), batch_size=None, num_workers=self.workers,  # type: ignore[arg-type]
            prefetch_factor=2 if self.workers else None, pin_memory=self.pinned)
        for fed in loader:
            for one in fed:
                if (one.pool, one.place) > (pool, place):
                    yield one

    def _pools(self, first: int) -> Iterator[Pool]:
        count = max(POOL, FEWEST * self.size)
        while True:
            drawn = dict(self.mix.drawn)
            yield Pool(first, drawn, self.mix.draw(count, random.Random(f"{self.seed}-pool-{first}")))
            first += 1

    def __getitem__(self, pool: Pool) -> list[Fed]:
        """Batches sorted by length within and shuffled: padding would double a step's cost."""
        rng = random.Random(f"{self.seed}-shown-{pool.number}")
        lessons = (self.mix.sources[name][number] for name, number in pool.places)
        shown = [one for lesson in lessons if (one := self.show(lesson, rng))]
        shown.sort(key=lambda one: (len(one[0].ids), len(one[1])))
        parts = [shown[i : i + self.size] for i in range(0, len(shown), self.size)]
        rng.shuffle(parts)
        return [Fed(pool.number, place, pool.drawn, len(part), self.pad(part[self.rank :: self.processes] or part[:1]))
                for place, part in enumerate(parts, 1)]
