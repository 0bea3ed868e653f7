"""Contexts -> candidates: what every generator promises, the pointer model that ships, and a scripted one for tests."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from nl2sql.model.prompt import Prompt, build_prompt, word_pieces
from nl2sql.records import Candidate, Context, Symbol
from nl2sql.sql.grammar import Grammar
from nl2sql.sql.grammar.rules import State
from nl2sql.sql.ir import Malformed, to_sql
from nl2sql.sql.symbols import BOS, EOS, INDEX, NONE, VOCABULARY

if TYPE_CHECKING:
    from nl2sql.model.embedding import Embedder
    from nl2sql.model.network import Parser
    from nl2sql.model.scoring import Steps
    from nl2sql.model.similar import SimilarNames

LONGEST = 120  # symbols of a query


class Generator(Protocol):
    """Anything that turns questions in their contexts into SQL."""

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        """For each context up to ``beam`` queries, the likeliest first, no SQL twice; beside them there may be one candidate
        without SQL, which says that the question can't be answered."""
        ...


class Scripted:
    """Answers from a dictionary: SQL, or several, by question; None: it can't be answered. For tests."""

    def __init__(self, answers: Mapping[str, str | Sequence[str | None] | None]) -> None:
        self.answers = answers

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        return [self._candidates(context.question)[:beam] for context in contexts]

    def _candidates(self, question: str) -> list[Candidate]:
        if question not in self.answers:
            return []
        answer = self.answers[question]
        answers = [answer] if answer is None or isinstance(answer, str) else answer
        return [Candidate(sql, -0.1 * (i + 1)) for i, sql in enumerate(answers)]


class PointerGenerator:
    """The shipped model: beam search under the grammar. Weights are read at construction; raises ``BadWeights``.

    ``strict`` is the grammar's: True for engines with types (DuckDB), False where any column may be compared with anything
    (SQLite). ``grammar=False`` lets the model write what it likes, to measure what the grammar is worth. ``least``: the search
    ends where all that is still being written is less likely than this share of the likeliest query.
    """

    def __init__(
        self, base: Path, adapter: Path | None = None, *, encoder: Path | None = None, threads: int = 2, strict: bool = True,
        grammar: bool = True, dialect: str = "duckdb", least: float = 0.0,
    ) -> None:
        import torch

        from nl2sql.model.encoder import minilm_folder
        from nl2sql.model.weights import load

        torch.set_num_threads(threads)
        folder = encoder or minilm_folder()
        self.parser: Parser = load(folder, base, adapter)
        self.pieces = word_pieces(folder)
        self.strict, self.grammar, self.dialect, self.least = strict, grammar, dialect, least

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        contexts = [self.linked(context) for context in contexts]
        prompts = [build_prompt(context, self.pieces) for context in contexts]
        searches = [_Search(context, prompt, beam, self.strict if self.grammar else None, self.least)
                    for context, prompt in zip(contexts, prompts, strict=True)]
        if searches:
            _run(self.parser, prompts, searches, beam)
        return [search.candidates(self.dialect) for search in searches]

    def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[Steps | None]:
        """How likely each symbol of given queries is, one after the other; None: a query points at what the prompt lacks."""
        from nl2sql.model.scoring import likelihoods

        return likelihoods(self.parser, self.pieces, self.linked(context), sequences)

    def linked(self, context: Context) -> Context:
        """The context with links by the thesaurus and by meaning, as the prompt shows it."""
        return self._similar(context)

    def embed(self, texts: Sequence[str]) -> Any:
        """Sentence embeddings (texts, 384), rows of length 1, from the encoder that is loaded; needs no lock."""
        return self._embedder(texts)

    @cached_property
    def _embedder(self) -> Embedder:
        from nl2sql.model.embedding import Embedder

        return Embedder(self.parser.encoder, self.pieces)

    @cached_property
    def _similar(self) -> SimilarNames:
        from nl2sql.model.similar import SimilarNames

        return SimilarNames(self.embed)


def random_decoder(generator: PointerGenerator, seed: int = 0) -> PointerGenerator:
    """The generator with new random weights in every matrix of its decoder: what grammar, linking and beam do alone."""
    import torch

    from nl2sql.model.packing import Half

    torch.manual_seed(seed)
    decoder = generator.parser.head.decoder
    with torch.no_grad():
        for weight in decoder.parameters():
            if weight.dim() > 1:
                weight.copy_(torch.randn(weight.shape) * 0.02)
        for layer in decoder.modules():
            if isinstance(layer, Half):
                layer.fill(torch.randn(layer.shape) * 0.02)
    return generator


@dataclass(frozen=True)
class _Hypothesis:
    """A prefix: its symbols, the grammar's state after them, the model's log probability of it, and of each symbol."""

    symbols: tuple[Symbol, ...]
    state: State | None
    score: float
    steps: tuple[float, ...] = ()


