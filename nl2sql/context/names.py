"""Words of the question that name tables and columns, by stems: the "name match" relations of RAT-SQL (Wang et al. 2020).

Beyond equal words: compounds ("birthdate" and "birth date"), "name of the song" for ``song name``, abbreviations ("dept"),
shared word stems ("nation" and "nationality"), misspellings, and words that only few columns' comments hold.
"""
from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Mapping, Sequence

from nl2sql.context.spelling import Speller, derived
from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.records import Link, LinkedValue, Pointer, Schema, Word

PART, WHOLE, VALUE = 1, 2, 3
_SHORT = dict(
    pair.split("=")
    for pair in """
    abbr=abbreviation acct=account addr=address amt=amount avg=average bal=balance cat=category cnt=count
    cust=customer ctry=country dept=department desc=description dest=destination dob=birth emp=employee fname=first
    lname=last gpa=grade lang=language lat=latitude loc=location long=longitude lon=longitude mgr=manager msg=message
    nbr=number no=number num=number org=organization pct=percent perc=percent phone=telephone pop=population
    pos=position prod=product prof=professor qty=quantity ref=reference sex=gender stu=student temp=temperature
    tel=telephone yr=year mth=month qtr=quarter fk=key pk=key
    """.split()
)
_RARE = 2  # a comment's word links when at most so many columns' comments hold it


class NameIndex:
    """The stems of a schema's names and comments; one per schema, made when first asked for (``of``)."""

    _made: dict[int, tuple[weakref.ref[Schema], NameIndex]] = {}

    def __init__(self, schema: Schema) -> None:
        self.tables = [_stems(table.words or table.name) for table in schema.tables]
        self.columns = [_stems(column.words or column.name) for column in schema.columns]
        self.vocabulary = {word for name in (*self.tables, *self.columns) for word in name}
        self.column_comments = _rare_words([column.comment for column in schema.columns])
        self.table_comments = _rare_words([table.comment for table in schema.tables])
        self._speller: Speller | None = None
        self._related: dict[str, tuple[str, ...]] = {}
        self._corrected: dict[str, str] = {}

    @classmethod
    def of(cls, schema: Schema) -> NameIndex:
        known = cls._made.get(id(schema))
        if known is not None and known[0]() is schema:
            return known[1]
        index, key = cls(schema), id(schema)
        cls._made[key] = (weakref.ref(schema, lambda _: cls._made.pop(key, None)), index)
        return index

    def corrected(self, word: str) -> str:
        """A name's word that ``word`` (a stem) is a misspelling of, else ``word`` itself."""
        if word not in self._corrected:
            known = word in self.vocabulary or word in self.column_comments or word in self.table_comments
            if self._speller is None:
                self._speller = Speller(sorted(self.vocabulary))
            near = () if known or word in STOPWORDS else self._speller.near(word)
            self._corrected[word] = near[0] if len(near) == 1 else word
        return self._corrected[word]

    def related(self, word: str) -> tuple[str, ...]:
        """The names' words that a question's word (a stem) may be a part, a derivation or an abbreviation of."""
        if word not in self._related:
            close = (name for name in self.vocabulary if _is_related(word, name)) if word not in STOPWORDS else ()
            self._related[word] = tuple(sorted(close))
        return self._related[word]


def _is_related(a: str, b: str) -> bool:
    """Equal, an abbreviation ("dept", "stu" for student), or the same beginning ("nation" and "nationality")."""
    if a == b or _SHORT.get(a) == b or _SHORT.get(b) == a:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < 3 or b in STOPWORDS or not short.isalpha():
        return False
    if long.startswith(short):
        return len(short) >= 4 or (short == b and len(long) >= 6)
    return derived(a, b)


def _stems(text: str) -> tuple[str, ...]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return tuple(stem(word.text) for word in split(spaced) if word.text[0].isalnum())


