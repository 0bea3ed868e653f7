"""The two trainings: ``train base`` across databases, ``train adapter`` for one. Resumable; progress on standard output.

Weights lie in ``--out`` as a PEFT directory that can be used at any time; ``checkpoint.pt`` beside them is what ``--resume`` reads.
"""
from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from nl2sql.errors import BadInput


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class BaseTraining:
    """Train the base weights across databases."""

    data: Path = field(metadata={"help": "folder with spider/, spider_syn/, bird_train/, wikisql/"})
    out: Path = field(metadata={"help": "directory of the weights"})
    minutes: float | None = _setting(None, "length of the whole training; the learning rate falls towards its end")
    examples: int | None = _setting(None, "length in examples seen, instead of minutes")
    resume: bool = _setting(False, "go on from the checkpoint in --out")
    spider: float = _setting(1.0, "share of Spider's training set in each pass")
    others: float = _setting(1.0, "share of the older sets in Spider's form")
    spider_syn: float = _setting(0.4, "share of Spider-Syn")
    bird: float = _setting(0.5, "share of BIRD")
    wikisql: float = _setting(0.15, "share of 12 000 WikiSQL questions")
    none: float = _setting(1.0, "share of the questions that must not be answered")
    synthetic: float = _setting(0.5, "share of the synthesised questions")
    batch: int = _setting(32, "examples a step")
    rate: float = _setting(5e-4, "peak learning rate of the new layers")
    lora_rate: float = _setting(6e-4, "peak learning rate of the encoder's LoRA")
    warmup: int = _setting(300, "steps until the peak")
    smoothing: float = _setting(0.0, "label smoothing")
    rank: int = _setting(32, "rank of the encoder's LoRA")
    relation_layers: int = _setting(4, "relation-aware layers")
    decoder_layers: int = _setting(4, "GPT-2 blocks")
    dropout: float = _setting(0.1, "dropout of the new layers")
    device: str = _setting("cpu", "cpu or cuda")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")
    save_minutes: float = _setting(10.0, "minutes between checkpoints")
    test_every: int = _setting(400, "steps between measurements on dev")


def arguments(parser: argparse.ArgumentParser, training: type) -> None:
    """One option for each field of a training's dataclass."""
    hints = get_type_hints(training)
    for entry in fields(training):
        flag, text = "--" + entry.name.replace("_", "-"), entry.metadata.get("help", "")
        kinds = [kind for kind in getattr(hints[entry.name], "__args__", (hints[entry.name],)) if kind is not type(None)]
        if kinds[0] is bool:
            parser.add_argument(flag, action="store_true", help=text)
        elif entry.default is MISSING:
            parser.add_argument(flag, type=kinds[0], required=True, help=text)
        else:
            parser.add_argument(flag, type=kinds[0], default=entry.default, help=f"{text} (default: {entry.default})")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nl2sql train", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="training", required=True)
    trainings = {"base": (BaseTraining, base)}
    for name, (training, _) in trainings.items():
        arguments(commands.add_parser(name, help=training.__doc__, description=training.__doc__), training)
    options = vars(parser.parse_args(argv))
    training, start = trainings[options.pop("training")]
    start(training(**options))


def base(settings: BaseTraining) -> None:
    import torch

    from nl2sql.model import train_data
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.fitting import Fitting, Mix, Pace, exact_share
    from nl2sql.model.network import Shape
    from nl2sql.model.prompt import word_pieces
    from nl2sql.model.variation import Showing, fixed_batches
    from nl2sql.model.weights import new_parser, save, shape_of, with_base_lora

    if not settings.data.is_dir():
        raise BadInput(f"{settings.data} is not a folder: give the folder of the training data.")
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    sources = base_sources(settings)
    lessons = {source.name: train_data.prepare(source) for source in sources}
    shape = Shape(relation_layers=settings.relation_layers, decoder_layers=settings.decoder_layers, dropout=settings.dropout)
    model = with_base_lora(new_parser(minilm_folder(), shape), rank=settings.rank)
    showing = Showing(word_pieces(minilm_folder()), shape.positions)
    pace = Pace(**{entry.name: getattr(settings, entry.name) for entry in fields(Pace) if hasattr(settings, entry.name)})
    mix = Mix(lessons, {name: getattr(settings, name) for name in lessons}, settings.seed)
    fitting = Fitting(model, mix, showing, pace)
    checkpoint = settings.out / "checkpoint.pt"
    if settings.resume and checkpoint.exists():
        fitting.read(checkpoint)
    dev = train_data.prepare(sample := train_data.sampled(train_data.dev_source(settings.data), 200))
    tests = fixed_batches(dev, showing)
    print(f"{sum(weight.numel() for weight in fitting.weights.values()) / 1e6:.1f} M parameters in training", flush=True)

    def keep(averages: Mapping[str, Any], figures: Mapping[str, float]) -> None:
        counts = {name: len(found) for name, found in lessons.items()}
        save(settings.out, model, {"kind": "base", "shape": shape_of(shape), "figures": figures, "lessons": counts},
             base_card(figures, counts), averaged=averages)

    fitting.run(keep, lambda: exact_share(model, tests, len(sample.examples), settings.device), checkpoint=checkpoint)


def base_sources(settings: BaseTraining) -> list[Any]:
    """The sources that have a share."""
    from nl2sql.model import train_data
    from nl2sql.model.train_synthetic import synthetic_source

    sources = list(train_data.spider_sources(settings.data, seed=settings.seed))
    if settings.bird:
        sources.append(train_data.bird_source(settings.data))
    if settings.wikisql:
        sources.append(train_data.wikisql_source(settings.data, seed=settings.seed))
    if settings.synthetic:
        sources.append(synthetic_source(settings.data, seed=settings.seed))
    if settings.synthetic:
        sources.append(train_data.synthetic_source(settings.data, seed=settings.seed))
    return [source for source in sources if getattr(settings, source.name)]


def base_card(figures: Mapping[str, float], counts: Mapping[str, int]) -> str:
    """The model card of base weights."""
    rows = "".join(f"| {name} | {count} |\n" for name, count in counts.items())
    return f"""---
license: cc-by-sa-4.0
library_name: peft
base_model: sentence-transformers/all-MiniLM-L6-v2
---
# nl2sql base weights

From a question and a database's schema to SQL: LoRA on all-MiniLM-L6-v2, relation-aware layers over the slots of the prompt and
a GPT-2 decoder that writes SQL symbols and points at tables, columns, values, numbers and periods. Not tied to a database.

Trained by `nl2sql train base` for {figures["minutes"]:.0f} minutes: {figures["steps"]:.0f} steps, {figures["examples"]:.0f} examples seen.
Whole sequences right on a sample of 200 questions of Spider's development set, given the right symbols before: {figures["dev_exact"]:.1%}.

| source | questions |
|---|---|
{rows}
Spider (CC BY-SA 4.0; 20 of its training databases are held out), Spider-Syn (MIT), BIRD (CC BY-SA 4.0), WikiSQL (BSD-3); the encoder
is Apache-2.0. The databases of Spider's development set are in no part of it.
"""


if __name__ == "__main__":
    main()
