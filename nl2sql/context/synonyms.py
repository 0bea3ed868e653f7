"""Schema linking by a thesaurus: words of a question that no name holds, and the shown names that mean the same.

"clients" for ``customer``, "date of birth" for ``dob``. What is found is linked as if the question had said the name's own word,
as a whole name or a part of it: of the words that people put in the place of a name's, what the thesaurus has for them is the
right name nearly always.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from nl2sql.context.names import PART, WHOLE
from nl2sql.context.thesaurus import by_stems, stems
from nl2sql.context.words import STOPWORDS, stem
from nl2sql.names import humanize
from nl2sql.records import Context, Link, Pointer

LONGEST = 3  # words that are compared together
_WHAT_TO_DO = frozenset(  # with what is named, and names of nothing themselves
    "minimum maximum min max average avg mean median total sum count number amount highest lowest largest smallest biggest "
    "greatest oldest youngest newest latest earliest first last longest shortest top bottom best worst different distinct "
    "unique order sort common time day share portion percent percentage rate overall made make full beginning ending".split()
)
Run = tuple[int, int]  # the first word and the one after the last


def with_synonyms(context: Context) -> Context:
    """The context with those links too."""
    links, taken = dict(context.links), set[int]()
    names = list(_names(context)) if context.words else []
    for run in sorted(unnamed_runs(context), key=lambda run: run[0] - run[1]):  # the longest first
        phrase = " ".join(stem(word.text) for word in context.words[slice(*run)])
        said = by_stems().get(phrase, frozenset()) if phrase not in _WHAT_TO_DO else frozenset()
        if said and taken.isdisjoint(range(*run)):
            for pointer, name in names:
                if level := _level(name, said):
                    taken.update(range(*run))
                    found = {link.word: link for link in links.get(pointer, ())}
                    found |= {word: Link(word, level) for word in range(*run) if word not in found or level == WHOLE}
                    links[pointer] = tuple(found.values())
    return replace(context, links=links) if taken else context


def unnamed_runs(context: Context, most: int | None = None) -> list[Run]:
    """Runs of the first ``most`` words that may mean a name which they don't hold, short ones first: no word is part of a literal
    or of a whole name, not all are parts of names."""
    words, named, literal = context.words[:most], named_words(context), literal_words(context)
    usable = [word.text.isalpha() and i not in literal and named.get(i, 0) < WHOLE for i, word in enumerate(words)]
    content = [usable[i] and word.text.lower() not in STOPWORDS for i, word in enumerate(words)]
    return [(first, first + length) for length in range(1, LONGEST + 1) for first in range(len(words) - length + 1)
            if content[first] and content[first + length - 1] and all(usable[first : first + length])
            and not all(i in named for i in range(first, first + length))]  # fmt: skip


def literal_words(context: Context) -> frozenset[int]:
    """The words that belong to a value, a number or a period."""
    spans = [(it.first, it.last) for kind in (context.values, context.numbers, context.periods) for it in kind]
    return frozenset(i for first, last in spans for i in range(first, last + 1))


def named_words(context: Context) -> Mapping[int, int]:
    """The words that name tables or columns, and the best level of each."""
    found: dict[int, int] = {}
    for pointer, links in context.links.items():
        for word, level in links if pointer.kind in ("table", "column") else ():
            found[word] = max(level, found.get(word, 0))
    return found


def _names(context: Context) -> Iterator[tuple[Pointer, str]]:
    """What is shown, and how it is called."""
    tables, columns = context.schema.tables, context.schema.columns
    for table in dict.fromkeys(context.schema.owner[column] for column in context.columns):
        yield Pointer("table", table), tables[table].words or humanize(tables[table].name)
    for column in context.columns:
        yield Pointer("column", column), columns[column].words or humanize(columns[column].name)


def _level(name: str, said: frozenset[str]) -> int:
    """Whether a name is, or holds, something that the words may stand for."""
    whole, parts = _stemmed(name)
    return WHOLE if whole in said else PART if not parts.isdisjoint(said) else 0


@lru_cache(maxsize=1 << 15)
def _stemmed(name: str) -> tuple[str, frozenset[str]]:
    """The stems of a name, and of its words alone and together."""
    whole = stems(name)
    words = whole.split()
    ends = range(1, len(words) + 1)
    return whole, frozenset(" ".join(words[max(0, end - length) : end]) for end in ends for length in range(1, LONGEST + 1))
