"""Questions that people asked of one database, asked of another: the words that name tables, columns and values are exchanged.

What a question is like and what a database is like are seen apart from each other, as in GraPPa (Yu et al. 2021), whose grammar
of questions and queries is read off Spider's training set too. Exchanged are queries about one table, or about two that a foreign
key or a table between them connects, where the question names all of their columns and values.
"""
from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nl2sql.data.synthesis.lexicon import is_plural, plural, singular
from nl2sql.model.feeding import Lesson
from nl2sql.model.train_data import Known, Source, bird_source, prepare, spider_sources
from nl2sql.model.train_synthetic import databases
from nl2sql.records import Context, Example, Pointer, Schema, Symbol
from nl2sql.sql.ir import Malformed, to_sql
from nl2sql.sql.symbols import NONE

TRIES = 6  # databases that are tried for each one that a question is to be asked of
LONGEST = 40  # characters of a value
Span = tuple[int, int]  # words, both ends included
Became = dict[Pointer, Pointer | tuple[int, str]]  # of a value: its column and text


class Unfit(Exception):
    """This question can't be asked of that database."""


@dataclass(frozen=True)
class Form:
    """Which tables of a schema refer to which, and what its columns are: all that decides where a query fits."""

    schema: Schema

    @cached_property
    def edges(self) -> set[tuple[int, int]]:
        owner = self.schema.owner
        return {(owner[key.source], owner[key.target]) for key in self.schema.foreign_keys}

    @cached_property
    def keys(self) -> set[int]:
        primary = {index for index, column in enumerate(self.schema.columns) if column.primary_key}
        return primary | {key.source for key in self.schema.foreign_keys}

    def between(self, one: int, other: int) -> str:
        """How two tables are connected: one refers to the other, a single third one refers to both, or not at all."""
        if (one, other) in self.edges:
            return "" if (other, one) in self.edges else ">"
        if (other, one) in self.edges:
            return "<"
        links = [table for table in range(len(self.schema.tables)) if {(table, one), (table, other)} <= self.edges]
        return "<>" if len(links) == 1 else ""

    def sort(self, column: int) -> tuple[str, bool, bool]:
        """Columns of one sort can stand for each other: their kind, whether they are keys, whether they are names."""
        what = self.schema.columns[column]
        return what.kind, column in self.keys, what.kind == "text" and "name" in what.words.split()


@dataclass(frozen=True)
class Template:
    """A lesson, its tables and columns in order of appearance, and the words of the question that name each pointer."""

    lesson: Lesson
    tables: tuple[int, ...]
    columns: tuple[int, ...]
    named: Mapping[Pointer, tuple[Span, ...]]

    @cached_property
    def form(self) -> Form:
        return Form(self.lesson.context.schema)


def template(lesson: Lesson) -> Template | None:
    """What can be exchanged in a lesson; None where not everything is named, or it needs more than two tables."""
    asked, context = unworded(lesson), lesson.context
    if asked is None or any(pointer.kind in ("period", "word") for pointer in _pointers(lesson)):
        return None
    named: dict[Pointer, tuple[Span, ...]] = {}
    taken: set[int] = set()
    names = sorted(asked.named, key=lambda pointer: -4 if pointer.kind == "value" else -_level(context, pointer))
    for pointer in names:
        spans = _spans(context, pointer)
        words = {word for first, last in spans for word in range(first, last + 1)}
        if words & taken:
            spans, words = (), set()
        if not spans and pointer in lesson.symbols:
            return None
        named[pointer] = spans
        taken |= words
    return replace(asked, named=named)


