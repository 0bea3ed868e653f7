"""How often retrieval finds what a question needs: BM25, the published encoder and the trained retriever, on the same questions.

    python -m nl2sql.eval.retrieval --data DIR [--weights DIR] [--every N]

On Spider's development set: over databases of 6 or more tables and over each database with 10 others merged in, a context of at
most 40 % of the columns, which holds those whose values the question names, as the assistant's does; over the union of all of
Spider's schemas, the ranks of the tables. DIR holds spider/, and stsb/ where the similarity of sentences is to be measured too.
"""
from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from nl2sql.context.narrow import narrow
from nl2sql.context.retrieve import Retriever
from nl2sql.context.vectors import Encode
from nl2sql.data.sources import spider
from nl2sql.errors import BadInput, Nl2SqlError
from nl2sql.eval import retrieval_sets as sets
from nl2sql.eval.bm25 import Bm25
from nl2sql.eval.retrieval_sets import Asked
from nl2sql.eval.statistics import mcnemar
from nl2sql.records import Schema

SHARE = 0.4  # of the columns, in a context
LARGE = 6  # tables
TOP = 10  # tables of the union


class Finder(Protocol):
    def scores(self, question: str, schema: Schema) -> tuple[Sequence[float], Sequence[float]]: ...


@dataclass(frozen=True)
class Found:
    """For each question: whether every table that it needs is there, and the share of its columns that are."""

    tables: list[bool]
    columns: list[float]

    def __str__(self) -> str:
        return f"{np.mean(self.tables):6.1%} of questions with every table, {np.mean(self.columns):6.1%} of columns"


def in_context(finder: Finder, asked: Sequence[Asked], *, share: float = SHARE) -> Found:
    """What a context of at most that share of the columns holds, of tables and of all columns that the gold names."""
    found = Found([], [])
    for entry in asked:
        tables, columns = finder.scores(entry.question, entry.schema)
        most = int(share * len(entry.schema.columns))
        shown = set(narrow(entry.schema, tables, columns, keep=entry.keep, space=entry.room, most=most))
        owners = {entry.schema.owner[column] for column in shown}
        found.tables.append(entry.needed.tables <= owners)
        found.columns.append(_part(entry.needed.columns, shown))
    return found


def in_ranks(finder: Finder, asked: Sequence[Asked], *, tables: int = TOP, columns: int = 2 * TOP) -> Found:
    """What the best ``tables`` and ``columns`` hold, of the tables and of the columns that are no join's."""
    found = Found([], [])
    for entry in asked:
        by_table, by_column = finder.scores(entry.question, entry.schema)
        found.tables.append(entry.needed.tables <= _best(by_table, tables))
        found.columns.append(_part(entry.needed.columns - entry.needed.joining, _best(by_column, columns)))
    return found


def _best(scores: Sequence[float], count: int) -> set[int]:
    return set(np.argsort(-np.asarray(scores), kind="stable")[:count].tolist())


def _part(wanted: frozenset[int], found: set[int]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


class Remembering:
    """An encoder that encodes each text once: the same documents stand in many of the schemas here."""

    def __init__(self, encode: Encode) -> None:
        self._encode, self._known = encode, dict[str, Any]()

    def __call__(self, texts: Sequence[str]) -> Any:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def similarity(encode: Encode, pairs: Sequence[tuple[str, str, float]]) -> float:
    """Spearman's correlation of cosines with people's judgements."""
    first, second = encode([a for a, _, _ in pairs]), encode([b for _, b, _ in pairs])
    ranks = [_ranks((first * second).sum(1)), _ranks(np.array([score for _, _, score in pairs]))]
    return float(np.corrcoef(ranks)[0, 1])


def _ranks(numbers: np.ndarray) -> np.ndarray:
    """Ranks in which equals share their mean."""
    _, inverse, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def sts_pairs(file: Path) -> list[tuple[str, str, float]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row[0], row[1], float(row[2])) for row in csv.reader(lines)]


