"""Measuring retrieval: what a gold needs, merged schemas, BM25, recalls and ranks, and what a large schema costs."""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nl2sql.context.retrieve import documents
from nl2sql.eval import scale
from nl2sql.eval.bm25 import Bm25
from nl2sql.eval.needed import Needed, needed
from nl2sql.eval.retrieval import Remembering, in_context, in_ranks, similarity
from nl2sql.eval.retrieval_sets import Asked, among, merged, united
from nl2sql.records import Column, ForeignKey, Schema, Table


def schema(name: str, *tables: str) -> Schema:
    """Each table as "name: column column"; the first column of each but the first refers to the first table's."""
    made, keys, first = [], [], 0
    for text in tables:
        table, _, columns = text.partition(": ")
        made.append(Table(table, tuple(Column(column, words=column) for column in columns.split()), table))
        keys += [ForeignKey(first, 0)] if first else []
        first += len(columns.split())
    return Schema(tuple(made), tuple(keys), name)


SHOP = schema("shop", "customer: id name city", "purchase: customer day amount", "parcel: purchase weight carrier")
ZOO = schema("zoo", "animal: id species age", "keeper: animal salary")


class Knowing:
    """Scores what it was told to find high, all else low."""

    def __init__(self, tables: Sequence[int] = (), columns: Sequence[int] = ()) -> None:
        self.tables, self.columns = tables, columns

    def scores(self, question: str, schema: Schema) -> tuple[list[float], list[float]]:
        tables = [0.9 if i in self.tables else 0.5 - i / 100 for i in range(len(schema.tables))]
        return tables, [0.9 if i in self.columns else 0.5 - i / 100 for i in range(len(schema.columns))]


def test_a_query_needs_the_tables_and_columns_that_it_reads_at_any_depth() -> None:
    sql = "SELECT name FROM customer WHERE id IN (SELECT customer FROM purchase WHERE amount > (SELECT 7 FROM purchase))"
    assert needed(sql, SHOP) == Needed(frozenset({0, 1}), frozenset({1, 0, 3, 5}))


def test_columns_of_join_conditions_alone_are_told_apart() -> None:
    found = needed("SELECT T2.day FROM customer AS T1 JOIN purchase AS T2 ON T1.id = T2.customer WHERE T1.city = 'Lyon'", SHOP)
    assert found is not None and found.joining == {0, 3} and found.columns == {0, 2, 3, 4}


def test_a_text_in_double_quotes_joins_nothing() -> None:
    found = needed('SELECT name FROM customer WHERE city = "Lyon"', SHOP)
    assert found is not None and found.joining == set() and found.columns == {1, 2}


@pytest.mark.parametrize("sql", ["SELECT FROM WHERE", "SELECT 1"])
def test_of_a_query_without_tables_nothing_is_known(sql: str) -> None:
    assert needed(sql, SHOP) is None


def test_a_merged_schema_keeps_the_places_of_the_first_and_the_joins_of_all() -> None:
    both = merged([SHOP, ZOO])
    assert both.columns[: len(SHOP.columns)] == SHOP.columns
    key = both.foreign_keys[-1]
    assert (both.columns[key.source].name, both.tables[both.owner[key.target]].name) == ("animal", "animal")


def test_a_question_among_other_databases_needs_the_same_and_sees_more() -> None:
    asked = Asked("q", ZOO, Needed(frozenset({1}), frozenset({4})))
    (found,) = among([asked], {"shop": SHOP, "zoo": ZOO}, others=1)
    assert found.needed == asked.needed and len(found.schema.tables) == 5


def test_in_the_union_of_all_databases_a_need_moves_with_its_schema() -> None:
    asked = Asked("q", ZOO, Needed(frozenset({1}), frozenset({4}), frozenset({3})))
    (found,) = united([asked], {"shop": SHOP, "zoo": ZOO})
    assert [found.schema.tables[i].name for i in found.needed.tables] == ["keeper"]
    assert [found.schema.columns[i].name for i in (*found.needed.columns, *found.needed.joining)] == ["salary", "animal"]


def test_bm25_prefers_the_document_with_the_rarer_word() -> None:
    tables, columns = Bm25().scores("the carrier of each purchase", SHOP)
    assert max(range(9), key=columns.__getitem__) == 8
    assert tables[1] > tables[0] and min(tables) >= 0


def test_a_context_that_lacks_a_table_or_a_column_is_seen() -> None:
    asked = [Asked("q", SHOP, Needed(frozenset({2}), frozenset({7, 8})), room=400)]
    told = ((2,), (7, 8)), ((2,), (7,)), ((0,), (1, 2))
    good, half, blind = (in_context(Knowing(*known), asked, share=0.34) for known in told)
    assert (good.tables, good.columns) == ([True], [1.0])
    assert half.tables == [True] and half.columns == [0.5]
    assert blind.tables == [False] and blind.columns == [0.0]


def test_ranks_count_what_stands_among_the_best() -> None:
    asked = [Asked("q", SHOP, Needed(frozenset({1, 2}), frozenset({6, 8}), frozenset({6})))]
    assert in_ranks(Knowing((1, 2), (8,)), asked, tables=2, columns=1).tables == [True]
    assert in_ranks(Knowing((2,), (8,)), asked, tables=2, columns=1).tables == [False]
    assert in_ranks(Knowing((2,), (8,)), asked, tables=2, columns=1).columns == [1.0]


def test_columns_whose_values_are_named_are_in_the_context() -> None:
    asked = [Asked("q", SHOP, Needed(frozenset({2}), frozenset({8})), keep=(8,), room=400)]
    assert in_context(Knowing((0,), (1,)), asked, share=0.34).tables == [True]


def test_similarity_is_one_where_the_order_is_the_judges_with_equals_or_without() -> None:
    angles = {"a": 0.0, "near": 0.2, "as near": -0.2, "far": 1.0}
    vectors = {text: np.array([np.cos(angle), np.sin(angle)]) for text, angle in angles.items()}

    def encode(texts: Sequence[str]) -> np.ndarray:
        return np.stack([vectors[text] for text in texts])

    assert similarity(encode, [("a", "near", 4.0), ("a", "as near", 4.0), ("a", "far", 1.0)]) == pytest.approx(1.0)
    assert similarity(encode, [("a", "near", 1.0), ("a", "as near", 1.0), ("a", "far", 4.0)]) == pytest.approx(-1.0)


def test_a_text_is_encoded_once() -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return np.ones((len(texts), 3))

    remembering = Remembering(encode)
    remembering(["a", "b", "a"])
    assert remembering(["b", "c"]).shape == (2, 3) and asked == ["a", "b", "c"]


def test_the_large_schema_has_the_size_that_was_asked_for_and_keys_that_join_it() -> None:
    large = scale.invented(100, 8)
    assert (len(large.tables), len(large.columns)) == (100, 800)
    assert len({table.name for table in large.tables}) == 100 and len(large.foreign_keys) > 30
    for key in large.foreign_keys:
        assert large.columns[key.target].primary_key and large.columns[key.source].words == large.columns[key.target].words


def test_of_a_large_schema_a_changed_column_is_embedded_alone(tmp_path: Path) -> None:
    large = scale.invented(40, 8)

    def encode(texts: Sequence[str]) -> np.ndarray:
        return np.stack([np.eye(384, dtype=np.float32)[sum(text.encode()) % 384] for text in texts])

    figures = scale.measured(large, encode, scale.questions(large, 2), tmp_path)
    assert figures["texts encoded"] == len(set(documents(large)))
    assert figures["next start, texts encoded"] == 0
    assert figures["a changed column, texts encoded"] == 1
