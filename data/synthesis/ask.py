"""One question in the making: random choices of facts, measures, dimensions, filters and times, and how they are worded."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nl2sql.data.synthesis import dimensions, filters, lexicon, measures, nouns, times, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed
from nl2sql.data.synthesis.wording import finish
from nl2sql.data.synthesis.world import World

_HOW_MANY = {1: (2, 5), 2: (1.6, 4, 4), 3: (0.7, 3, 4, 2)}  # by the most conditions: how often none, one, two, three


@dataclass(frozen=True)
class Draft:
    """A question and its SQL, before they are tested and told apart from others."""

    question: str
    sql: str | None


class Ask:
    """The choices of one draft. Every method draws from ``rng``."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world = world
        self.rng = rng
        self.protected: set[str] = set()

    # what the question is about

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def subject(self, *, labelled: bool = False, keyed: bool = False) -> Entity | None:
        """A table whose rows people ask for."""
        options = [
            e
            for e in self.world.entities
            if not ((e.link or e.event and e.key is None) and self.rng.random() < 0.9)
            and (not labelled or e.labels)
            and (not keyed or e.key is not None)
        ]
        return self.rng.choices(options, [self._interest(e) for e in options])[0] if options else None

    def _interest(self, entity: Entity) -> float:
        """How much there is to ask about the rows of a table: its columns, less so where it has a handful of rows."""
        columns = float(len(entity.with_role("dimension", "measure", "date", "year", "flag", "text", "name")))
        rows = self.world.schema.tables[entity.table].rows
        columns *= 0.5 if set(entity.noun.split()) & vocabulary.PLANS else 1.0
        return max(1.0, columns) * (0.4 if rows is not None and rows < 15 else 1.0)

    def fact(self) -> Entity:
        """A table to aggregate: events and tables with measures more often."""
        weights = [
            1.0
            + 2.0 * e.event
            + 2.5 * (e.key is not None and any(c.additive for c in e.columns))
            + 9.0 * any(c.revenue for c in e.columns)
            - 1.9 * (e.event and bool(set(e.noun.split()) & vocabulary.PLANS))  # plans are asked about in their own way
            - 0.8 * (not e.with_role("measure", "dimension") and len(self.world.reach_of(e.table).path) == 1)
            for e in self.world.entities
        ]
        return self.rng.choices(self.world.entities, weights)[0]

    def measure(self, root: int, *, additive: bool = False) -> Measure | None:
        """Something to compute over the rows of the root. ``additive``: only counts, sums and what adds up."""
        entity = self.world.entities[root]
        found = entity.with_role("measure")
        sums = [c for c in found if c.additive]
        revenue = [c for c in sums if c.revenue]
        kinds: list[tuple[float, str]] = [(2.0 if not entity.link and entity.key is not None else 0.3, "count")]
        kinds += [(1.2 if revenue else 2.0, "sum")] * bool(sums) + [(6.0, "revenue")] * bool(revenue)
        kinds += [(5.0, "derived")] * bool(revenue and not additive) + [(0.5, "forward")]
        if not additive:
            kinds += [(1.6, "average"), (0.3, "extreme")] * bool(found)
        kind = self.rng.choices([k for _, k in kinds], [w for w, _ in kinds])[0]
        if kind == "count":
            return measures.count_of(self.world, root, entity, self.rng)
        if kind == "forward":
            return self._forward_count(root)
        if kind == "derived":
            return measures.derived(self.world, root, self.rng)
        if kind in ("sum", "revenue"):
            return measures.sum_of(self.world, self.rng.choice(revenue if kind == "revenue" else sums), self.rng)
        make = measures.average_of if kind == "average" else measures.extreme_of
        return make(self.world, self.rng.choice(found), self.rng)

    def business(self, root: int) -> Measure | None:
        """A figure that people follow: revenue, profit, units, or how many rows there are."""
        made = [m for m in (self.measure(root) for _ in range(6)) if m]
        return next((m for m in made if m.plain or m.kind == "count" and m.subject == root), None)

    def _forward_count(self, root: int) -> Measure | None:
        """How many different rows of a table that the root leads to ("number of customers" over orders)."""
        entities = self.world.entities
        near = [t for t, path in self.world.reach_of(root).path.items() if 0 < len(path) <= 2 and entities[t].key is not None]
        near = [t for t in near if not entities[t].place and not entities[t].link]
        if not near or not (entities[root].event or entities[root].link):
            return None
        return measures.count_of(self.world, root, entities[self.rng.choice(near)], self.rng)

    def dimension(
        self, root: int, *, entities: bool = True, attributes: bool = True, flags: bool = True, rows: bool = False
    ) -> dimensions.Dimension | None:
        """What to split by. ``flags``: yes/no columns too, which make no sense where groups are called by their name;
        ``rows``: events too, which have no name but a key.
        """
        return dimensions.dimensions(self.world, root, self.rng, entities=entities, attributes=attributes, flags=flags, rows=rows)

    def filters(
        self,
        root: int,
        most: int = 2,
        *,
        avoid: Sequence[int] = (),
        tables: Sequence[int] | None = None,
        apart: int | None = None,
    ) -> list[Filter]:
        """Up to ``most`` conditions on the root and what it leads to.

        None is on the columns to avoid, nor on a table that ``apart`` leads to.
        """
        count = self.rng.choices(range(most + 1), _HOW_MANY[most])[0]
        if apart is not None:
            away = self.world.reach_of(apart).path
            tables = [table for table in self.world.reach_of(root).path if table not in away]
        found: list[Filter] = []
        banned = set(avoid)
        for _ in range(count):
            one = self.filter(root, avoid=tuple(banned), tables=tables)
            if one:
                found.append(one)
                banned.add(one.column)
        return found

    def filter(self, root: int, *, avoid: Sequence[int] = (), tables: Sequence[int] | None = None) -> Filter | None:
        """One condition; nearer tables and text columns more often."""
        if self.chance(0.18) and (tables is None or root in tables):
            made = filters.derived_filter(self.world, self.rng, self.world.entities[root])
            if made and made.column not in avoid:
                self.protect(made.said)
                return made
        options = self._filter_columns(root, avoid, tables)
        if not options:
            return None
        column, near = self.rng.choices([c for _, *c in options], [w for w, *_ in options])[0]
        made = filters.any_filter(self.world, self.rng, column, near)
        if made:
            self.protect(made.said)
        return made

    def kind(self, root: int, avoid: Sequence[int] = (), *, named: bool = False, far: int = 1) -> Filter | None:
        """A value of what sorts the rows: an attribute of their own, or the name or attribute of what they belong to.

        ``named``: rather the name of what they belong to ("Toys", "Europe"); ``far``: at most so many keys away.
        """
        options: list[tuple[float, ColumnRole]] = []
        for table, path in self.world.reach_of(root).path.items():
            entity = self.world.entities[table]
            if len(path) > far or entity.event and path and far == 1:
                continue
            for column in entity.columns:
                name = bool(path) and entity.labels == (column.index,)
                if column.index in avoid or not (name or column.role == "dimension" and column.index not in entity.labels):
                    continue
                usual = (2.0 if named and name else 1.0 if not path else 0.5) / max(1, len(path))
                options.append((usual * self.world.prominence(column), column))
        if not options:
            return None
        made = filters.text_filter(self.world, self.rng, self.rng.choices([c for _, c in options], [w for w, _ in options])[0])
        self.protect(made.said if made else "")
        return made

    def another_value(self, conditions: Sequence[Filter]) -> tuple[tuple[Filter, ...], Filter] | None:
        """One of the conditions on another value of its column, after the rest of them."""
        for condition in conditions:
            column = next(c for c in self.world.entities[condition.table].columns if c.index == condition.column)
            if column.role in ("dimension", "name"):
                found = filters.text_filter(self.world, self.rng, column)
                if found and found.sql != condition.sql:
                    self.protect(found.said)
                    return tuple(one for one in conditions if one is not condition), found
        return None

    def _filter_columns(
        self, root: int, avoid: Sequence[int], tables: Sequence[int] | None
    ) -> list[tuple[float, ColumnRole, int]]:
        """The columns that a condition may be on, with how often and how far away."""
        weight = {"dimension": 3.0, "name": 1.5, "measure": 1.5, "flag": 3.0, "year": 1.5, "text": 0.6, "date": 1.2, "key": 0.3}
        found: list[tuple[float, ColumnRole, int]] = []
        for table, path in self.world.reach_of(root).path.items():
            if tables is not None and table not in tables:
                continue
            for column in self.world.entities[table].columns:
                nullable = self.world.schema.columns[column.index].nullable
                if column.role not in weight or column.index in avoid or column.index == self.world.time_column(root):
                    continue
                if column.role == "key" and not nullable:
                    continue
                near = {0: 1.0, 1: 0.9, 2: 0.7}.get(len(path), 0.4)
                far = 0.2 if path and column.role in ("measure", "text", "date", "year", "key") else 1.0
                known = 0.5 if table == root and column.index in self.world.entities[table].labels else 1.0
                often = 4.0 if not path and nullable and column.role in ("text", "date", "key") else 1.0
                usual = self.world.prominence(column) if path else 0.5 if "cost" in column.noun.split() else 1.0
                found.append((weight[column.role] * near * far * known * often * usual, column, len(path)))
        return found

    def time(self, root: int, probability: float = 0.5) -> Timed | None:
        """A time expression about the date that unmarked times of the root mean."""
        column = self.world.time_column(root)
        if column is None or not self.chance(probability):
            return None
        when = times.any_time(self.rng, self.world.as_of, *self.world.date_range(column))
        self.protect(when.full)
        return Timed(column, when)

    def protect(self, *texts: str) -> None:
        for text in texts:
            self.protected.update(re.findall(r"\w+", text.lower()))

    # SQL

    def select(
        self,
        root: int,
        conditions: Sequence[Filter] = (),
        timed: Timed | None = None,
        *,
        measure: Measure | None = None,
        tables: Sequence[int] = (),
    ) -> Select:
        """A block with these conditions; the intent adds what it shows."""
        block = Select(
            self.world,
            root,
            tables={root, *tables, *(measure.tables if measure else ())},
            subject=measure.subject if measure else None,
        )
        for condition in conditions:
            block.where.append(condition.sql)
            block.tables.add(condition.table)
        if timed:
            block.where.append(timed.when.sql(self.world.ref(timed.column)))
            block.tables.add(self.world.schema.owner[timed.column])
        return block

    # wording

    def noun(self, entity: Entity) -> str:
        return self.rng.choice(entity.nouns[1:]) if len(entity.nouns) > 1 and self.chance(0.3) else entity.noun

    def things(self, table: int, conditions: Sequence[Filter] = (), timed: Timed | None = None, noun: str = "") -> str:
        """The rows of a table as a plural noun phrase: "pending orders from corporate customers placed in 2024"."""
        return nouns.noun_phrase(self, table, conditions, timed, noun)

    def figure(self, measure: Measure, conditions: Sequence[Filter], spoken: Sequence[str] = ()) -> dict[str, Slot]:
        """The slots name, scope, most and least. What is counted takes the conditions to itself: "number of pending orders"."""
        subject = measure.subject
        if subject is None or not conditions or not all(c.table in self.world.reach_of(subject).path for c in conditions):
            return dict(
                name=spoken or measure.names, scope=self.scope(measure, conditions), most=measure.most, least=measure.least
            )
        things = self.things(subject, conditions)
        return dict(
            name=(f"number of {things}", f"total number of {things}", f"count of {things}"),
            scope="",
            most=(f"the most {things}", f"the highest number of {things}", f"the largest number of {things}"),
            least=(f"the fewest {things}", f"the lowest number of {things}", f"the smallest number of {things}"),
        )

    def scope(self, measure: Measure, conditions: Sequence[Filter]) -> str:
        """What a measure is narrowed to, as a phrase after its name: "for fashion products in Europe"."""
        return nouns.scope(self, measure.root, conditions)

    def compose(self, frames: Slot, keywords: Slot = (), *, timed: Timed | None = None, **slots: Slot) -> str:
        """One question. A time expression stands at ``{when}`` or, now and then, in front of the question."""
        slots = {**slots, **self._agreement(slots)}
        if keywords and self.chance(0.17):
            when = timed.when.bare if timed else ""
            return finish(self.rng, say(self.rng, keywords, when=when, **slots), frozenset(self.protected), keywords=True)
        frame = frames if isinstance(frames, str) else self.rng.choice(frames)
        lead, scope = "", slots.get("scope", "")
        if isinstance(scope, str) and scope and "{scope}" in frame and self.chance(0.06):
            lead, slots = self._lead(scope), {**slots, "scope": ""}
        if timed and self.chance(0.22) and not frame.startswith(("{", "i ")):
            text = f"{timed.when.full}, {say(self.rng, frame, when='', **slots)}"
        else:
            text = say(self.rng, frame, when=timed.when.full if timed else "", **slots)
        text = f"{lead}: {text}" if lead else text
        return finish(self.rng, text, frozenset(self.protected))

    def _lead(self, scope: str) -> str:
        """What a figure is narrowed to, said before the question: "pending orders only"."""
        inside = scope.startswith(("in ", "at "))
        said = scope if inside else re.sub(r"^(?:for|from|of) ", "", scope)
        frames = "[only {x}|{x} only|{x}]" if inside else "[{x} only|{x} only|only {x}|just for {x}|looking at {x}]"
        return say(self.rng, frames, x=said)

    def _agreement(self, slots: dict[str, Slot]) -> dict[str, Slot]:
        """The name that this question uses, and the verbs that agree with it ("sales were", "revenue was")."""
        if "name" not in slots:
            return {}
        given = slots["name"]
        name = given if isinstance(given, str) else self.rng.choice(given)
        many = lexicon.is_plural(re.split(r" of | per ", name)[0])
        return {"name": name, "is": "are" if many else "is", "was": "were" if many else "was", "does": "do" if many else "does"}
