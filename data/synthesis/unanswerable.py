"""Questions that get no SQL: about things that the schema doesn't hold, chat, requests to change data, other languages."""

from __future__ import annotations

import random
import re
from functools import lru_cache

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.beside import beside
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.languages import foreign
from nl2sql.data.synthesis.near import near
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.wording import finish
from nl2sql.data.synthesis.world import World

_CHANGES = (
    "[delete|remove|erase|get rid of] [all|all the|the|every one of the] {things}",
    "[please|] [drop|delete|remove] the {table} table",
    "[truncate|empty|wipe|clear] the {table} table",
    "[add|insert|create] [a|a new] {thing} [named|called] {name}",
    "insert a [row|record|new row] into {table}",
    "[update|change|set|modify] the {column} of [all|the|] {things} to {value}",
    "set {column} to {value} for all {things}",
    "[increase|raise|reduce|lower] [the|every] {column} of [all|] {things} by {n} percent",
    "rename the {column} column to {name}",
    "[add|drop] a column [called|named] {name} [to|from] {table}",
    "create a [table|view|new table] for {things}",
    "[merge|replace|overwrite] the {things} with {name}",
    "alter table {table} and drop {column}",
    "[grant|give] {name} access to the {table} table",
    "mark all {things} as {value}",
    "[import|load|upload] [new|these|the] {things} into the database",
)
_CHAT = (
    "[hi|hello|hey|good morning|good evening] [there|]",
    "how are you [today|doing|]",
    "[thanks|thank you] [very much|a lot|]",
    "who are you",
    "what can you do",
    "tell me a joke",
    "what is the weather [like|] [today|tomorrow|in {name}]",
    "what time is it",
    "write [a poem|an essay|a short story] about {thing}",
    "[translate|say] [this|hello] [to|into|in] [French|German|Spanish]",
    "who won the [world cup|election|oscar] [last year|in 2022|]",
    "what is the capital of [France|Japan|Brazil|Canada]",
    "how do i [cook pasta|learn python|fix my car|lose weight]",
    "what is [the meaning of life|love|quantum physics|a black hole]",
    "recommend [me|] a [good|] [book|movie|restaurant]",
    "play some music",
    "[send|write] an email to [my boss|{name}|all {things}]",
    "what is {n} [times|plus|divided by] {n}",
    "what should i [do|eat|wear] [today|tonight]",
    "are you [human|a robot|an ai]",
    "book a [flight|table|hotel|taxi] for [tomorrow|tonight|two people]",
    "what [will|would] the {column} of {things} be [next year|in five years|in 2040]",
    "predict [next year's|future|tomorrow's] {column}",
    "why [is|are] the {things} so [good|bad|few]",
    "do you like {things}",
    "set an alarm for 7 am",
    "what is the stock price of [Apple|Google|Tesla]",
    "how tall is the [Eiffel Tower|Mount Everest]",
    "asdf",
    "blah blah",
    "summarize this [article|document] for me",
)
_FOREIGN = (
    "how many {things} are there",
    "list [all|the] {things}",
    "[show|give me] the {column} of [each|every|all] {thing}",
    "which {thing} has the [highest|lowest] {column}",
    "what is the [average|total|maximum] {column} of [all|] {things}",
    "[show|what is] the number of {things} [per|by] {other}",
    "which {things} have no {others}",
    "top {n} {things} by {column}",
    "what {column} do {things} have on average",
    "how many {things} does each {other} have",
    "{column} by {other}",
    "list the {things} of the {other} {name}",
)
# Things of other worlds, each with columns and a companion: a schema that holds none of these words can't answer.
_WORLDS = (
    ("volcano", ("eruption height", "lava temperature"), "volcanologist"),
    ("satellite", ("orbit height", "launch mass"), "space agency"),
    ("dinosaur", ("skull length", "body mass"), "fossil site"),
    ("opera", ("running time", "number of acts"), "composer"),
    ("planet", ("orbital period", "surface gravity"), "moon"),
    ("wine", ("alcohol content", "acidity"), "vineyard"),
    ("chess game", ("elo rating", "number of moves"), "grandmaster"),
    ("lighthouse", ("tower height", "light range"), "keeper"),
    ("submarine", ("diving depth", "crew size"), "navy"),
    ("castle", ("wall thickness", "construction year"), "king"),
    ("beehive", ("honey yield", "colony strength"), "beekeeper"),
    ("mosquito", ("wing length", "larva count"), "swamp"),
    ("elevator", ("load limit", "travel speed"), "skyscraper"),
    ("comet", ("tail length", "perihelion"), "astronomer"),
    ("patient", ("blood pressure", "heart rate"), "surgeon"),
    ("soccer player", ("goals scored", "market value"), "soccer club"),
    ("flight", ("flying time", "altitude"), "airline"),
    ("student", ("grade point average", "credit hours"), "professor"),
    ("movie", ("box office", "running time"), "director"),
    ("hotel", ("star rating", "room rate"), "guest"),
    ("tree", ("trunk diameter", "bark thickness"), "forest"),
    ("song", ("beats per minute", "lyrics length"), "singer"),
    ("court case", ("verdict", "sentence length"), "judge"),
    ("car", ("horsepower", "fuel consumption"), "car maker"),
    ("loan", ("interest rate", "remaining debt"), "bank branch"),
    ("election", ("voter turnout", "number of ballots"), "candidate"),
    ("recipe", ("cooking time", "calories"), "chef"),
    ("dog", ("bark volume", "tail length"), "breeder"),
    ("ship", ("tonnage", "draught"), "harbour"),
    ("earthquake", ("magnitude", "epicentre depth"), "fault line"),
    ("bridge", ("span", "load capacity"), "river"),
    ("museum", ("visitor count", "ticket price"), "curator"),
    ("poem", ("stanza count", "rhyme scheme"), "poet"),
    ("gene", ("base pairs", "expression level"), "chromosome"),
)


