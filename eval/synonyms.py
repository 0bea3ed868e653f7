"""``spider_synonyms``: Spider's development questions with their schema words replaced by what people also call these things.

A schema word is a word of a name of a table or column of the question's database, wherever it stands in the question; stop words
and the gold's values (as they stand in the question) are none. The words and their synonyms were chosen by hand, some of them
from WordNet, in ``suites/spider_synonyms.txt``; this command makes the suite of them: row numbers of ``dev.json`` and what is
replaced there, from left to right, no sentences. A question stays out where fewer than ``LEAST`` of its schema words are replaced
(a synonym that holds the word itself counts as none), or where there is no database to run its gold on.

    python -m nl2sql.eval.synonyms --data DIR [--wordnet /usr/share/wordnet] [--out FILE]
"""
from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.data.sources import spider
from nl2sql.data.sources.wordnet import WordNet
from nl2sql.errors import BadInput
from nl2sql.eval.files import write_whole
from nl2sql.records import Schema, Word

SUITES = Path(__file__).parent / "suites"
SUITE, WORDS = SUITES / "spider_synonyms.jsonl", SUITES / "spider_synonyms.txt"
LEAST = 0.8
Pair = tuple[str, str]  # what stands in the question, and what takes its place


@dataclass(frozen=True)
class Entry:
    """A line of the word list. ``rows``: the only ones that it is for; none: all of the database's."""

    words: tuple[str, ...]
    synonym: str
    own: bool
    rows: frozenset[int]

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """The longest first; then those for certain rows, then those of the database itself."""
        return -len(self.words), not self.rows, not self.own


def read_words(path: Path = WORDS) -> dict[str, list[Entry]]:
    """The entries of each database, its own and those of all, in the order in which they are tried."""
    found: dict[str, list[Entry]] = {}
    section = "*"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[] ")
            found.setdefault(section, [])
            continue
        said, _, rest = line.partition(" = ")
        synonym, _, rows = rest.partition(" @ ")
        if not said.strip() or not synonym.strip():
            raise BadInput(f"{path}, line {number}: this is not 'word = synonym'.")
        words = tuple(word.text.lower() for word in split(said))
        entry = Entry(words, synonym.strip(), section != "*", frozenset(map(int, rows.split())))
        found.setdefault(section, []).append(entry)
    everyones = found.pop("*", [])
    return {name: sorted([*entries, *everyones], key=lambda entry: entry.rank) for name, entries in found.items()}


def schema_words(schema: Schema) -> frozenset[str]:
    """The stems of the words of all names, as the data set writes them out (and "ids", which is its own stem)."""
    names = [*(table.words for table in schema.tables), *(column.words for column in schema.columns)]
    stems = frozenset(stem(word.text) for name in names for word in split(name) if word.text.isalpha()) - STOPWORDS
    return stems | {"ids"} if "id" in stems else stems


def substitutions(row: int, question: str, sql: str, schema: Schema, entries: Sequence[Entry]) -> tuple[list[Pair], int, int]:
    """What is replaced, how many schema words that are, and how many the question has."""
    words, names = split(question), schema_words(schema)
    values = _values(words, sql)
    counted = [i for i, word in enumerate(words)
               if i not in values and stem(word.text) in names and word.text.lower() not in STOPWORDS]  # fmt: skip
    pairs: list[Pair] = []
    gone: set[int] = set()
    i = done = 0
    while i < len(words):
        entry = next((entry for entry in entries if _fits(entry, row, words, i, counted)), None)
        if entry is None:
            i += 1
            continue
        end = i + len(entry.words)
        pairs.append(_pair(question, done, words, i, end, entry))
        done = words[end - 1].end
        kept = {stem(word.text) for word in split(entry.synonym)}
        gone |= {j for j in range(i, end) if stem(words[j].text) not in kept}
        i = end
    return pairs, len(gone.intersection(counted)), len(counted)


def _fits(entry: Entry, row: int, words: Sequence[Word], start: int, counted: Sequence[int]) -> bool:
    end = start + len(entry.words)
    if end > len(words) or (entry.rows and row not in entry.rows) or not any(start <= i < end for i in counted):
        return False
    there = [word.text.lower() for word in words[start:end]]
    return there[:-1] == list(entry.words[:-1]) and (there[-1] == entry.words[-1] or stem(there[-1]) == entry.words[-1])


