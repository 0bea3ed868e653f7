"""The grammar lets every real query through and nothing that isn't SQL."""
from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pytest
from test_ir import DDL, ROUND_TRIPS, context

from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.grammar import Grammar
from nl2sql.sql.ir import Malformed, from_sql, to_sql
from nl2sql.sql.symbols import EOS, NONE, VOCABULARY


def random_walk(grammar: Grammar, rng: random.Random, longest: int = 70) -> tuple[Symbol, ...] | None:
    """A sequence that the grammar allows, chosen blindly; endings are preferred so that most walks end."""
    state = grammar.start()
    symbols: list[Symbol] = []
    while len(symbols) < longest:
        allowed = grammar.allowed(state)
        options: list[Symbol] = [VOCABULARY[i] for i in np.flatnonzero(allowed.keywords) if VOCABULARY[i] != NONE]
        if EOS in options and rng.random() < 0.5:
            return tuple(symbols)
        options = [o for o in options if o != EOS]
        pointers = [Pointer(k, int(i)) for k, mask in allowed.pointers.items() for i in np.flatnonzero(mask)]  # type: ignore[arg-type]
        symbol = rng.choice(pointers) if pointers and (not options or rng.random() < 0.7) else rng.choice(options)
        symbols.append(symbol)
        state = grammar.advance(state, symbol)
    return None


def written(symbols: Sequence[Symbol], about: Context, dialect: str = "duckdb") -> str:
    """Its SQL. The automaton doesn't count tables: ``*`` over different ones on both sides of UNION can't be written."""
    try:
        return to_sql(symbols, about, dialect)
    except Malformed as error:
        assert str(error) == "all columns of different tables"
        return "SELECT 1"


@pytest.mark.parametrize(("question", "sql"), ROUND_TRIPS)
@pytest.mark.parametrize("strict", [True, False])
def test_every_real_query_is_accepted(question: str, sql: str, strict: bool) -> None:
    if not strict and any(word in sql for word in ("FILTER", "QUALIFY", "quarter", "DATE_SUB")):
        pytest.skip("SQLite has no such function")
    about = context(question)
    assert Grammar(about, strict=strict).accepts(from_sql(sql, about))


@pytest.mark.parametrize("call", ["COUNT(DISTINCT name)", "SUM(DISTINCT pay)"])
def test_sqlite_has_no_window_over_distinct_values(call: str) -> None:
    about = context("how many people are there beside each")
    symbols = from_sql(f"SELECT name, {call} OVER (PARTITION BY team_id) FROM person", about)
    assert Grammar(about).accepts(symbols)
    assert not Grammar(about, strict=False).accepts(symbols)
    assert Grammar(about, strict=False).accepts(from_sql(f"SELECT {call} FROM person", about))


@pytest.mark.parametrize(("query", "taken"), [
    ("SELECT pay FROM person", False), ("SELECT pay FROM person ORDER BY pay", False), ("SELECT MAX(pay) FROM person", True),
    ("SELECT pay FROM person WHERE name = 'Ann'", True), ("SELECT pay FROM person WHERE name <> 'Ann'", False),
    ("SELECT pay FROM person ORDER BY pay LIMIT 1", True), ("SELECT pay FROM person ORDER BY pay LIMIT 2", False),
    ("SELECT p.pay FROM person AS p JOIN team AS t ON p.team_id = t.team_id WHERE t.name = 'Reds'", False),
    ("SELECT t.team_id FROM person AS p JOIN team AS t ON p.team_id = t.team_id WHERE p.name = 'Ann'", True),
    ("SELECT SUM(pay) FROM person WHERE name = 'Ann' GROUP BY team_id", False),
    ("SELECT SUM(pay) FROM person GROUP BY team_id ORDER BY SUM(pay) DESC LIMIT 1", True),
    ("SELECT MAX(pay) FROM person UNION SELECT MIN(pay) FROM person", False),
])  # fmt: skip
def test_a_value_is_not_taken_from_several_rows(query: str, taken: bool) -> None:
    about = context("who has more than Ann of the Reds")
    symbols = from_sql(f"SELECT name FROM person WHERE pay > ({query})", about)
    assert Grammar(about).accepts(symbols) is taken
    assert Grammar(about, strict=False).accepts(symbols)
    assert Grammar(about).accepts(from_sql("SELECT name FROM person WHERE pay IN (SELECT pay FROM person)", about))