def unworded(lesson: Lesson) -> Template | None:
    """What a lesson's query uses, wherever the question names it; None where it needs more than two tables."""
    context, owner, pointers = lesson.context, lesson.context.schema.owner, _pointers(lesson)
    if lesson.symbols == (NONE,) or context.previous:
        return None
    values = [pointer for pointer in pointers if pointer.kind == "value"]
    asked = [pointer.index for pointer in pointers if pointer.kind == "column"]
    columns = tuple(dict.fromkeys([*asked, *(context.values[pointer.index].column for pointer in values)]))
    counted = [pointer.index for pointer in pointers if pointer.kind == "table"]
    tables = tuple(dict.fromkeys([*counted, *(owner[column] for column in columns)]))
    if not 1 <= len(tables) <= 2 or (len(tables) == 2 and not Form(context.schema).between(*tables)):
        return None
    names = [Pointer("column", column) for column in columns] + [Pointer("table", table) for table in tables]
    return Template(lesson, tables, columns, dict.fromkeys(values + names, ()))


def _pointers(lesson: Lesson) -> list[Pointer]:
    return list(dict.fromkeys(symbol for symbol in lesson.symbols if isinstance(symbol, Pointer)))


def _level(context: Context, pointer: Pointer) -> int:
    return max((link.level for link in context.links.get(pointer, ())), default=0)


def _spans(context: Context, pointer: Pointer) -> tuple[Span, ...]:
    """Where the question names something: the runs of words of the strongest link."""
    if pointer.kind == "value":
        value = context.values[pointer.index]
        return ((value.first, value.last),)
    level = _level(context, pointer)
    runs: list[Span] = []
    for word in sorted(link.word for link in context.links.get(pointer, ()) if link.level == level):
        if runs and word == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], word
        else:
            runs.append((word, word))
    return tuple(runs)


def transplant(asked: Template, form: Form, known: Known, rng: random.Random) -> tuple[str, Became]:
    """The question in the words of another schema, and what each pointer becomes there. Raises ``Unfit``."""
    context = asked.lesson.context
    became = _names(asked, form, known, rng)
    texts: list[tuple[Span, str]] = []
    for pointer, spans in asked.named.items():
        if pointer.kind == "value":
            column = became[Pointer("column", context.values[pointer.index].column)]
            assert isinstance(column, Pointer)
            text = _value(known.values[column.index], [text for _, text in texts], rng)
            became[pointer] = column.index, text
            texts += [(span, text) for span in spans]
        else:
            texts += [(span, _inflected(form.schema, became[pointer], context.words[span[1]].text)) for span in spans]
    question = context.question
    for (first, last), text in sorted(texts, reverse=True):
        question = question[: context.words[first].start] + text + question[context.words[last].end :]
    return question, became


def _names(asked: Template, form: Form, known: Known, rng: random.Random) -> Became:
    """Tables that are connected as those of the question are, and columns of theirs of the same sorts."""
    context, count = asked.lesson.context, range(len(form.schema.tables))
    choices: list[tuple[int, ...]] = [(table,) for table in count]
    if len(asked.tables) == 2:
        wanted = asked.form.between(*asked.tables)
        choices = [(one, other) for one in count for other in count if one != other and form.between(one, other) == wanted]
    if not choices:
        raise Unfit("no such tables")
    table = dict(zip(asked.tables, rng.choice(choices), strict=True))
    became: Became = {Pointer("table", old): Pointer("table", new) for old, new in table.items()}
    valued = {context.values[pointer.index].column for pointer in asked.named if pointer.kind == "value"}
    free = {new: [column for column, owner in enumerate(form.schema.owner) if owner == new] for new in table.values()}
    for old in asked.columns:
        home, sort = free[table[context.schema.owner[old]]], asked.form.sort(old)
        fit = [column for column in home if form.sort(column) == sort and (old not in valued or known.values.get(column))]
        if not fit:
            raise Unfit("no such column")
        new = rng.choice(fit)
        home.remove(new)
        became[Pointer("column", old)] = Pointer("column", new)
    return became


def _value(values: Sequence[Any], said: Sequence[str], rng: random.Random) -> str:
    text = str(rng.choice(values))
    if text in said or len(text) > LONGEST or "\n" in text:
        raise Unfit("no value to ask for")
    return text


