"""The training loop that both trainings share: batches of lessons in, an averaged PEFT directory and a resumable checkpoint out.

Same code on CPU and CUDA, bf16 autocast. Everything random is drawn from (seed, step), so that a run that was killed goes on
exactly where its checkpoint stood. Started by ``torchrun`` on several processes, each learns from its part of every batch and the
gradients are averaged: on a busy CPU, processes of one thread don't wait for each other at every product as threads do.
"""
from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.distributed as distributed
from torch import Tensor

from nl2sql.errors import BadWeights
from nl2sql.model.feeding import Fed, Feed, Mix, Pad, Show, padded
from nl2sql.model.network import NOT_SCORED, Batch, loss

if TYPE_CHECKING:
    from peft import PeftModel

AVERAGE_EVERY, AVERAGE_DECAY = 20, 0.98


@dataclass(frozen=True)
class Pace:
    """How long and how fast: ``minutes`` of training (kills don't count) or ``examples`` seen, whichever is given."""

    minutes: float | None = None
    examples: int | None = None
    batch: int = 32
    rate: float = 5e-4  # new layers
    lora_rate: float = 6e-4
    warmup: int = 300
    clip: float = 1.0
    smoothing: float = 0.0
    device: str = "cpu"
    workers: int = 0  # processes that prepare batches
    seed: int = 0
    report_every: int = 25
    test_every: int = 400
    save_minutes: float = 10.0


Save = Callable[[Mapping[str, Tensor], Mapping[str, float]], None]  # averaged weights, figures


