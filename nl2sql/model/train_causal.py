"""``train causal``: LoRA on a causal language model, on the lessons that the pointer model learns from, as text.

The loop is ``fitting``'s; only what a batch holds is another. Of a text only the SQL and its end are learnt.
"""
from __future__ import annotations

import os
import random
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn

from nl2sql.errors import BadInput
from nl2sql.model import weights
from nl2sql.model.causal import LONGEST, Language, language
from nl2sql.model.causal_text import answer_text, prompt_tokens
from nl2sql.model.feeding import Lesson, Mix
from nl2sql.model.fitting import Fitting, Pace, exact_share
from nl2sql.model.network import NOT_SCORED
from nl2sql.model.prompt import DoesNotFit
from nl2sql.model.variation import needs
from nl2sql.sql.ir import Malformed

if TYPE_CHECKING:
    from nl2sql.model.lessons import Lessons
    from nl2sql.model.settings import CausalTraining, WordingTraining


class Texts(NamedTuple):
    """B texts, padded on the right to L tokens. The last T places have targets: what comes next, NOT_SCORED before the SQL."""

    ids: Tensor  # (B, L)
    shown: Tensor  # (B, L)
    targets: Tensor  # (B, T)

    def to(self, device: str | torch.device) -> Texts:
        return Texts(*(tensor.to(device, non_blocking=True) for tensor in self))


@dataclass(frozen=True)
class Asked:
    ids: list[int]  # of the prompt


def texts(shown: Sequence[tuple[Asked, Sequence[int]]]) -> Texts:
    """Prompts and the tokens to be written after them."""
    first = min(len(asked.ids) for asked, _ in shown) - 1
    length = max(len(asked.ids) + len(answer) for asked, answer in shown) - 1
    ids, mask = (torch.zeros(len(shown), length, dtype=torch.long) for _ in range(2))
    targets = torch.full((len(shown), length), NOT_SCORED)
    for i, (asked, answer) in enumerate(shown):
        whole = torch.tensor([*asked.ids, *answer])
        ids[i, : len(whole) - 1], mask[i, : len(whole) - 1] = whole[:-1], 1
        targets[i, len(asked.ids) - 1 : len(whole) - 1] = whole[len(asked.ids) :]
    return Texts(ids, mask, targets[:, first:])


class Writer(nn.Module):
    """The language model as the training loop calls it: texts -> logits (B, T, V) where there are targets."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, given: Texts) -> Tensor:
        keep = given.targets.size(1)
        return self.model(given.ids, attention_mask=given.shown, use_cache=False, logits_to_keep=keep).logits.float()


@dataclass(frozen=True)
class Telling:
    """Turns lessons into prompts and answers; None for those that are too long."""

    language: Language
    limit: int
    dialect: str

    def __call__(self, lesson: Lesson, rng: random.Random) -> Any:
        return self._told(lesson, known=True)

    def as_asked(self, lesson: Lesson) -> Any:
        """The lesson as inference would show it: nothing is known to be needed."""
        return self._told(lesson, known=False)

    def _told(self, lesson: Lesson, known: bool) -> tuple[Asked, tuple[int, ...]] | None:
        needed = needs(lesson.symbols, lesson.context) if known else frozenset()
        try:
            ids = prompt_tokens(lesson.context, self.language.tokens, self.limit, dialect=self.dialect, needed=needed)
            answer = self.language.more(answer_text(lesson.symbols, lesson.context, self.dialect))
        except (DoesNotFit, Malformed):
            return None
        return (Asked(ids), (*answer, self.language.end)) if len(answer) < LONGEST else None


class Tells(Protocol):
    """Lessons as prompts and what is to be written after them, in training and as they are asked; None: too long."""

    def __call__(self, lesson: Lesson, rng: random.Random) -> Any: ...

    def as_asked(self, lesson: Lesson) -> Any: ...


def with_lora(model: nn.Module, rank: int) -> Any:
    """LoRA on every linear layer but the last."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
    with warnings.catch_warnings():  # GPT-2's layers are transposed, which PEFT tells and then allows for
        warnings.filterwarnings("ignore", message="fan_in_fan_out")
        return get_peft_model(model, config)  # type: ignore[arg-type]


def causal(settings: CausalTraining) -> None:
    if settings.dialect not in ("sqlite", "duckdb"):
        raise BadInput(f"There is no dialect {settings.dialect!r}, only sqlite and duckdb.")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    found, tests, total = _lessons(settings)
    read = language(settings.model)
    telling = Telling(read, read.room(settings.limit), settings.dialect)
    if not any(telling(lesson, random.Random(0)) for lessons in found.values() for lesson in lessons[:50]):
        raise BadInput(f"There is nothing to learn from: no lesson fits {telling.limit} tokens, or no source has a share.")
    shares = {name: getattr(settings, name, 1.0) for name in found}
    fit(read, found, tests, total, settings, telling, shares, {
        "kind": "causal", "dialect": settings.dialect, "limit": telling.limit})


