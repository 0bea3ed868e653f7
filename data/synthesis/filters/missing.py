"""Conditions on what is missing, and on what is there: IS NULL and IS NOT NULL."""

from __future__ import annotations

import random

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter, noun_of
from nl2sql.data.synthesis.world import World

_UNDONE = ("placed", "born", "hired")  # every row was

_MISSING = (  # {a} is the column with its article
    "without {a}|with no {noun}|with missing {noun}|whose {noun} is missing|whose {noun} is unknown|"
    "{does} have no {noun}|{does} don't have {a}|whose {noun} is empty|whose {noun} is blank|with an empty {noun}|"
    "without any {noun}|whose {noun} is not known|whose {noun} wasn't recorded|{does} lack {a}|"
    "where the {noun} is missing|where no {noun} is given|whose {noun} we don't know|for which no {noun} is known|"
    "with unknown {noun}|with no {noun} recorded|with {noun} null|{does} have no {noun} on file|"
    "with no {noun} on record|{does} never gave us {a}|lacking {a}|for {whom} we have no {noun}|with no known {noun}|"
    "of unknown {noun}"
).split("|")


def missing_filter(world: World, rng: random.Random, column: ColumnRole, verb: str) -> Filter | None:
    """IS NULL or IS NOT NULL, for columns that may be null; a key is called by the table that it leads to.

    ``verb``: the participle of what happened on a date ("shipped"), empty for other columns.
    """
    if not world.schema.columns[column.index].nullable:
        return None
    if column.role == "key":
        return _without_target(world, rng, column)
    noun = noun_of(rng, column)
    a, many, ref = lexicon.article(noun), lexicon.plural(noun), world.ref(column.index)
    does = "who" if world.entities[column.table].person else "that"
    happens = verb and " " not in verb and verb not in _UNDONE
    if rng.random() < 0.7:
        whom = "whom" if does == "who" else "which"
        posts = [text.format(a=a, noun=noun, does=does, whom=whom) for text in _MISSING]
        if happens:
            posts += 2 * [
                f"not {verb} yet", f"{does} have not been {verb} yet", f"{does} were never {verb}", f"not yet {verb}",
                f"{does} haven't been {verb}", f"still waiting to be {verb}", f"{does} are not {verb}", f"{does} were not {verb}",
            ]  # fmt: skip
        return Filter(
            column.table, column.index, f"{ref} IS NULL", tuple(posts), (f"{noun} is missing", f"{noun} is null"),
            adjectives=(f"un{verb}",) if happens and verb in ("shipped", "paid", "delivered", "published", "released") else (),
            bare=(f"no {noun}", f"missing {noun}", f"without {noun}", f"{noun} missing"),
        )  # fmt: skip
    posts = [
        f"with a known {noun}", f"whose {noun} is known", f"whose {noun} is not missing", f"{does} have {a}", f"with {a}",
        f"{does} have given {a}", f"where the {noun} is known", f"with {many} recorded" if noun != many else f"with {a} recorded",
        f"whose {noun} is filled in",
    ]  # fmt: skip
    if happens:
        posts += 2 * [f"{does} have been {verb}", f"already {verb}", f"{does} are already {verb}", f"{does} were {verb}"]
    return Filter(
        column.table, column.index, f"{ref} IS NOT NULL", tuple(posts), (f"{noun} is known", f"{noun} is not null"),
        bare=(f"{noun} known",),
    )  # fmt: skip


def _without_target(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """ "orders without a promotion", "employees without a manager"."""
    key = next((key for key in world.schema.foreign_keys if key.source == column.index), None)
    if key is None:
        return None
    own, ref = world.schema.owner[key.target] == column.table, world.ref(column.index)
    noun = column.noun.removesuffix(" id").removesuffix(" key").removesuffix(" code")
    if own and noun == column.noun:
        return None
    if own:
        noun = rng.choice((noun, noun, *_UPPER.get(noun, ())))
    else:
        target = world.entity_of(key.target)
        noun = rng.choice(target.nouns) if rng.random() < 0.35 else target.noun
    a, subject = lexicon.article(noun), world.entities[column.table]
    does = "who" if subject.person else "that"
    if rng.random() < 0.7:
        none = [
            f"without {a}", f"without {a}", f"with no {noun}", f"{does} have no {noun}", f"{does} don't have {a}",
            f"without any {noun}", f"lacking {a}", f"{does} have no {noun} at all",
        ]  # fmt: skip
        if own:
            none += [f"{does} report to nobody", f"{does} report to no one"] * (noun in ("manager", "boss", "supervisor"))
        elif subject.event:
            none += [f"not linked to {a}", f"{does} had no {noun}", f"outside any {noun}", f"not part of {a}",
                     f"where no {noun} applied", f"{does} used no {noun}", f"where no {noun} was used", f"made without {a}",
                     f"{does} did not use {a}", f"{does} came about without {a}", f"placed without {a}"]  # fmt: skip
        return Filter(
            column.table, column.index, f"{ref} IS NULL", tuple(none), (f"{noun} is missing",),
            bare=(f"without {noun}", f"no {noun}", f"w/o {noun}"),
        )  # fmt: skip
    posts = [f"with {a}", f"{does} have {a}", f"{does} had {a}", f"with any {noun}"]
    if subject.event and not own:
        posts += [f"linked to {a}", f"{does} were part of {a}", f"under {a}", f"with some {noun}", f"made under {a}",
                  f"{does} used {a}", f"{does} made use of {a}"]  # fmt: skip
    return Filter(column.table, column.index, f"{ref} IS NOT NULL", tuple(posts), (f"{noun} is known",), bare=(f"with {noun}",))


_UPPER = {"manager": ("boss", "supervisor", "superior"), "supervisor": ("boss", "manager"), "parent": ("parent",)}
