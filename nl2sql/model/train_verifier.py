"""``train verifier``: beams on the databases set aside, the verifier cross-validated over them, its calibration.

Every figure that it prints and every threshold comes from databases that the network in question has not seen: the databases
are cut into folds, and each fold is judged by a network that was fitted to the others.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from nl2sql.errors import BadInput
from nl2sql.eval import statistics
from nl2sql.model.verifier import UNANSWERABLE, WRONG, Comparison, save

if TYPE_CHECKING:
    from nl2sql.model.settings import VerifierTraining
    from nl2sql.model.verifier_data import Collected, Judged

MOST = 9  # attempts of a question that are compared


@dataclass(frozen=True)
class Table:
    """Questions as tensors. ``target`` marks the outcomes that are right, ``weight`` is what a question counts."""

    attempts: Tensor  # (M, MOST, F)
    question: Tensor  # (M, Q)
    present: Tensor  # (M, MOST)
    target: Tensor  # (M, MOST + 2)
    weight: Tensor  # (M,)

    def rows(self, which: Sequence[int] | np.ndarray) -> Table:
        at = torch.as_tensor(which)
        return Table(*(tensor[at] for tensor in vars(self).values()))


def verifier(settings: VerifierTraining) -> None:
    from nl2sql.data.sources.wordnet import WordNet
    from nl2sql.model import adapters
    from nl2sql.model.generate import PointerGenerator
    from nl2sql.model.verifier_data import collect, questions

    base = settings.base or adapters.SHIPPED / "base"
    generator = PointerGenerator(base, threads=settings.threads, strict=False, dialect="sqlite")
    synonyms = WordNet(settings.wordnet).synonyms if settings.wordnet else None
    collected = collect(settings.data, base, generator, beam=settings.beam, asked=questions(settings.data), synonyms=synonyms)
    network, figures, threshold = fitted(collected, settings, lambda line: print(line, flush=True))
    description = {
        "names": collected.names, "threshold": threshold, "beam": settings.beam, "figures": figures}
    save(settings.out or adapters.SHIPPED / "verifier", network, description, card(figures, len(collected.judged)))


def fitted(
    collected: Collected, settings: VerifierTraining, say: Callable[[str], None]
) -> tuple[Comparison, dict[str, float], float]:
    """The network, its figures on databases that it hadn't seen, and the probability from which a question is refused."""
    judged, table = collected.judged, _table(collected.judged, settings)
    folds = _folds(judged, settings.folds)
    unseen = torch.zeros(len(judged), MOST + 2)
    for fold in sorted(set(folds)):
        network = _fit(table.rows(np.flatnonzero(folds != fold)), settings)
        at = np.flatnonzero(folds == fold)
        part = table.rows(at)
        with torch.inference_mode():
            unseen[torch.as_tensor(at)] = network(part.attempts, part.question, part.present)
    temperature = _temperature(unseen, table)
    shares = (unseen / temperature).log_softmax(-1).exp().numpy()
    answerable = np.array([entry.answerable for entry in judged])
    threshold = float(np.quantile(shares[answerable, UNANSWERABLE], 1 - settings.refused))
    figures = {"temperature": temperature, **measured(judged, shares, threshold)}
    for name, figure in figures.items():
        say(f"{name:<44}{figure:8.3f}")
    network = _fit(table, settings)
    network.get_buffer("temperature").fill_(temperature)
    return network.eval(), figures, threshold


def measured(judged: Sequence[Judged], shares: np.ndarray, threshold: float) -> dict[str, float]:
    """What the choice is worth on Spider's questions and on those that have no answer."""
    figures: dict[str, float] = {}
    for narrow in sorted({entry.narrow for entry in judged}):
        of = [(entry, row) for entry, row in zip(judged, shares, strict=True) if entry.narrow == narrow]
        width = "narrow" if narrow else "wide"
        for kind in ("spider", "reworded", "renamed"):
            asked = [(entry, row) for entry, row in of if entry.kind == kind]
            found = _choices(asked, threshold) if asked else {}
            figures |= {f"{kind}, {width}: {name}": figure for name, figure in found.items()}
        for kind in ("misplaced", "unanswerable"):
            refused = [row[UNANSWERABLE] > threshold for entry, row in of if entry.kind == kind]
            if refused:
                figures[f"{kind}, {width}: refused"] = float(np.mean(refused))
    return figures