class Fitting:
    """A training in progress: model, optimiser, running average and where it stands."""

    def __init__(self, model: PeftModel, mix: Mix, show: Show, pace: Pace, pad: Pad = padded) -> None:
        self.model, self.mix, self.pace = model.to(pace.device), mix, pace
        self.weights = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        lora = [weight for name, weight in self.weights.items() if ".lora_" in name]
        others = [weight for name, weight in self.weights.items() if ".lora_" not in name]
        groups = [{"params": lora, "peak": pace.lora_rate}, {"params": others, "peak": pace.rate}]
        self.optimizer = torch.optim.AdamW([g for g in groups if g["params"]], lr=pace.rate, betas=(0.9, 0.98), weight_decay=0.01,
                                           fused=pace.device != "cpu")
        self.precision = precision(pace.device)
        self.averages = {name: weight.detach().clone() for name, weight in self.weights.items()}
        self.step = self.seen = self.pool = self.place = 0
        self.seconds, self.running, self.tested = 0.0, torch.zeros((), device=pace.device), 0.0
        self.pool_drawn: dict[str, int] = {}
        self.rank, self.processes = meet()
        self.feed = Feed(
            mix, show, pace.batch, pace.seed, pace.workers, self.rank, self.processes, pace.device != "cpu", pad)
        torch.manual_seed(pace.seed + self.rank)

    @property
    def progress(self) -> float:
        """0 at the start, 1 at the end."""
        if self.pace.examples:
            return min(1.0, self.seen / self.pace.examples)
        return min(1.0, self.seconds / (60 * (self.pace.minutes or 60.0)))

    def run(self, save: Save, test: Callable[[], float] | None = None, *, checkpoint: Path | None = None) -> None:
        """Trains to the end of its pace. ``test`` measures the averaged weights; ``save`` and the checkpoint follow the clock."""
        started, saved, base, seen = time.monotonic(), time.monotonic(), self.seconds, self.seen
        self.model.train()
        for fed in self.feed.batches(self.pool, self.place):
            if self.progress >= 1:
                break
            self._learn(fed, base + time.monotonic() - started)
            if self.rank:
                continue  # the first process reports, measures and saves
            if self.step % self.pace.report_every == 0:
                self._report((self.seen - seen) / max(1e-9, self.seconds - base))
            if test and self.step % self.pace.test_every == 0:
                self.tested = self._test(test)
            if time.monotonic() - saved > 60 * self.pace.save_minutes:
                self._save(save, checkpoint)
                saved = time.monotonic()
        if not self.rank:
            self.tested = self._test(test) if test else self.tested
            self._save(save, checkpoint)
            self._report((self.seen - seen) / max(1e-9, self.seconds - base))

    def _learn(self, fed: Fed, seconds: float) -> None:
        self.pool, self.place, self.pool_drawn = fed.pool, fed.place, fed.drawn
        self.seen += fed.lessons
        factor = min(1.0, (self.step + 1) / self.pace.warmup) * max(0.02, 1 - self.progress)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        batch = fed.batch.to(self.pace.device)
        with self.precision:
            logits = self.model(batch)
        value = loss(logits, batch.targets, smoothing=self.pace.smoothing)
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        self.seconds = self._averaged(seconds)
        torch.nn.utils.clip_grad_norm_(self.weights.values(), self.pace.clip)
        self.optimizer.step()
        self.step += 1
        self.running = value.detach().lerp(self.running, 0.98 if self.step > 1 else 0.0)  # read when it is reported, not before
        if self.step % AVERAGE_EVERY == 0:
            self._average()

    @torch.no_grad()
    def _averaged(self, seconds: float) -> float:
        """Averages the gradients of all processes; returns the seconds of the first one, so that all stop at the same step."""
        if self.processes == 1:
            return seconds
        gradients = [weight.grad for weight in self.weights.values() if weight.grad is not None]
        clock = torch.tensor([0.0 if self.rank else seconds * self.processes])
        flat = torch.cat([gradient.flatten() for gradient in gradients] + [clock.to(self.pace.device)])
        distributed.all_reduce(flat)
        flat /= self.processes
        for gradient, part in zip(gradients, flat[:-1].split([gradient.numel() for gradient in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))
        return float(flat[-1])

    @torch.no_grad()
    def _average(self) -> None:
        count = self.step // AVERAGE_EVERY
        decay = min(AVERAGE_DECAY, count / (count + 9))
        torch._foreach_lerp_(list(self.averages.values()), [w.detach() for w in self.weights.values()], 1 - decay)

    @torch.no_grad()
    def _test(self, test: Callable[[], float]) -> float:
        live = {name: weight.detach().clone() for name, weight in self.weights.items()}
        self._set(self.averages)
        self.model.eval()
        result = test()
        self.model.train()
        self._set(live)
        return result

    @torch.no_grad()
    def _set(self, values: Mapping[str, Tensor]) -> None:
        for name, weight in self.weights.items():
            weight.copy_(values[name])

    def _report(self, rate: float) -> None:
        done = self.progress
        left = self.seconds * (1 - done) / done / 60 if done else float("nan")
        tested = f"  dev {self.tested:.1%}" if self.tested else ""
        bar = "█" * round(20 * done)
        print(f"{bar:░<20} {done:4.0%}  step {self.step}  seen {self.seen}  loss {self.running:.3f}{tested}"
              f"  {rate:.1f} examples/s  {left:.0f} min left", end="\r" if sys.stdout.isatty() else "\n", flush=True)

    def _save(self, save: Save, checkpoint: Path | None) -> None:
        figures = {"steps": self.step, "examples": self.seen, "minutes": round(self.seconds / 60, 1),
                   "loss": round(float(self.running), 4), "dev_exact": round(self.tested, 4)}
        save(self.averages, figures)
        if checkpoint:
            self.write(checkpoint)

    def write(self, checkpoint: Path) -> None:
        """Everything that ``read`` needs to go on as if nothing had happened; replaces the old file at once."""
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        new = checkpoint.with_suffix(".new")
        torch.save({
            "weights": {name: weight.detach() for name, weight in self.weights.items()}, "averages": self.averages,
            "optimizer": self.optimizer.state_dict(), "random": torch.get_rng_state(), "drawn": self.pool_drawn,
            "numbers": [self.step, self.seen, self.pool, self.place, self.seconds, float(self.running), self.tested]}, new)
        new.replace(checkpoint)

    def read(self, checkpoint: Path) -> None:
        try:
            state = torch.load(checkpoint, map_location=self.pace.device, weights_only=True)
            self._set(state["weights"])
            self.averages = state["averages"]
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.seen, self.pool, self.place, self.seconds, running, self.tested = state["numbers"]
            self.running = torch.tensor(running, device=self.pace.device)
            self.mix.drawn = dict(state["drawn"])
            torch.set_rng_state(state["random"].cpu())
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise BadWeights(f"The checkpoint {checkpoint} can't be read or is of another model.") from error


def meet() -> tuple[int, int]:
    """This process's number and how many there are, by the variables that ``torchrun`` sets; alone it is (0, 1)."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1 and not distributed.is_initialized():
        distributed.init_process_group("gloo", timeout=dt.timedelta(hours=2))
    return int(os.environ.get("RANK", "0")), processes


def precision(device: str) -> torch.autocast:
    """bf16 autocast where it is faster than fp32: on a CPU without bf16 units it is forty times slower, so it is timed."""
    kind = torch.device(device).type
    if kind != "cpu":
        return torch.autocast(kind, torch.bfloat16)
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        left, right = torch.randn(256, 384).to(dtype), torch.randn(384, 768).to(dtype)
        times = []
        for _ in range(4):
            start = time.perf_counter()
            left @ right
            times.append(time.perf_counter() - start)
        seconds[dtype] = min(times)
    return torch.autocast("cpu", torch.bfloat16, enabled=seconds[torch.bfloat16] < seconds[torch.float32])


@torch.no_grad()
def exact_share(model: torch.nn.Module, batches: Sequence[Batch], total: int, device: str) -> float:
    """Share of ``total`` lessons whose every symbol is the most likely one, given the right ones before it."""
    right, precise = 0, precision(device)
    for batch in batches:
        batch = batch.to(device)
        with precise:
            guess = model(batch).argmax(-1)
        right += int(((guess == batch.targets) | (batch.targets == NOT_SCORED)).all(1).sum())
    return right / max(1, total)