_MISSING = (  # a thing of this database with a property of another world
    "what is the average {column} of [the|all|] {things}",
    "[show|list|give me] the {column} of [each|every] {thing}",
    "which {thing} has the [highest|lowest|longest|best] {column}",
    "[top|show the top] {n} {things} by {column}",
    "{things} [with|having] a {column} [above|below|over] {n}",
    "how many {things} have a {column} of [more|less] than {n}",
    "number of {things} [per|by|for each] {other}",
    "[show|list] the {things} of the {other} {name}",
    "which {things} have no {others}",
    "average number of {others} per {thing}",
    "{column} by {thing}",
    "total {column} of {things} [last year|in 2023|this month|]",
    "which {other} has the most {things}",
)


def unanswerable(world: World, rng: random.Random) -> Draft | None:
    """One question without an answer in this schema."""
    kind = rng.random()
    if kind < 0.14:
        return Draft(foreign(world, rng), None)
    if kind < 0.38:
        return near(world, rng)
    if kind < 0.68:
        return beside(world, rng)
    kind = rng.random()
    if kind < 0.25:
        return Draft(_say_about_own(world, rng, _CHANGES), None)
    if kind < 0.37:
        return Draft(_say_about_own(world, rng, _CHAT), None)
    if kind < 0.57:
        return _of_another_world(world, rng, _FOREIGN)
    return _of_another_world(world, rng, _MISSING) if kind < 0.75 else _of_another_schema(world, rng)


def unwanted(world: World, rng: random.Random) -> Draft:
    """A question that gets no SQL whatever the schema is: another language, a request to change data, chat."""
    kind = rng.random()
    if kind < 0.5:
        return Draft(foreign(world, rng), None)
    return Draft(_say_about_own(world, rng, _CHANGES if kind < 0.8 else _CHAT), None)


def _say_about_own(world: World, rng: random.Random, templates: tuple[str, ...]) -> str:
    ask = Ask(world, rng)
    entity = rng.choice(world.entities)
    columns = [c for c in entity.columns if c.role not in ("key", "other")] or list(entity.columns)
    texts = [text for column in columns for text in world.texts(column.index)[:5]] or ["Smith", "test", "Alice", "new"]
    text = say(
        rng,
        templates,
        things=ask.things(entity.table, ask.filters(entity.table, 1)),
        thing=entity.noun,
        table=world.schema.tables[entity.table].name,
        column=rng.choice(columns).noun,
        value=rng.choice([*texts, "0", "100", "null"]),
        name=rng.choice([*texts, "Test", "Anna", "tmp"]),
        n=str(rng.randrange(2, 50)),
    )
    return finish(rng, text, frozenset())


def _known_words(world: World) -> set[str]:
    """Every word by which a thing of this schema may be called."""
    known = {word for entity in world.entities for noun in entity.nouns for word in noun.split()}
    known |= {word for column in world.columns for noun in column.nouns for word in noun.split()}
    return known | {lexicon.singular(word) for word in known}


def _of_another_world(world: World, rng: random.Random, templates: tuple[str, ...]) -> Draft | None:
    """A question with nouns of another world, none of which occurs in this schema, as words or synonyms."""
    thing, columns, other = rng.choice(_WORLDS)
    column = rng.choice(columns)
    known = _known_words(world)
    if known & set(f"{thing} {other}".split()) or known & {column.split()[-1], lexicon.singular(column.split()[-1])}:
        return None
    if templates is _MISSING:
        entity = world.entities[rng.randrange(len(world.entities))]
        thing = Ask(world, rng).noun(entity)
    text = say(
        rng,
        templates,
        thing=thing,
        things=lexicon.plural(thing),
        column=column,
        other=other,
        others=lexicon.plural(other),
        n=str(rng.randrange(2, 60)),
        name="Alpha",
    )
    return Draft(finish(rng, text, frozenset()), None)


@lru_cache(maxsize=1)
def _other_worlds() -> tuple[World, ...]:
    return tuple(World(*invent_schema(seed), as_of_date(seed)) for seed in range(9_000_000, 9_000_040))


def _of_another_schema(world: World, rng: random.Random) -> Draft | None:
    """An ordinary question about an invented schema, where no noun of the tables that its SQL uses is known here."""
    other = rng.choice(_other_worlds())
    name = rng.choice(
        ("count", "aggregate", "group", "top", "trend", "rows", "extreme rows", "share of each", "having", "without")
    )
    try:
        draft = INTENTS[name][1](Ask(other, rng))
    except Implausible:
        return None
    if draft is None or draft.sql is None:
        return None
    tables = set(re.findall(r'(?:FROM|JOIN) ("[^"]+"|\w+)', draft.sql))
    used = {word for e in other.entities if other.table(e.table) in tables for noun in e.nouns[:2] for word in noun.split()}
    spoken = {lexicon.singular(word) for word in re.findall(r"[a-z]+", draft.question.lower())}
    if used & _known_words(world) or not used & spoken:
        return None
    return Draft(draft.question, None)
