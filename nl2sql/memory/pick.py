"""The questions that are suggested before anybody asked: ``python -m nl2sql.memory.pick PAIRS.jsonl DATABASE OUT.jsonl``.

``PAIRS`` is what ``nl2sql.data.synthesis`` writes; those of the sample database were made by
``python -m nl2sql.data.synthesis --schema SALES.duckdb --n 4000 --follow-ups 0 --seed 11 --out PAIRS.jsonl``.
Kept are questions that a person might have typed, of which no two are nearly the same, and whose SQL runs; shorter ones first,
and of each kind of query as many as of the others.
"""
from __future__ import annotations

import argparse
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.engine.database import Database
from nl2sql.errors import QueryFailed, Refused
from nl2sql.memory import gather
from nl2sql.memory.complete import Suggestion
from nl2sql.records import Example, Schema, Values
from nl2sql.sql.validate import validate

# What may stand in a suggestion beside the names and values of its database.
_WORDS = set("""
a above after age all among an and any are at average based before belong below between biggest bought but by cancelled
cheapest completed cost count customers day days did different do does down each earn earned earns employees ever every fewer
fewest first for from had has have higher highest how in is items largest last latest least less list live longest lower
lowest many margin median month monthly months more most much name names never new newest no not number of oldest on one only
or order ordered orders our over paid past per percentage placed previous price products profit quarter quarterly quarters
rank rate return returned returns revenue sales second sell sells share shipped show since smallest sold spend spent stores
than that the their there third this those three to top total two under up was we week weekly weeks were what when where
which who whose with without work works worst year yearly years
""".split())
_OPENING = re.compile(
    r"(which(?! are| of)|what (is|are|was|were|percentage|share)|who|when|where|how (many|much|long)|show|list|find"
    r"|count|total|average|median|number|top|share|percentage|sales|revenue|profit|highest|biggest|latest|largest|new)\b",
    re.IGNORECASE,
)
_AWKWARD = re.compile(
    r" - |\ba [aeio]|\b(every (one )?of|all (the )?\w+ and the|no (fewer|more) than|average (age|days) (?!of))\b"
    r"|\b(?P<twice>\w+ \w+)\b.*\b(?P=twice)\b", re.IGNORECASE,
)  # fmt: skip
_ASKS = re.compile(r"(on )?(which|what|who|when|where|how)\b", re.IGNORECASE)
_LONGEST = 75
_ALIKE = 0.7  # the share of words from which two questions are nearly the same
_FEWEST_WORDS = 3
_SECONDS = 5.0  # for all of a query


def pick(
    examples: Iterable[Example], schema: Schema, values: Values, *, runs: Callable[[str], bool], count: int
) -> list[Suggestion]:
    """At most ``count``; ``runs`` is asked of those alone that are chosen."""
    names = {word.text.lower() for text in gather.names(schema) for word in split(text)}
    cells = {word.text for stored in values.values() for cell in stored for word in split(cell)}
    plain = [example for example in examples if example.sql and _is_plain(example.question, names, cells)]
    kinds: dict[str, list[Example]] = {}
    for example in sorted(plain, key=lambda example: len(example.question)):
        kinds.setdefault(_kind(str(example.sql)), []).append(example)
    in_turn = (example for row in itertools.zip_longest(*kinds.values()) for example in row if example is not None)
    chosen: list[Suggestion] = []
    said: list[set[str]] = []
    for example in in_turn:
        words = _words(example.question)
        if len(chosen) == count:
            break
        if any(len(words & other) >= _ALIKE * len(words | other) for other in said) or not runs(str(example.sql)):
            continue
        chosen.append(Suggestion(_tidy(example.question), str(example.sql)))
        said.append(words)
    return chosen


def _is_plain(question: str, names: set[str], cells: set[str]) -> bool:
    """Whether it begins as questions do, and each word is a common one, a name of the schema or a value as it is stored."""
    words = [word.text for word in split(question.rstrip("?."))]
    opens = _OPENING.match(question) or question.split()[0].lower() in names
    if not opens or len(question) > _LONGEST or _AWKWARD.search(question):
        return False
    known = {stem(name) for name in names} | _WORDS
    return len(words) >= _FEWEST_WORDS and all(
        word in cells or word.isdigit() or word.lower() in known or stem(word) in known or word in ",'&" for word in words
    )


def _tidy(question: str) -> str:
    """With a capital, and a question mark where it asks."""
    text = question.rstrip("?. ")
    return text[0].upper() + text[1:] + ("?" if _ASKS.match(text) else "")


def _words(question: str) -> set[str]:
    return {stem(word.text) for word in split(question) if word.text[0].isalnum() and word.text.lower() not in STOPWORDS}


def _kind(sql: str) -> str:
    """A query without its names and literals: its clauses and functions."""
    return " ".join(re.findall(r"\b(?:[A-Z]{2,}(?= |\()|[A-Z]{2,}$)", re.sub(r"'[^']*'|\"[^\"]*\"", "", sql)))


def _read(file: Path) -> Iterator[Example]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Example(row["question"], row["sql"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.memory.pick", description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    with Database(options.database) as database:

        def runs(sql: str) -> bool:
            try:
                return bool(database.run(validate(sql, database.schema, database.dialect), time_limit=_SECONDS, row_limit=1).rows)
            except (Refused, QueryFailed):
                return False

        chosen = pick(_read(options.pairs), database.schema, database.values, runs=runs, count=options.count)
    gather.write(options.out, chosen)
    print(f"{len(chosen)} questions in {options.out}")


if __name__ == "__main__":
    main()
