"""Cell values that a question names, with the spelling and case that the database stores.

Every run of the question's words is looked up among the stored values by stems; the longest match wins. Where nothing is
equal, a compound, an alias ("Italian" for Italy), an abbreviation (LA), a misspelt or an inflected word, or a part of the name
of a category may stand for a value. Plain dictionaries, built when first asked. Not covered: parts of cells of columns with many
values (the query can say ``contains`` with the question's own words), and prose.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from nl2sql.context.aliases import aliases
from nl2sql.context.names import KEPT, NameIndex, name_links
from nl2sql.context.spelling import Speller, root
from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.records import LinkedValue, Pointer, Schema, Values, Word

__all__ = ["ValueIndex", "name_links"]

_LONGEST = 12  # words of a value; longer cells are prose, which nobody names
_MOST_VALUES, _MOST_COLUMNS = 14, 3
_FEW = 60  # values of a column that sorts things (a category, a status); of these a part names the whole
_EQUAL, _PARTIAL = 0.9, 0.5  # the ranks of equal stems and of a part of a name; other ways of naming a value lie between
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "’": "’", "”": "”"}
_FLAGS = frozenset("t f y n yes no true false".split())

@dataclass(frozen=True)
class _Run:
    """Words ``first`` to ``last`` of the question: their text, and the stems of those that carry letters or digits."""

    first: int
    last: int
    stems: tuple[str, ...]
    words: Sequence[Word]
    quoted: bool
    inner: bool = False  # lies within a longer match

    @cached_property
    def text(self) -> str:
        """The words as they stand, with one space where the question has any."""
        run = self.words[self.first : self.last + 1]
        return run[0].text + "".join(" " * (b.start > a.end) + b.text for a, b in pairwise(run))


class ValueIndex:
    """The distinct text values of a database, by stems. ``values``: column index -> its values (``Database.values``)."""

    def __init__(self, schema: Schema, values: Values) -> None:
        self.schema = schema
        self._values = values
        self._cells: dict[str, list[tuple[int, str]]] = {}
        self._compounds: dict[str, list[str]] = {}
        self._initials: dict[str, list[str]] = {}
        self._roots: dict[str, list[str]] = {}
        self._parts: dict[str, list[str]] = {}
        self._explained: dict[str, list[str]] = {}
        self._vocabulary: set[str] = set()
        self._flags: dict[int, tuple[str, ...]] = {}
        self._speller: Speller | None = None
        self._near = lru_cache(KEPT)(self._misspelt)
        self._is_built = False

    def link(self, words: Sequence[Word]) -> tuple[LinkedValue, ...]:
        """At most 14 values, and 3 columns for one run of words, in the question's order; the best column of a run first."""
        self._build()
        links = NameIndex.of(self.schema).links(words)
        bonus = {
            column: 0.04 * max((link.level for link in links.get(Pointer("column", column), ())), default=0)
            + 0.02 * max((link.level for link in links.get(Pointer("table", self.schema.owner[column]), ())), default=0)
            for column in self._values
        }
        ranked: list[tuple[float, LinkedValue]] = []
        for run, rank, keys in self._matches(words):
            cells = [cell for key in keys for cell in self._cells.get(key, ())]
            cells = [(column, value) for column, value in cells
                     if rank < _EQUAL or self._is_state(run, column) or _case_fits(run, value)]
            fits = [(self._rank(run, rank, value), column, value) for column, value in cells]
            fits.sort(key=lambda fit: -fit[0] - bonus[fit[1]])
            for fit, column, value in fits[:_MOST_COLUMNS]:
                order = fit + bonus[column] + 0.2 * (len(run.stems) > 1) + 0.2 * run.quoted - 0.2 * run.inner
                ranked.append((order, LinkedValue(column, value, run.first, run.last, round(min(fit, 0.99), 3))))
        for column, flags in self._flags.items():
            if found := links.get(Pointer("column", column)):
                ranked += [(0.0, LinkedValue(column, flag, found[0].word, found[-1].word, 0.3)) for flag in flags]
        best: dict[tuple[int, str], tuple[float, LinkedValue]] = {}  # a value that is named twice is linked once
        for order, linked in sorted(ranked, key=lambda item: -item[0]):
            best.setdefault((linked.column, linked.value), (order, linked))
        kept = sorted(list(best.values())[:_MOST_VALUES], key=lambda item: (item[1].first, -item[1].last, -item[0]))
        return tuple(linked for _, linked in kept)

    def _matches(self, words: Sequence[Word]) -> Iterator[tuple[_Run, float, list[str]]]:
        """The runs that name values, the longest first; within a longer one only what stands beside a name ("Sonoma County")."""
        names = NameIndex.of(self.schema).parts
        content = [(i, content) for i, word in enumerate(words) if (content := _content(word.text))]
        quoted = _quoted(words)
        taken: dict[int, tuple[int, int]] = {}
        for size in range(min(_LONGEST, len(content)), 0, -1):
            for start in range(len(content) - size + 1):
                first, last = content[start][0], content[start + size - 1][0]
                around = taken.get(first) or taken.get(last)
                if around and not self._stands_beside_names(content, around, (first, last), names):
                    continue
                stems = tuple(stem for _, stem in content[start : start + size])
                run = _Run(first, last, stems, words, (first, last) in quoted, around is not None)
                equal = self._cells.get(" ".join(run.stems), ())
                if _is_empty(run) and not any(self._is_state(run, column) for column, _ in equal):
                    continue
                rank, keys = self._lookup(run)
                if keys:
                    yield run, rank, keys
                    if size > 1 and not around and rank > _PARTIAL:
                        taken.update(dict.fromkeys(range(first, last + 1), (first, last)))

    def _is_state(self, run: _Run, column: int) -> bool:
        """Words that may say nothing alone are together one of a column's few values: no-show."""
        return len(run.stems) > 1 and len(self._values[column]) <= _FEW

    @staticmethod
    def _stands_beside_names(
        content: list[tuple[int, str]], around: tuple[int, int], run: tuple[int, int], names: Collection[str]
    ) -> bool:
        """Whether the rest of a longer match around the run is words of names alone."""
        rest = (stem for i, stem in content if around[0] <= i <= around[1] and not run[0] <= i <= run[1])
        return around[0] <= run[0] and run[1] <= around[1] and all(stem in names for stem in rest)

    def _build(self) -> None:
        if self._is_built:
            return
        for column, stored in self._values.items():
            if len(stored) <= 3 and all(value.lower() in _FLAGS for value in stored):
                self._flags[column] = tuple(stored)
            for value in stored:
                stems = [content for word in split(value) if (content := _content(word.text))] if len(value) <= 100 else []
                if 0 < len(stems) <= _LONGEST:
                    self._add(column, value, stems, is_one_of_few=len(stored) <= _FEW)
            if len(stored) <= _FEW:
                self._explain(self.schema.columns[column].comment, stored)
        self._is_built = True

    def _explain(self, comment: str, stored: Collection[str]) -> None:
        """The words in brackets behind a value in its column's comment: "Completed, Pending (open) or Cancelled"."""
        for value in stored if "(" in comment else ():
            found = re.search(rf"\b{re.escape(value)} \(([^()]+)\)", comment)
            for said in re.split(r", | or ", found[1]) if found else ():
                self._explained.setdefault(_key(said), []).append(_key(value))

    def _add(self, column: int, value: str, stems: list[str], *, is_one_of_few: bool) -> None:
        key = " ".join(stems)
        if key not in self._cells:
            self._vocabulary.update(stems)
            self._cells[key] = []
            if len(stems) > 1:
                self._compounds.setdefault("".join(stems), []).append(key)
                self._initials.setdefault("".join(stem[0] for stem in stems), []).append(key)
        self._cells[key].append((column, value))
        if is_one_of_few and len(stems) == 1:
            self._roots.setdefault(root(key), []).append(key)
        elif is_one_of_few and " " in value:
            for stem in dict.fromkeys(stems):
                self._parts.setdefault(stem, []).append(key)

    def _lookup(self, run: _Run) -> tuple[float, list[str]]:
        """How surely the run names values, and their keys: the first way that finds some."""
        key = " ".join(run.stems)
        if key in self._cells:
            return _EQUAL, [key]
        if run.inner:
            return 0.0, []
        ways = (self._compound, self._alias, self._abbreviated, self._corrected, self._derived, self._partial)
        for rank, way in zip((0.8, 0.75, 0.7, 0.7, 0.6, _PARTIAL), ways, strict=True):
            if keys := way(run):
                return rank, keys
        return 0.0, []

    def _rank(self, run: _Run, rank: float, value: str) -> float:
        """``rank`` corrected for case, for digits, and for words that also name a table or column."""
        if value == run.text:
            rank += 0.09
        elif value.lower() == run.text.lower():
            rank += 0.05
        if len(run.stems) == 1 and run.stems[0] in NameIndex.of(self.schema).parts and not run.quoted:
            rank -= 0.3
        return rank - 0.2 * value.isdecimal()

    def _compound(self, run: _Run) -> list[str]:
        """ "smart phone" for Smartphone, and the other way round."""
        joined = "".join(run.stems)
        if len(joined) < 6 or any(stem in STOPWORDS for stem in run.stems):
            return []
        return [joined] if joined in self._cells else self._compounds.get(joined, [])

    def _alias(self, run: _Run) -> list[str]:
        known = [key for key in aliases(run.stems) if key in self._cells]
        return known or self._explained.get(" ".join(run.stems), [])

    def _abbreviated(self, run: _Run) -> list[str]:
        """LA for Los Angeles."""
        if not (len(run.stems) == 1 and run.text.isupper() and run.text.isalpha() and 2 <= len(run.text) <= 5):
            return []
        return self._initials.get(run.text.lower(), [])[:_MOST_COLUMNS]

    def _corrected(self, run: _Run) -> list[str]:
        """Keys of values when the run's one unknown word is taken for a misspelling."""
        unknown = [i for i, word in enumerate(run.stems) if word not in self._vocabulary]
        if len(unknown) != 1 or len(run.stems) == 1 and not self._may_mean_a_value(run.stems[0]):
            return []
        before, after = run.stems[: unknown[0]], run.stems[unknown[0] + 1 :]
        candidates = (" ".join((*before, near, *after)) for near in self._near(run.stems[unknown[0]]))
        return [key for key in candidates if key in self._cells]

    def _derived(self, run: _Run) -> list[str]:
        """ "sporting" for Sports, "cancellation" for Cancelled: one word with the same root."""
        if len(run.stems) > 1 or not self._may_mean_a_value(run.stems[0]):
            return []
        return list(dict.fromkeys(self._roots.get(root(run.stems[0]), ())))[:2]

    def _partial(self, run: _Run) -> list[str]:
        """ "garden" for Home & Garden, where the column has few values and few of them hold the words."""
        if {run.stems[0], run.stems[-1]} & STOPWORDS or not any(self._may_mean_a_value(word) for word in run.stems):
            return []
        part = " ".join(run.stems)
        keys = [key for key in dict.fromkeys(self._parts.get(run.stems[0], ())) if f" {part} " in f" {key} "]
        return keys if len(keys) <= _MOST_COLUMNS else []

    def _may_mean_a_value(self, word: str) -> bool:
        """A word that isn't empty and doesn't name a table or column."""
        names = NameIndex.of(self.schema)
        return len(word) >= 4 and word not in STOPWORDS and names.corrected(word) not in names.parts

    def _misspelt(self, word: str) -> tuple[str, ...]:
        """The words of values that an unknown word may be a misspelling of."""
        return self._known().near(word) if word not in STOPWORDS else ()

    def _known(self) -> Speller:
        if self._speller is None:
            self._speller = Speller(sorted(self._vocabulary))
        return self._speller


