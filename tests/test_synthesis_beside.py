"""Questions with one unknown part: the part is unknown indeed, in every schema, and the questions differ."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import library_shop
import pytest

from nl2sql.data.synthesis import beside_deeds, beside_words, lexicon
from nl2sql.data.synthesis.beside import beside, parted
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.lacking import lacking, telling
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.world import World
from nl2sql.records import Column, Schema, Table

AS_OF = dt.date(2024, 8, 15)
OPTIONS = [
    option
    for group in (beside_words.MEASURES, beside_words.PROPERTIES, beside_words.PAIRS, beside_deeds.CONDITIONS,
                  beside_deeds.THINGS, beside_deeds.DEEDS)
    for options in group.values() for option in options
] + list(beside_words.AGENTS)  # fmt: skip


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


def made(world: World, seeds: range) -> Iterator[tuple[str, str, str]]:
    for seed in seeds:
        try:
            found = parted(world, random.Random(seed))
        except Implausible:
            continue
        if found:
            yield found


def schema_words(world: World) -> set[str]:
    """Words of the names, synonyms and short values, gathered without the code under test."""
    said = [c.name for t in world.schema.tables for c in t.columns] + [t.name for t in world.schema.tables]
    said = [re.sub(r"([a-z])([A-Z])", r"\1 \2", name) for name in said]
    said += [noun for e in world.entities for noun in e.nouns] + [noun for c in world.columns for noun in c.nouns]
    said += [str(value) for values in world.values.values() for value in values]
    found = {word for text in said for word in re.findall(r"[a-z]+", text.lower())}
    return found | {lexicon.singular(word) for word in found}


def table_of(*columns: Column, **values: list[str]) -> World:
    key = Column("client_id", kind="number", primary_key=True)
    found = {i + 1: values[c.name] for i, c in enumerate(columns) if c.name in values}
    return World(Schema((Table("clients", (key, *columns), "clients"),), name="c"), found, AS_OF)


def test_no_unknown_part_names_anything_of_the_schema(shop: World) -> None:
    worlds = [shop, *(World(*invent_schema(seed), as_of_date(seed)) for seed in range(400, 430))]
    for world in worlds:
        known = schema_words(world)
        for _, question, part in made(world, range(30)):
            said = {word for word in telling(part) if "-" not in word}
            assert part and not said & known, (question, part, said & known)


def test_all_parts_occur_and_the_questions_differ(shop: World) -> None:
    found = list(made(shop, range(520)))[:400]
    assert len(found) == 400 and len({question.lower() for _, question, _ in found}) >= 350
    counts = Counter(kind for kind, *_ in found)
    assert set(counts) == {"measure", "property", "condition", "thing"} and min(counts.values()) > 40
    assert len({part for *_, part in found}) > 150


def test_no_draft_has_an_answer_or_an_open_slot(shop: World) -> None:
    for seed in range(120):
        draft = beside(shop, random.Random(seed))
        assert draft is None or draft.sql is None and not re.search(r"[{}\[\]|~@*=]", draft.question.replace("w/o", ""))


def test_a_column_of_the_same_meaning_answers() -> None:
    plain = table_of(Column("full_name"), Column("city"), full_name=["Ada Moss", "Ben Lund"], city=["Oslo", "Lima"])
    for name, phrases in {
        "sex": ("gender", "male and female", "female"), "gender": ("sex", "men and women"),
        "marital_status": ("married", "married and single"), "shipping_fee": ("delivery fee", "postage"),
        "stock_quantity": ("are left in stock", "inventory", "units in stock"), "CarrierName": ("carrier", "courier"),
        "weekly_hours": ("part-time", "working hours"), "colour": ("red", "color"),
    }.items():  # fmt: skip
        holding = table_of(Column("full_name"), Column(name))
        for phrase in phrases:
            options = [o for o in OPTIONS if o[1].partition("=")[0].removeprefix("@") == phrase] or [((), phrase)]
            for option in options:
                assert not lacking(holding, option), (name, option)
                assert lacking(plain, option), option


@pytest.mark.parametrize(("value", "phrases"), [
    ("Female", ("gender", "sex", "male and female", "women and men", "male")), ("Express", ("express", "express and standard")),
    ("Part-time", ("part-time", "part-time and full-time")), ("Refurbished", ("refurbished",)),
    ("Vegan", ("vegan", "vegetarian")),
])  # fmt: skip
def test_a_value_of_the_same_meaning_answers(value: str, phrases: tuple[str, ...]) -> None:
    holding = table_of(Column("full_name"), Column("remark_1"), remark_1=["None", value])
    for option in OPTIONS:
        if option[1].removeprefix("@") in phrases:
            assert not lacking(holding, option), option


def test_a_comment_of_the_same_meaning_answers() -> None:
    holding = table_of(Column("full_name"), Column("x1", comment="value added tax (VAT) of the bill, in euros"))
    assert not lacking(holding, next(o for o in OPTIONS if o[1] == "VAT"))


def test_schemas_with_gender_or_express_are_never_asked_for_them_as_unknown(shop: World) -> None:
    columns = tuple(
        replace(c, name="sex", words="sex") if c.name == "tier" else c for c in shop.schema.tables[2].columns
    )
    tables = list(shop.schema.tables)
    tables[2] = replace(tables[2], columns=columns)
    world = World(replace(shop.schema, tables=tuple(tables)), {**shop.values}, AS_OF)
    for _, question, part in made(world, range(400)):
        assert not re.search(r"\b(?:gender|sex|male|female|men|women)\b", part.lower()), question
    status = next(i for i, c in enumerate(shop.schema.columns) if c.name == "status")
    world = World(shop.schema, {**shop.values, status: ["Completed", "Express"]}, AS_OF)
    for _, question, part in made(world, range(400)):
        assert "express" not in part.lower(), question


def test_times_of_day_are_unknown_only_without_a_clock(shop: World) -> None:
    tables = [
        replace(t, columns=tuple(replace(c, type="TIMESTAMP") if c.name == "order_date" else c for c in t.columns))
        for t in shop.schema.tables
    ]
    clock = World(replace(shop.schema, tables=tuple(tables)), dict(shop.values), AS_OF)
    assert sum(part == "hour" for *_, part in made(shop, range(400))) > 5
    for _, question, part in made(clock, range(400)):
        assert part != "hour" and not re.search(r"\bnight\b|\bpm\b|\bnoon\b", part), question


def test_own_status_or_end_tells_who_left(shop: World) -> None:
    option = next(o for o in OPTIONS if o[1] == "left the company")
    assert lacking(shop, option, next(e for e in shop.entities if e.noun == "staff"))
    world = table_of(Column("full_name"), Column("employment_end", kind="date", type="DATE"))
    assert not lacking(world, option, world.entities[0])


def test_orders_at_suppliers_are_unknown_where_all_orders_are_customers(shop: World) -> None:
    option = next(o for o in OPTIONS if o[1].endswith("with our suppliers"))
    assert lacking(shop, option)
    world = table_of(Column("full_name"), Column("purchase_order_date", kind="date", type="DATE"))
    assert not lacking(world, option)


def test_the_lists_are_broad_and_well_formed() -> None:
    assert all(guard.find("*") in (-1, len(guard) - 1) and phrase for guards, phrase in OPTIONS for guard in guards)
    own = (beside_deeds.CONDITIONS, beside_deeds.THINGS, beside_deeds.DEEDS)
    for lists in (beside_words.MEASURES, beside_words.PROPERTIES, *own):
        assert len({phrase for options in lists.values() for _, phrase in options}) >= 70
