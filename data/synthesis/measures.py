"""What can be computed over the rows of a table: counts, sums, averages, extremes and derived business figures."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.world import World


@dataclass(frozen=True)
class Measure:
    """An aggregate over ``root`` joined with ``tables``.

    ``names`` are noun phrases without an article; ``most`` and ``least`` superlatives with theirs ("the most orders").
    ``subject`` is the table that a count counts; ``mass`` are words that go with "how much".
    """

    root: int
    sql: str
    kind: Literal["count", "sum", "average", "extreme", "derived"]
    names: tuple[str, ...]
    most: tuple[str, ...]
    least: tuple[str, ...]
    tables: frozenset[int] = frozenset()
    subject: int | None = None
    column: int | None = None
    mass: tuple[str, ...] = ()
    plain: bool = False  # a figure of the business itself: "revenue", not "average price of products"


def _superlatives(names: tuple[str, ...], mass: tuple[str, ...] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    most = [f"the {word} {name}" for name in names[:3] for word in ("highest", "largest", "biggest", "greatest", "highest")]
    least = [f"the {word} {name}" for name in names[:3] for word in ("lowest", "smallest", "lowest")]
    return (*most, *(f"the most {word}" for word in mass)), (*least, *(f"the least {word}" for word in mass))


_HEADS = {"employee", "staff", "staff member", "worker"}  # whose number is a headcount


def count_of(world: World, root: int, entity: Entity, rng: random.Random) -> Measure | None:
    """How many rows of the entity; DISTINCT where the root's rows repeat them."""
    noun = rng.choice(entity.nouns[1:]) if len(entity.nouns) > 1 and rng.random() < 0.25 else entity.noun
    many = lexicon.plural(noun)
    if root == entity.table:
        sql, tables = "COUNT(*)", frozenset[int]()
    elif entity.key is not None:
        sql, tables = f"COUNT(DISTINCT {world.ref(entity.key)})", frozenset({entity.table})
    else:
        return None
    return Measure(
        root,
        sql,
        "count",
        (
            *(f"number of {many}", f"number of {many}", f"{noun} count", f"total number of {many}", f"count of {many}"),
            *((f"number of different {many}", f"number of distinct {many}") if tables else ()),
            *(("headcount", "head count") if root == entity.table and entity.noun in _HEADS else ()),
        ),
        (
            f"the most {many}",
            f"the most {many}",
            f"the highest number of {many}",
            f"the largest number of {many}",
            f"the greatest number of {many}",
        ),
        (f"the fewest {many}", f"the fewest {many}", f"the lowest number of {many}", f"the smallest number of {many}"),
        tables,
        subject=entity.table,
    )


def sum_of(world: World, column: ColumnRole, rng: random.Random) -> Measure:
    """The total of an additive column; the revenue column is also "sales", "revenue", "turnover"."""
    noun = column_noun(world, column, rng)
    sql = f"SUM({world.ref(column.index)})"
    if column.revenue and rng.random() < 0.85:
        word = rng.choice(
            ("sales", "sales", "sales", "revenue", "revenue", "revenue", "turnover", "total sales", "total revenue",
            "sales revenue",
             "total turnover", "sales figures", "takings")
        )  # fmt: skip
        mass = (word,) if word in ("sales", "revenue", "turnover") else ()
        most, least = _superlatives((word,), mass)
        return Measure(
            column.table,
            sql,
            "sum",
            (word, f"total {word.removeprefix('total ')}", word),
            most,
            least,
            column=column.index,
            mass=mass,
            plain=True,
        )
    bare = noun.removeprefix("total ")
    names = (f"total {bare}", f"total {bare}", f"sum of {noun}", f"overall {bare}", f"combined {bare}")
    short = (bare,) if world.entities[column.table].event else ()  # "the highest salary" is no sum
    most, least = _superlatives((f"total {bare}", *short, f"overall {bare}"))
    return Measure(
        column.table,
        sql,
        "sum",
        names,
        most,
        least,
        column=column.index,
        mass=(bare,) if column.unit == "money" and " " not in bare else (),
    )


def average_of(world: World, column: ColumnRole, rng: random.Random) -> Measure:
    """The mean of a column, now and then its median."""
    noun = column_noun(world, column, rng)
    median = rng.random() < 0.1
    words = ("median",) if median else ("average", "average", "mean", "avg")
    names = tuple(f"{word} {noun}" for word in words)
    most, least = _superlatives(names[:1])
    return Measure(
        column.table,
        f"{'MEDIAN' if median else 'AVG'}({world.ref(column.index)})",
        "average",
        names,
        most,
        least,
        column=column.index,
    )


def extreme_of(world: World, column: ColumnRole, rng: random.Random) -> Measure:
    """The largest or smallest value of a column."""
    noun = column_noun(world, column, rng)
    high = rng.random() < 0.6
    words = ("maximum", "highest", "largest", "max") if high else ("minimum", "lowest", "smallest", "min")
    names = tuple(f"{word} {noun}" for word in words)
    most, least = _superlatives(names[:1])
    return Measure(
        column.table, f"{'MAX' if high else 'MIN'}({world.ref(column.index)})", "extreme", names, most, least, column=column.index
    )


def derived(world: World, root: int, rng: random.Random) -> Measure | None:
    """Business figures that need several columns: profit, margin, average order value, units sold."""
    revenue = next((c for c in world.entities[root].columns if c.revenue), None)
    if revenue is None:
        return None
    made = ((2.0, _profit(world, revenue, rng)), (1.0, _units(world, revenue, rng)), (1.5, per_parent(world, revenue, rng)))
    options = [(weight, measure) for weight, measure in made if measure]
    return rng.choices([m for _, m in options], [w for w, _ in options])[0] if options else None


