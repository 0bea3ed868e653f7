"""Retrieval of tables and columns: the real encoder, and a counting one where only the index matters."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nl2sql.context.narrow import narrow
from nl2sql.context.retrieve import Retriever, Sbert, documents
from nl2sql.errors import BadWeights
from nl2sql.records import Column, ForeignKey, Schema, Table

TABLES = {
    "customer": ["id", "first name", "last name", "email", "city"],
    "order": ["id", "customer id", "order date", "status"],
    "order line": ["id", "order id", "product id", "quantity", "amount"],
    "product": ["id", "product name", "list price"],
    "employee": ["id", "full name", "salary", "hired on"],
    "shipment": ["id", "order id", "carrier", "weight"],
}


def column(name: str) -> Column:
    return Column(name.replace(" ", "_"), kind="number" if name.endswith("id") else "text", words=name, primary_key=name == "id")


SHOP = Schema(
    tuple(Table(name.replace(" ", "_"), tuple(map(column, columns)), name) for name, columns in TABLES.items()),
    (ForeignKey(6, 0), ForeignKey(10, 5), ForeignKey(11, 14), ForeignKey(22, 5)),
    name="shop",
)


class Counting:
    """An encoder whose vectors depend on the text alone, and that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.version = ""

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        vectors = np.stack([np.random.default_rng(sum(text.encode())).normal(size=384) for text in texts])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return Retriever(folder=tmp_path_factory.mktemp("index"))


def with_comment(schema: Schema, index: int, comment: str) -> Schema:
    table, place = schema.owner[index], index - schema.first[schema.owner[index]]
    columns = list(schema.tables[table].columns)
    columns[place] = replace(columns[place], comment=comment)
    tables = list(schema.tables)
    tables[table] = replace(tables[table], columns=tuple(columns))
    return replace(schema, tables=tuple(tables))


@pytest.mark.parametrize(
    ("question", "table"),
    [("how much do the staff earn", 4), ("how heavy was the parcel", 5), ("what does each article cost", 3)],
)
def test_other_words_find_the_table(retriever: Retriever, question: str, table: int) -> None:
    tables, _ = retriever.scores(question, SHOP)
    assert max(range(len(tables)), key=tables.__getitem__) == table


def test_other_words_find_the_column(retriever: Retriever) -> None:
    _, columns = retriever.scores("how much do the staff earn", SHOP)
    assert SHOP.columns[max(range(len(columns)), key=columns.__getitem__)].words == "salary"


def test_tables_that_join_the_chosen_ones_come_with_their_keys(tmp_path: Path) -> None:
    found = Retriever(Counting(), folder=tmp_path).columns("customer email and product name", SHOP, space=45)
    assert {0, 6, 5, 10, 11, 14} <= set(found)


def test_columns_to_keep_are_kept_whatever_they_score(tmp_path: Path) -> None:
    assert 23 in Retriever(Counting(), folder=tmp_path).columns("customer email", SHOP, keep=[23], space=30)


def flat(**best: float) -> tuple[list[float], list[float]]:
    """Scores of the shop's tables and columns that are alike but for those named, as ``t0`` or ``c12``."""
    tables, columns = [0.1] * len(SHOP.tables), [0.1] * len(SHOP.columns)
    for name, score in best.items():
        (tables if name[0] == "t" else columns)[int(name[1:])] = score
    return tables, columns


def test_a_context_holds_no_more_columns_than_are_asked_for() -> None:
    assert len(narrow(SHOP, *flat(t0=0.5, c12=0.6), most=7)) == 7


def test_a_table_is_found_by_its_own_score_and_by_a_column_alone() -> None:
    shown = {SHOP.owner[column] for column in narrow(SHOP, *flat(t4=0.9, c15=0.8), most=3)}
    assert shown == {3, 4}


def test_what_is_far_worse_than_the_best_is_left_out_however_much_room_there_is() -> None:
    tables, columns = flat(t0=0.9, c1=0.9)
    assert {SHOP.owner[i] for i in narrow(SHOP, tables, columns)} == {0}
    assert len({SHOP.owner[i] for i in narrow(SHOP, [0.4, *tables[1:]], [0.4] * len(columns))}) == len(SHOP.tables)


def test_joining_tables_come_with_a_column_in_a_narrow_context_too() -> None:
    assert {0, 6, 5, 10, 11, 14, 15} <= set(narrow(SHOP, *flat(t0=0.6, c15=0.55), most=9))


def test_what_is_chosen_fits_the_space(tmp_path: Path) -> None:
    assert len(Retriever(Counting(), folder=tmp_path).columns("orders", SHOP, space=30)) <= 15


def test_the_index_is_read_from_the_cache_by_the_next_start(tmp_path: Path) -> None:
    first = Retriever(Counting(), folder=tmp_path).index(SHOP)
    encode = Counting()
    assert np.array_equal(Retriever(encode, folder=tmp_path).index(SHOP), first)
    assert encode.asked == []


def test_a_changed_column_is_embedded_alone(tmp_path: Path) -> None:
    Retriever(Counting(), folder=tmp_path).index(SHOP)
    encode = Counting()
    Retriever(encode, folder=tmp_path).index(with_comment(SHOP, 8, "open, paid or sent"))
    assert len(encode.asked) == 1 and "open, paid or sent" in encode.asked[0]


def test_another_encoder_doesnt_search_in_this_ones_index(tmp_path: Path) -> None:
    Retriever(Counting(), folder=tmp_path).index(SHOP)
    other = Counting()
    other.version = "another"
    Retriever(other, folder=tmp_path).index(SHOP)
    assert len(other.asked) == len(documents(SHOP))


def test_a_damaged_index_is_made_again(tmp_path: Path) -> None:
    first = Retriever(Counting(), folder=tmp_path).index(SHOP)
    for file in tmp_path.iterdir():
        file.write_bytes(b"\x93NUMPY no longer")
    assert np.array_equal(Retriever(Counting(), folder=tmp_path).index(SHOP), first)


def test_a_cache_that_cant_be_written_is_told_and_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        found = Retriever(Counting(), folder=blocked / "index").columns("orders", SHOP)
    assert found and "can't be kept" in caplog.text


def test_a_document_says_name_table_type_comment_and_samples() -> None:
    status = Column("status", words="status", comment="where it stands", samples=("open", "sent"))
    schema = Schema((Table("orders", (status,), "orders"),))
    assert documents(schema)[1] == "status (where it stands), text of orders: open, sent"


def test_embeddings_have_length_one_in_the_order_of_the_texts() -> None:
    encode = Sbert(batch=2)
    together = encode(["a longer text about orders", "price", "the salary of an employee"])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together[1], encode(["price"])[0], atol=1e-5)


def test_a_folder_without_a_model_is_bad_weights(tmp_path: Path) -> None:
    with pytest.raises(BadWeights):
        Sbert(tmp_path)(["text"])
