"""Cell values that a question names, with the spelling and case that the database stores.

Every run of the question's words is looked up among the stored values by stems; the longest match wins. Misspelt words are
corrected towards words of values, and compounds match with and without a space. Plain dictionaries, built when first asked.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nl2sql.context.names import NameIndex, name_links
from nl2sql.context.spelling import Speller
from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.records import LinkedValue, Schema, Values, Word

__all__ = ["ValueIndex", "name_links"]

_LONGEST = 12  # words of a value; longer cells are prose, which nobody names
_MOST_VALUES, _MOST_COLUMNS = 14, 3
_QUOTES = frozenset("\"'`“”‘’«»")
# words of questions, not of data: never corrected towards a value
_COMMON = frozenset(
    """
    number total average count highest lowest largest smallest greatest latest earliest oldest youngest longest shortest maximum minimum
    median percent percentage share ratio order ordered sort sorted descending ascending alphabetical alphabetically different distinct
    unique common greater larger smaller higher lower fewer older younger later earlier exactly least three seven eight eleven twelve
    twenty thirty forty fifty hundred thousand million group grouped along together whole every other another please compute calculate
    return report which where their there these those would could should information details detail record records value values
    belong belonging contain contains containing include including located living lived starting ending begin begins start starts
    year years month months quarter quarters week weeks today yesterday previous recent sales sold bought made takes taken using
    people person name names title titles type types first second third fourth fifth still never always
    """.split()
)


@dataclass(frozen=True)
class _Match:
    """A value that the words ``first`` to ``last`` may mean; ``size`` counts the words that carry letters or digits."""

    value: LinkedValue
    size: int
    rank: float


class ValueIndex:
    """The distinct text values of a database, by stems. ``values``: column index -> its values, as ``Database.values`` has them."""

    def __init__(self, schema: Schema, values: Values) -> None:
        self.schema = schema
        self._values = values
        self._cells: dict[str, list[tuple[int, str]]] | None = None
        self._compounds: dict[str, list[str]] = {}
        self._vocabulary: set[str] = set()
        self._speller: Speller | None = None

    def link(self, words: Sequence[Word]) -> tuple[LinkedValue, ...]:
        """At most 14 values, and 3 columns for one run of words, in the question's order; the best column of a run first."""
        if self._cells is None:
            self._build()
        content = [(i, _content(word.text)) for i, word in enumerate(words) if _content(word.text)]
        spoken = self._spoken(words)
        matches: list[_Match] = []
        taken: set[int] = set()
        for size in range(min(_LONGEST, len(content)), 0, -1):
            for start in range(len(content) - size + 1):
                run = content[start : start + size]
                if taken.isdisjoint(i for i, _ in run) and (found := self._lookup(words, run, spoken)):
                    matches += found
                    taken.update(i for i, _ in run if size > 1)
        best = sorted(matches, key=lambda match: -match.rank)[:_MOST_VALUES]
        return tuple(match.value for match in sorted(best, key=lambda match: (match.value.first, -match.value.last, -match.rank)))

    def _build(self) -> None:
        cells: dict[str, list[tuple[int, str]]] = {}
        for column, stored in self._values.items():
            for value in stored:
                if len(value) > 100:
                    continue
                stems = [_content(word.text) for word in split(value)]
                stems = [word for word in stems if word]
                if not 0 < len(stems) <= _LONGEST:
                    continue
                key = " ".join(stems)
                if key not in cells:
                    self._vocabulary.update(stems)
                    if len(stems) > 1:
                        self._compounds.setdefault("".join(stems), []).append(key)
                cells.setdefault(key, []).append((column, value))
        self._cells = cells

    def _lookup(self, words: Sequence[Word], run: list[tuple[int, str]], spoken: dict[int, float]) -> list[_Match]:
        """The values that a run of words names: equal stems, else a compound, else with one word corrected."""
        first, last = run[0][0], run[-1][0]
        text = _between(words, first, last)
        quoted = first > 0 and last + 1 < len(words) and words[first - 1].text in _QUOTES and words[last + 1].text in _QUOTES
        stems = [word for _, word in run]
        if all(word in STOPWORDS for word in stems) and not quoted and not (text.isupper() and len(text) > 1):
            return []
        assert self._cells is not None
        rank, keys = 0.9, [" ".join(stems)]
        if keys[0] not in self._cells:
            rank, keys = 0.8, self._compound(stems)
        if not keys and len(run) <= 5:
            rank, keys = 0.7, self._corrected(stems)
        cells = [cell for key in keys for cell in self._cells.get(key, ())]
        found = [self._match(cell, first, last, text, rank, spoken, quoted) for cell in cells]
        kept = sorted((match for match in found if match is not None), key=lambda match: -match.rank)
        return kept[:_MOST_COLUMNS]

    def _match(
        self, cell: tuple[int, str], first: int, last: int, text: str, rank: float, spoken: dict[int, float], quoted: bool
    ) -> _Match | None:
        column, value = cell
        size = last - first + 1
        if len(value) == 1 and value != text and not quoted:
            return None
        if value.upper() == text.upper():
            rank += 0.09 if value == text else 0.05
        if size == 1 and stem(value) in NameIndex.of(self.schema).vocabulary and not quoted:
            rank -= 0.3
        if value.isdecimal():
            rank -= 0.2
        score = min(rank, 0.99)
        order = rank + spoken.get(column, 0.0) + 0.2 * (size > 1) + 0.2 * quoted
        return _Match(LinkedValue(column, value, first, last, round(score, 3)), size, order)

    def _compound(self, stems: list[str]) -> list[str]:
        """ "smart phone" for Smartphone, and the other way round."""
        joined = "".join(stems)
        if len(joined) < 6 or len(stems) > 1 and any(word in STOPWORDS for word in stems):
            return []
        assert self._cells is not None
        return [joined] if len(stems) > 1 and joined in self._cells else self._compounds.get(joined, [])

    def _corrected(self, stems: list[str]) -> list[str]:
        """Keys of values when the run's one unknown word is taken for a misspelling."""
        unknown = [i for i, word in enumerate(stems) if word not in self._vocabulary]
        if len(unknown) != 1:
            return []
        word = stems[unknown[0]]
        if len(word) < 5 or word in STOPWORDS or word in _COMMON or word in NameIndex.of(self.schema).vocabulary:
            return []
        if self._speller is None:
            self._speller = Speller(sorted(self._vocabulary))
        assert self._cells is not None
        candidates = (" ".join([*stems[: unknown[0]], near, *stems[unknown[0] + 1 :]]) for near in self._speller.near(word))
        return [key for key in candidates if key in self._cells]

    def _spoken(self, words: Sequence[Word]) -> dict[int, float]:
        """Columns that the question speaks of, by their own name or their table's: they come first among equal values."""
        links = name_links(words, self.schema, self._values.keys(), ())
        bonus: dict[int, float] = {}
        for column in self._values:
            own = max((link.level for link in links.get(("column", column), ())), default=0)  # type: ignore[call-overload]
            table = max((link.level for link in links.get(("table", self.schema.owner[column]), ())), default=0)  # type: ignore[call-overload]
            bonus[column] = 0.04 * own + 0.02 * table
        return bonus


def _content(text: str) -> str:
    """The stem of a word that carries letters or digits, "and" for an ampersand, else nothing."""
    return "and" if text == "&" else stem(text) if text[0].isalnum() else ""


def _between(words: Sequence[Word], first: int, last: int) -> str:
    """The words of a run as they stand, with a space where the question has one."""
    parts = [words[first].text]
    for i in range(first + 1, last + 1):
        parts.append((" " if words[i].start > words[i - 1].end else "") + words[i].text)
    return "".join(parts)