def _values(words: Sequence[Word], sql: str) -> frozenset[int]:
    """The words that the question has from the gold's literals, in whatever number and case, or in quotation marks."""
    stems = [stem(word.text) for word in words]
    found: set[int] = set()
    for literal in re.findall(r"'([^']*)'|\"([^\"]*)\"", sql):
        wanted = [stem(word.text) for word in split("".join(literal)) if word.text.isalnum()]
        for i in range(len(stems) - len(wanted) + 1):
            if wanted and stems[i : i + len(wanted)] == wanted:
                found.update(range(i, i + len(wanted)))
    return frozenset(found)


def _pair(question: str, done: int, words: Sequence[Word], start: int, end: int, entry: Entry) -> Pair:
    """With the synonym in the plural, with a capital, and with the right article, where the question needs it; with as many of
    the words before it as tell it from the same word further to the left, from ``done`` on."""
    first, last = words[start], words[end - 1]
    synonym = _plural(entry.synonym) if last.text.lower() != entry.words[-1] else entry.synonym
    if first.text[0].isupper():
        synonym = synonym[0].upper() + synonym[1:]
    begin = first.start
    before = words[start - 1].text if start else ""
    article = "an" if synonym[0].lower() in "aeiou" else "a"
    if before in ("a", "an") and before != article:
        begin, synonym = words[start - 1].start, f"{article} {synonym}"
    for word in reversed(words[:start]):
        found = _find(question[begin : last.end], question[done:])
        if found is not None and done + found.start() == begin:
            break
        begin, synonym = word.start, question[word.start : begin] + synonym
    return question[begin : last.end], synonym


def _plural(synonym: str) -> str:
    head, of, rest = synonym.partition(" of ")
    if re.search(r"[^s]s$", head):
        return synonym
    if re.search(r"[^aeiou]y$", head):
        return f"{head[:-1]}ies{of}{rest}"
    return f"{head}{'es' if re.search(r'(s|x|ch|sh)$', head) else 's'}{of}{rest}"


def replaced(question: str, pairs: Iterable[Sequence[str]]) -> str:
    """The question with each pair's first text replaced by its second, each to the right of the one before it."""
    done, rest = "", question
    for said, synonym in pairs:
        match = _find(said, rest)
        if match is None:
            raise BadInput(f"{SUITE.name} replaces {said!r}, which this question doesn't have.")
        done, rest = done + rest[: match.start()] + synonym, rest[match.end() :]
    return done + rest


def _find(said: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![^\W_]){re.escape(said)}(?![^\W_])", text)


def make(folder: Path, entries: dict[str, list[Entry]]) -> tuple[list[tuple[int, list[Pair]]], str]:
    """The suite's lines, and how much of the schema words is replaced in them."""
    schemas = spider.schemas(folder)
    lines: list[tuple[int, list[Pair]]] = []
    before = after = asked = 0
    for row, example in enumerate(spider.load(folder, "dev"), 1):
        name = example.database
        if name not in entries or spider.database_path(folder, name) is None:
            continue
        asked += 1
        pairs, gone, count = substitutions(row, example.question, example.sql or "", schemas[name], entries[name])
        if count and gone >= LEAST * count:
            before, after = before + count, after + gone
            lines.append((row, pairs))
    share = after / max(1, before)
    return lines, f"{len(lines)} of {asked} questions, in which {after} of {before} schema words are replaced ({share:.1%})"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nl2sql.eval.synonyms", description="Make the suite spider_synonyms of its word list.")
    parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="a folder in Spider's form")
    parser.add_argument("--wordnet", type=Path, metavar="DIR", help="the folder of WordNet's files: count which synonyms it has")
    parser.add_argument("--out", default=SUITE, type=Path, metavar="FILE", help="another file than the suite's own")
    options = parser.parse_args(arguments)
    lines, counts = make(options.data, read_words())
    write_whole(options.out, "".join(json.dumps({"row": row, "replace": pairs}) + "\n" for row, pairs in lines))
    print(counts)
    if options.wordnet:
        wordnet = WordNet(options.wordnet)
        used = {(said.lower(), synonym.lower()) for _, pairs in lines for said, synonym in pairs}
        known = sum(wordnet.related(*pair) for pair in used)
        print(f"{len(used)} different substitutions; {known} are WordNet's: the same meaning, or the next wider or narrower")


if __name__ == "__main__":
    main()
