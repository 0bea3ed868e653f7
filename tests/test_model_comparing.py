"""What the memory asks of the shipped model: sentence embeddings from its own encoder, and how likely it finds given queries."""
from __future__ import annotations

from collections.abc import Iterator

import memory_shop
import pytest

from nl2sql import Assistant, Database
from nl2sql.context.retrieve import Sbert
from nl2sql.model.generate import PointerGenerator
from nl2sql.records import Context, Pointer

TEXTS = ["How many orders are there?", "total sales", "Which city had the most orders in the first quarter of 2024, and why?"]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Database(memory_shop.build(tmp_path_factory.mktemp("shop") / "shop.duckdb")) as database:
        yield Assistant(database)


@pytest.fixture(scope="module")
def generator(assistant: Assistant) -> PointerGenerator:
    assert isinstance(assistant._generator, PointerGenerator)
    return assistant._generator


@pytest.fixture(scope="module")
def context(assistant: Assistant) -> Context:
    return assistant._context("How many orders are there in Lyon?", memory_shop.DAY)


def test_embeddings_are_those_of_the_published_encoder(generator: PointerGenerator) -> None:
    own, published = generator.embed(TEXTS), Sbert()(TEXTS)
    assert own.shape == published.shape == (3, 384)
    assert (own * published).sum(1).min() > 0.995


def test_embeddings_cost_no_second_encoder(generator: PointerGenerator) -> None:
    generator.embed(TEXTS)
    known = {weight.data_ptr() for weight in generator.parser.parameters()}
    assert all(weight.data_ptr() in known for weight in generator._embedder.encoder.parameters())


def test_the_likelihood_of_a_candidate_is_its_score_in_the_beam(generator: PointerGenerator, context: Context) -> None:
    (candidates,) = generator.generate([context])
    queries = [candidate for candidate in candidates if candidate.sql]
    found = generator.likelihoods(context, [candidate.symbols for candidate in queries])
    assert len(queries) > 1
    for candidate, steps in zip(queries, found, strict=True):
        assert steps is not None and len(steps) == len(candidate.symbols) + 1
        assert sum(steps) == pytest.approx(candidate.score, abs=0.05)


def test_a_query_that_points_at_what_the_prompt_lacks_has_no_likelihood(generator: PointerGenerator, context: Context) -> None:
    count = ("select", "count", "(", "*", ")", "from", Pointer("table", 0))
    nowhere = ("select", Pointer("value", 99))
    found = generator.likelihoods(context, [nowhere, count])
    assert found[0] is None and found[1] is not None
