"""Conditions on texts: a value, one of two, any but one."""

from __future__ import annotations

import random
import re

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.demonyms import DEMONYMS
from nl2sql.data.synthesis.filters.wording import Filter, literal, noun_of
from nl2sql.data.synthesis.world import World

_GROUPS = ("category", "segment", "department", "class", "group", "sector", "industry", "genre", "section", "league", "tier")


def text_filter(world: World, rng: random.Random, column: ColumnRole, value: str | None = None) -> Filter | None:
    """Column = value. A value that other columns hold too is always said with its column's name."""
    entity = world.entities[column.table]
    if value is None:
        texts = world.texts(column.index)
        if not texts:
            return None
        value = rng.choice(texts)
    spoken = _spoken(world, rng, column, value)
    if column.index in entity.labels:
        return _name_filter(world, rng, column, value, spoken)
    noun, quoted = noun_of(rng, column), _quoted(rng, spoken)
    own = len(world.value_columns.get(value.lower(), ())) <= 1
    demonym = _demonym(world, column, value)
    adjectives = (spoken,) if own and _is_adjective(column.noun, value) else ()
    return Filter(
        column.table,
        column.index,
        f"{world.ref(column.index)} = {literal(value)}",
        _posts(column, noun, spoken, quoted, own, entity.person),
        (f"{noun} is {quoted}", f"{noun} is {spoken}", f"{noun} equals {quoted}", f"{noun} = {quoted}"),
        adjectives=adjectives or demonym,
        modifiers=demonym if own else (),
        bare=(spoken, f"{noun} {spoken}") if own else (f"{noun} {spoken}",),
        said=spoken,
    )


def _spoken(world: World, rng: random.Random, column: ColumnRole, value: str) -> str:
    """The value as people type it: in lower case, by another word, "and" for "&"."""
    spoken = value.lower() if rng.random() < 0.3 and not re.search(r"\d", value) else value
    if (others := world.other_words(column.index, value)) and rng.random() < 0.35:
        spoken = rng.choice(others)
    return spoken.replace(" & ", " and ") if " & " in spoken and rng.random() < 0.5 else spoken


def _quoted(rng: random.Random, spoken: str) -> str:
    return f"'{spoken}'" if rng.random() < 0.15 else f'"{spoken}"' if rng.random() < 0.06 else spoken


def _demonym(world: World, column: ColumnRole, value: str) -> tuple[str, ...]:
    """The adjective of a place."""
    place = world.entities[column.table].place or column.noun.rpartition(" ")[2] in vocabulary.PLACE_COLUMNS
    return DEMONYMS.get(value, ()) if place else ()


def _name_filter(world: World, rng: random.Random, column: ColumnRole, value: str, spoken: str) -> Filter:
    """The name that a row is called by, or a person's first or last name."""
    entity, noun, quoted = world.entities[column.table], noun_of(rng, column), _quoted(rng, spoken)
    sql = f"{world.ref(column.index)} = {literal(value)}"
    clauses = (f"{noun} is {quoted}", f"{noun} is {spoken}", f"{noun} equals {quoted}", f"{noun} = {quoted}")
    if len(entity.labels) > 1:
        does = "who" if entity.person else "that"
        posts = (f"called {spoken}", f"named {spoken}", f"with the {noun} {quoted}", f"whose {noun} is {spoken}",
                 f"with {spoken} as {noun}", f"{does} go by the {noun} {spoken}")  # fmt: skip
        return Filter(column.table, column.index, sql, posts[2:] if "first" in noun else posts, clauses,
                      bare=(f"{noun} {spoken}",), said=spoken)  # fmt: skip
    own = len(world.value_columns.get(value.lower(), ())) <= 1
    name = rng.choice(entity.nouns[:2])
    named = (f"{name} {quoted}", f"the {spoken} {name}", f"the {name} {spoken}")
    return Filter(
        column.table,
        column.index,
        sql,
        (f"called {quoted}", f"named {spoken}", f"with the {noun} {quoted}"),
        clauses,
        direct=(spoken, spoken, spoken, *named) if own and not spoken.isdigit() else named,
        modifiers=_demonym(world, column, value),
        bare=(spoken,) if own else (f"{name} {spoken}",),
        said=spoken,
    )