def _choices(asked: Sequence[tuple[Judged, np.ndarray]], threshold: float) -> dict[str, float]:
    chosen, sure, first = [], [], []
    for entry, row in asked:
        together = np.bincount(entry.groups[:MOST], row[: len(entry.groups[:MOST])])[entry.groups[:MOST]]
        best = int(together.argmax())
        chosen.append(bool(entry.right[best]))
        sure.append(float(together[best]))
        first.append(bool(entry.right[0]))
    risk = dict(statistics.risk_coverage(sure, chosen))
    return {
        "the first that runs is right": float(np.mean(first)), "the chosen one is right": float(np.mean(chosen)),
        "one of them is right": float(np.mean([entry.right.any() for entry, _ in asked])),
        "calibration error": statistics.calibration_error(sure, chosen),
        "right of the surest 60 %": 1 - risk[0.6],
        "refused": float(np.mean([row[UNANSWERABLE] > threshold for _, row in asked])),
    }  # fmt: skip


def _table(judged: Sequence[Judged], settings: VerifierTraining) -> Table:
    if not judged:
        raise BadInput("There is no question to learn from: none of the databases set aside could be opened.")
    count = len(judged)
    attempts = torch.zeros(count, MOST, judged[0].attempts.shape[1])
    present, target = torch.zeros(count, MOST, dtype=torch.bool), torch.zeros(count, MOST + 2, dtype=torch.bool)
    for i, entry in enumerate(judged):
        n = min(MOST, len(entry.attempts))
        attempts[i, :n], present[i, :n] = torch.from_numpy(entry.attempts[:n]), True
        target[i, :n] = torch.from_numpy(entry.right[:n])
        target[i, UNANSWERABLE] = not entry.answerable
        target[i, WRONG] = entry.answerable and not entry.right[:n].any()
    answerable = torch.tensor([entry.answerable for entry in judged])
    share = settings.unanswerable * answerable.sum() / (~answerable).sum().clamp(min=1)
    weight = torch.where(answerable, torch.ones(()), share)
    return Table(attempts, torch.from_numpy(np.stack([entry.question for entry in judged])), present, target, weight)


def _folds(judged: Sequence[Judged], count: int) -> np.ndarray:
    """The fold of each question; all questions of a database are in one."""
    names = sorted({entry.database for entry in judged})
    place = {name: i % count for i, name in enumerate(names)}
    return np.array([place[entry.database] for entry in judged])


def _fit(table: Table, settings: VerifierTraining) -> Comparison:
    torch.manual_seed(settings.seed)
    shown = table.attempts[table.present]
    network = Comparison(shown.size(1), table.question.size(1))
    for name, numbers in (("attempt_scale", shown), ("question_scale", table.question)):
        network.get_buffer(name).copy_(torch.stack([numbers.mean(0), numbers.std(0).clamp(min=0.05)]))
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    steps = settings.passes * -(-len(table.weight) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps)
    network.train()
    for _ in range(settings.passes):
        for at in torch.randperm(len(table.weight)).split(settings.batch):
            part = table.rows(at)
            optimizer.zero_grad()
            _loss(network(part.attempts, part.question, part.present), part).backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def _loss(shares: Tensor, table: Table) -> Tensor:
    """Minus the log probability of everything that is right."""
    right = shares.masked_fill(~table.target, -1e4).logsumexp(-1)
    return -(right * table.weight).sum() / table.weight.sum()


def _temperature(shares: Tensor, table: Table) -> float:
    """What the logits are divided by for the likeliest probabilities on questions not learnt from (Guo et al. 2017)."""
    tried = np.exp(np.linspace(np.log(0.5), np.log(4), 60))
    losses = [float(_loss((shares / float(t)).log_softmax(-1), table)) for t in tried]
    return float(tried[int(np.argmin(losses))])


def card(figures: dict[str, Any], count: int) -> str:
    rows = "\n".join(f"| {name} | {figure:.3f} |" for name, figure in figures.items())
    return f"""# Verifier

Chooses among the candidates that the parser wrote for a question, says how likely the chosen one is right, and whether the
question can be answered at all. A conditional logit model (PyTorch, some three hundred parameters) of numbers that
`nl2sql.model.evidence` gathers: scores of the parser's symbols, agreement of the candidates' rows, the rows themselves, and what
the question names that a query leaves out.

Trained by `nl2sql train verifier` on {count} beams of the shipped base weights over 20 Spider training databases (CC BY-SA 4.0)
that no other training uses: Spider's questions, the same in other words (Spider-Syn, MIT), half of them with other names in the
schema (WordNet), and such as have no answer there.
"wide" are all candidates of a beam of 8, "narrow" the first 4. All figures are cross-validated: each database was judged by a
model that had not seen it.

| figure | |
|---|---|
{rows}

It has never seen Spider's development set. It judges English questions over this parser's candidates, not other generators'.
A high confidence is no proof: look at the query.
"""
