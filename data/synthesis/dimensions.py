"""What a measure can be split by: the rows of another table, an attribute, a unit of time, a year column, a flag."""

from __future__ import annotations

import random
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.world import World


@dataclass(frozen=True)
class Dimension:
    """``show`` goes into SELECT, ``group`` into GROUP BY (an entity by its key first); ``noun`` is singular.

    ``columns`` are those that it is about: an entity's key first, then all of its columns, as conditions on them belong to the
    entity. ``unit`` is set where it is a unit of time: then its rows stand in order of time.
    """

    table: int
    noun: str
    show: tuple[str, ...]
    group: tuple[str, ...]
    columns: tuple[int, ...] = ()
    unit: str = ""
    person: bool = False
    entity: bool = False

    @property
    def plural(self) -> str:
        head, of, owner = self.noun.partition(" of the ")
        return f"{lexicon.plural(head)}{of}{owner}"


def entity_dimension(world: World, entity: Entity, rng: random.Random) -> Dimension | None:
    """Grouped by the key, shown by its name."""
    label = world.label(entity.table)
    if entity.key is None or not label:
        return None
    noun = rng.choice(entity.nouns[1:]) if len(entity.nouns) > 1 and rng.random() < 0.2 else entity.noun
    show = tuple(world.ref(column) for column in label)
    group = tuple(dict.fromkeys((world.ref(entity.key), *show)))
    columns = tuple(dict.fromkeys((entity.key, *(c.index for c in entity.columns))))
    return Dimension(entity.table, noun, show, group, columns, person=entity.person, entity=True)


def attribute_dimension(world: World, column: ColumnRole, rng: random.Random, subject: int | None = None) -> Dimension:
    """Grouped by the column itself."""
    ref, entity, noun = world.ref(column.index), world.entities[column.table], column_noun(world, column, rng, subject)
    if column.table != subject and not set(noun.split()) & set(entity.noun.split()) and rng.random() < 0.12:
        noun = f"{noun} of the {rng.choice(entity.nouns)}"
    return Dimension(column.table, noun, (ref,), (ref,), (column.index,))


def unit_sql(column: str, unit: str) -> str:
    """The unit of time that holds a date: a year as a number, anything else as its first day."""
    return f"YEAR({column})" if unit == "year" else f"CAST(DATE_TRUNC('{unit}', {column}) AS DATE)"


def time_dimension(world: World, column: int, unit: str) -> Dimension:
    """Grouped by a unit of time of a date column."""
    sql = unit_sql(world.ref(column), unit)
    return Dimension(world.schema.owner[column], unit, (sql,), (sql,), (column,), unit=unit)


def dimensions(
    world: World,
    root: int,
    rng: random.Random,
    *,
    entities: bool = True,
    attributes: bool = True,
    flags: bool = True,
    rows: bool = False,
) -> Dimension | None:
    """An entity or attribute that the rows of the root lead to, nearer ones more often."""
    paths = world.reach_of(root).path
    options: list[tuple[float, Entity | ColumnRole]] = []
    for table, path in paths.items():
        entity, nearness = world.entities[table], 1.0 / (1 + 0.4 * len(path))
        if entities and entity.key is not None and entity.labels and table != root:
            label = next(c for c in entity.columns if c.index == entity.labels[0])
            options.append((1.5 * nearness * max(1.0, world.prominence(label) / 1.5), entity))
        elif rows and entity.key is not None and entity.event and not entity.labels and table != root:
            options.append((0.6 * nearness, entity))  # "the orders with more than 3 lines"
        if attributes:
            usual = [(c, world.prominence(c)) for c in entity.columns if c.role == "dimension" and c.index not in entity.labels]
            options += [(nearness * (often if path else 1.0), c) for c, often in usual]
            options += [(0.4 * nearness, c) for c in entity.columns if c.role == "year" or c.role == "flag" and flags]
    if not options:
        return None
    chosen = rng.choices([option for _, option in options], [weight for weight, _ in options])[0]
    if isinstance(chosen, Entity):
        return entity_dimension(world, chosen, rng)
    return attribute_dimension(world, chosen, rng, root)


def determines(world: World, group: Dimension, other: Dimension) -> bool:
    """Whether a group has one value of the other dimension at most (a store has one region): then splitting says nothing."""
    if group.noun == other.noun or set(group.columns) & set(other.columns):
        return True
    if group.table == other.table:
        return group.entity
    return other.table in world.reach_of(group.table).path