def _inflected(schema: Schema, name: Any, like: str) -> str:
    words = (schema.tables if name.kind == "table" else schema.columns)[name.index].words
    words = words.removeprefix("dim ").removeprefix("fact ")
    return plural(singular(words)) if is_plural(like.lower()) else singular(words) if name.kind == "table" else words


def moved(symbols: Sequence[Symbol], old: Context, new: Context, became: Became) -> list[Symbol]:
    """The symbols over another context. Raises ``Unfit`` where a value or number of the question isn't found there."""
    values = {(value.column, str(value.value)): i for i, value in reversed(list(enumerate(new.values)))}
    numbers = {number.value: i for i, number in reversed(list(enumerate(new.numbers)))}
    result: list[Symbol] = []
    for symbol in symbols:
        if isinstance(symbol, str):
            result.append(symbol)
        elif symbol.kind == "number":
            result.append(Pointer("number", _found(numbers, old.numbers[symbol.index].value)))
        else:
            target = became[symbol]
            result.append(target if isinstance(target, Pointer) else Pointer("value", _found(values, target)))
    return result


def elsewhere(asked: Template, form: Form, known: Known, rng: random.Random) -> Lesson:
    """The same form of query over another schema, whose question nobody has worded yet. Raises ``Unfit``."""
    _, became = transplant(asked, form, known, rng)
    old, symbols = asked.lesson.context, asked.lesson.symbols
    values = list(old.values)
    for pointer, target in became.items():
        if not isinstance(target, Pointer):
            values[pointer.index] = replace(values[pointer.index], column=target[0], value=target[1])
    columns = tuple(range(len(form.schema.columns)))
    context = replace(old, schema=form.schema, columns=columns, values=tuple(values), links={}, as_of=known.as_of)
    kept = ("value", "number", "period", "word")
    return Lesson(context, tuple(
        symbol if isinstance(symbol, str) or symbol.kind in kept else became[symbol] for symbol in symbols))  # type: ignore[misc]


def _found(places: Mapping[Any, int], key: object) -> int:
    if key not in places:
        raise Unfit("not linked")
    return places[key]


def transplanted(lessons: Iterable[tuple[str, Lesson]], others: Mapping[str, Known], *, times: int, seed: int) -> Source:
    """Each lesson (with the name of its database) asked ``times`` times of other databases, as often as that is possible."""
    rng, names = random.Random(seed), sorted(others)
    forms = {name: Form(known.schema) for name, known in others.items()}
    source = Source("transplanted", (), others, dialect="duckdb")

    def made() -> Iterator[Example]:
        for home, lesson in lessons:
            asked, done = template(lesson), 0
            for name in rng.choices(names, k=TRIES * times) if asked else ():
                if not asked or name == home or done == times:
                    continue
                try:
                    question, became = transplant(asked, forms[name], others[name], rng)
                    context = source.context(Example(question, None, name))
                    sql = to_sql(moved(lesson.symbols, lesson.context, context, became), context)
                except (Unfit, Malformed):
                    continue
                done += 1
                yield Example(question, sql, name)

    return replace(source, examples=tuple(made()))


def transplanted_source(data: Path, *, times: int, invented: int = 250, seed: int = 0) -> Source:
    """The questions of Spider's training set and of the older sets in its form, asked of each other's databases, of BIRD's and of
    invented ones."""
    pairs: list[tuple[str, Lesson]] = []
    for source in spider_sources(data):
        if source.name in ("spider", "others"):
            name_of = {id(known.schema): name for name, known in source.databases.items()}
            pairs += [(name_of[id(lesson.context.schema)], lesson) for lesson in prepare(source)]
    return transplanted(pairs, everywhere(data, invented, seed + 2), times=times, seed=seed)


def everywhere(data: Path, invented: int, seed: int) -> dict[str, Known]:
    """Spider's training schemas, so many invented ones, and BIRD's; none of those held out."""
    return databases(data, invented, seed) | {f"bird {name}": known for name, known in bird_source(data).databases.items()}
