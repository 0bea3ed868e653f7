"""Okapi BM25 (Robertson and Walker 1994) over the documents of a schema: what retrieval is worth without a model."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log

from nl2sql.context.retrieve import documents
from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.records import Schema

K1, B = 1.2, 0.75
BEST = 0.6


class Bm25:
    """Scores tables and columns as ``context.retrieve.Retriever`` does, by the words that question and document share.

    The best score is ``BEST``, so that none is so much worse that ``narrow`` would leave it out.
    """

    def __init__(self) -> None:
        self._last: tuple[Schema, dict[str, list[tuple[int, float]]]] | None = None

    def scores(self, question: str, schema: Schema) -> tuple[list[float], list[float]]:
        count = len(schema.tables)
        found = [0.0] * (count + len(schema.columns))
        for word in set(_stems(question)):
            for place, weight in self._index(schema).get(word, ()):
                found[place] += weight
        scale = BEST / (max(found) or 1.0)
        return [scale * score for score in found[:count]], [scale * score for score in found[count:]]

    def _index(self, schema: Schema) -> dict[str, list[tuple[int, float]]]:
        if self._last is None or self._last[0] is not schema:
            self._last = schema, _weights([_stems(text) for text in documents(schema)])
        return self._last[1]


def _weights(texts: Sequence[Sequence[str]]) -> dict[str, list[tuple[int, float]]]:
    """Of each word the documents that hold it, with what it adds to their scores."""
    mean = sum(map(len, texts)) / max(1, len(texts))
    held = Counter(word for text in texts for word in set(text))
    result: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, text in enumerate(texts):
        for word, times in Counter(text).items():
            rare = log(1 + (len(texts) - held[word] + 0.5) / (held[word] + 0.5))
            result[word].append((place, rare * times * (K1 + 1) / (times + K1 * (1 - B + B * len(text) / mean))))
    return result


def _stems(text: str) -> list[str]:
    return [stem(word.text) for word in split(text) if word.text[0].isalnum() and word.text.lower() not in STOPWORDS]
