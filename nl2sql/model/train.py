"""The trainings: ``train base`` across databases, ``train adapter`` for one, ``train verifier`` to choose among candidates,
``train retriever`` to find tables and columns, ``train causal`` for a language model that writes SQL as text, ``train wording``
for one that words queries.

Resumable, with progress on standard output. The parser's weights lie in ``--out`` as a PEFT directory, usable at any time;
``--resume`` goes on from ``checkpoint.pt`` beside them.
"""
from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2sql.errors import BadInput
from nl2sql.model.settings import (
    AdapterTraining,
    BaseTraining,
    CausalTraining,
    RetrieverTraining,
    VerifierTraining,
    WordingTraining,
    arguments,
)  # fmt: skip
from nl2sql.options import Parser

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import GPT2Model

    from nl2sql.model.fitting import Save
    from nl2sql.model.lessons import Lessons
    from nl2sql.model.network import Shape
    from nl2sql.model.renaming import Renaming
    from nl2sql.model.train_data import Source

CHECKPOINT = "checkpoint.pt"


def main(argv: Sequence[str] | None = None) -> None:
    parser = Parser(prog="nl2sql train", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="training", required=True)
    trainings: dict[str, tuple[type, Callable[[Any], None]]] = {
        "base": (BaseTraining, base), "adapter": (AdapterTraining, adapter), "verifier": (VerifierTraining, verifier),
        "retriever": (RetrieverTraining, retriever), "causal": (CausalTraining, causal), "wording": (WordingTraining, wording)}
    for name, (training, _) in trainings.items():
        arguments(commands.add_parser(name, help=training.__doc__, description=training.__doc__), training)
    options = vars(parser.parse_args(argv))
    training, start = trainings[options.pop("training")]
    _check(options)
    start(training(**options))


def _check(options: Mapping[str, Any]) -> None:
    """What a training would stumble over only after its questions were made is said before."""
    from nl2sql.data.sources.reading import existing
    from nl2sql.model import weights

    for folder in filter(None, (options.get("base"), options.get("begin"))):
        weights.describe(folder)
    for name, part, what in (("data", "spider/", "the training data"), ("wordnet", "", "WordNet's files")):
        if (folder := options.get(name)) is not None:
            existing(folder, part, what)
    if (out := options.get("out")) is not None and out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file: --out must be a folder.")
    if out is not None:
        there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
        if not there.is_dir() or not os.access(there, os.W_OK):
            raise BadInput(f"{out} can't be written: no access to {there} (--out).")
    if (file := options.get("prepare")) is not None and (file.is_dir() or not file.absolute().parent.is_dir()):
        raise BadInput(f"{file} can't be written (--prepare): it is a folder, or there is none to hold it.")
    if (device := options.get("device", "cpu")) != "cpu":
        import torch

        try:
            torch.empty(0, device=device)
        except Exception as error:  # torch says it in many ways
            raise BadInput(f"There is no device {device!r} here that can be trained on (--device).") from error


def base(settings: BaseTraining) -> None:
    import torch

    from nl2sql.model import lessons, pretrained, weights
    from nl2sql.model.cards import base_card
    from nl2sql.model.renaming import Renaming

    torch.manual_seed(settings.seed)
    blocks = pretrained.read(settings.decoder) if settings.decoder is not None else None
    found, about = lessons.read(settings.lessons) if settings.lessons else _base_lessons(settings)
    if settings.prepare:
        return lessons.write(settings.prepare, found, about)
    dev = found.pop("dev")
    model, shape = _new_base(settings, blocks)
    if settings.begin and not (settings.resume and (settings.out / CHECKPOINT).exists()):
        weights.start_from(model, settings.begin)
    counts = {name: len(kept) for name, kept in found.items()}

    def keep(averages: Mapping[str, Any], figures: Mapping[str, float]) -> None:
        description = {"kind": "base", "shape": asdict(shape), "decoder": settings.decoder, "figures": figures, "lessons": counts}
        card = base_card(figures, counts, settings.decoder)
        weights.save(settings.out, model, description, card, averaged=averages)

    _fit(model, settings, settings.out, found, dev, about["dev"], keep, Renaming(about["others"]) if settings.renamed else None)