def _rare_words(comments: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Comment word -> the indices whose comments hold it, where they are few."""
    holders: dict[str, list[int]] = {}
    for i, comment in enumerate(comments):
        for word in dict.fromkeys(_stems(comment)) if comment else ():
            if word not in STOPWORDS and word.isalpha() and len(word) > 2:
                holders.setdefault(word, []).append(i)
    return {word: tuple(indices) for word, indices in holders.items() if len(indices) <= _RARE}


def name_links(
    words: Sequence[Word], schema: Schema, columns: Iterable[int], values: Sequence[LinkedValue]
) -> dict[Pointer, tuple[Link, ...]]:
    """Links of the shown tables, columns and values to words. Level 2: the whole name stands there; 1: a word of it; 3: a value.

    A name that stands there as a whole gets no partial links beside it. Value pointers index ``values``.
    """
    index = NameIndex.of(schema)
    question = _Question(words, index)
    columns = tuple(columns)
    table_comments, column_comments = question.commented(index.table_comments), question.commented(index.column_comments)
    links: dict[Pointer, tuple[Link, ...]] = {}
    for table in dict.fromkeys(schema.owner[column] for column in columns):
        if found := question.links(index.tables[table], table_comments.get(table, ())):
            links[Pointer("table", table)] = found
    for column in columns:
        if found := question.links(index.columns[column], column_comments.get(column, ())):
            links[Pointer("column", column)] = found
    for i, value in enumerate(values):
        links[Pointer("value", i)] = tuple(Link(word, VALUE) for word in range(value.first, value.last + 1))
    return links


class _Question:
    """A question's stems, made ready for many names: where each stem stands, and which spans a compound may equal."""

    def __init__(self, words: Sequence[Word], index: NameIndex) -> None:
        self.stems = [index.corrected(stem(word.text)) for word in words]
        self.places: dict[str, list[int]] = {}
        self.near: dict[str, list[int]] = {}
        for i, word in enumerate(self.stems):
            self.places.setdefault(word, []).append(i)
            for name in index.related(word):
                self.near.setdefault(name, []).append(i)
        self.compounds = self._compounds()

    def _compounds(self) -> dict[str, tuple[int, ...]]:
        """Runs of one to four words without spaces, and "name of the song" turned round."""
        found: dict[str, tuple[int, ...]] = {}
        count = len(self.stems)
        for i in range(count):
            for j in range(i + 1, min(i + 4, count) + 1):
                found.setdefault("".join(self.stems[i:j]), tuple(range(i, j)))
            if self.stems[i + 1 : i + 2] == ["of"]:
                j = i + 2
                while j < count and self.stems[j] in ("the", "a", "an", "each", "all", "every", "their", "these", "those"):
                    j += 1
                if j < count:
                    found.setdefault(self.stems[j] + self.stems[i], (i, j))
        return found

    def commented(self, comments: Mapping[str, tuple[int, ...]]) -> dict[int, list[int]]:
        """Table or column -> the words that its comment holds and hardly another's does."""
        found: dict[int, list[int]] = {}
        for word, places in self.places.items():
            for at in comments.get(word, ()):
                found.setdefault(at, []).extend(places)
        return found

    def links(self, name: tuple[str, ...], commented: Sequence[int]) -> tuple[Link, ...]:
        if whole := self._whole(name):
            return tuple(Link(word, WHOLE) for word in whole)
        parts = {place for word in name for place in self.near.get(word, ())}.union(commented)
        return tuple(Link(word, PART) for word in sorted(parts))

    def _whole(self, name: tuple[str, ...]) -> tuple[int, ...]:
        if not name or all(word in STOPWORDS for word in name):
            return ()
        found: set[int] = set()
        for i in self.places.get(name[0], ()):
            if tuple(self.stems[i : i + len(name)]) == name:
                found.update(range(i, i + len(name)))
        return tuple(sorted(found)) or self.compounds.get("".join(name), ())
