"""Tests on a part of a text where several columns look alike: first name or last name, e-mail domains, words of a title."""

from __future__ import annotations

import re

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter, literal
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.roles import Entity

# {c} is the column, {x} the letters or the word
_STARTS = (
    "whose {c} [begins|starts] with {x}", "with {a} [starting|beginning] with {x}",
    "whose {c} [starts|begins] with the letter{s} {x}",
    "where the {c} starts with {x}", "with {x} at the start of the {c}", "having {a} that begins with {x}",
    "whose {c}s start with {x}", "with {c}s beginning with {x}",
)  # fmt: skip
_ENDS = (
    "whose {c} ends [in|with|on] {x}", "with {a} ending [in|with] {x}", "where the {c} ends in {x}",
    "with {x} at the end of the {c}", "whose {c}s end in {x}",
)  # fmt: skip
_HOLDS = (
    "with {x} in the {c}", "with {x} in their {c}", "whose {c} [contains|includes|has] {x}", "that have {x} in the {c}",
    "with the word {x} in the {c}",
    "containing {x} in the {c}", "whose {c} contains the word {x}", "with {x} somewhere in the {c}",
    "where {x} appears in the {c}", "called something with {x}",
)  # fmt: skip
_MAIL = (
    "with an [email|e-mail] [address|] [at|from|ending in|ending with] {x}",
    "whose [email|e-mail|email address] ends [in|with] {x}",
    "who use an email address at {x}", "with email addresses ending in {x}", "whose email is [at|with] {x}",
    "with {x} [email|e-mail] addresses",
    "using {x} for email", "registered with an email [at|from] {x}",
)  # fmt: skip
_LIST = (
    "which {things} are there {test}", "[show|list|find|give me|name] [all|the|all the|] {things} {test}", "{things} {test}",
    "[all|any] {things} {test}",
    "i [need|want] [the|all] {things} {test}", "names of [all|the|] {things} {test}",
    "[do we have|are there] any {things} {test}", "who are the {things} {test}",
)  # fmt: skip
_COUNT = (
    "how many {things} [do we have|are there|have we|] {test}", "number of {things} {test}", "count [the|all|] {things} {test}",
    "[give me|what is] the number of {things} {test}", "{things} {test}: how many",
)  # fmt: skip
_WITH = (
    "[show|list|give me] {things} {test}, [with|and] [their|the] {column}",
    "{things} {test}, with {column}",
    "{things} {test} and their {column}",
)


def lettered(ask: Ask) -> Draft | None:
    """ILIKE on one text column, alone or beside another condition: listed, counted, or with a column."""
    entity = ask.subject(labelled=True)
    columns = [c for c in entity.columns if _tested(entity, c) and ask.world.texts(c.index)] if entity else []
    if entity is None or not columns or (ask.world.schema.tables[entity.table].rows or 99) < 12 and ask.chance(0.8):
        return None
    column = ask.rng.choice(columns)
    test = _test(ask, entity, column)
    if test is None:
        return None
    said, sql = test
    conditions: list[Filter] = []
    if ask.chance(0.5):
        own = (
            ask.kind(entity.table, entity.labels)
            if ask.chance(0.6)
            else ask.filter(entity.table, avoid=(*entity.labels, column.index))
        )
        conditions = [own] if own else []
    block = ask.select(entity.table, conditions)
    block.where.append(sql)
    things = ask.things(entity.table, conditions)
    counted = ask.chance(0.3)
    if counted:
        block.items = ["COUNT(*)"]
        return Draft(ask.compose(_COUNT, things=things, test=said), block.sql())
    block.items = [ask.world.ref(c) for c in entity.labels]
    others = [c for c in entity.with_role("measure", "text", "dimension") if c.index not in entity.labels]
    if column.role == "text" and ask.chance(0.4) or others and ask.chance(0.15):
        extra = column if column.role == "text" else ask.rng.choice(others)
        block.items.append(ask.world.ref(extra.index))
        noun = column_noun(ask.world, extra, ask.rng, entity.table)
        return Draft(ask.compose(_WITH, things=things, test=said, column=noun), block.sql())
    frames = _LIST if entity.person else _LIST[:-1]
    return Draft(ask.compose(frames, "{things} {test}", things=things, test=said), block.sql())


def _tested(entity: Entity, column: ColumnRole) -> bool:
    """A column that people test by its letters: a name, or an address of the internet."""
    return column.index in entity.labels or "email" in column.noun.split() or column.role == "text"


def _test(ask: Ask, entity: Entity, column: ColumnRole) -> tuple[str, str] | None:
    """How the test is said, and its SQL."""
    text = ask.rng.choice(ask.world.texts(column.index))
    noun, ref = ask.rng.choice(column.nouns[:3]), ask.world.ref(column.index)
    if column.index in entity.labels and len(entity.labels) == 1:
        noun = ask.rng.choice((noun, "name", "title" if "title" in column.noun.split() else "name"))
    frames: tuple[str, ...]
    if "@" in text:
        domain = text.rpartition("@")[2] if ask.chance(0.75) else f".{text.rpartition('.')[2]}"
        ask.protect(domain)
        frames = (_MAIL[1], _MAIL[3]) if domain.startswith(".") else _MAIL
        said = domain if ask.chance(0.7) and not domain.startswith(".") else f"'{domain}'"
        return ask.rng.choice(_expanded(ask, frames, "", said)), f"{ref} ILIKE {literal('%' + domain)}"
    words = re.findall(r"[A-Za-z]{4,}", text)
    kind = ask.rng.choice(
        ("starts", "ends", "starts") if len(entity.labels) > 1 else ("starts", "ends", "holds", "holds", "holds")
    )
    if kind == "holds" and words:
        word = ask.rng.choice(words)
        pattern, frames = f"%{word}%", _HOLDS
        word = word.lower() if ask.chance(0.6) else word
    elif kind == "ends":
        word = text[-ask.rng.choice((1, 1, 2, 2, 3)) :]
        pattern, frames = f"%{word}", _ENDS
    else:
        word = text[: ask.rng.choice((1, 1, 1, 2, 2, 3))]
        pattern, frames = f"{word}%", _STARTS
    if not re.fullmatch(r"[A-Za-z]+", word):
        return None
    ask.protect(word)
    quote = ask.rng.choice(("'{}'", '"{}"', "{}")) if len(word) < 3 or ask.chance(0.3) else "{}"
    return ask.rng.choice(_expanded(ask, frames, noun, quote.format(word))), f"{ref} ILIKE {literal(pattern)}"


def _expanded(ask: Ask, frames: tuple[str, ...], noun: str, said: str) -> list[str]:
    letters = "s" if len(said.strip("'\"")) > 1 else ""
    return [say(ask.rng, frame, c=noun, a=lexicon.article(noun) if noun else "", x=said, s=letters) for frame in frames]
