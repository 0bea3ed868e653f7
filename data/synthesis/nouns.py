"""Noun phrases: the rows of a table with all that narrows them, and what a measure is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.times import Timed
from nl2sql.data.synthesis.world import World

if TYPE_CHECKING:
    from nl2sql.data.synthesis.ask import Ask


def relation(world: World, root: int, table: int) -> tuple[str, ...]:
    """Prepositions that lead from the root's noun to a table it refers to."""
    source, target = world.entities[root], world.entities[table]
    if target.person and set(target.noun.split()) & {"supplier", "vendor"}:
        return "from", "of", "by"
    if target.person:
        return ("by", "from", "of", "placed by" if "order" in source.noun else "by") if source.event else ("of", "with", "from")
    if target.place:
        if source.person:
            return ("in", "from", "of", "based in", "in")
        return ("in", "at", "of", "from", "in") if source.event else ("in", "of", "located in", "from", "in")
    if source.event:
        return ("for", "of", "for", "with", "under" if target.noun in ("promotion", "campaign") else "for")
    return ("of", "from", "in", "from")


def noun_phrase(ask: Ask, table: int, conditions: Sequence[Filter], timed: Timed | None = None, noun: str = "") -> str:
    """Adjectives, the plural noun, then everything else that narrows it."""
    rng, world = ask.rng, ask.world
    adjectives = ""
    posts: list[str] = []
    clauses: list[str] = []
    others: dict[int, list[Filter]] = {}
    for condition in conditions:
        kind = _kind_as_noun(ask, table, condition)
        if kind.endswith("ics") and noun and not noun.endswith("\0"):
            kind = ""  # "electronics" is no plural of one thing
        if kind and ask.chance(0.75 if condition.noun else 0.4):
            noun = kind if not noun or noun.endswith("\0") else lexicon.singular(kind)
            continue
        near = len(world.reach_of(table).path.get(condition.table, (0, 0))) == 1
        if condition.table == table:
            if condition.adjectives and (not adjectives or " " not in adjectives and ask.chance(0.4)) and ask.chance(0.6):
                adjectives = f"{adjectives} {rng.choice(condition.adjectives)}".strip()
            else:
                post = rng.choice(condition.posts)
                (clauses if post.startswith(("who", "that", "where", "which")) else posts).append(post)
        elif condition.modifiers and (near or world.entities[condition.table].place) and not adjectives and ask.chance(0.45):
            adjectives = rng.choice(condition.modifiers)
        elif condition.outside and ask.chance(0.5):
            posts.append(rng.choice(condition.outside))
        elif (
            condition.direct
            and near
            and not condition.outside
            and not world.entities[condition.table].person
            and not adjectives
            and ask.chance(0.4)
        ):
            adjectives = condition.direct[0]
        else:
            others.setdefault(condition.table, []).append(condition)
    posts += [about(ask, table, target, group) for target, group in others.items()]
    tail = " ".join([*posts, _joined(clauses)])
    when = _happened(ask, table, timed) if timed else ""
    return say(rng, "{a} {n} {t} {w}", a=adjectives, n=_number(ask, table, noun), t=tail, w=when)


def _kind_as_noun(ask: Ask, table: int, condition: Filter) -> str:
    """ "toys" for the products of the category Toys: a plural that says what the rows are."""
    target = ask.world.entities[condition.table]
    if condition.noun and condition.table == table:
        return lexicon.plural(condition.noun)
    near = len(ask.world.reach_of(table).path.get(condition.table, ())) == 1
    said = condition.direct[0] if condition.direct and not condition.outside else ""
    sorts = near and target.noun.rpartition(" ")[2] in vocabulary.KINDS and not ask.world.entities[table].event
    if not sorts or not said.isalpha():
        return ""
    return said.lower() if said.endswith("s") and not said.endswith("ss") else ""


def _number(ask: Ask, table: int, noun: str) -> str:
    """The noun as given; one that ends in a zero byte, or none, as a plural."""
    return lexicon.plural(noun.rstrip("\0") or ask.noun(ask.world.entities[table])) if not noun or noun.endswith("\0") else noun


def _joined(clauses: list[str]) -> str:
    """ "whose a is b" and "whose c is d" -> one after the other, with "and"."""
    return " and ".join(clauses)


def about(ask: Ask, root: int, target: int, group: Sequence[Filter]) -> str:
    """How conditions on another table are attached to the root's noun."""
    rng, world = ask.rng, ask.world
    preposition = rng.choice(relation(world, root, target))
    if len(group) == 1:
        condition = group[0]
        if condition.direct:
            return f"{preposition} {rng.choice(condition.direct)}"
        if ask.chance(0.25):
            clause = rng.choice(condition.clauses)
            return f"where the {world.entities[target].noun} {clause.removeprefix(world.entities[target].noun + ' ')}"
    return f"{preposition} {noun_phrase(ask, target, group)}"


def _happened(ask: Ask, table: int, timed: Timed) -> str:
    """The time after a noun, sometimes with what happened then: "placed in 2024"."""
    if ask.world.schema.owner[timed.column] != table or timed.when.bare.startswith(("this", "last")) or ask.chance(0.5):
        return timed.when.full
    verb = vocabulary.DATE_VERBS.get(ask.world.columns[timed.column].noun.split()[0], "")
    if verb[:5] == ask.world.entities[table].noun[:5]:
        return timed.when.full
    return f"{verb} {timed.when.full}"


def scope(ask: Ask, root: int, conditions: Sequence[Filter]) -> str:
    """Conditions after a measure's name, which is no noun of the root."""
    groups: dict[int, list[Filter]] = {}
    for condition in conditions:
        groups.setdefault(condition.table, []).append(condition)
    world = ask.world
    phrases = []
    for table, group in sorted(groups.items(), key=lambda item: world.entities[item[0]].place):
        entity = world.entities[table]
        preposition = ask.rng.choice(
            ("in", "in", "at") if entity.place else ("from", "of", "for") if entity.person else ("for", "of", "from")
        )
        if len(group) == 1 and group[0].direct and ask.chance(0.8):
            phrases.append(
                f"{'in' if entity.place else 'for' if ask.chance(0.6) else preposition} {ask.rng.choice(group[0].direct)}"
            )
            if not entity.place and not entity.person and ask.chance(0.3):
                phrases[-1] = f"{ask.rng.choice(('for', 'of', 'from'))} {_child_phrase(ask, root, table, group[0])}"
        else:
            phrases.append(f"{preposition} {noun_phrase(ask, table, group)}")
    return " ".join(phrases)


def _child_phrase(ask: Ask, root: int, table: int, condition: Filter) -> str:
    """ "fashion products" where the filter is on the category: the noun of the table on the way to it."""
    path = ask.world.reach_of(root).path[table]
    if len(path) < 2:
        return ask.rng.choice(condition.direct)
    child = ask.world.schema.owner[path[-1].source]
    said = ask.rng.choice(condition.modifiers) if condition.modifiers and ask.chance(0.4) else condition.direct[0]
    return f"{said} {lexicon.plural(ask.noun(ask.world.entities[child]))}"
