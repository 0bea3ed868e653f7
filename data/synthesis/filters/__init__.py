"""Conditions on one column, with the ways to say them: before the noun, after it, as a clause, among keywords."""

from __future__ import annotations

import random

from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import date_filter, verb_of, year_filter
from nl2sql.data.synthesis.filters.derived import derived_filter
from nl2sql.data.synthesis.filters.flags import flag_filter
from nl2sql.data.synthesis.filters.missing import missing_filter
from nl2sql.data.synthesis.filters.numbers import number_filter
from nl2sql.data.synthesis.filters.parts import kind_filter, part_filter
from nl2sql.data.synthesis.filters.text import either_filter, other_filter, other_name_filter, text_filter
from nl2sql.data.synthesis.filters.wording import Filter, literal
from nl2sql.data.synthesis.world import World

__all__ = ["Filter", "any_filter", "derived_filter", "literal", "text_filter"]


def any_filter(world: World, rng: random.Random, column: ColumnRole, near: int = 0) -> Filter | None:
    """A condition that suits the column's role, or None where there is nothing to compare it with.

    ``near``: how many keys lead from what is asked about to the column's table.
    """
    chance = rng.random()
    if column.role == "dimension":
        make = (
            other_filter if chance < 0.12 else either_filter if chance < 0.24 else part_filter if chance < 0.27 else text_filter
        )
        return make(world, rng, column)
    if column.role == "name":
        if near == 0 and chance < 0.2 and (made := kind_filter(world, rng, column)):
            return made
        if near == 0:
            return part_filter(world, rng, column) if chance < 0.6 else text_filter(world, rng, column)
        return (part_filter if chance < 0.08 else other_name_filter if chance < 0.18 else text_filter)(world, rng, column)
    if column.role == "measure":
        return number_filter(world, rng, column)
    if column.role == "flag":
        return flag_filter(world, rng, column)
    if column.role == "year":
        return year_filter(world, rng, column)
    if column.role == "date":
        missing = world.schema.columns[column.index].nullable and chance < 0.45
        return missing_filter(world, rng, column, verb_of(column)) if missing else date_filter(world, rng, column)
    if column.role == "text":
        return part_filter(world, rng, column) if chance < 0.5 else missing_filter(world, rng, column, "")
    return missing_filter(world, rng, column, "") if column.role == "key" else None