def _new_base(settings: BaseTraining, blocks: GPT2Model | None) -> tuple[PeftModel, Shape]:
    """The parser that is to be trained; ``blocks``: the pretrained decoder that it starts from."""
    from nl2sql.model import pretrained, weights
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.network import Shape

    shape = Shape(relation_layers=settings.relation_layers, decoder_layers=settings.decoder_layers, dropout=settings.dropout)
    shape = pretrained.sized(shape, blocks) if blocks else shape
    parser = weights.new_parser(minilm_folder(), shape, dropout=settings.encoder_dropout)
    if blocks:
        pretrained.fill(parser.head.decoder, blocks)
    size = sum(weight.numel() for weight in parser.parameters())
    if size > pretrained.LARGEST:
        print(f"This parser has {size / 1e6:.1f} M parameters, over the {pretrained.LARGEST / 1e6:.0f} M of a shipped one:"
              " it is for research.", file=sys.stderr, flush=True)
    return weights.with_base_lora(parser, rank=settings.rank, pretrained=blocks is not None), shape


def _base_lessons(settings: BaseTraining) -> tuple[dict[str, Lessons], dict[str, Any]]:
    """By source, ``dev`` among them; of how many questions that is a part, and what may stand for the words of the schemas."""
    from nl2sql.data.sources.wordnet import WordNet
    from nl2sql.model import train_data
    from nl2sql.model.renaming import other_words

    if settings.data is None:
        raise BadInput("Give the folder of the training data (--data) or a file of prepared lessons (--lessons).")
    if not settings.data.is_dir():
        raise BadInput(f"{settings.data} is not a folder: give the folder of the training data.")
    sources = base_sources(settings, settings.data)
    dev = train_data.sampled(train_data.dev_source(settings.data), 200)
    found = {source.name: train_data.prepare(source) for source in (*sources, dev)}
    schemas = [known.schema for source in sources for known in source.databases.values()]
    others = other_words(schemas, WordNet(settings.wordnet).synonyms if settings.wordnet else None)
    return found, {"dev": len(dev.examples), "others": others}


def base_sources(settings: BaseTraining, data: Path) -> list[Source]:
    """The sources that have a share."""
    from nl2sql.context.thesaurus import thesaurus
    from nl2sql.model import train_data
    from nl2sql.model.rewording import reworded_source
    from nl2sql.model.train_synthetic import synthetic_source, turns_source
    from nl2sql.model.transplant import transplanted_source
    from nl2sql.model.worded import worded_source

    seed, sources = settings.seed, list(train_data.spider_sources(data, seed=settings.seed))
    if settings.bird:
        sources.append(train_data.bird_source(data))
    if settings.wikisql:
        sources.append(train_data.wikisql_source(data, count=settings.wikisql_questions, seed=seed))
    if settings.synthetic:
        sources.append(synthetic_source(data, invented=settings.invented, each=settings.each, seed=seed))
    if settings.transplanted:
        sources.append(transplanted_source(data, times=settings.times, seed=seed))
    if settings.worded and settings.worded_file:
        sources.append(worded_source(data, settings.worded_file))
    if settings.sparc:
        sources.append(train_data.sparc_source(data))
    if settings.turns:
        sources.append(turns_source(data, invented=settings.invented, seed=seed))
    if settings.reworded:
        asked = [source for source in sources if source.name in ("spider", "others", "bird", "transplanted", "sparc")]
        sources.append(reworded_source(asked, thesaurus(), seed=seed))
    return [source for source in sources if getattr(settings, source.name)]


