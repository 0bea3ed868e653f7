"""Words of the question that name tables and columns, by stems: the "name match" relations of RAT-SQL (Wang et al. 2020).

Beyond equal words: compounds ("birthdate" and "birth date"), "name of the song" for ``song name``, abbreviations ("dept", "nm"),
shared word stems ("nation" and "nationality"), misspellings, and words that only few columns' comments hold.
"""
from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Sequence
from functools import lru_cache

from nl2sql.context.spelling import Speller, root
from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.names import humanize
from nl2sql.records import Link, LinkedValue, Pointer, PointerKind, Schema, Word

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
_DETERMINERS = frozenset("the a an each all every any their these those this that its his her".split())
_VOWELS = frozenset("aeiou")
KEPT = 1 << 14  # words of questions that are remembered
_RARE = 2  # a comment's word links when at most so many columns' comments hold it


class NameIndex:
    """The stems of a schema's names and comments; one per schema, made when first asked for (``of``)."""

    _made: dict[int, tuple[weakref.ref[Schema], NameIndex]] = {}

    def __init__(self, schema: Schema) -> None:
        self.wholes: dict[str, list[Pointer]] = {}  # a name's stems without spaces -> the tables and columns of that name
        self.parts: dict[str, list[Pointer]] = {}
        self.initials: dict[str, list[Pointer]] = {}  # of names of three words and more
        for i, table in enumerate(schema.tables):
            self._add(Pointer("table", i), table.words or humanize(table.name))
        for i, column in enumerate(schema.columns):
            self._add(Pointer("column", i), column.words or humanize(column.name))
        self.comments = _rare_words("column", [column.comment for column in schema.columns])
        for word, pointers in _rare_words("table", [table.comment for table in schema.tables]).items():
            self.comments[word] = self.comments.get(word, []) + pointers
        self._speller = Speller(sorted(self.parts))
        self.corrected, self.related = lru_cache(KEPT)(self._corrected), lru_cache(KEPT)(self._related)
        self._last: tuple[Sequence[Word], dict[Pointer, tuple[Link, ...]]] = ((), {})

    @classmethod
    def of(cls, schema: Schema) -> NameIndex:
        known = cls._made.get(id(schema))
        if known is not None and known[0]() is schema:
            return known[1]
        index, key = cls(schema), id(schema)
        cls._made[key] = (weakref.ref(schema, lambda _: cls._made.pop(key, None)), index)
        return index

    def _add(self, pointer: Pointer, name: str) -> None:
        stems = _stems(name)
        if any(word not in STOPWORDS for word in stems):
            self.wholes.setdefault("".join(stems), []).append(pointer)
        if initials := _initials(stems):
            self.initials.setdefault(initials, []).append(pointer)
        for word in dict.fromkeys(stems):
            self.parts.setdefault(word, []).append(pointer)

    def _corrected(self, word: str) -> str:
        """A name's word that ``word`` (a stem) is a misspelling of, else ``word`` itself."""
        known = word in self.parts or word in self.comments or word in STOPWORDS
        near = () if known else self._speller.near(word)
        return near[0] if len(near) == 1 else word

    def _related(self, word: str) -> tuple[str, ...]:
        """The names' words that a question's word (a stem) may be a part, a derivation or an abbreviation of."""
        return () if word in STOPWORDS else tuple(name for name in self.parts if _is_related(word, name))

    def links(self, words: Sequence[Word]) -> dict[Pointer, tuple[Link, ...]]:
        """The links of every table and column; the last question's are kept, as they are asked for twice."""
        if self._last[0] != words:
            stems = [self.corrected(stem(word.text)) for word in words]
            found = self._whole_names(stems)
            whole = set(found)
            for i, word in enumerate(stems):
                pointers = [pointer for name in self.related(word) for pointer in self.parts[name]] + self.comments.get(word, [])
                for pointer in pointers:
                    if pointer not in whole:
                        found.setdefault(pointer, set()).add(i)
            levels = {pointer: WHOLE if pointer in whole else PART for pointer in found}
            self._last = words, {p: tuple(Link(i, levels[p]) for i in sorted(found[p])) for p in found}
        return self._last[1]

    def _whole_names(self, stems: Sequence[str]) -> dict[Pointer, set[int]]:
        """Runs of up to six words that are a name, with or without spaces, "name of the song" for ``song name``, and "miles per
        gallon" for ``mpg`` or the other way round."""
        found: dict[Pointer, set[int]] = {}
        for i, word in enumerate(stems):
            for pointer in self.initials.get(word, ()):
                found.setdefault(pointer, set()).add(i)
            runs = [tuple(range(i, j)) for j in range(i + 1, min(i + 6, len(stems)) + 1)]
            if tuple(stems[i + 1 : i + 2]) == ("of",):
                after = next((j for j in range(i + 2, len(stems)) if stems[j] not in _DETERMINERS), len(stems))
                runs += [(after, i)] if after < len(stems) else []
            for run in runs:
                for name in ("".join(stems[place] for place in run), _initials([stems[place] for place in run])):
                    for pointer in self.wholes.get(name, ()):
                        found.setdefault(pointer, set()).update(run)
        return found