def _named(
    root: int, sql: str, names: tuple[str, ...], tables: frozenset[int] = frozenset(), mass: tuple[str, ...] = ()
) -> Measure:
    most, least = _superlatives(names, mass)
    return Measure(root, sql, "derived", names, most, least, tables, mass=mass, plain=True)


def quantity_of(world: World, root: int) -> ColumnRole | None:
    """The column of the root that counts units."""
    wanted = ("quantity", "units", "qty", "units sold", "quantity sold", "quantity ordered")
    return next((c for c in world.entities[root].columns if c.role == "measure" and c.noun in wanted), None)


def cost_of(world: World, root: int) -> ColumnRole | None:
    """What one unit costs: a column of the root or of a table next to it."""
    paths = world.reach_of(root).path
    near = [c for table, path in paths.items() if len(path) <= 1 for c in world.entities[table].columns]
    return next(
        (
            c
            for c in near
            if c.role == "measure" and c.noun in ("unit cost", "cost", "cost price", "purchase price", "standard cost")
        ),
        None,
    )


def profit_of(world: World, root: int) -> Measure | None:
    """Revenue less what the units cost, in total."""
    revenue = next((c for c in world.entities[root].columns if c.revenue), None)
    quantity, cost = quantity_of(world, root), cost_of(world, root)
    if revenue is None or quantity is None or cost is None:
        return None
    profit = f"SUM({world.ref(revenue.index)} - {world.ref(quantity.index)} * {world.ref(cost.index)})"
    names = ("profit", "total profit", "profit", "gross profit", "overall profit")
    return _named(root, profit, names, frozenset({cost.table}), ("profit",))


def _profit(world: World, revenue: ColumnRole, rng: random.Random) -> Measure | None:
    """The profit, or its share of the revenue."""
    made = profit_of(world, revenue.table)
    if made is None or rng.random() >= 0.4:
        return made
    ratio = f"{made.sql} / SUM({world.ref(revenue.index)})"
    if rng.random() < 0.35:
        names = ("margin in percent", "profit margin in percent", "percentage margin", "margin (%)", "percent profit margin")
        return _named(revenue.table, f"100.0 * {ratio}", names, made.tables)
    return _named(revenue.table, ratio, ("margin", "profit margin", "margin", "profitability"), made.tables)


def _units(world: World, revenue: ColumnRole, rng: random.Random) -> Measure | None:
    quantity = quantity_of(world, revenue.table)
    if quantity is None:
        return None
    names = rng.choice(
        (
            ("units sold", "number of units sold"),
            ("quantity sold", "total quantity sold"),
            ("units", "number of units"),
            ("pieces sold", "number of pieces sold"),
            ("items sold", "number of items sold"),
            ("sales in units", "unit sales"),
        )
    )
    measure = _named(revenue.table, f"SUM({world.ref(quantity.index)})", names)
    many = (
        "the most units",
        "the most units sold",
        "the highest number of units",
        "the largest quantity",
        "the highest quantity sold",
    )
    few = ("the fewest units", "the fewest units sold", "the lowest number of units", "the smallest quantity")
    return Measure(measure.root, measure.sql, "derived", names, many, few, column=quantity.index, plain=True)


def per_parent(world: World, revenue: ColumnRole, rng: random.Random) -> Measure | None:
    """Revenue per order: "average order value"."""
    entity = world.entities[revenue.table]
    parents = [
        e
        for e in world.entities
        if e.event and e.key is not None and len(world.reach_of(entity.table).path.get(e.table, ())) == 1
    ]
    if entity.event and not entity.link and not parents:
        names: tuple[str, ...] = (
            f"average {entity.noun} value",
            f"average value of {lexicon.article(entity.noun)}",
            f"average revenue per {entity.noun}",
        )
        return _named(entity.table, f"SUM({world.ref(revenue.index)}) / COUNT(*)", names)
    if not parents:
        return None
    parent = rng.choice(parents)
    key, noun = parent.key, parent.noun
    assert key is not None
    names = (f"average {noun} value", f"average {noun} value", f"average revenue per {noun}", f"average sales per {noun}",
             f"average value of {lexicon.article(noun)}", f"mean {noun} value", f"average basket per {noun}",
             *(("average basket", "average basket size", "basket value") if noun in vocabulary.SALES_NOUNS else ()),
             f"revenue per {noun}",
             *(("AOV", "aov", "AOV") if noun == "order" else ()))  # fmt: skip
    return _named(
        entity.table, f"SUM({world.ref(revenue.index)}) / COUNT(DISTINCT {world.ref(key)})", names, frozenset({parent.table})
    )


def column_noun(world: World, column: ColumnRole, rng: random.Random, subject: int | None = None) -> str:
    """How the column is called in this question: its table's noun is put before it where the name alone is not clear."""
    noun = rng.choice(column.nouns[1:]) if len(column.nouns) > 1 and rng.random() < 0.22 else column.noun
    entity = world.entities[column.table]
    shared = len(world.noun_owners[column.noun]) > 1 or column.noun in {e.noun for e in world.entities}
    vague = noun in vocabulary.VAGUE
    clear = column.table == subject or not (shared or vague)
    if set(noun.split()) & set(entity.noun.split()) or clear and rng.random() < 0.9:
        return noun
    return f"{entity.noun} {noun}"
