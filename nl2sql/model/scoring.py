"""How likely the parser finds given queries, symbol by symbol: the beam's arithmetic without a choice."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nl2sql.model.prompt import Pieces, Prompt, build_prompt
from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.symbols import BOS, EOS, INDEX, VOCABULARY

if TYPE_CHECKING:
    from nl2sql.model.network import Parser

Steps = tuple[float, ...]  # the log probability of each symbol of a query, given those before it, and of its end


def likelihoods(parser: Parser, pieces: Pieces, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[Steps | None]:
    """For each symbol sequence how likely each of its symbols is under a context. None: it points at what the prompt lacks."""
    prompt = build_prompt(context, pieces)
    places = {pointer: len(VOCABULARY) + i for i, pointer in enumerate(prompt.slots)}
    rows = [_row(sequence, places) for sequence in sequences]
    found = iter(_forced(parser, prompt, [row for row in rows if row]) if any(rows) else ())
    return [next(found) if row else None for row in rows]


def _row(sequence: Sequence[Symbol], places: dict[Pointer, int]) -> list[int]:
    """The sequence and its end as indices into vocabulary + slots; empty where a slot is missing."""
    try:
        return [INDEX[symbol] if isinstance(symbol, str) else places[symbol] for symbol in (*sequence, EOS)]
    except KeyError:
        return []


def _forced(parser: Parser, prompt: Prompt, rows: Sequence[Sequence[int]]) -> list[Steps]:
    """All rows side by side as the hypotheses of one beam, a step for each symbol of the longest."""
    import torch

    from nl2sql.model.decoding import Stepper
    from nl2sql.model.network import collate

    longest = max(map(len, rows))
    padded = torch.tensor([[*row, *[INDEX[EOS]] * (longest - len(row))] for row in rows])
    with torch.inference_mode():
        batch = collate([prompt])
        stepper = Stepper(parser.head, parser.encode(batch), batch.slots, batch.targets_allowed, len(rows))
        inputs, gained = torch.full((1, len(rows)), INDEX[BOS]), []
        for step in range(longest):
            gained.append(stepper.step(inputs)[0].log_softmax(-1).gather(1, padded[:, step : step + 1])[:, 0])
            inputs = padded[:, step][None, :]
    return [tuple(row[: len(rows[i])]) for i, row in enumerate(torch.stack(gained, 1).tolist())]
