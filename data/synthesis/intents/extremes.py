"""Rows of an entity by a column of its own: "the five most expensive products", "oldest store", "second largest"."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

# by the column's last word: what the row with the most, and with the least, is called
_WORDS: dict[str, tuple[str, str]] = {
    "price": (
        "most expensive|dearest|priciest|costliest|highest-priced",
        "cheapest|least expensive|lowest-priced|most affordable",
    ),
    "salary": ("best paid|highest paid|best-paid|top earning|highest earning", "lowest paid|worst paid|least well paid"),
    "age": ("oldest", "youngest"),
    "height": ("tallest", "shortest"),
    "weight": ("heaviest", "lightest"),
    "length": ("longest", "shortest"),
    "duration": ("longest", "shortest"),
    "area": ("largest|biggest", "smallest|tiniest"),
    "capacity": ("largest|biggest|roomiest", "smallest"),
    "population": ("most populous|biggest", "least populous|smallest"),
    "size": ("largest|biggest", "smallest"),
    "elevation": ("highest", "lowest"),
    "altitude": ("highest", "lowest"),
    "speed": ("fastest", "slowest"),
    "rating": ("best rated|top rated|highest rated", "worst rated|lowest rated"),
    "score": ("best scoring|highest scoring", "worst scoring|lowest scoring"),
    "time": ("slowest", "fastest|quickest"),
    "discount": ("most generous|deepest|steepest", "least generous"),
    "percent": ("deepest|most generous|steepest", "weakest|least generous"),
    "distance": ("farthest|longest", "nearest|shortest"),
}
_DATE_WORDS: dict[str, tuple[str, str]] = {
    "birth": ("youngest", "oldest|most senior in age"),
    "opening": ("newest|youngest|most recently opened|latest", "oldest|longest standing|first opened|earliest"),
    "launch": ("newest|latest|most recently launched", "oldest|longest running|earliest"),
    "hire": ("newest|most recently hired|most recent|last hired", "longest serving|most senior|first hired|longest employed"),
    "signup": ("newest|most recent|latest", "longest standing|earliest|first|longest registered"),
    "founding": ("youngest|newest", "oldest"),
    "release": ("newest|latest|most recent", "oldest|earliest"),
    "publication": ("newest|latest", "oldest|earliest"),
}
_ONE = (
    "which {thing} has the {word} {column}",
    "[what is|show|find|give me|name] the {thing} with the {word} {column}",
    "{thing} with the {word} {column}",
    "what {thing} has the {word} {column}",
    "whose {column} is the {word} among [the|all|] {things}",
    "[whose|which {thing}'s] {column} is {word}",
    "which of [the|our|all] {things} has the {word} {column}",
    "the {thing} with the {word} {column}",
    "[among|of|out of] [the|all|] {things}, which [one|] has the {word} {column}",
)
_MANY = (
    "[show|list|find|give me|what are] the {n} {things} with the {word} {column}",
    "{n} {things} with the {word} {column}",
    "which {n} {things} have the {word} {column}",
    "[who|which] are the {n} {things} with the {word} {column}",
    "the {n} {things} with the {word} {column}",
)
_TOP = (
    "[show|list|what are] the top {n} {things} by {column}",
    "top {n} {things} by {column}",
    "top {n} {things}, {column}",
    "top {n} by {column} among {things}",
    "{things} with the {word} {column}, top {n}",
)
_WORD_ONE = (
    "[what is|which is|show|find|name|give me] the {special} {thing}",
    "which {thing} is the {special}",
    "{special} {thing}",
    "our {special} {thing}",
    "what's our {special} {thing}",
    "[which|what] {thing} is {special}",
    "which [of the|of our|] {things} is the {special}",
    "the {special} [of all|of the|among the|of our] {things}",
    "i'm looking for the {special} {thing}",
    "the {special} {thing} [we have|in the database|of all|]",
)
_WORD_MANY = (
    "[show|list|find|give me|what are] the {n} {special} {things}",
    "{n} {special} {things}",
    "[which|what] are the {n} {special} {things}",
    "the {n} {special} {things}",
    "our {n} {special} {things}",
    "which {n} {things} are the {special}",
    "[the|] {special} {things}, top {n}",
)
_LONGEST = {  # by the date's first word: (said of what is oldest, said of what is newest)
    "hire": ("has been [with us|here|working for us|employed] [the longest|longest]|joined [us|] [first|earliest]",
             "joined [us|] [last|most recently]|[was hired|started] [last|most recently]|"
             "has been [with us|here|employed] the shortest"),
    "signup": ("has been [with us|a customer|registered] [the longest|longest]|signed up [first|earliest]",
               "signed up [last|most recently]|[registered|joined] [last|most recently]|"
               "has been [with us|a customer] the shortest"),
    "opening": ("has been open [the longest|longest]|opened [first|earliest]", "opened [last|most recently]"),
    "launch": ("has been on sale [the longest|longest]|[was launched|came out] first",
    "[was launched|came out] [last|most recently]"),
    "joining": ("has been [with us|here|a member] [the longest|longest]", "joined [last|most recently]"),
    "birth": ("was born [first|earliest]", "was born last"),
    "release": ("came out first", "came out [last|most recently]"),
}  # fmt: skip
_WHO_LONGEST = (
    "which {thing} {clause}", "[find|name|show] the {thing} [that|who] {clause}",
    "which [of the|of our|of all] {things} {clause}",
    "what {thing} {clause}", "{thing} [that|who] {clause}",
)  # fmt: skip
_WHO_LONGEST_MANY = (
    "the {n} {things} [that|who] {clause}", "which {n} {things} {clause}",
    "[show|list|find|name] the {n} {things} [that|who] {clause}",
    "the {n} {things} [that|who] {clause}, with [the|their] {column}", "which {n} of [the|our] {things} {clause}",
)  # fmt: skip
_NTH = (
    "[which|what] {thing} has the {nth} {word} {column}",
    "[show|find|what is|name] the {thing} with the {nth} {word} {column}",
    "{nth} {word} {column}: which {thing}",
)
_NTH_WORD = (
    "[what is|which is|show|find|name|] the {nth} {special} {thing}",
    "{nth} {special} {thing}",
    "{nth} {special} {thing} [by|in terms of] {column}",
)
_VALUE = (
    "what [is|'s] the {word} {column} [of|among|for] [all|the|] {things}",
    "{word} {column} [of|among] {things}",
    "how [high|much|large] is the {word} {column} [of|among] {things}",
    "[show|tell me|give me] the {word} {column} [of|for] [all|the|] {things}",
    "the {word} {column} of {things} [is what|is how much|]",
)
_COSTS = ("how much [is|does|costs] the {special} {thing} [cost|]", "what does the {special} {thing} cost",
          "what is the price of the {special} {thing}", "how much do we ask for the {special} {thing}")  # fmt: skip
_EARNS = ("how much does the {special} {thing} [earn|make]", "what does the {special} {thing} [earn|make]",
          "what is the {special} {thing} paid")  # fmt: skip


def special_words(column: ColumnRole, high: bool) -> tuple[str, ...]:
    """Adjectives of the row with the highest (or lowest) value, where the column has any."""
    words = column.noun.split()
    found = _DATE_WORDS.get(words[0]) if column.role == "date" else None
    if column.role == "date" and found is None:
        found = ("latest|most recent|newest", "earliest|oldest|first")
    found = found or (_WORDS.get(words[-1]) if column.role == "measure" else None)
    return tuple(found[0 if high else 1].split("|")) if found else ()


def plain_words(column: ColumnRole, high: bool) -> tuple[str, ...]:
    """Superlatives that go before the column's own noun."""
    if column.role == "date":
        return ("latest", "most recent") if high else ("earliest", "oldest", "first")
    return ("highest", "highest", "largest", "greatest", "biggest") if high else ("lowest", "lowest", "smallest", "least")


