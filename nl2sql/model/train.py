"""The trainings: ``train base`` across databases, ``train adapter`` for one, ``train verifier`` to choose among candidates,
``train retriever`` to find tables and columns.

Resumable, with progress on standard output. The parser's weights lie in ``--out`` as a PEFT directory, usable at any time;
``--resume`` goes on from ``checkpoint.pt`` beside them.
"""
from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from nl2sql.errors import BadInput

if TYPE_CHECKING:
    from peft import PeftModel

    from nl2sql.model.feeding import Lesson
    from nl2sql.model.fitting import Save
    from nl2sql.model.renaming import Renaming
    from nl2sql.model.train_data import Source

CHECKPOINT = "checkpoint.pt"


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class BaseTraining:
    """Train the base weights across databases."""

    data: Path = field(metadata={"help": "folder with spider/, spider_syn/, sparc/, bird_train/, wikisql/"})
    out: Path = field(metadata={"help": "directory of the weights"})
    minutes: float | None = _setting(None, "length of the whole training; the learning rate falls towards its end")
    examples: int | None = _setting(None, "length in examples seen, instead of minutes")
    resume: bool = _setting(False, "go on from the checkpoint in --out")
    start: Path | None = _setting(None, "begin with these base weights, where there is no checkpoint to go on from")
    spider: float = _setting(1.0, "share of Spider's training set in each pass")
    others: float = _setting(1.0, "share of the older sets in Spider's form")
    spider_syn: float = _setting(0.4, "share of Spider-Syn")
    bird: float = _setting(0.5, "share of BIRD")
    wikisql: float = _setting(0.15, "share of the WikiSQL questions")
    wikisql_questions: int = _setting(12_000, "WikiSQL questions to learn from")
    none: float = _setting(1.0, "share of the questions that must not be answered")
    synthetic: float = _setting(0.5, "share of the synthesised questions")
    invented: int = _setting(500, "invented schemas that questions are synthesised about, beside Spider's")
    each: int = _setting(32, "synthesised questions about each schema")
    transplanted: float = _setting(0.0, "share of Spider's questions asked of other databases")
    times: int = _setting(7, "databases that each of those is asked of")
    sparc: float = _setting(0.7, "share of SParC's follow-up questions")
    turns: float = _setting(0.5, "share of the synthesised follow-up questions")
    renamed: float = _setting(0.0, "share of lessons whose tables and columns get other names")
    wordnet: Path | None = _setting(None, "folder of WordNet's files, for more of those names")
    batch: int = _setting(32, "examples a step")
    rate: float = _setting(5e-4, "peak learning rate of the new layers")
    lora_rate: float = _setting(6e-4, "peak learning rate of the encoder's LoRA")
    warmup: int = _setting(300, "steps until the peak")
    smoothing: float = _setting(0.0, "label smoothing")
    rank: int = _setting(32, "rank of the encoder's LoRA")
    relation_layers: int = _setting(4, "relation-aware layers")
    decoder_layers: int = _setting(4, "GPT-2 blocks")
    dropout: float = _setting(0.1, "dropout of the new layers")
    encoder_dropout: float = _setting(0.0, "dropout of the encoder: slow on a CPU")
    device: str = _setting("cpu", "cpu or cuda")
    workers: int = _setting(0, "processes that prepare batches: a GPU waits for them otherwise")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")
    save_minutes: float = _setting(10.0, "minutes between checkpoints")
    test_every: int = _setting(400, "steps between measurements on dev")


@dataclass(frozen=True)
class AdapterTraining:
    """Train an adapter for one database on questions synthesised from it."""

    db: Path | None = _setting(None, "database file; the sample database if none is given")
    out: Path | None = _setting(None, "directory of the adapter; by default the user's own adapters")
    base: Path | None = _setting(None, "directory of the base weights; by default the shipped ones")
    as_of: str | None = _setting(None, "date that relative periods count from (YYYY-MM-DD)")
    minutes: float | None = _setting(30.0, "length of the training; the learning rate falls towards its end")
    examples: int | None = _setting(None, "length in examples seen, instead of minutes")
    resume: bool = _setting(False, "go on from the checkpoint in --out")
    questions: int = _setting(12_000, "questions to synthesise at most")
    given: Path | None = _setting(None, "JSON lines of question and sql to learn from, instead of synthesising")
    data: Path | None = _setting(None, "folder with spider/: some general questions keep the base's wording alive")
    general: float = _setting(0.3, "share of Spider's training set in each pass, with --data")
    thin: float = _setting(0.5, "share of lessons that show little more of the schema than they need: they cost half")
    batch: int = _setting(16, "examples a step")
    rate: float = _setting(2e-4, "peak learning rate of the small layers")
    lora_rate: float = _setting(8e-4, "peak learning rate of LoRA")
    warmup: int = _setting(50, "steps until the peak")
    smoothing: float = _setting(0.0, "label smoothing")
    rank: int = _setting(16, "rank of LoRA")
    device: str = _setting("cpu", "cpu or cuda")
    workers: int = _setting(0, "processes that prepare batches: a GPU waits for them otherwise")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")
    save_minutes: float = _setting(10.0, "minutes between checkpoints")
    test_every: int = _setting(200, "steps between measurements")


