"""A figure as a conversation keeps it: what it is made of, its SQL, and how a first question asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import figure_words as words
from nl2sql.data.synthesis.ask import Ask
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.grouping import choose
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import Timed, number


@dataclass(frozen=True)
class Figure:
    """Measures by dimensions, narrowed, ordered, cut. ``order``: "", "DESC" or "ASC", by the first measure."""

    ask: Ask
    measure: Measure
    dims: tuple[Dimension, ...] = ()
    conditions: tuple[Filter, ...] = ()
    timed: Timed | None = None
    order: str = ""
    limit: int | None = None
    percent: bool = False
    second: Measure | None = None

    def sql(self) -> str:
        tables = tuple(dim.table for dim in self.dims)
        block = self.ask.select(self.measure.root, self.conditions, self.timed, measure=self.measure, tables=tables)
        figure = self.measure.sql
        if self.percent:
            figure = f"100.0 * {figure} / SUM({figure}) OVER ()"
        block.items = [*(show for dim in self.dims for show in dim.show), figure]
        if self.second:
            block.items.append(self.second.sql)
            block.tables |= self.second.tables
        block.group = list(dict.fromkeys(group for dim in self.dims for group in dim.group))
        if self.order and self.dims:
            block.order, block.limit = [f"{self.measure.sql} {self.order}"], self.limit
        elif self.dims and self.dims[0].unit:
            block.order = [*self.dims[0].show]
        return block.sql()

    def question(self) -> str:
        """The whole of it, as the first question of a conversation."""
        ask, figure = self.ask, self.ask.figure(self.measure, self.conditions)
        slots: dict[str, Slot] = {**figure, "dim": " and ".join(dim.noun for dim in self.dims)}
        if not self.dims:
            return ask.compose(words.FIRST, "{name} {scope} {when}", timed=self.timed, **slots)
        if self.limit:
            slots |= {"n": number(ask.rng, self.limit), "dims": self.dims[0].plural, "edge": edge(self.order)}
            return ask.compose(words.FIRST_TOP, "{edge} {n} {dims} by {name} {scope} {when}", timed=self.timed, **slots)
        return ask.compose(words.FIRST_BY, "{name} by {dim} {scope} {when}", timed=self.timed, **slots)


def first_figure(ask: Ask) -> Figure | None:
    chosen = choose(ask, flags=False)
    if chosen is None:
        return None
    measure, dimension = chosen
    dims: tuple[Dimension, ...] = (dimension,)
    column = ask.world.time_column(measure.root)
    kind = ask.rng.random()
    if kind < 0.25:
        dims = ()
    elif kind < 0.45 and column is not None:
        dims = (time_dimension(ask.world, column, ask.rng.choice(("year", "month", "quarter"))),)
    avoid = [column for dim in dims for column in dim.columns]
    conditions = tuple(ask.filters(measure.root, 1, avoid=avoid))
    timed = ask.time(measure.root, 0.4)
    ranked = bool(dims) and not dims[0].unit and ask.chance(0.35)
    order = ("DESC" if ask.chance(0.8) else "ASC") if ranked else ""
    return Figure(ask, measure, dims, conditions, timed, order, ask.rng.choice((3, 5, 5, 10, 2, 4)) if ranked else None)


def edge(order: str) -> str:
    return "bottom" if order == "ASC" else "top"