def adapter(settings: AdapterTraining) -> None:
    import torch

    from nl2sql.model import adapters, lessons, weights
    from nl2sql.model.cards import adapter_card
    from nl2sql.model.encoder import minilm_folder

    torch.manual_seed(settings.seed)
    found, about = lessons.read(settings.lessons) if settings.lessons else _adapter_lessons(settings)
    if settings.prepare:
        return lessons.write(settings.prepare, found, about)
    asked = found["synthetic"]
    if not asked:
        raise BadInput("There is nothing to learn from: no question about this database could be made or used.")
    aside = asked[: min(150, len(asked) // 10)]
    found["synthetic"] = asked[len(aside) :]
    parser = weights.load_merged(minilm_folder(), settings.base or adapters.SHIPPED / "base")
    model = weights.with_adapter_lora(parser, rank=settings.rank)
    out = settings.out or adapters.own_folder() / about["fingerprint"]
    if settings.begin and not (settings.resume and (out / CHECKPOINT).exists()):
        weights.start_from(model, settings.begin)
    counts = {kind: len(kept) for kind, kept in found.items()}

    def keep(averages: Mapping[str, Any], figures: Mapping[str, float]) -> None:
        description = {"kind": "adapter", **about, "figures": figures, "lessons": counts}
        weights.save(out, model, description, adapter_card(about["database"], figures, counts), averaged=averages)

    _fit(model, settings, out, found, aside, len(aside), keep)


def _adapter_lessons(settings: AdapterTraining) -> tuple[dict[str, Lessons], dict[str, Any]]:
    """The questions about the database, general ones where there is data, and which database it is."""
    from nl2sql.assistant import Assistant
    from nl2sql.engine.database import Database
    from nl2sql.model import train_data
    from nl2sql.model.train_synthetic import database_source, given_source

    day = dt.date.fromisoformat(settings.as_of) if settings.as_of else None
    with Database(settings.db, as_of=day) if settings.db else Assistant().database as database:
        if settings.given:
            source = given_source(database, settings.given)
        else:
            source = database_source(database, settings.questions, settings.seed)
        about = {"database": Path(database.sources[0]).stem, "fingerprint": database.fingerprint}
    found = {"synthetic": train_data.prepare(source)}
    if settings.data:
        found["general"] = train_data.prepare(next(train_data.spider_sources(settings.data)))
    return found, about


def verifier(settings: VerifierTraining) -> None:
    from nl2sql.model import train_verifier

    train_verifier.verifier(settings)


def retriever(settings: RetrieverTraining) -> None:
    from nl2sql.model import train_retriever

    train_retriever.retriever(settings)


def causal(settings: CausalTraining) -> None:
    from nl2sql.model import train_causal

    train_causal.causal(settings)


def wording(settings: WordingTraining) -> None:
    from nl2sql.model.wording import wording as train

    train(settings)


def _fit(
    model: PeftModel, settings: BaseTraining | AdapterTraining, out: Path, lessons: Mapping[str, Lessons],
    tests: Lessons, total: int, keep: Save, rename: Renaming | None = None,
) -> None:
    """What both trainings do with their model and lessons. ``total``: of how many tests a share is right."""
    import torch

    from nl2sql.model.embedding import Embedder
    from nl2sql.model.encoder import minilm_folder
    from nl2sql.model.feeding import Mix
    from nl2sql.model.fitting import Fitting, Pace, exact_share
    from nl2sql.model.plain import PlainBert
    from nl2sql.model.prompt import word_pieces
    from nl2sql.model.similar import SimilarNames
    from nl2sql.model.variation import Rates, Showing, fixed_batches

    torch.set_num_threads(settings.threads)
    shares = {name: getattr(settings, name, 1.0) for name in lessons}
    pace = Pace(**{entry.name: getattr(settings, entry.name) for entry in fields(Pace) if hasattr(settings, entry.name)})
    rates = Rates(thin=getattr(settings, "thin", 0.0), renamed=getattr(settings, "renamed", 0.0))
    pieces = word_pieces(minilm_folder())
    similar = SimilarNames(Embedder(PlainBert(minilm_folder()), pieces), most=200_000)
    showing = Showing(pieces, model.get_base_model().head.positions, rates, rename, similar)
    fitting = Fitting(model, Mix(lessons, shares, settings.seed), showing, pace)
    checkpoint = out / CHECKPOINT
    if settings.resume and checkpoint.exists():
        fitting.read(checkpoint)
    batches = fixed_batches(tests, showing)
    print(f"{sum(weight.numel() for weight in fitting.weights.values()) / 1e6:.1f} M parameters in training", flush=True)
    fitting.run(keep, lambda: exact_share(model, batches, total, settings.device), checkpoint=checkpoint)


if __name__ == "__main__":
    main()
