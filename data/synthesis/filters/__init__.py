"""Conditions on one column, with the ways to say them: before the noun, after it, as a clause, among keywords."""

from __future__ import annotations

import random

from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import date_filter, missing_filter, year_filter
from nl2sql.data.synthesis.filters.numbers import flag_filter, number_filter
from nl2sql.data.synthesis.filters.text import either_filter, other_filter, part_filter, text_filter
from nl2sql.data.synthesis.filters.wording import Filter, literal
from nl2sql.data.synthesis.world import World

__all__ = ["Filter", "any_filter", "literal", "missing_filter", "text_filter"]


def any_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A condition that suits the column's role, or None where there is nothing to compare it with."""
    chance = rng.random()
    if column.role == "dimension":
        make = other_filter if chance < 0.1 else either_filter if chance < 0.2 else part_filter if chance < 0.23 else text_filter
        return make(world, rng, column)
    if column.role == "name":
        return part_filter(world, rng, column) if chance < 0.2 else text_filter(world, rng, column)
    if column.role == "measure":
        return number_filter(world, rng, column)
    if column.role == "flag":
        return flag_filter(world, rng, column)
    if column.role == "year":
        return year_filter(world, rng, column)
    if column.role == "date":
        return date_filter(world, rng, column) if chance < 0.75 else missing_filter(world, rng, column)
    if column.role == "text":
        return part_filter(world, rng, column) if chance < 0.4 else missing_filter(world, rng, column)
    return missing_filter(world, rng, column) if column.role == "key" else None
