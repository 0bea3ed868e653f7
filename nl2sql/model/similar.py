"""Schema linking by meaning: words of a question that no name holds, and the shown names that are nearest to them.

"vocalists" for ``singer``, "pay" for ``salary``: the words that ``context.names`` left over, alone and in runs of two and three,
are compared with every shown name by the sentence embeddings of the frozen encoder (Reimers and Gurevych 2019). What is found is
a link like those by name, with a level of its own, so that the relation-aware layers can weigh it as little as it deserves.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nl2sql.context.synonyms import Run, unnamed_runs, with_synonyms
from nl2sql.context.vectors import Encode
from nl2sql.model.prompt import WORD_LIMIT, column_words, table_words
from nl2sql.model.relations import ALIKE, PERHAPS
from nl2sql.records import Context, Link, Pointer

_ALIKE, _PERHAPS = 0.45, 0.35  # least cosines; of the words of `spider_synonyms` three in four are nearest to the right name
_OTHERS = 2  # names beside the nearest
_MOST_RUNS = 48


@dataclass
class SimilarNames:
    """Adds the links by meaning to a context, after those by the thesaurus. ``encode``: sentence embeddings; ``most``: how many
    are kept."""

    encode: Encode
    most: int = 10_000
    _known: dict[str, np.ndarray] = field(default_factory=dict)

    def __call__(self, context: Context, synonyms: bool = True) -> Context:
        context = with_synonyms(context) if synonyms else context
        runs, names = unnamed_runs(context, WORD_LIMIT)[:_MOST_RUNS], _names(context)
        if not runs or not names:
            return context
        said = [" ".join(word.text.lower() for word in context.words[first:end]) for first, end in runs]
        cosines = self._vectors(said) @ self._vectors(list(names)).T
        pointers, links = list(names.values()), dict(context.links)
        for run, order, row in _nearest(runs, cosines):
            for place, name in enumerate(order):
                level = ALIKE if place == 0 and row[name] >= _ALIKE else PERHAPS
                for pointer in pointers[name]:
                    found = links.get(pointer, ())
                    linked = {link.word for link in found}
                    links[pointer] = (*found, *(Link(word, level) for word in range(*run) if word not in linked))
        return replace(context, links=links)

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        """(texts, width); those that were embedded before are kept."""
        known = self._known
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            if len(known) + len(missing) > self.most:
                known = self._known = {text: known[text] for text in texts if text in known}
            known.update(zip(missing, np.asarray(self.encode(missing), dtype=np.float32), strict=True))
        return np.stack([known[text] for text in texts])


def _names(context: Context) -> dict[str, list[Pointer]]:
    """The shown names, and what is called so."""
    found: dict[str, list[Pointer]] = {}
    for table in dict.fromkeys(context.schema.owner[column] for column in context.columns):
        found.setdefault(table_words(context, table), []).append(Pointer("table", table))
    for column in context.columns:
        found.setdefault(column_words(context, column), []).append(Pointer("column", column))
    return found


def _nearest(runs: Sequence[Run], cosines: np.ndarray) -> list[tuple[Run, list[int], np.ndarray]]:
    """The runs that are nearest to a name and share no word, each with its nearest names in order; a word that is in none of
    them comes alone."""
    taken: set[int] = set()
    found = []
    for i in np.argsort(-cosines.max(1), kind="stable"):
        run, row = runs[i], cosines[i]
        if taken.isdisjoint(range(*run)) and (row.max() >= _ALIKE or run[1] - run[0] == 1):
            taken.update(range(*run))
            order = [int(name) for name in np.argsort(-row, kind="stable")[: 1 + _OTHERS] if row[name] >= _PERHAPS]
            found.append((run, order, row))
    return found