def _choice(ask: Ask) -> tuple[Entity, ColumnRole] | None:
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure", "date") if entity else []
    return (entity, ask.rng.choice(columns)) if entity and columns else None


def extreme_rows(ask: Ask) -> Draft | None:
    """SELECT labels, column ORDER BY column LIMIT n."""
    chosen = _choice(ask)
    if chosen is None:
        return None
    entity, column = chosen
    high, count = ask.chance(0.62), 1 if ask.chance(0.55) else ask.rng.choice((2, 3, 3, 4, 5, 5, 6, 7, 8, 10, 10, 12, 15, 20))
    conditions = ask.filters(entity.table, 2 if ask.chance(0.4) else 1, avoid=(column.index,)) if ask.chance(0.75) else []
    block = ask.select(entity.table, conditions)
    ref = ask.world.ref(column.index)
    block.items = [*(ask.world.ref(c) for c in entity.labels), ref]
    block.order, block.limit = [f"{ref} {'DESC' if high else 'ASC'}"], count
    special = special_words(column, high)
    nth = count == 1 and ask.chance(0.18)
    place = ask.rng.choice((1, 1, 1, 2))
    block.offset = place if nth else 0
    frames: tuple[str, ...]
    if nth:
        frames = _NTH_WORD if special and ask.chance(0.6) else _NTH
    elif special and ask.chance(0.6):
        frames = _WORD_ONE if count == 1 else _WORD_MANY
    else:
        frames = _ONE if count == 1 else (*_MANY, *_TOP) if high and column.role != "date" else _MANY
    noun = ask.noun(entity)
    clauses = _LONGEST.get(column.noun.split()[0]) if column.role == "date" and not nth else None
    if clauses and ask.chance(0.45):
        who, clause = "who" if entity.person else "that", f"[{clauses[high]}]"
        if count > 1:
            clause = clause.replace("has been", "have been").replace("was ", "were ").replace("a customer", "customers")
        frames = tuple(f.replace("[that|who]", who) for f in (_WHO_LONGEST if count == 1 else _WHO_LONGEST_MANY))
        frames = tuple(f.replace("{clause}", clause) for f in frames)
    return Draft(ask.compose(
        frames, thing=ask.things(entity.table, conditions, noun=noun), things=ask.things(entity.table, conditions),
        word=plain_words(column, high), column=column_noun(ask.world, column, ask.rng, entity.table), n=number(ask.rng, count),
        special=special or ("",), nth=("second", "second", "2nd") if place == 1 else ("third", "3rd"),
    ), block.sql())  # fmt: skip


