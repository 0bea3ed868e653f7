"""The verifier: which of the executed candidates is right, and can the question be answered at all?

As in LEVER (Ni et al. 2023) question, query and rows are judged together; here by a conditional logit model (McFadden 1974) of
the numbers of ``evidence``, which compares the candidates of one question with each other: one softmax over all that ran and two
more outcomes, "none of them is right" and "this can't be answered". Candidates with equal rows share their probability. Trained
by ``train_verifier`` on databases that the parser has never seen, and calibrated there.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nl2sql.errors import BadWeights
from nl2sql.model import weights
from nl2sql.model.evidence import Evidence, evidence
from nl2sql.records import Attempt, Candidate, Context, Verdict

TENSORS, DESCRIPTION = "verifier.safetensors", "verifier.json"
WRONG, UNANSWERABLE = -2, -1  # places of the two further outcomes, after those of the candidates


class Comparison(nn.Module):
    """Log probabilities of every attempt, of "all are wrong" and of "can't be answered"."""

    def __init__(self, attempt_size: int, question_size: int) -> None:
        super().__init__()
        self.register_buffer("attempt_scale", torch.stack([torch.zeros(attempt_size), torch.ones(attempt_size)]))
        self.register_buffer("question_scale", torch.stack([torch.zeros(question_size), torch.ones(question_size)]))
        self.register_buffer("temperature", torch.ones(()))
        self.attempt = nn.Linear(attempt_size, 1, bias=False)
        self.outcome = nn.Linear(2 * attempt_size + question_size, 2)
        for weight in (self.attempt.weight, self.outcome.weight):
            nn.init.zeros_(weight)

    def forward(self, attempts: Tensor, question: Tensor, present: Tensor) -> Tensor:
        """(B, N, F), (B, Q), (B, N) True where there is an attempt -> (B, N + 2)."""
        attempts = _scaled(attempts, self.get_buffer("attempt_scale"))
        question = _scaled(question, self.get_buffer("question_scale"))
        each = self.attempt(attempts).squeeze(-1).masked_fill(~present, -1e4)
        weight = present.unsqueeze(-1) / present.sum(1)[:, None, None]
        others = self.outcome(torch.cat([attempts[:, 0], (attempts * weight).sum(1), question], -1))
        return (torch.cat([each, others], 1) / self.get_buffer("temperature")).log_softmax(-1)


def _scaled(numbers: Tensor, scale: Tensor) -> Tensor:
    """Standardised; what lies far outside of all that was seen in training is drawn in."""
    return ((numbers - scale[0]) / scale[1]).clamp(-5, 5)


class Verifier:
    """Judges with the weights of a folder. Raises ``BadWeights`` where they are missing, damaged or of another version."""

    def __init__(self, folder: Path) -> None:
        self.description = _description(folder)
        self.names = tuple(tuple(part) for part in self.description["names"])
        self.threshold: float = self.description["threshold"]
        self.network = _network(folder, self.description)

    def __call__(self, context: Context, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> Verdict:
        found = evidence(context, candidates, attempts)
        if found.names != self.names:
            raise BadWeights("The verifier's weights were trained on other evidence than this program gathers.")
        by_attempt, unanswerable = self.judge(found)
        return Verdict(tuple(by_attempt), refused=unanswerable > self.threshold)

    def judge(self, found: Evidence) -> tuple[list[float], float]:
        """How likely each attempt's rows are right, and that the question can't be answered."""
        attempts, question = torch.from_numpy(found.attempts)[None], torch.from_numpy(found.question)[None]
        with torch.inference_mode():
            shares = self.network(attempts, question, torch.ones(1, len(found.groups), dtype=torch.bool))[0].exp()
        groups = torch.from_numpy(found.groups)
        together = torch.zeros(len(groups)).index_add(0, groups, shares[: len(groups)])
        return together[groups].tolist(), float(shares[UNANSWERABLE])


def suited(folder: Path, adapter: Path | None) -> Verifier | None:
    """The folder's verifier; None with an adapter: it learnt from the base's scores, others make it refuse too often."""
    return Verifier(folder) if adapter is None else None


def save(folder: Path, network: Comparison, description: Mapping[str, Any], card: str) -> None:
    """``description`` holds ``names``, ``threshold`` and the figures of the training."""
    weights.write(folder, network.state_dict(), description, card, names=(TENSORS, DESCRIPTION))


def _description(folder: Path) -> dict[str, Any]:
    try:
        description: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if not isinstance(description["threshold"], float) or len(description["names"]) != 2:
            raise ValueError("values")
        return description
    except FileNotFoundError as error:
        raise BadWeights(f"There is no verifier in {folder}: {DESCRIPTION} is missing.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadWeights(f"The verifier in {folder} is damaged: {DESCRIPTION} can't be read.") from error


def _network(folder: Path, description: Mapping[str, Any]) -> Comparison:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    attempt, question = description["names"]
    network = Comparison(len(attempt), len(question))
    try:
        network.load_state_dict(load_file(folder / TENSORS))
    except FileNotFoundError as error:
        raise BadWeights(f"There is no verifier in {folder}: {TENSORS} is missing.") from error
    except (OSError, SafetensorError, RuntimeError) as error:
        raise BadWeights(f"The verifier in {folder} is damaged: {TENSORS} can't be read.") from error
    return network.requires_grad_(False).eval()
