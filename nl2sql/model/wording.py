"""A language model words queries: what SQL's symbols say -> a question that a person might ask.

As in the back-translation of Wang et al. 2021 ("Learning to Synthesize Data for Semantic Parsing"): a model that has learnt to
write the questions of a training set asks for queries that nobody has put into words yet. ``train wording`` trains it, ``worded``
uses it and keeps what the parser maps back.
"""
from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from nl2sql.errors import BadInput, BadWeights
from nl2sql.model.causal import Language, describe, language, merge
from nl2sql.model.feeding import Lesson
from nl2sql.model.prompt import column_words, table_words
from nl2sql.model.train_causal import Asked, fit
from nl2sql.records import Context, Symbol
from nl2sql.sql.symbols import NONE

if TYPE_CHECKING:
    from nl2sql.model.settings import WordingTraining

LONGEST_QUERY, LONGEST_QUESTION = 160, 60  # tokens
SHARES = {"spider": 1.0, "others": 1.0, "spider_syn": 0.3, "bird": 0.7}  # of the sources in a pass
AT_ONCE = 12  # queries that are worded together: 48 take 9 GB
TOP = 0.95  # of the probability of a next token that is drawn from


def told(symbols: Sequence[Symbol], context: Context) -> str:
    """A query in the words of its schema, without joins: "select singer.name where singer.country = 'France'"."""
    return " ".join(_said(symbol, context) for symbol in symbols)


def _said(symbol: Symbol, context: Context) -> str:
    if isinstance(symbol, str):
        return {"*mul": "*"}.get(symbol, symbol.removeprefix("#"))
    if symbol.kind == "table":
        return table_words(context, symbol.index)
    if symbol.kind == "column":
        return f"{table_words(context, context.schema.owner[symbol.index])}.{column_words(context, symbol.index)}"
    if symbol.kind == "value":
        return f"'{context.values[symbol.index].value}'"
    if symbol.kind == "number":
        number = context.numbers[symbol.index]
        return f"{number.value}%" if number.percent else str(number.value)
    if symbol.kind == "word":
        return f"'{context.words[symbol.index].text}'"
    period = context.periods[symbol.index]
    return context.question[context.words[period.first].start : context.words[period.last].end]


class QuestionTelling:
    """Turns lessons into queries to read and questions to write; None for those that are too long or ask nothing."""

    def __init__(self, read: Language) -> None:
        self.language = read

    def __call__(self, lesson: Lesson, rng: random.Random) -> tuple[Asked, tuple[int, ...]] | None:
        return self.as_asked(lesson)

    def as_asked(self, lesson: Lesson) -> tuple[Asked, tuple[int, ...]] | None:
        if lesson.symbols == (NONE,) or lesson.context.previous:
            return None
        ids = self.language.tokens(prompt(lesson))
        answer = self.language.more(" " + lesson.context.question.strip())
        whole = len(ids) <= LONGEST_QUERY and len(answer) < LONGEST_QUESTION
        return (Asked(ids), (*answer, self.language.end)) if whole else None


def prompt(lesson: Lesson) -> str:
    return f"query: {told(lesson.symbols, lesson.context)}\nquestion:"


def wording(settings: WordingTraining) -> None:
    """Trains a language model on the questions of Spider's training set and BIRD's, none of the databases set aside."""
    from nl2sql.model import train_data

    if not settings.data.is_dir():
        raise BadInput(f"{settings.data} is not a folder: give the folder of the training data (--data).")
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    read = language(settings.model)
    sources = [*train_data.spider_sources(settings.data), train_data.bird_source(settings.data)]
    found: dict[str, Sequence[Lesson]] = {s.name: train_data.prepare(s) for s in sources if s.name in SHARES}
    tests = train_data.prepare(train_data.sampled(train_data.dev_source(settings.data), 100))
    fit(read, found, tests, len(tests), settings, QuestionTelling(read), SHARES, {"kind": "wording"})


class Wording:
    """Words queries with a model that ``train wording`` has made. Raises ``BadWeights`` and ``BadInput``."""

    def __init__(self, folder: Path, *, threads: int = 2, device: str = "cpu") -> None:
        torch.set_num_threads(threads)
        about = describe(folder, "wording")
        if not about:
            raise BadWeights(f"There are no weights in {folder}: make them with nl2sql train wording.")
        self.language = language(about["model"])
        merge(self.language.model, folder)
        self.model: Any = self.language.model.to(device, torch.bfloat16).requires_grad_(False)  # type: ignore[call-overload]

    def questions(self, lessons: Sequence[Lesson], *, samples: int, temperature: float = 0.8) -> list[list[str]]:
        """Different questions for the query of each lesson, at most ``samples``; none for a query that is too long."""
        parts = [lessons[start : start + AT_ONCE] for start in range(0, len(lessons), AT_ONCE)]
        return [told for part in parts for told in self._together(part, samples, temperature)]

    @torch.inference_mode()
    def _together(self, lessons: Sequence[Lesson], samples: int, temperature: float) -> list[list[str]]:
        prompts = [self.language.tokens(prompt(lesson)) for lesson in lessons]
        asked = [ids for ids in prompts if len(ids) <= LONGEST_QUERY]
        if not asked:
            return [[] for _ in prompts]
        width = max(map(len, asked))
        ids, shown = (torch.zeros(len(asked), width, dtype=torch.long) for _ in range(2))
        for row, tokens in enumerate(asked):
            ids[row, width - len(tokens) :], shown[row, width - len(tokens) :] = torch.tensor(tokens), 1
        written = self.model.generate(
            ids.to(self.model.device), attention_mask=shown.to(self.model.device), do_sample=True, temperature=temperature,
            top_p=TOP, num_return_sequences=samples, max_new_tokens=LONGEST_QUESTION, eos_token_id=self.language.end,
            pad_token_id=self.language.end)[:, width:].tolist()
        found = iter([written[i : i + samples] for i in range(0, len(written), samples)])
        return [self._texts(next(found)) if len(tokens) <= LONGEST_QUERY else [] for tokens in prompts]

    def _texts(self, rows: Sequence[Sequence[int]]) -> list[str]:
        texts = [self.language.text(row).strip().split("\n")[0] for row in rows if self.language.end in row]
        return list(dict.fromkeys(text for text in texts if text))