def _is_adjective(noun: str, value: str) -> bool:
    """Whether "VALUE things" sounds right: "pending orders", not "Lyon orders" or "A+ patients"."""
    head = noun.rpartition(" ")[2]
    return len(value) > 2 and len(value.split()) <= 2 and head not in vocabulary.PLACE_COLUMNS and not re.search(r"[\d/+]", value)


def _posts(column: ColumnRole, noun: str, spoken: str, quoted: str, own: bool, person: bool) -> tuple[str, ...]:
    head = column.noun.rpartition(" ")[2]
    posts = [
        f"with {noun} {quoted}",
        f"whose {noun} is {spoken}",
        f"with {lexicon.article(noun)} of {spoken}",
        f"where {noun} is {quoted}",
        f"where the {noun} is {spoken}",
        f"having {noun} {spoken}",
        f"with {spoken} as {noun}",
        f"({noun}: {spoken})",
    ]
    if head in vocabulary.PLACE_COLUMNS and " " not in column.noun:
        near = [f"in {spoken}", f"from {spoken}", f"based in {spoken}", f"in {spoken}", f"located in {spoken}"]
        if person:
            near += [f"living in {spoken}", f"who live in {spoken}", f"from {spoken}", f"resident in {spoken}"]
        else:
            near += [f"that are in {spoken}", f"situated in {spoken}", f"that are based in {spoken}"]
        near = near if own or head in ("city", "town") else []
        return (*near, *near, *posts[:2], f"in the {noun} {spoken}", f"in the {noun} of {spoken}")
    if head in _GROUPS and re.fullmatch(r"[A-Za-z &'-]+", spoken):
        posts += [f"in the {spoken} {noun}", f"of the {spoken} {noun}"]
    if head in ("type", "kind"):
        posts += [f"of {noun} {spoken}", f"of the {noun} {spoken}"]
    if head == "method":
        posts += [f"paid by {spoken}", f"paid with {spoken}"] * ("pay" in noun)
        posts += [f"by {spoken}", f"via {spoken}"]
    if head in ("title", "position", "role", "job", "occupation") and person:
        posts += [f"working as {lexicon.article(spoken)}", f"who work as {lexicon.plural(spoken)}", f"employed as {spoken}"]
    if head == "brand":
        posts += [f"by {spoken}", f"from {spoken}", f"of the brand {spoken}", f"made by {spoken}"]
    if own and person and head in ("tier", "segment", "level", "class", "status"):
        posts += [f"who are {spoken}", f"in the {spoken} {noun}", f"on {spoken}"]
    if own and person and head in ("tier", "level", "membership"):
        posts += [f"who are {spoken} members", f"with {spoken} status", f"who have {spoken} status", f"who are {spoken}"]
    return tuple(posts)


