"""Conditions on texts: a value, one of two, any but one, a part of it."""

from __future__ import annotations

import random
import re

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter, literal, noun_of
from nl2sql.data.synthesis.world import World

_GROUPS = ("category", "segment", "department", "class", "group", "sector", "industry", "genre", "section", "league", "tier")


def text_filter(world: World, rng: random.Random, column: ColumnRole, value: str | None = None) -> Filter | None:
    """Column = value. A value that other columns hold too is always said with its column's name."""
    entity = world.entities[column.table]
    if value is None:
        texts = world.texts(column.index)
        if not texts or (column.index in entity.labels and len(entity.labels) > 1):
            return None
        value = rng.choice(texts)
    noun, sql = noun_of(rng, column), f"{world.ref(column.index)} = {literal(value)}"
    spoken = value.lower() if rng.random() < 0.25 and not re.search(r"\d", value) else value
    quoted = f"'{spoken}'" if rng.random() < 0.2 else spoken
    own = len(world.value_columns.get(value.lower(), ())) <= 1
    clauses = (f"{noun} is {quoted}", f"{noun} is {spoken}", f"{noun} equals {quoted}")
    if column.index in entity.labels:
        name = rng.choice(entity.nouns[:2])
        named = (f"{name} {quoted}", f"the {spoken} {name}", f"the {name} {spoken}")
        return Filter(
            column.table,
            column.index,
            sql,
            (f"called {quoted}", f"named {spoken}", f"with the {noun} {quoted}"),
            clauses,
            direct=(spoken, spoken, spoken, *named) if own and not spoken.isdigit() else named,
            bare=(spoken,) if own else (f"{name} {spoken}",),
            said=spoken,
        )
    return Filter(
        column.table,
        column.index,
        sql,
        _posts(noun, spoken, quoted, own),
        clauses,
        adjectives=(spoken,) if own and _is_adjective(noun, value) else (),
        bare=(spoken, f"{noun} {spoken}") if own else (f"{noun} {spoken}",),
        said=spoken,
    )


def _is_adjective(noun: str, value: str) -> bool:
    """Whether "VALUE things" sounds right: "pending orders", not "Lyon orders" or "A+ patients"."""
    head = noun.rpartition(" ")[2]
    return len(value) > 2 and len(value.split()) <= 2 and head not in vocabulary.PLACE_COLUMNS and not re.search(r"[\d/+]", value)


def _posts(noun: str, spoken: str, quoted: str, own: bool) -> tuple[str, ...]:
    head = noun.rpartition(" ")[2]
    posts = [
        f"with {noun} {quoted}",
        f"whose {noun} is {spoken}",
        f"with {lexicon.article(noun)} of {spoken}",
        f"where {noun} is {quoted}",
    ]
    if head in vocabulary.PLACE_COLUMNS and " " not in noun:
        near = [f"in {spoken}", f"from {spoken}", f"based in {spoken}", f"in {spoken}"] if own else []
        return (*near, *posts[:2], f"in the {noun} {spoken}", f"in the {noun} of {spoken}")
    if head in _GROUPS and re.fullmatch(r"[A-Za-z &'-]+", spoken):
        posts += [f"in the {spoken} {noun}", f"of the {spoken} {noun}"]
    if head in ("type", "kind"):
        posts += [f"of {noun} {spoken}", f"of the {noun} {spoken}"]
    return tuple(posts)


def other_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column <> value."""
    texts = world.texts(column.index)
    if len(texts) < 2:
        return None
    value, noun = rng.choice(texts), noun_of(rng, column)
    spoken = value.lower() if rng.random() < 0.3 else value
    posts = [f"whose {noun} is not {spoken}", f"with {lexicon.article(noun)} other than {spoken}", f"whose {noun} isn't {spoken}"]
    clear = len(world.value_columns.get(value.lower(), ())) <= 1 and _is_adjective(noun, value)
    if clear:
        posts += [f"that are not {spoken}", f"except {spoken} ones", f"excluding {spoken} ones", f"that aren't {spoken}"]
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


def either_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column IN (two or three values)."""
    texts = world.texts(column.index)
    if len(texts) < 3:
        return None
    values = rng.sample(texts, 2 if len(texts) < 5 or rng.random() < 0.75 else 3)
    noun = noun_of(rng, column)
    listed = f"{', '.join(values[:-1])} or {values[-1]}"
    own = all(len(world.value_columns.get(value.lower(), ())) <= 1 for value in values)
    posts = [
        f"with {noun} {listed}",
        f"whose {noun} is {listed}",
        f"whose {noun} is either {listed}" if len(values) == 2 else f"with {lexicon.article(noun)} of {listed}",
    ]
    if own and noun.rpartition(" ")[2] in vocabulary.PLACE_COLUMNS:
        posts += [f"in {listed}", f"from {listed}"]
    adjectives = (listed,) if own and len(values) == 2 and all(_is_adjective(noun, value) for value in values) else ()
    sql = f"{world.ref(column.index)} IN ({', '.join(map(literal, values))})"
    return Filter(
        column.table,
        column.index,
        sql,
        tuple(posts),
        (f"{noun} is {listed}", f"{noun} is either {listed}"),
        adjectives=adjectives,
        bare=(f"{noun} {listed}",),
        said=listed,
    )


def part_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column ILIKE a word at its start, at its end or anywhere."""
    texts = [text for text in world.texts(column.index) if re.search(r"[A-Za-z]{3,}", text)]
    if not texts or len(world.entities[column.table].labels) > 1 and column.role == "name":
        return None
    text, noun, ref = rng.choice(texts), noun_of(rng, column), world.ref(column.index)
    words = re.findall(r"[A-Za-z]{3,}", text)
    kind = rng.choice(("contains", "contains", "starts", "ends"))
    word = {"contains": rng.choice(words), "starts": words[0], "ends": words[-1]}[kind]
    if kind != "contains" and not (text.startswith(word) if kind == "starts" else text.endswith(word)):
        return None
    spoken = rng.choice((f"'{word}'", f'"{word}"', word, word.lower()))
    pattern = {"contains": f"%{word}%", "starts": f"{word}%", "ends": f"%{word}"}[kind]
    verbs = {
        "contains": ("contains", "includes", "has", "contains the word"),
        "starts": ("starts with", "begins with"),
        "ends": ("ends with", "ends in"),
    }[kind]
    clauses = tuple(f"{noun} {verb} {spoken}" for verb in verbs)
    posts = [f"whose {clause}" for clause in clauses]
    posts.append(
        {
            "contains": f"with {spoken} in the {noun}",
            "starts": f"with {lexicon.article(noun)} starting with {spoken}",
            "ends": f"with {lexicon.article(noun)} ending in {spoken}",
        }[kind]
    )
    return Filter(column.table, column.index, f"{ref} ILIKE {literal(pattern)}", tuple(posts), clauses, bare=clauses, said=word)
