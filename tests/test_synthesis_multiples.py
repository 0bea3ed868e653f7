"""Kinds that set numbers against others: multiples of a column or of a group's average, days, crowds; on four databases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import intent_drafts
import pytest

from nl2sql import Database
from nl2sql.context.linking import ValueIndex
from nl2sql.data.sales import path as sales_path
from nl2sql.data.synthesis.world import World
from nl2sql.sql.validate import validate

drafts = partial(intent_drafts.drafts, tries=60)
SCHEMAS = {"gyms": dt.date(2024, 6, 30), "rentals": dt.date(2024, 6, 30), "workshop": dt.date(2024, 6, 30), "sales": None}
KINDS = {  # and the databases that have the columns for them
    "against multiple": ("workshop", "sales"), "multiple of own group": ("gyms", "workshop", "sales"),
    "days with": tuple(SCHEMAS), "soon after": tuple(SCHEMAS),
    "mean children": tuple(SCHEMAS), "above mean group": tuple(SCHEMAS), "in every": tuple(SCHEMAS),
}  # fmt: skip


@pytest.fixture(name="opened", scope="module")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Database, World]]]:
    folder: Path = tmp_path_factory.mktemp("multiples")
    found: dict[str, tuple[Database, World]] = {}
    for name, as_of in SCHEMAS.items():
        path = sales_path() if name == "sales" else folder / f"{name}.duckdb"
        if name != "sales":
            script = Path(__file__).parent / "fixtures" / f"{name}.sql"
            with duckdb.connect(str(path)) as connection:
                connection.execute(script.read_text(encoding="utf-8"))
        database = Database(path, as_of=as_of)
        world = World(database.schema, database.values, database.as_of)
        world.learn_ranges(lambda sql, database=database: database.run(validate(sql, database.schema)).rows)  # type: ignore[misc]
        found[name] = database, world
    yield found
    for database, _ in found.values():
        database.close()


@pytest.mark.parametrize(("intent", "schema"), [(kind, schema) for kind, schemas in KINDS.items() for schema in schemas])
def test_every_kind_is_valid_runs_and_can_be_said_in_symbols(
    intent: str, schema: str, opened: dict[str, tuple[Database, World]]
) -> None:
    database, world = opened[schema]
    index, said, made = ValueIndex(database.schema, database.values), 0, 0
    for draft in drafts(world, intent, 24):
        assert draft.sql
        rows = database.run(validate(draft.sql, database.schema)).rows
        made += 1
        written = intent_drafts.said_again(draft, database.schema, index, database.as_of)
        if written is None:
            continue
        assert alike(rows, database.run(validate(written, database.schema)).rows), (draft, written)
        said += 1
    assert made == 24 and said >= 20


def alike(some: object, others: object) -> bool:
    """The same rows in any order, with the last digits of sums left out."""
    return sorted(map(_rounded, some)) == sorted(map(_rounded, others))  # type: ignore[call-overload]


def _rounded(row: tuple[object, ...]) -> str:
    return str([round(cell, 6) if isinstance(cell, float) else cell for cell in row])


def test_a_factor_that_is_said_is_the_one_that_is_compared(opened: dict[str, tuple[Database, World]]) -> None:
    said = {"twice": "2", "three times": "3", "half": "0.5", "1.5 times": "1.5", "two and a half times": "2.5"}
    seen = set()
    world = opened["workshop"][1]
    for draft in [*drafts(world, "against multiple", 200), *drafts(world, "multiple of own group", 200)]:
        number = re.search(r" (>|<|>=|<=) ([\d.]+) \* ", draft.sql or "")
        assert number, draft
        question = draft.question.lower()
        for words, factor in said.items():
            if words in question and not (words == "half" and "half times" in question):
                seen.add(words)
                assert number[2] == factor, draft
        below = re.search(r"(?<!no )less than|under|below|at most|(?:no|not) more than", question)
        assert (number[1][0] == "<") == bool(below), draft
    assert seen == set(said)


def test_days_are_counted_once_and_as_the_unit_that_is_said(opened: dict[str, tuple[Database, World]]) -> None:
    seen, named = set(), 0
    for draft in drafts(opened["gyms"][1], "days with", 200):
        inside = re.search(r"COUNT\(DISTINCT (?:CAST\(DATE_TRUNC\('(\w+)'|(YEAR)|\w+\.)", draft.sql or "")
        assert inside and "COUNT(*)" not in (draft.sql or ""), draft
        unit = (inside[1] or inside[2] or "day").lower()
        seen.add(unit)
        named += bool(re.search(rf"\b{unit}s\b", draft.question.lower()))
    assert named > 190  # but for slips of the pen
    assert seen == {"day", "week", "month", "quarter", "year"}


def test_the_same_day_is_an_equal_date_and_others_a_number_of_days(opened: dict[str, tuple[Database, World]]) -> None:
    seen, said = {True: 0, False: 0}, 0
    for draft in drafts(opened["workshop"][1], "soon after", 200):
        same = bool(re.search(r"\w+\.paid_on = \w+\.repair_date", draft.sql or ""))
        seen[same] += 1
        assert same or re.search(r"DATE_DIFF\('day', \w+\.repair_date, \w+\.paid_on\) <= \d+", draft.sql or ""), draft
        said += same == bool(re.search(r"\b(?:same|day of the|day they)\b", draft.question.lower()))
    assert min(seen.values()) > 40 and said > 190


def test_a_group_is_compared_with_the_mean_under_the_same_conditions(opened: dict[str, tuple[Database, World]]) -> None:
    wrong = 0
    for draft in drafts(opened["gyms"][1], "above mean group", 100):
        outer, inner = (draft.sql or "").split(" HAVING ")
        source = outer.rpartition(" FROM ")[2].split(" GROUP BY ")[0]
        assert f" FROM {source})" in inner, draft
        asks_for_less = bool(re.search(r"\b(?:below|under|fewer|lower)\b", draft.question.lower()))
        wrong += (" < (SELECT" in inner) != asks_for_less  # a slip of the pen, or a condition with the word
    assert wrong < 10


def test_every_unit_of_the_span_is_asked_for(opened: dict[str, tuple[Database, World]]) -> None:
    seen = set()
    for draft in drafts(opened["sales"][1], "in every", 200):
        sql = draft.sql or ""
        inside = re.search(r"COUNT\(DISTINCT (?:YEAR|CAST\(DATE_TRUNC\('(\w+)').* = (\d+)\)?", sql)
        span = re.findall(r"\.(?:order|return)_date >= DATE '(\d+)-(\d+)-01' AND \w+\.\w+ < DATE '(\d+)-(\d+)-01'", sql)
        assert inside and (span or "since" in draft.question), draft
        if span:
            y1, m1, y2, m2 = map(int, span[-1])
            unit = inside[1] or "year"
            months = {"year": 12, "quarter": 3, "month": 1}[unit]
            assert (y2 - y1) * 12 + m2 - m1 == months * int(inside[2]), draft
            seen.add(unit)
    assert seen == {"year", "quarter", "month"}


def test_the_mean_child_counts_rows_by_their_parents(opened: dict[str, tuple[Database, World]]) -> None:
    for draft in drafts(opened["workshop"][1], "mean children", 60):
        assert re.match(r"SELECT COUNT\(\*\) / COUNT\(DISTINCT (\w+)\.\w+\) FROM (?!\1\b).* JOIN \1 ", draft.sql or ""), draft
