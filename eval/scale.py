"""What a very large schema costs: its index, a context after that, a changed column, and the memory of it all.

    python -m nl2sql.eval.scale [--tables 2000] [--columns 15] [--questions 30] [--weights DIR]

The schema is invented: areas of a firm with tables that refer to each other, and columns that sound alike from table to table.
"""
from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.context.retrieve import Retriever
from nl2sql.context.vectors import Encode
from nl2sql.errors import Nl2SqlError
from nl2sql.eval.statistics import percentile
from nl2sql.records import Column, ForeignKey, Schema, Table

AREAS = """sales purchase stock payroll training travel fleet energy safety quality legal tax audit marketing support billing
lease project research laboratory archive library security network printing cleaning catering parking shipping customs returns
warranty loyalty recruiting pension insurance claims treasury budget website""".split()
THINGS = """order line customer contract invoice payment employee supplier product site vehicle machine meter visit course exam
report ticket case request offer batch sample test result device licence account ledger entry transfer limit plan task milestone
document page note message call campaign segment price discount package route stop driver warehouse shelf""".split()
PARTS = """name code status type amount date start end city country email phone weight height length colour owner priority score
rate quantity currency reason remark version source channel reference level class title address region language unit share
balance due created changed approved""".split()
DAY = dt.date(2025, 1, 1)


def invented(tables: int, columns: int, seed: int = 0) -> Schema:
    """Tables with a key, up to two references to earlier tables of their area, and other columns, ``columns`` in all."""
    rng, made, keys = random.Random(seed), list[Table](), list[ForeignKey]()
    for number in range(tables):
        area, thing = AREAS[number % len(AREAS)], THINGS[number // len(AREAS) % len(THINGS)]
        again = number // (len(AREAS) * len(THINGS))
        earlier = [i for i in range(number % len(AREAS), number, len(AREAS))]
        referred = rng.sample(earlier, min(len(earlier), rng.randrange(3), columns - 1))
        words = [f"{thing} id", *(f"{made[i].words.split()[1]} id" for i in referred)]
        words += rng.sample([f"{part} {thing}" if rng.random() < 0.2 else part for part in PARTS], columns - len(words))
        keys += [ForeignKey(number * columns + 1 + place, i * columns) for place, i in enumerate(referred)]
        name = f"{area} {thing}" + (f" {again}" if again else "")
        made.append(Table(name.replace(" ", "_"), tuple(_column(word, i == 0) for i, word in enumerate(words)), name))
    return Schema(tuple(made), tuple(keys), "large")


def _column(words: str, is_key: bool) -> Column:
    return Column(words.replace(" ", "_"), words=words, kind="number" if words.endswith("id") else "text", primary_key=is_key)


def questions(schema: Schema, count: int, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        table = rng.choice(schema.tables)
        first, second = rng.sample(table.columns[1:], 2)
        found.append(f"What is the {first.words} of each {table.words} with the highest {second.words}?")
    return found


@dataclass
class Counting:
    """An encoder that counts what it is asked for."""

    encode: Encode
    texts: int = 0

    def __call__(self, texts: Sequence[str]) -> Any:
        self.texts += len(texts)
        return self.encode(texts)


def measured(schema: Schema, encode: Encode, asked: Sequence[str], folder: Path) -> dict[str, float]:
    """Seconds (and processor seconds) of the index, milliseconds of contexts, and what a changed column costs."""
    figures: dict[str, float] = {}
    counting = Counting(encode)
    retriever, values = Retriever(counting, folder=folder), ValueIndex(schema, {})
    begun, processor = time.perf_counter(), time.process_time()
    retriever.index(schema)
    figures["index, s"], figures["index, processor s"] = time.perf_counter() - begun, time.process_time() - processor
    figures["texts encoded"] = counting.texts
    build_context(asked[0], schema, values, DAY, retriever=retriever)  # the names are indexed once too
    wall, processed = [], []
    for question in asked:
        begun, processor = time.perf_counter(), time.process_time()
        build_context(question, schema, values, DAY, retriever=retriever)
        wall.append(1000 * (time.perf_counter() - begun))
        processed.append(1000 * (time.process_time() - processor))
    for share in (0.5, 0.95):
        figures[f"context, ms, p{share * 100:.0f}"] = percentile(wall, share)
        figures[f"context, processor ms, p{share * 100:.0f}"] = percentile(processed, share)
    counting.texts, begun = 0, time.perf_counter()
    Retriever(counting, folder=folder).index(schema)
    figures["next start, s"], figures["next start, texts encoded"] = time.perf_counter() - begun, counting.texts
    counting.texts, begun = 0, time.perf_counter()
    Retriever(counting, folder=folder).index(_changed(schema))
    figures["a changed column, s"], figures["a changed column, texts encoded"] = time.perf_counter() - begun, counting.texts
    return figures


def _changed(schema: Schema) -> Schema:
    """The schema with another comment on one column in the middle."""
    middle = len(schema.tables) // 2
    table = schema.tables[middle]
    columns = (*table.columns[:-1], replace(table.columns[-1], comment="as the auditors want it"))
    return replace(schema, tables=(*schema.tables[:middle], replace(table, columns=columns), *schema.tables[middle + 1 :]))


def peak_memory() -> float:
    """GB that this process has held at most, where the system tells; else what it holds now."""
    import psutil

    try:
        import resource
    except ImportError:  # Windows
        return psutil.Process().memory_info().rss / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def encoder(weights: Path) -> Encode:
    from nl2sql.model.embedding import Embedder, retrieval_embedder
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.plain import PlainBert
    from nl2sql.model.prompt import word_pieces

    return retrieval_embedder(weights) if weights.is_dir() else Embedder(PlainBert(minilm_folder()), word_pieces(minilm_folder()))


def main(argv: Sequence[str] | None = None) -> int:
    from nl2sql.model import adapters

    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", type=int, default=2000)
    parser.add_argument("--columns", type=int, default=15, help="columns of each table")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--weights", type=Path, default=adapters.SHIPPED / "retriever", help="the trained retriever")
    options = parser.parse_args(argv)
    if not (1 <= options.tables and 4 <= options.columns <= len(PARTS) and 1 <= options.questions):
        parser.error(f"give at least one table, one question and 4 to {len(PARTS)} columns")
    schema = invented(options.tables, options.columns)
    print(f"{len(schema.tables)} tables, {len(schema.columns)} columns, {len(schema.foreign_keys)} foreign keys", flush=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            asked = questions(schema, options.questions)
            figures = measured(schema, encoder(options.weights), asked, Path(folder))
    except Nl2SqlError as error:
        print(f"scale: {error}", file=sys.stderr)
        return 2
    for name, figure in (*figures.items(), ("peak memory, GB", peak_memory())):
        print(f"  {name:<32}{figure:10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
