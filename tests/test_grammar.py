"""The grammar lets every real query through and nothing that isn't SQL."""
from __future__ import annotations

import random

import duckdb
import numpy as np
import pytest
from test_ir import DDL, ROUND_TRIPS, context

from nl2sql.records import Pointer, Symbol
from nl2sql.sql.grammar import Grammar
from nl2sql.sql.ir import from_sql, to_sql
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


@pytest.mark.parametrize(("question", "sql"), ROUND_TRIPS)
@pytest.mark.parametrize("strict", [True, False])
def test_every_real_query_is_accepted(question: str, sql: str, strict: bool) -> None:
    if not strict and any(word in sql for word in ("FILTER", "QUALIFY", "quarter", "DATE_SUB")):
        pytest.skip("SQLite has no such function")
    about = context(question)
    assert Grammar(about, strict=strict).accepts(from_sql(sql, about))


def test_whatever_the_grammar_allows_binds_and_runs() -> None:
    engine = duckdb.connect()
    engine.execute(DDL)
    about = context("people of the Reds or Blues in Bonn with more than 2 goals in 2024")
    grammar, rng, done, wrong = Grammar(about), random.Random(1), 0, []
    for _ in range(700):
        symbols = random_walk(grammar, rng)
        if symbols is None:
            continue
        sql = to_sql(symbols, about)
        done += 1
        try:
            engine.execute(f"EXPLAIN {sql}")
        except duckdb.Error as error:
            wrong.append((str(error).splitlines()[0], sql))
    assert done > 200
    assert not wrong, f"{len(wrong)} of {done}: {wrong[:5]}"


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