def finders(weights: Path, scratch: Path) -> tuple[dict[str, Finder], dict[str, Encode]]:
    """By name what is compared, the one that the others are compared with last, and the encoders among them."""
    from nl2sql.model.embedding import Embedder, retrieval_embedder
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.plain import PlainBert
    from nl2sql.model.prompt import word_pieces

    encoder, pieces = PlainBert(minilm_folder()), word_pieces(minilm_folder())
    encoders: dict[str, Encode] = {"zero-shot": Remembering(Embedder(encoder, pieces))}
    if weights.is_dir():
        encoders["trained"] = Remembering(retrieval_embedder(weights, encoder, pieces))
    found: dict[str, Finder] = {"BM25": Bm25()}
    found |= {name: Retriever(encode, folder=scratch / name) for name, encode in encoders.items()}
    return found, encoders


Measure = Callable[[Finder, Sequence[Asked]], Found]


def measures(data: Path, every: int) -> Mapping[str, tuple[list[Asked], Measure]]:
    known = sets.schemas(data / "spider")
    asked = sets.alone(spider.load(data / "spider", "dev")[::every], known)
    large = sets.linked([entry for entry in asked if len(entry.schema.tables) >= LARGE], data / "spider")
    mixed = sets.linked(sets.among(asked, known), data / "spider")
    return {
        f"databases of {LARGE} or more tables, context of {SHARE:.0%} of the columns": (large, in_context),
        f"{sets.OTHERS} other databases merged in, context of {SHARE:.0%} of the columns": (mixed, in_context),
        f"all of Spider's databases in one, top {TOP} tables and top {2 * TOP} columns": (sets.united(asked, known), in_ranks),
    }


def main(argv: Sequence[str] | None = None) -> int:
    from nl2sql.model import adapters

    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.retrieval", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with spider/")
    parser.add_argument("--weights", type=Path, default=adapters.SHIPPED / "retriever", help="the trained retriever")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th question")
    options = parser.parse_args(argv)
    try:
        report(options.data, options.weights, max(1, options.every))
    except Nl2SqlError as error:
        print(f"retrieval: {error}", file=sys.stderr)
        return 2
    return 0


def report(data: Path, weights: Path, every: int) -> None:
    import tempfile

    if not data.is_dir():
        raise BadInput(f"{data} is not a folder: give the folder of the data sets.")
    with tempfile.TemporaryDirectory() as scratch:
        compared, encoders = finders(weights, Path(scratch))
        for title, (asked, measure) in measures(data, every).items():
            print(f"\n{title}: {len(asked)} questions", flush=True)
            for encode in encoders.values():
                encode([entry.question for entry in asked])  # together, which is many times faster than one by one
            results = {name: measure(finder, asked) for name, finder in compared.items()}
            best = results[list(results)[-1]]
            for name, found in results.items():
                chance = "" if found is best else f"  (p = {_chances(found, best)} against {list(results)[-1]})"
                print(f"  {name:<12}{found}{chance}", flush=True)
    file = data / "stsb" / "stsb-en-test.csv"
    if file.is_file():
        pairs = sts_pairs(file)[::every]
        print(f"\nSTS benchmark, Spearman's correlation over {len(pairs)} pairs")
        for name, encode in encoders.items():
            print(f"  {name:<12}{100 * similarity(encode, pairs):6.1f}", flush=True)
    else:
        print("\nSTS benchmark: left out, there is no stsb/stsb-en-test.csv in the folder")


def _chances(found: Found, best: Found) -> str:
    """Of a difference at least as large if there were none: in the questions with every table, and in those with every column."""
    every = [[part == 1 for part in one.columns] for one in (found, best)]
    return f"{mcnemar(found.tables, best.tables):.2g} and {mcnemar(*every):.2g}"


if __name__ == "__main__":
    sys.exit(main())