@dataclass(frozen=True)
class VerifierTraining:
    """Train the verifier, which chooses among candidates, on the databases set aside from all other trainings."""

    data: Path = field(metadata={"help": "folder with spider/"})
    out: Path | None = _setting(None, "directory of the verifier; by default the shipped one")
    base: Path | None = _setting(None, "directory of the base weights; by default the shipped ones")
    beam: int = _setting(8, "candidates a question")
    unanswerable: float = _setting(0.1, "weight of all questions without an answer beside all that have one")
    refused: float = _setting(0.025, "share of answerable questions that may be refused")
    folds: int = _setting(10, "folds of databases for cross-validation")
    rate: float = _setting(5e-3, "peak learning rate")
    decay: float = _setting(1.0, "weight decay")
    passes: int = _setting(25, "passes over the questions")
    batch: int = _setting(256, "questions a step")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")


@dataclass(frozen=True)
class RetrieverTraining:
    """Train the retriever, which finds the tables and columns that a question needs, and compare objectives."""

    data: Path = field(metadata={"help": "folder with spider/ and spider_syn/"})
    out: Path | None = _setting(None, "directory of the retriever; by default the shipped one")
    steps: int = _setting(40, "steps of each objective")
    longer: int = _setting(300, "steps of the best one, which is saved")
    objectives: str | None = _setting(None, "names of objectives with | between them; all if none are given")
    synthetic: int = _setting(24, "questions to synthesise about each database")
    questions: int = _setting(300, "questions over the databases set aside to measure with")
    batch: int = _setting(32, "rows a step")
    rate: float = _setting(1e-3, "peak learning rate of LoRA")
    rank: int = _setting(8, "rank of LoRA")
    layers: int = _setting(3, "layers of the encoder with LoRA, counted from the last")
    longest: int = _setting(32, "word pieces of a text")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")


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
    trainings: dict[str, tuple[type, Callable[[Any], None]]] = {
        "base": (BaseTraining, base), "adapter": (AdapterTraining, adapter), "verifier": (VerifierTraining, verifier),
        "retriever": (RetrieverTraining, retriever)}
    for name, (training, _) in trainings.items():
        arguments(commands.add_parser(name, help=training.__doc__, description=training.__doc__), training)
    options = vars(parser.parse_args(argv))
    training, start = trainings[options.pop("training")]
    start(training(**options))


def base(settings: BaseTraining) -> None:
    import torch

    from nl2sql.model import train_data, weights
    from nl2sql.model.cards import base_card
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.network import Shape

    if not settings.data.is_dir():
        raise BadInput(f"{settings.data} is not a folder: give the folder of the training data.")
    torch.manual_seed(settings.seed)
    sources = base_sources(settings)
    lessons = {source.name: train_data.prepare(source) for source in sources}
    dev = train_data.sampled(train_data.dev_source(settings.data), 200)
    shape = Shape(relation_layers=settings.relation_layers, decoder_layers=settings.decoder_layers, dropout=settings.dropout)
    parser = weights.new_parser(minilm_folder(), shape, dropout=settings.encoder_dropout)
    model = weights.with_base_lora(parser, rank=settings.rank)
    if settings.start and not (settings.resume and (settings.out / CHECKPOINT).exists()):
        weights.start_from(model, settings.start)
    counts = {name: len(found) for name, found in lessons.items()}

    def keep(averages: Mapping[str, Any], figures: Mapping[str, float]) -> None:
        description = {"kind": "base", "shape": asdict(shape), "figures": figures, "lessons": counts}
        weights.save(settings.out, model, description, base_card(figures, counts), averaged=averages)

    _fit(model, settings, settings.out, lessons, train_data.prepare(dev), len(dev.examples), keep, _renaming(settings, sources))


