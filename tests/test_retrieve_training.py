"""Training the retriever: what it learns from, every objective, and its weights beside the parser's frozen encoder."""
from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nl2sql.errors import BadWeights
from nl2sql.eval.needed import Needed
from nl2sql.model.embedding import Embedder, retrieval_embedder
from nl2sql.model.encoder import minilm_folder
from nl2sql.model.plain import PlainBert
from nl2sql.model.prompt import word_pieces
from nl2sql.model.retrieval import RetrievalEncoder
from nl2sql.model.retriever_data import Documents, Row, rows
from nl2sql.model.settings import RetrieverTraining
from nl2sql.records import Column, Example, Schema, Table

TEXTS = ["how heavy was the parcel", "weight, number of parcel", "name, text of customer: Ann, Bob"]
ROWS = [Row(f"question {i} about {word}", f"{word}, text of one", f"{word}, text of two") for i, word in enumerate("abcdefgh")]


def table(name: str, *columns: str) -> Table:
    return Table(name, tuple(Column(column, words=column) for column in columns), name)


SHOP = Schema((table("customer", "id", "name", "city"), table("product", "id", "name", "price")), name="shop")


@pytest.fixture(scope="module")
def settings() -> RetrieverTraining:
    return RetrieverTraining(Path("nowhere"), steps=1, batch=4, rank=2, layers=1, threads=1, rate=0.01)


@pytest.fixture(scope="module")
def trained(settings: RetrieverTraining) -> Iterator[tuple[Any, dict[str, list[bool]]]]:
    """One model that was fitted with every objective in turn, and what each changed of LoRA and of the frozen weights."""
    from nl2sql.model.train_retriever import OBJECTIVES, fit, siamese

    model, changed = siamese(settings), {}
    for name in OBJECTIVES:
        before = {key: weight.detach().clone() for key, weight in model.named_parameters()}
        fit(model, name, ROWS, 2, settings)
        after = dict(model.named_parameters())
        other = [key for key in before if not before[key].equal(after[key])]
        changed[name] = [any("lora_" in key for key in other), any("lora_" not in key for key in other)]
    yield model, changed


@pytest.fixture(scope="module")
def saved(trained: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    from nl2sql.model.train_retriever import save

    folder = tmp_path_factory.mktemp("retriever")
    save(folder, trained[0], {"kind": "retriever"}, "card")
    return folder


@pytest.fixture(scope="module")
def encoder() -> PlainBert:
    return PlainBert(minilm_folder())


def test_a_mined_negative_is_never_what_the_question_needs() -> None:
    rng, known = random.Random(0), Documents(SHOP)
    asked = Needed(frozenset({0}), frozenset({1, 2}))
    found = [known.row("q", asked, rng) for _ in range(200)]
    right = {known.table(0), known.column(1), known.column(2)}
    assert {row.document for row in found if row} == right
    assert not right & {row.other for row in found if row}


def test_negatives_have_the_same_name_in_another_table_or_stand_in_the_same_one() -> None:
    rng, known = random.Random(0), Documents(SHOP)
    found = {row.other for _ in range(200) if (row := known.row("q", Needed(frozenset({0}), frozenset({1})), rng))}
    assert {known.column(4), known.column(0), known.column(2), known.table(1)} == found


def test_columns_that_only_join_are_no_documents_to_find() -> None:
    rng, known = random.Random(0), Documents(SHOP)
    asked = Needed(frozenset({0}), frozenset({0, 1}), frozenset({0}))
    found = {row.document for _ in range(100) if (row := known.row("q", asked, rng))}
    assert known.column(0) not in found and known.column(1) in found


def test_every_question_has_its_row_before_any_has_a_second() -> None:
    asked = [(Example(f"q{i}", "", "shop"), Needed(frozenset({0}), frozenset({1}))) for i in range(5)]
    found = [row.question for row in rows(asked, {"shop": Documents(SHOP)}, 8, seed=0)]
    assert len(found) == 8 and len(set(found[:5])) == 5


def test_every_objective_changes_the_low_rank_products_and_nothing_else(trained: tuple[Any, dict[str, list[bool]]]) -> None:
    assert len(trained[1]) == 6
    assert set(map(tuple, trained[1].values())) == {(True, False)}


def test_the_saved_retriever_embeds_as_the_trained_model_does(trained: tuple[Any, Any], saved: Path, encoder: PlainBert) -> None:
    own = retrieval_embedder(saved, encoder, word_pieces(minilm_folder()))(TEXTS)
    published = Embedder(encoder, word_pieces(minilm_folder()))(TEXTS)
    assert np.allclose(own, trained[0].encode(TEXTS), atol=4e-3)  # half precision
    assert not np.allclose(own, published, atol=4e-3)


def test_a_part_of_the_change_is_kept(trained: tuple[Any, Any], saved: Path, tmp_path: Path) -> None:
    from nl2sql.model.train_retriever import save
    from nl2sql.model.weights import low_rank

    save(tmp_path, trained[0], {"kind": "retriever"}, "card", 0.5)
    whole, half = low_rank(saved), low_rank(tmp_path)
    assert all((half[name][1] * 2).equal(up) and half[name][0].equal(down) and up.any() for name, (down, up) in whole.items())


def test_peft_reads_the_saved_retriever(saved: Path) -> None:
    from peft import PeftModel
    from transformers import BertModel

    model = PeftModel.from_pretrained(BertModel.from_pretrained(minilm_folder()), str(saved))
    kept = {name: weight for name, weight in model.named_parameters() if "lora_B" in name}
    assert kept and all(weight.abs().max() > 0 for weight in kept.values())


def test_retrieval_shares_the_generators_frozen_encoder(saved: Path, encoder: PlainBert) -> None:
    class Generator:
        pieces = staticmethod(word_pieces(minilm_folder()))
        parser = type("Parser", (), {"encoder": encoder})

    shared = RetrievalEncoder(saved, Generator)
    shared(TEXTS)
    known = {weight.data_ptr() for weight in encoder.parameters()}
    parts = dict(shared._embedder.encoder.named_parameters())
    new = {name for name, weight in parts.items() if weight.data_ptr() not in known}
    assert new and all(name.replace(".weight", ".linear.weight").replace(".bias", ".linear.bias") in parts for name in new)


def test_the_published_embeddings_stay_what_they_are_beside_a_retriever(saved: Path, encoder: PlainBert) -> None:
    pieces = word_pieces(minilm_folder())
    before = Embedder(encoder, pieces)(TEXTS)
    retrieval_embedder(saved, encoder, pieces)(TEXTS)
    assert np.array_equal(Embedder(encoder, pieces)(TEXTS), before)


def test_a_retrievers_version_changes_with_its_weights(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "adapter_model.safetensors").write_bytes(b"other")
    assert RetrievalEncoder(saved, object).version != RetrievalEncoder(tmp_path, object).version


def test_a_damaged_retriever_is_told_in_one_sentence(saved: Path, tmp_path: Path, encoder: PlainBert) -> None:
    with pytest.raises(BadWeights, match="adapter_config.json is missing"):
        retrieval_embedder(tmp_path, encoder)
    (tmp_path / "adapter_config.json").write_bytes((saved / "adapter_config.json").read_bytes())
    (tmp_path / "adapter_model.safetensors").write_bytes(b"damaged")
    with pytest.raises(BadWeights, match="damaged"):
        retrieval_embedder(tmp_path, encoder)
