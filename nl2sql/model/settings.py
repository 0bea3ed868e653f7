"""What can be set of each training, and its options on the command line."""
from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from nl2sql.options import day


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What can be set of every training that goes step by step."""

    minutes: float | None = _setting(None, "length of the whole training; the learning rate falls towards its end")
    examples: int | None = _setting(None, "length in examples seen, instead of minutes")
    resume: bool = _setting(False, "go on from the checkpoint in --out")
    batch: int = _setting(32, "examples a step")
    lora_rate: float = _setting(6e-4, "peak learning rate of LoRA")
    warmup: int = _setting(300, "steps until the peak")
    rank: int = _setting(16, "rank of LoRA")
    device: str = _setting("cpu", "cpu or cuda")
    workers: int = _setting(0, "processes that prepare batches: a GPU waits for them otherwise")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")
    save_minutes: float = _setting(10.0, "minutes between checkpoints")
    test_every: int = _setting(400, "steps between measurements")


@dataclass(frozen=True, kw_only=True)
class BaseTraining(Fitted):
    """Train the base weights across databases."""

    out: Path = field(metadata={"help": "directory of the weights"})
    data: Path | None = _setting(None, "folder with spider/, spider_syn/, sparc/, bird_train/, wikisql/")
    prepare: Path | None = _setting(None, "only write the lessons to this file, for --lessons on another machine")
    lessons: Path | None = _setting(None, "file of prepared lessons, instead of --data")
    begin: Path | None = _setting(None, "begin with these base weights, where there is no checkpoint to go on from")
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
    reworded: float = _setting(0.0, "share of all these sets' questions in other words")
    worded: float = _setting(1.0, "share of the questions in --worded-file")
    worded_file: Path | None = _setting(None, "questions that a language model has worded: nl2sql.model.worded writes them")
    sparc: float = _setting(0.7, "share of SParC's follow-up questions")
    turns: float = _setting(0.5, "share of the synthesised follow-up questions")
    renamed: float = _setting(0.0, "share of lessons whose tables and columns get other names")
    wordnet: Path | None = _setting(None, "folder of WordNet's files, for more of those names")
    rate: float = _setting(5e-4, "peak learning rate of the new layers")
    smoothing: float = _setting(0.0, "label smoothing")
    rank: int = _setting(32, "rank of LoRA on the encoder, and on the blocks of --decoder")
    relation_layers: int = _setting(4, "relation-aware layers")
    decoder_layers: int = _setting(4, "GPT-2 blocks; --decoder brings its own")
    decoder: str | None = _setting(None, (
        "a pretrained GPT-2 that the decoder starts from: a folder in Hugging Face format, or a hub name downloaded before; its"
        " blocks are tuned by LoRA and saved with the weights"))
    dropout: float = _setting(0.1, "dropout of the new layers")
    encoder_dropout: float = _setting(0.0, "dropout of the encoder: slow on a CPU")


@dataclass(frozen=True, kw_only=True)
class AdapterTraining(Fitted):
    """Train an adapter for one database on questions synthesised from it."""

    db: Path | None = _setting(None, "database file; the sample database if none is given")
    out: Path | None = _setting(None, "directory of the adapter; by default the user's own adapters")
    base: Path | None = _setting(None, "directory of the base weights; by default the shipped ones")
    as_of: str | None = _setting(None, "date that relative periods count from (YYYY-MM-DD)")
    minutes: float | None = _setting(30.0, "length of the training; the learning rate falls towards its end")
    questions: int = _setting(12_000, "questions to synthesise at most")
    given: Path | None = _setting(None, "JSON lines of question and sql to learn from, instead of synthesising")
    prepare: Path | None = _setting(None, "only write the lessons to this file, for --lessons on another machine")
    lessons: Path | None = _setting(None, "file of prepared lessons, instead of a database")
    begin: Path | None = _setting(None, "begin with this adapter, where there is no checkpoint to go on from")
    data: Path | None = _setting(None, "folder with spider/: some general questions keep the base's wording alive")
    general: float = _setting(0.3, "share of Spider's training set in each pass, with --data")
    thin: float = _setting(0.5, "share of lessons that show little more of the schema than they need: they cost half")
    batch: int = _setting(16, "examples a step")
    rate: float = _setting(2e-4, "peak learning rate of the small layers")
    lora_rate: float = _setting(8e-4, "peak learning rate of LoRA")
    warmup: int = _setting(50, "steps until the peak")
    smoothing: float = _setting(0.0, "label smoothing")
    test_every: int = _setting(200, "steps between measurements")


@dataclass(frozen=True)
class VerifierTraining:
    """Train the verifier, which chooses among candidates, on the databases set aside from all other trainings."""

    data: Path = field(metadata={"help": "folder with spider/"})
    out: Path | None = _setting(None, "directory of the verifier; by default the shipped one")
    base: Path | None = _setting(None, "directory of the base weights; by default the shipped ones")
    wordnet: Path | None = _setting(None, "folder of WordNet's files, for renamed schemas")
    beam: int = _setting(8, "candidates a question")
    unanswerable: float = _setting(0.1, "weight of all questions without an answer beside all that have one")
    refused: float = _setting(0.002, "share of answerable questions that may be refused")
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
    kept: float = _setting(0.5, "share of the change to the published weights that is kept")
    threads: int = _setting(2, "CPU threads")
    seed: int = _setting(0, "of everything random")


@dataclass(frozen=True, kw_only=True)
class CausalTraining(Fitted):
    """Train a causal language model to write SQL as text, on the base's lessons over Spider's databases."""

    out: Path = field(metadata={"help": "directory of the weights"})
    model: str = field(metadata={"help": "a folder in Hugging Face format, a GGUF file, or a hub name downloaded before"})
    data: Path | None = _setting(None, "folder with spider/ and spider_syn/")
    lessons: Path | None = _setting(None, "file of lessons that train base has prepared, instead of --data")
    dialect: str = _setting("sqlite", "the SQL that it learns to write: sqlite, as Spider's databases have it, or duckdb")
    spider: float = _setting(1.0, "share of Spider's training set in each pass")
    others: float = _setting(1.0, "share of the older sets in Spider's form")
    spider_syn: float = _setting(0.4, "share of Spider-Syn")
    none: float = _setting(1.0, "share of the questions that must not be answered")
    limit: int = _setting(800, "tokens of a prompt at most")
    batch: int = _setting(8, "examples a step")
    lora_rate: float = _setting(5e-4, "peak learning rate of LoRA")
    warmup: int = _setting(100, "steps until the peak")


@dataclass(frozen=True, kw_only=True)
class WordingTraining(Fitted):
    """Train a causal language model to put queries into words, for more training data."""

    out: Path = field(metadata={"help": "directory of the weights"})
    model: str = field(metadata={"help": "a folder in Hugging Face format, a GGUF file, or a hub name downloaded before"})
    data: Path = field(metadata={"help": "folder with spider/, spider_syn/ and bird_train/"})
    batch: int = _setting(16, "examples a step")
    lora_rate: float = _setting(5e-4, "peak learning rate of LoRA")
    warmup: int = _setting(50, "steps until the peak")


_FROM_ZERO = frozenset({"warmup", "workers", "seed", "wikisql_questions", "invented", "each", "times", "synthetic"})
_ABOVE_ZERO = frozenset({"minutes", "save_minutes", "rate", "lora_rate"})
_SHARES = frozenset({"smoothing", "dropout", "encoder_dropout", "thin", "renamed", "refused", "kept"})


def arguments(parser: argparse.ArgumentParser, training: type) -> None:
    """One option for each field of a training's dataclass."""
    hints = get_type_hints(training)
    for entry in fields(training):
        flag, text = "--" + entry.name.replace("_", "-"), entry.metadata.get("help", "")
        kinds = [kind for kind in getattr(hints[entry.name], "__args__", (hints[entry.name],)) if kind is not type(None)]
        kind = _day if entry.name == "as_of" else _number(entry.name, kinds[0]) if kinds[0] in (int, float) else kinds[0]
        if kinds[0] is bool:
            parser.add_argument(flag, action="store_true", help=text)
        elif entry.default is MISSING:
            parser.add_argument(flag, type=kind, required=True, help=text)
        else:
            parser.add_argument(flag, type=kind, default=entry.default, help=f"{text} (default: {entry.default})")


def _number(name: str, kind: type[int] | type[float]) -> Callable[[str], float]:
    """Reads a number and refuses those with which a training would mean nothing."""
    above = name in _ABOVE_ZERO
    whole = kind is int
    least = 2 if name == "folds" else int(whole and name not in _FROM_ZERO)
    most = 1.0 if name in _SHARES else math.inf
    wanted = "more than 0" if above else f"from {least} to 1" if name in _SHARES else f"{least} or more"

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not least <= value <= most or (above and value == 0):
            raise argparse.ArgumentTypeError(f"{text!r} is no {'whole ' if whole else ''}number that is {wanted}")
        return value

    return read


def _day(text: str) -> str:
    return day(text).isoformat()