def _content(text: str) -> str:
    """The stem of a word that carries letters or digits, "and" for an ampersand, else nothing."""
    return stem(text) if text[0].isalnum() else "and" if text == "&" else ""


def _key(text: str) -> str:
    """The stems of a text, joined by spaces."""
    return " ".join(content for word in split(text) if (content := _content(word.text)))


def _quoted(words: Sequence[Word]) -> set[tuple[int, int]]:
    """The runs between a pair of quotation marks; an apostrophe within a word is none."""
    found: set[tuple[int, int]] = set()
    opened: int | None = None
    for i, word in enumerate(words):
        if word.text not in _QUOTES:
            continue
        glued = 0 < i < len(words) - 1 and words[i - 1].end == word.start and word.end == words[i + 1].start
        if opened is None:
            opened = None if glued and words[i - 1].text.isalnum() else i
        elif _QUOTES[words[opened].text] == word.text and not (glued and words[i + 1].text.isalnum()):
            if opened + 1 < i:
                found.add((opened + 1, i - 1))
            opened = None
    return found


def _is_empty(run: _Run) -> bool:
    """Stop words alone name no value, unless quoted or capital where the sentence doesn't ask for it: OR, grade A, in May."""
    if run.quoted or not all(word in STOPWORDS for word in run.stems):
        return False
    shouted = all(word.text.upper() == word.text for word in run.words)
    return shouted or run.first == 0 or not run.text[0].isupper() or run.words[run.first - 1].text in (".", "?", "!", ":")


def _case_fits(run: _Run, value: str) -> bool:
    """A value of one letter, or of a stop word, must stand there in its own case."""
    strict = len(value) == 1 and len(run.text) == 1 or all(word in STOPWORDS for word in run.stems)
    return not strict or run.quoted or value == run.text