def fit(
    read: Language, found: Mapping[str, Sequence[Lesson]], tests: Sequence[Lesson], total: int,
    settings: CausalTraining | WordingTraining, telling: Tells, shares: Mapping[str, float], about: Mapping[str, Any],
) -> Fitting:
    """Trains and saves; ``total``: of how many tests a share is right; ``about``: what is said of the weights."""
    from nl2sql.model.train import CHECKPOINT

    size = sum(weight.numel() for weight in read.model.parameters())
    model = with_lora(read.model, settings.rank)
    pace = Pace(**{entry.name: getattr(settings, entry.name) for entry in fields(Pace) if hasattr(settings, entry.name)})
    writer: Any = Writer(model)
    pad: Any = texts
    fitting = Fitting(writer, Mix(found, shares, settings.seed), telling, pace, pad)
    checkpoint = settings.out / CHECKPOINT
    if settings.resume and checkpoint.exists():
        fitting.read(checkpoint)
    trained = sum(weight.numel() for weight in fitting.weights.values())
    about = {**about, "model": read.name, "parameters": size, "trained": trained,
             "lessons": {name: len(kept) for name, kept in found.items()}}

    def keep(averages: Mapping[str, Tensor], figures: Mapping[str, float]) -> None:
        save(settings.out, model, averages, {**about, "figures": dict(figures)})

    batches = _tests(tests, telling, settings.batch)
    print(f"{size / 1e6:.1f} M parameters, {trained / 1e6:.1f} M beside them in training", flush=True)
    fitting.run(keep, lambda: exact_share(writer, batches, total, settings.device), checkpoint=checkpoint)
    return fitting


def _tests(lessons: Sequence[Lesson], telling: Tells, size: int) -> Any:
    """Batches of similar length; those that can't be told are missing."""
    told = sorted((one for lesson in lessons if (one := telling.as_asked(lesson))), key=lambda one: len(one[0].ids))
    return [texts(told[i : i + size]) for i in range(0, len(told), size)]


def _lessons(settings: CausalTraining) -> tuple[dict[str, Lessons], Lessons, int]:
    """The sources that have a share; questions of Spider's development set, and of how many they are a part."""
    from nl2sql.model import lessons, train_data

    if settings.lessons:
        found, about = lessons.read(settings.lessons)
        dev, total = found.pop("dev"), about["dev"]
    elif settings.data is None or not settings.data.is_dir():
        given = f"{settings.data} is not a folder: " if settings.data else ""
        raise BadInput(f"{given}Give the folder of the training data (--data) or a file of prepared lessons (--lessons).")
    else:
        asked = train_data.sampled(train_data.dev_source(settings.data), 200)
        dev, total = train_data.prepare(asked), len(asked.examples)
        sources = train_data.spider_sources(settings.data, seed=settings.seed)
        found = {source.name: train_data.prepare(source) for source in sources if getattr(settings, source.name)}
    return {name: kept for name, kept in found.items() if getattr(settings, name, 0)}, dev, total


def save(directory: Path, model: Any, averages: Mapping[str, Tensor], description: Mapping[str, Any]) -> None:
    """A PEFT directory; ``averages`` stand in for the weights of the same name."""
    from peft import get_peft_model_state_dict

    own = {name.removeprefix("model."): weight for name, weight in averages.items()}
    tensors = get_peft_model_state_dict(model, state_dict={**model.state_dict(), **own}, save_embedding_layers=False)
    config = model.peft_config["default"]
    config.base_model_name_or_path = description["model"]
    weights.write(directory, weights.half(tensors), description, card(description))
    weights.write_config(directory, config)


def card(description: Mapping[str, Any]) -> str:
    figures, lessons = description["figures"], description["lessons"]
    rows = "".join(f"| {name} | {count} |\n" for name, count in lessons.items())
    title, what, tested = {
        "causal": ("SQL written as text", f"""which writes {description.get("dialect")} from a prompt of tables, joins, linked
values and the question, without a grammar""", "Whole queries"),
        "wording": ("Queries put into words", "which writes the question of a query that is told in the words of its schema",
                    "Whole questions"),
    }[description["kind"]]
    return f"""---
library_name: peft
base_model: {description["model"]}
---
# {title}

LoRA on a causal language model ({description["parameters"] / 1e6:.1f} M parameters, {description["trained"] / 1e6:.1f} M beside
them), {what}.

Trained by `nl2sql train {description["kind"]}`: {figures["minutes"]:.0f} minutes, {figures["steps"]:.0f} steps,
{figures["examples"]:.0f} examples seen. {tested} right on a sample of Spider's development set, given the right tokens before
each: {figures["dev_exact"]:.1%}.

| source | questions |
|---|---|
{rows}"""