def extreme_value(ask: Ask) -> Draft | None:
    """SELECT MAX or MIN of a column, with no row beside it."""
    chosen = _choice(ask)
    if chosen is None:
        return None
    entity, column = chosen
    high = ask.chance(0.6)
    conditions = ask.filters(entity.table, 2, avoid=(column.index,))
    block = ask.select(entity.table, conditions)
    block.items = [f"{'MAX' if high else 'MIN'}({ask.world.ref(column.index)})"]
    special = special_words(column, high)
    head = column.noun.rpartition(" ")[2]
    frames: tuple[str, ...] = _VALUE if column.role == "measure" else (*_VALUE[:2], _VALUE[3])
    if special and head in ("price", "salary") and ask.chance(0.55):
        frames = _COSTS if head == "price" else _EARNS
    return Draft(ask.compose(
        frames, "{word} {column} {things}", things=ask.things(entity.table, conditions),
        thing=ask.things(entity.table, conditions, noun=ask.noun(entity)), word=plain_words(column, high),
        column=column_noun(ask.world, column, ask.rng, entity.table), special=special or ("",),
    ), block.sql())  # fmt: skip


def extreme_rows_of_most(ask: Ask) -> Draft | None:
    """Who has the most of something, in a few words: "who earns the most"."""
    entity = ask.subject(labelled=True)
    pay = [c for c in entity.with_role("measure") if c.noun.rpartition(" ")[2] in ("salary", "wage", "income")] if entity else []
    if entity is None or not pay:
        return None
    column, high = ask.rng.choice(pay), ask.chance(0.65)
    count = 1 if ask.chance(0.6) else ask.rng.choice((3, 5, 10))
    conditions = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.7) else []
    block = ask.select(entity.table, conditions)
    ref = ask.world.ref(column.index)
    block.items = [*(ask.world.ref(c) for c in entity.labels), ref]
    block.order, block.limit = [f"{ref} {'DESC' if high else 'ASC'}"], count
    things, thing = ask.things(entity.table, conditions), ask.things(entity.table, conditions, noun=entity.noun)
    most = ("the most", "most", "the most money") if high else ("the least", "least", "the least money")
    frames: tuple[str, ...] = (
        "which {thing} [earns|makes|gets|is paid] {most}", "who [of|among] [the|all|] {things} [earns|makes|is paid] {most}",
        "which of [the|our] {things} [earns|makes|gets] {most}", "{thing} who [earns|makes] {most}",
    )  # fmt: skip
    if count > 1:
        frames = ("which {n} {things} [earn|make|get|are paid] {most}", "the {n} {things} who [earn|make] {most}")
    return Draft(ask.compose(frames, things=things, thing=lexicon.singular(thing) if not conditions else thing, most=most,
                             n=number(ask.rng, count)), block.sql())  # fmt: skip