def other_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column <> value."""
    texts = world.texts(column.index)
    if len(texts) < 2:
        return None
    value, noun = rng.choice(texts), noun_of(rng, column)
    spoken = value.lower() if rng.random() < 0.3 else value
    does = "who" if world.entities[column.table].person else "that"
    posts = [f"whose {noun} is not {spoken}", f"with {lexicon.article(noun)} other than {spoken}", f"whose {noun} isn't {spoken}",
             f"with any {noun} but {spoken}", f"where the {noun} is not {spoken}"]  # fmt: skip
    own = len(world.value_columns.get(value.lower(), ())) <= 1
    clear = own and _is_adjective(column.noun, value)
    if clear:
        posts += [f"{does} are not {spoken}", f"except {spoken} ones", f"excluding {spoken} ones", f"{does} aren't {spoken}",
                  f"other than {spoken} ones", f"but not the {spoken} ones"]  # fmt: skip
    if column.noun.rpartition(" ")[2] in vocabulary.PLACE_COLUMNS and (own or "city" in column.noun):
        posts += 2 * [f"outside {spoken}", f"not in {spoken}", f"{does} are not in {spoken}", f"outside of {spoken}",
                      f"anywhere but in {spoken}"]  # fmt: skip
    return Filter(
        column.table,
        column.index,
        f"{world.ref(column.index)} <> {literal(value)}",
        tuple(posts),
        (f"{noun} is not {spoken}", f"{noun} isn't {spoken}"),
        adjectives=(f"non-{spoken.lower()}",) if clear and " " not in spoken and rng.random() < 0.4 else (),
        bare=(f"{noun} not {spoken}", f"not {spoken}" if clear else f"{noun} not {spoken}"),
        said=spoken,
    )


def other_name_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Name <> value, for what a row refers to: "stores outside Europe", "products of any category but Toys"."""
    entity, texts = world.entities[column.table], world.texts(column.index)
    if len(entity.labels) != 1 or len(texts) < 2:
        return None
    value, name = rng.choice(texts), entity.noun
    spoken = value.lower() if rng.random() < 0.2 else value
    direct = [f"any {name} except {spoken}", f"any {name} but {spoken}", f"a {name} other than {spoken}",
              f"{lexicon.plural(name)} other than {spoken}", f"all {lexicon.plural(name)} except {spoken}"]  # fmt: skip
    return Filter(
        column.table, column.index, f"{world.ref(column.index)} <> {literal(value)}",
        (f"other than {spoken}", f"except {spoken}"), (f"{name} is not {spoken}", f"{name} isn't {spoken}"),
        direct=tuple(direct), outside=(f"outside {spoken}", f"not in {spoken}", f"that are not in {spoken}",
        f"outside of {spoken}")
        if entity.place else (f"not in {spoken}", f"that are not {spoken}", f"outside {spoken}"),
        bare=(f"not {spoken}",), said=spoken,
    )  # fmt: skip


def either_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column IN (two or three values)."""
    texts = world.texts(column.index)
    if len(texts) < 3:
        return None
    values = rng.sample(texts, 2 if len(texts) < 5 or rng.random() < 0.75 else 3)
    noun = noun_of(rng, column)
    spoken = [value.lower() for value in values] if rng.random() < 0.3 else values
    listed = f"{', '.join(spoken[:-1])} or {spoken[-1]}"
    both = f"{', '.join(spoken[:-1])} and {spoken[-1]}"
    own = all(len(world.value_columns.get(value.lower(), ())) <= 1 for value in values)
    posts = [
        f"with {noun} {listed}",
        f"whose {noun} is {listed}",
        f"whose {noun} is either {listed}" if len(values) == 2 else f"with {lexicon.article(noun)} of {listed}",
        f"with {noun} {both}",
        f"where the {noun} is {listed}",
        f"with either {listed} as {noun}" if len(values) == 2 else f"with {listed} as {noun}",
    ]
    if (own or column.noun == "city") and column.noun.rpartition(" ")[2] in vocabulary.PLACE_COLUMNS:
        posts += 2 * [f"in {listed}", f"from {listed}", f"in {both}", f"from {both}", f"based in {listed}", f"in either {listed}"]
    good = own and len(values) == 2 and all(_is_adjective(column.noun, value) for value in values)
    sql = f"{world.ref(column.index)} IN ({', '.join(map(literal, values))})"
    return Filter(
        column.table,
        column.index,
        sql,
        tuple(posts),
        (f"{noun} is {listed}", f"{noun} is either {listed}"),
        adjectives=(listed, both) if good else (),
        bare=(f"{noun} {listed}", both if good else f"{noun} {both}"),
        said=" ".join(spoken),
    )