def base_sources(settings: BaseTraining) -> list[Source]:
    """The sources that have a share."""
    from nl2sql.model import train_data
    from nl2sql.model.train_synthetic import synthetic_source, turns_source
    from nl2sql.model.transplant import transplanted_source

    sources = list(train_data.spider_sources(settings.data, seed=settings.seed))
    if settings.bird:
        sources.append(train_data.bird_source(settings.data))
    if settings.wikisql:
        sources.append(train_data.wikisql_source(settings.data, count=settings.wikisql_questions, seed=settings.seed))
    if settings.synthetic:
        sources.append(synthetic_source(settings.data, invented=settings.invented, each=settings.each, seed=settings.seed))
    if settings.transplanted:
        sources.append(transplanted_source(settings.data, times=settings.times, seed=settings.seed))
    if settings.sparc:
        sources.append(train_data.sparc_source(settings.data))
    if settings.turns:
        sources.append(turns_source(settings.data, seed=settings.seed))
    return [source for source in sources if getattr(settings, source.name)]


def _renaming(settings: BaseTraining, sources: Sequence[Source]) -> Renaming | None:
    from nl2sql.data.sources.wordnet import WordNet
    from nl2sql.model.renaming import Renaming, other_words

    if not settings.renamed:
        return None
    wordnet = WordNet(settings.wordnet) if settings.wordnet else None
    schemas = [known.schema for source in sources for known in source.databases.values()]
    return Renaming(other_words(schemas, wordnet.synonyms if wordnet else None))


def adapter(settings: AdapterTraining) -> None:
    import torch

    from nl2sql.assistant import Assistant
    from nl2sql.engine.database import Database
    from nl2sql.model import adapters, train_data, weights
    from nl2sql.model.cards import adapter_card
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.train_synthetic import database_source, given_source

    torch.manual_seed(settings.seed)
    day = dt.date.fromisoformat(settings.as_of) if settings.as_of else None
    with Database(settings.db, as_of=day) if settings.db else Assistant().database as database:
        if settings.given:
            source = given_source(database, settings.given)
        else:
            source = database_source(database, settings.questions, settings.seed)
        fingerprint, name = database.fingerprint, Path(database.sources[0]).stem
    asked = train_data.prepare(source)
    aside = asked[: min(150, len(asked) // 10)]
    lessons = {"synthetic": asked[len(aside) :]}
    if settings.data:
        lessons["general"] = train_data.prepare(next(train_data.spider_sources(settings.data)))
    parser = weights.load_merged(minilm_folder(), settings.base or adapters.SHIPPED / "base")
    model = weights.with_adapter_lora(parser, rank=settings.rank)
    out = settings.out or adapters.own_folder() / fingerprint
    counts = {kind: len(found) for kind, found in lessons.items()}

    def keep(averages: Mapping[str, Any], figures: Mapping[str, float]) -> None:
        description = {"kind": "adapter", "database": name, "fingerprint": fingerprint, "figures": figures, "lessons": counts}
        weights.save(out, model, description, adapter_card(name, figures, counts), averaged=averages)

    _fit(model, settings, out, lessons, aside, len(aside), keep)


def verifier(settings: VerifierTraining) -> None:
    from nl2sql.model import train_verifier

    train_verifier.verifier(settings)


def retriever(settings: RetrieverTraining) -> None:
    from nl2sql.model import train_retriever

    train_retriever.retriever(settings)


def _fit(
    model: PeftModel, settings: BaseTraining | AdapterTraining, out: Path, lessons: Mapping[str, list[Lesson]],
    tests: Sequence[Lesson], total: int, keep: Save, rename: Renaming | None = None,
) -> None:
    """What both trainings do with their model and lessons. ``total``: of how many tests a share is right."""
    import torch

    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.feeding import Mix
    from nl2sql.model.fitting import Fitting, Pace, exact_share
    from nl2sql.model.prompt import word_pieces
    from nl2sql.model.variation import Rates, Showing, fixed_batches

    torch.set_num_threads(settings.threads)
    shares = {name: getattr(settings, name, 1.0) for name in lessons}
    pace = Pace(**{entry.name: getattr(settings, entry.name) for entry in fields(Pace) if hasattr(settings, entry.name)})
    rates = Rates(thin=getattr(settings, "thin", 0.0), renamed=getattr(settings, "renamed", 0.0))
    showing = Showing(word_pieces(minilm_folder()), model.get_base_model().head.positions, rates, rename)
    fitting = Fitting(model, Mix(lessons, shares, settings.seed), showing, pace)
    checkpoint = out / CHECKPOINT
    if settings.resume and checkpoint.exists():
        fitting.read(checkpoint)
    batches = fixed_batches(tests, showing)
    print(f"{sum(weight.numel() for weight in fitting.weights.values()) / 1e6:.1f} M parameters in training", flush=True)
    fitting.run(keep, lambda: exact_share(model, batches, total, settings.device), checkpoint=checkpoint)


if __name__ == "__main__":
    main()
