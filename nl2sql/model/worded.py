"""``python -m nl2sql.model.worded``: questions in a language model's words, over every schema at hand, as a file to learn from.

The queries are those of Spider's training set and BIRD's, over their own databases and moved to others. A question is kept where
its query can be written from its words alone and the parser has that query among its candidates: what a parser maps back is
worded faithfully in most cases, and a wording that it gives to a later candidate is one that it can still learn from.
"""
from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nl2sql.errors import BadInput
from nl2sql.model import adapters
from nl2sql.model.feeding import Lesson
from nl2sql.model.train_data import Known, Source, bird_source, prepare, spider_sources
from nl2sql.model.transplant import Form, Template, Unfit, elsewhere, everywhere, unworded
from nl2sql.records import Example
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql

if TYPE_CHECKING:
    from nl2sql.model.generate import PointerGenerator
    from nl2sql.model.wording import Wording

CHUNK, BEAM, TRIES = 48, 4, 8
INVENTED, INVENTED_SEED = 250, 2  # the invented schemas that questions are transplanted to as well
OWN = 0.2  # of the queries stay over their own database


@dataclass(frozen=True)
class Asked:
    """A query to be put into words, over one of the known databases."""

    lesson: Lesson
    database: str


class Queries:
    """Query number n, the same each time."""

    def __init__(self, data: Path, seed: int) -> None:
        self.seed, self.known = seed, known(data)
        self.forms = {name: Form(it.schema) for name, it in self.known.items()}
        self.names = sorted(self.known)
        self.own: list[Asked] = []
        self.templates: list[Template] = []
        for source, prefix in ((next(spider_sources(data)), ""), (bird_source(data), "bird ")):
            name_of = {id(it.schema): name for name, it in source.databases.items()}
            for lesson in prepare(source):
                name = prefix + name_of[id(lesson.context.schema)]
                self.own += [Asked(lesson, name)] * (name in self.known)
                self.templates += [asked] if (asked := unworded(lesson)) else []

    def __getitem__(self, number: int) -> Asked | None:
        """None where no database that was tried has the tables and columns."""
        rng = random.Random(f"{self.seed}-{number}")
        if rng.random() < OWN:
            return rng.choice(self.own)
        asked = rng.choice(self.templates)
        for name in rng.choices(self.names, k=TRIES):
            try:
                return Asked(elsewhere(asked, self.forms[name], self.known[name], rng), name)
            except Unfit:
                continue
        return None


def known(data: Path) -> dict[str, Known]:
    """The databases that queries are asked of."""
    return everywhere(data, INVENTED, INVENTED_SEED)


def worded_source(data: Path, file: Path) -> Source:
    """What this command has written. Raises ``BadInput``."""
    found, examples = known(data), []
    for number, row in enumerate(_lines(file), 1):
        try:
            examples.append(Example(row["question"], row["sql"], row["database"]))
            if row["database"] not in found:
                raise KeyError(row["database"])
        except (KeyError, TypeError) as error:
            raise BadInput(f"{file}, line {number}: not a question with the SQL of a known database.") from error
    return Source("worded", examples, found, dialect="duckdb")


def _lines(file: Path) -> Iterator[Mapping[str, str]]:
    try:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise BadInput(f"{file}, line {number}: not JSON.") from error
    except OSError as error:
        raise BadInput(f"{file} can't be read: {error.strerror}.") from error


@dataclass
class Worded:
    """Puts queries into words and keeps what the parser maps back."""

    source: Source
    wording: Wording
    parser: PointerGenerator
    samples: int

    def __call__(self, asked: Sequence[Asked], counts: Counter[str]) -> Iterator[dict[str, str]]:
        told = self.wording.questions([one.lesson for one in asked], samples=self.samples)
        drafts: list[tuple[Example, Lesson]] = []
        for one, questions in zip(asked, told, strict=True):
            counts["queries"] += 1
            for question in questions:
                counts["questions"] += 1
                if question.lower() != one.lesson.context.question.strip().lower() and (draft := self._linked(one, question)):
                    drafts.append(draft)
        counts["linked"] += len(drafts)
        drafts.sort(key=lambda draft: len(draft[1].context.columns))
        for start in range(0, len(drafts), CHUNK):
            part = drafts[start : start + CHUNK]
            beams = self.parser.generate([lesson.context for _, lesson in part], beam=BEAM)
            for (example, _), beam in zip(part, beams, strict=True):
                if example.sql in [candidate.sql for candidate in beam]:
                    counts["kept"] += 1
                    yield {"question": example.question, "sql": example.sql or "", "database": example.database}

    def _linked(self, one: Asked, question: str) -> tuple[Example, Lesson] | None:
        """None where the query can't be written from this question's words."""
        try:
            sql = to_sql(one.lesson.symbols, one.lesson.context)
            example = Example(question, sql, one.database)
            context = self.source.context(example)
            symbols = from_sql(sql, context)
            return Example(question, to_sql(symbols, context), one.database), Lesson(context, symbols)
        except (Unsupported, Malformed):
            return None


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m nl2sql.model.worded", description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, required=True, help="folder with spider/ and bird_train/")
    options.add_argument("--wording", type=Path, required=True, help="directory that train wording has made")
    options.add_argument("--base", type=Path, default=adapters.SHIPPED / "base", help="weights of the parser (the shipped base)")
    options.add_argument("--queries", type=int, default=20_000, help="queries to put into words (20000)")
    options.add_argument("--first", type=int, default=0, help="number of the first query: another process takes others (0)")
    options.add_argument("--samples", type=int, default=3, help="questions for each query (3)")
    options.add_argument("--threads", type=int, default=2, help="CPU threads (2)")
    options.add_argument("--seed", type=int, default=0, help="of everything random (0)")
    options.add_argument("--out", type=Path, required=True, help="JSON lines; what is there already is not made again")
    given = options.parse_args(words)
    if not (given.data / "spider").is_dir():
        raise BadInput(f"{given.data} is not the folder of the training data: it has no spider/.")
    write(given)


def write(given: argparse.Namespace) -> None:
    import torch

    from nl2sql.model.generate import PointerGenerator
    from nl2sql.model.wording import Wording

    queries = Queries(given.data, given.seed)
    source = Source("worded", (), queries.known, dialect="duckdb")
    parser = PointerGenerator(given.base, threads=given.threads)
    make = Worded(source, Wording(given.wording, threads=given.threads), parser, given.samples)
    counts: Counter[str] = Counter()
    progress = given.out.with_suffix(".done")
    start = int(progress.read_text()) if progress.exists() else given.first
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with given.out.open("a", encoding="utf-8") as out:
        for first in range(start, given.first + given.queries, CHUNK):
            torch.manual_seed(given.seed * 1_000_003 + first)
            asked = [one for number in range(first, first + CHUNK) if (one := queries[number])]
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in make(asked, counts))
            out.flush()
            progress.write_text(str(first + CHUNK))
            print(f"{first + CHUNK - given.first} of {given.queries}: {dict(counts)}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