def _is_related(a: str, b: str) -> bool:
    """Equal, an abbreviation ("dept", "stu" for student), or the same beginning ("nation" and "nationality")."""
    if a == b or _SHORT.get(a) == b or _SHORT.get(b) == a:
        return True
    short, long = sorted((a, b), key=len)
    if _is_contracted(short, long):
        return True
    if len(short) < 3 or b in STOPWORDS or not short.isalpha():
        return False
    if long.startswith(short):
        return len(short) >= 4 or (short == b and len(long) >= 6)
    shared = len(os.path.commonprefix((a, b)))
    return root(a) == root(b) or (shared >= 5 and shared >= 0.7 * len(long))


def _is_contracted(short: str, long: str) -> bool:
    """"nm" for name, "ctry" for country, "tmpl" for template: the first letter and consonants after it, in order, up to the last
    one or without a gap. Two letters stand for short words alone, and "at" for none."""
    if not short.isalpha() or short in STOPWORDS or not 1 < len(short) < len(long):
        return False
    if short[0] != long[0] or set(short[1:]) & _VOWELS:
        return False
    consonants = [letter for letter in long[1:] if letter not in _VOWELS]
    if len(short) > 2 and "".join(consonants).startswith(short[1:]):
        return True
    rest = iter(consonants)
    reaches_the_end = all(letter in rest for letter in short[1:]) and short[-1] == consonants[-1]
    return reaches_the_end and (4 <= len(long) <= 6 if len(short) == 2 else 2 * len(short) > len(consonants))


def _initials(stems: Sequence[str]) -> str:
    """The initials of three words or more where they are no word of their own: consonants alone."""
    letters = "".join(word[0] for word in stems) if len(stems) >= 3 and all(stems) else ""
    return letters if letters.isalpha() and not set(letters) & set("aeiou") else ""


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word.text) for word in split(text) if word.text[0].isalnum())


def _rare_words(kind: PointerKind, comments: Sequence[str]) -> dict[str, list[Pointer]]:
    """Comment word -> the tables or columns whose comments hold it, where they are few."""
    holders: dict[str, list[Pointer]] = {}
    for i, comment in enumerate(comments):
        for word in dict.fromkeys(_stems(comment)) if comment else ():
            if word not in STOPWORDS and word.isalpha() and len(word) > 2:
                holders.setdefault(word, []).append(Pointer(kind, i))
    return {word: pointers for word, pointers in holders.items() if len(pointers) <= _RARE}


def name_links(
    words: Sequence[Word], schema: Schema, columns: Iterable[int], values: Sequence[LinkedValue]
) -> dict[Pointer, tuple[Link, ...]]:
    """Links of the shown tables, columns and values to words. Level 2: the whole name stands there; 1: a word of it; 3: a value.

    A name that stands there as a whole gets no partial links beside it. Value pointers index ``values``.
    """
    columns = tuple(columns)
    shown = {Pointer("column", i) for i in columns} | {Pointer("table", schema.owner[i]) for i in columns}
    links = {pointer: found for pointer, found in NameIndex.of(schema).links(words).items() if pointer in shown}
    for i, value in enumerate(values):
        links[Pointer("value", i)] = tuple(Link(word, VALUE) for word in range(value.first, value.last + 1))
    return links