def _run(parser: Parser, prompts: Sequence[Prompt], searches: Sequence[_Search], beam: int) -> None:
    """Steps all searches together until each has its candidates; contexts that are done leave the batch."""
    import torch

    from nl2sql.model.decoding import Stepper
    from nl2sql.model.network import collate

    with torch.inference_mode():
        batch = collate(prompts)
        stepper = Stepper(parser.head, parser.encode(batch), batch.slots, batch.targets_allowed, beam)
        active = list(searches)
        inputs = torch.full((len(active), beam), INDEX[BOS])
        for _ in range(LONGEST):
            scores = stepper.step(inputs).log_softmax(-1).numpy()
            moves = [search.extend(scores[i]) for i, search in enumerate(active)]
            left = [i for i, search in enumerate(active) if not search.done]
            if not left:
                return
            active = [active[i] for i in left]
            chosen = torch.tensor([moves[i] for i in left])  # (n, beam, 2): parent, symbol
            stepper.reorder(torch.tensor(left), chosen[:, :, 0])
            inputs = chosen[:, :, 1]


class _Search:
    """The beam of one context."""

    def __init__(self, context: Context, prompt: Prompt, beam: int, strict: bool | None, least: float) -> None:
        self.margin = math.log(least) if least else -math.inf
        self.context, self.slots, self.beam = context, prompt.slots, beam
        self.grammar = Grammar(context, strict=strict) if strict is not None else None
        self.alive = [_Hypothesis((), self.grammar.start() if self.grammar else None, 0.0)]
        self.finished: list[_Hypothesis] = []
        self.none: _Hypothesis | None = None  # beside the others: how likely no answer is counts even where it is unlikely
        self.done = False
        self.width = len(VOCABULARY) + len(self.slots)
        self.places = np.array(self.grammar.places(self.slots)) if self.grammar else None

    def extend(self, scores: np.ndarray) -> list[tuple[int, int]]:
        """Takes log probabilities (K, V + S) for every hypothesis; returns (parent, symbol) of the new ones, always K of them."""
        gained = np.array([hypothesis.score for hypothesis in self.alive])
        total = np.where(self._allowed(), scores[: len(self.alive), : self.width] + gained[:, None], -np.inf)
        flat = total.ravel()
        best = np.argpartition(-flat, min(2 * self.beam, flat.size - 1))[: 2 * self.beam]
        moves: list[tuple[int, int]] = []
        alive: list[_Hypothesis] = []
        for place in sorted(best.tolist(), key=lambda place: -flat[place]):
            if flat[place] == -np.inf or len(alive) == self.beam:
                break
            row, symbol = divmod(place, self.width)
            hypothesis = self._extended(self.alive[row], symbol, float(flat[place]))
            if symbol == INDEX[NONE]:
                self.none = hypothesis
            elif symbol == INDEX[EOS]:
                self.finished.append(hypothesis)
            else:
                alive.append(hypothesis)
                moves.append((row, symbol))
        self.alive = alive
        self.finished = sorted(self.finished, key=lambda hypothesis: -hypothesis.score)[: self.beam]
        full = len(self.finished) == self.beam
        needed = self.finished[-1].score if full else -math.inf
        if self.finished:
            needed = max(needed, self.finished[0].score + self.margin)
        self.done = not alive or alive[0].score < needed
        return moves + [(0, INDEX[EOS])] * (self.beam - len(moves))

    def _allowed(self) -> np.ndarray:
        """What each hypothesis may go on with (K, V + S)."""
        if self.grammar is None:
            mask = np.ones((len(self.alive), self.width), dtype=bool)
            mask[:, [INDEX[BOS], 0]] = False
            return mask
        return np.array([self.grammar.allowed(one.state).mask for one in self.alive if one.state])[:, self.places]

    def _extended(self, hypothesis: _Hypothesis, symbol: int, score: float) -> _Hypothesis:
        said: Symbol = VOCABULARY[symbol] if symbol < len(VOCABULARY) else self.slots[symbol - len(VOCABULARY)]
        steps = (*hypothesis.steps, score - hypothesis.score)
        if said == EOS:
            return _Hypothesis(hypothesis.symbols, hypothesis.state, score, steps)
        state = self.grammar.advance(hypothesis.state, said) if self.grammar and hypothesis.state is not None else None
        return _Hypothesis((*hypothesis.symbols, said), state, score, steps)

    def candidates(self, dialect: str) -> list[Candidate]:
        found: dict[str | None, Candidate] = {}
        ended = [*self.finished, *([self.none] if self.none else [])]
        for hypothesis in sorted(ended, key=lambda hypothesis: -hypothesis.score):
            if hypothesis.symbols == (NONE,):
                sql = None
            else:
                try:
                    sql = to_sql(hypothesis.symbols, self.context, dialect)
                except Malformed:
                    continue  # only without a grammar: what it accepts can be written
            found.setdefault(sql, Candidate(sql, hypothesis.score, hypothesis.symbols, hypothesis.steps))
        return list(found.values())