@pytest.mark.parametrize(("distinct", "taken"), [(None, True), (100, True), (95, True), (12, False)])
def test_a_column_tells_rows_apart_if_its_values_do(distinct: int | None, taken: bool) -> None:
    about = context("who has more than Ann")
    tables = tuple(
        replace(t, rows=100, columns=tuple(replace(c, distinct=distinct) if c.name == "name" else c for c in t.columns))
        for t in about.schema.tables
    )
    about = replace(about, schema=replace(about.schema, tables=tables))
    symbols = from_sql("SELECT name FROM person WHERE pay > (SELECT pay FROM person WHERE name = 'Ann')", about)
    assert Grammar(about).accepts(symbols) is taken


def test_whatever_the_grammar_allows_binds_and_runs() -> None:
    engine = duckdb.connect()
    engine.execute(DDL)
    about = context("people of the Reds or Blues in Bonn with more than 2 goals in 2024")
    grammar, rng, done, wrong = Grammar(about), random.Random(1), 0, []
    for _ in range(700):
        symbols = random_walk(grammar, rng)
        if symbols is None:
            continue
        sql = written(symbols, about)
        done += 1
        try:
            engine.execute(f"EXPLAIN {sql}")
        except duckdb.Error as error:
            wrong.append((str(error).splitlines()[0], sql))
    assert done > 200
    assert not wrong, f"{len(wrong)} of {done}: {wrong[:5]}"


def test_whatever_the_grammar_allows_compiles_in_sqlite() -> None:
    engine = sqlite3.connect(":memory:")
    engine.executescript(DDL)
    about = context("people of the Reds or Blues in Bonn with more than 2 goals in 2024")
    grammar, rng, done, wrong = Grammar(about, strict=False), random.Random(2), 0, []
    for _ in range(700):
        symbols = random_walk(grammar, rng)
        if symbols is None:
            continue
        sql = written(symbols, about, "sqlite")
        done += 1
        try:
            engine.execute(f"EXPLAIN {sql}")
        except sqlite3.Error as error:
            wrong.append((str(error), sql))
    assert done > 200
    assert not wrong, f"{len(wrong)} of {done}: {wrong[:5]}"


@pytest.mark.parametrize("strict", [True, False])
def test_what_may_follow_does_not_depend_on_what_the_grammar_was_asked_before(strict: bool) -> None:
    about = context("people of the Reds or Blues in Bonn with more than 2 goals in 2024")
    grammar, rng = Grammar(about, strict=strict), random.Random(3)
    for symbols in filter(None, (random_walk(grammar, rng) for _ in range(40))):
        state = grammar.start()
        for symbol in symbols:
            assert (grammar.allowed(state).mask == Grammar(about, strict=strict).allowed(state).mask).all()
            state = grammar.advance(state, symbol)


def test_sqlite_ranks_by_an_aggregate_only_what_it_groups() -> None:
    about = context("the most common city of teams")
    symbols: tuple[Symbol, ...] = ("select", Pointer("column", 2), "order by", "count", "(", "*", ")", "desc", "limit", "#1")
    assert Grammar(about, strict=False).accepts(symbols)
    assert to_sql(symbols, about, "sqlite") == "SELECT city FROM team GROUP BY city ORDER BY COUNT(*) DESC LIMIT 1"


def test_a_column_that_can_not_be_joined_is_not_allowed() -> None:
    about = context("names")
    grammar = Grammar(about)
    state = grammar.start()
    for symbol in ("select", "avg", "("):
        state = grammar.advance(state, symbol)
    assert not grammar.allowed(state).pointers["column"][1], "a text column in AVG"
    assert grammar.allowed(state).pointers["column"][8]


def test_no_answer_is_a_whole_sequence() -> None:
    assert Grammar(context("drop it")).accepts((NONE,))


@pytest.mark.parametrize("symbols", [("select",), ("select", ")"), (NONE, "select"), ("select", "count", "(", "*", ")"), ()])
def test_an_unfinished_or_broken_sequence_is_refused(symbols: tuple[Symbol, ...]) -> None:
    assert not Grammar(context("teams")).accepts(symbols)
