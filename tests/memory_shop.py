"""A shop's database and stand-ins for the model, for the tests of the memory."""
from __future__ import annotations

import datetime as dt
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pytest

from nl2sql import Database
from nl2sql.records import Candidate, Context, Symbol
from nl2sql.sql.ir import from_sql


def build(path: Path) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE cities (city_id INTEGER PRIMARY KEY, city_name VARCHAR)")
        connection.execute(
            "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, city_id INTEGER, amount DECIMAL(9, 2), ordered_on DATE, "
            "FOREIGN KEY (city_id) REFERENCES cities (city_id))"
        )
        connection.execute("INSERT INTO cities VALUES (1, 'Lyon'), (2, 'Turin')")
        connection.execute("INSERT INTO orders SELECT i, 1 + i % 2, i, DATE '2024-01-01' + i::INTEGER FROM range(400) r(i)")
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with Database(build(tmp_path_factory.mktemp("shop") / "shop.duckdb")) as database:
        yield database


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))


def words_as_vectors(texts: Sequence[str]) -> np.ndarray:
    """Embeddings that are alike where words are."""
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for word in text.lower().replace("?", "").split():
            row[zlib.crc32(word.encode()) % 384] += 1.0
        row /= max(1e-9, float(np.linalg.norm(row)))
    return vectors


class Reader:
    """A model that reads each question as the SQL it was told; it is sure of that, and of nothing else."""

    sure = 0.9  # of each symbol

    def __init__(self, readings: Mapping[str, str]) -> None:
        self.readings = readings
        self.compared = 0

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        return [[Candidate(self.readings[context.question], -0.1)] if context.question in self.readings else []
                for context in contexts]

    def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[tuple[float, ...] | None]:
        self.compared += 1
        read = from_sql(self.readings[context.question], context)
        return [tuple(math.log(self.sure if i < len(read) and read[i] == symbol else 0.01) for i, symbol in enumerate(sequence))
                + (math.log(self.sure),) for sequence in sequences]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return words_as_vectors(texts)


DAY = dt.date(2025, 2, 3)  # the latest date of the shop
