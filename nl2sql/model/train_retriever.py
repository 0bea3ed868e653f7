"""``train retriever``: a Siamese SBERT (Reimers and Gurevych 2019) with LoRA that brings questions near what their answers read.

sentence-transformers' trainer fits all objectives on the same rows for the same number of steps; each is measured on the training
databases that are set aside, beside the published encoder and BM25. The best is trained on and saved as a PEFT directory.
"""
from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2sql.errors import BadInput
from nl2sql.model.encoder import minilm_folder
from nl2sql.model.retriever_data import Row

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

    from nl2sql.model.settings import RetrieverTraining

PARTS = ["query", "key", "value", "dense"]  # of each layer
ALPHA = 2  # of LoRA, times its rank
MARGIN = 0.3  # of the triplet loss, in cosine
HARDNESS = 9.0  # of the self-adversarial weights exp(strength * cosine), as in Lan et al. 2025


def _in_batch(model: SentenceTransformer, **settings: Any) -> nn.Module:
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    return MultipleNegativesRankingLoss(model, **settings)


def _self_adversarial(model: SentenceTransformer) -> nn.Module:
    """Harder negatives weigh more, by weights without a gradient (Sun et al. 2019; ITEMS, 2022)."""
    return _in_batch(model, hardness_mode="in_batch_negatives", hardness_strength=HARDNESS)


def _symmetric(model: SentenceTransformer) -> nn.Module:
    return _in_batch(model, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction")


def _triplet(model: SentenceTransformer) -> nn.Module:
    from sentence_transformers.sentence_transformer.losses.triplet import TripletDistanceMetric, TripletLoss

    return TripletLoss(model, TripletDistanceMetric.COSINE, MARGIN)


def _classification(model: SentenceTransformer) -> nn.Module:
    from sentence_transformers.sentence_transformer.losses import SoftmaxLoss

    return SoftmaxLoss(model, model.get_embedding_dimension(), num_labels=2)  # of (u, v, |u - v|)


def _mined(model: SentenceTransformer) -> nn.Module:
    return _in_batch(model, hardness_mode="all_negatives", hardness_strength=HARDNESS)


Objective = Callable[["SentenceTransformer"], "nn.Module"]
OBJECTIVES: dict[str, tuple[Objective, tuple[str, ...]]] = {
    "in-batch": (_in_batch, ("question", "document")),
    "in-batch, self-adversarial": (_self_adversarial, ("question", "document")),
    "in-batch, symmetric": (_symmetric, ("question", "document")),
    "triplet, mined negatives": (_triplet, ("question", "document", "other")),
    "classification of (u, v, |u-v|)": (_classification, ("question", "document", "label")),
    "in-batch and mined, self-adversarial": (_mined, ("question", "document", "other")),
}


def siamese(settings: RetrieverTraining) -> SentenceTransformer:
    """The published encoder with mean pooling and a LoRA that changes nothing yet. Without dropout, which costs CPU time."""
    import torch
    from peft import LoraConfig
    from sentence_transformers import SentenceTransformer

    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    model = SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True, config_kwargs=still)
    model.max_seq_length, last = settings.longest, model[0].auto_model.config.num_hidden_layers
    torch.manual_seed(settings.seed)
    model.add_adapter(LoraConfig(
        r=settings.rank, lora_alpha=ALPHA * settings.rank, lora_dropout=0.0, target_modules=PARTS, layers_pattern="layer",
        layers_to_transform=list(range(max(0, last - settings.layers), last))))
    return model


def fit(model: SentenceTransformer, objective: str, rows: Sequence[Row], steps: int, settings: RetrieverTraining) -> None:
    """Trains the model's LoRA in place."""
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.base.sampler import BatchSamplers

    class Trainer(SentenceTransformerTrainer):
        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
            """The card is written here, not by the library."""

    loss, names = OBJECTIVES[objective]
    with tempfile.TemporaryDirectory() as scratch:
        arguments = SentenceTransformerTrainingArguments(
            scratch, max_steps=steps, per_device_train_batch_size=settings.batch, learning_rate=settings.rate,
            warmup_steps=max(1, steps // 10), lr_scheduler_type="linear", weight_decay=0.0, use_cpu=True,
            seed=settings.seed, save_strategy="no", logging_strategy="no", report_to="none", disable_tqdm=True,
            batch_sampler=BatchSamplers.BATCH_SAMPLER if "label" in names else BatchSamplers.NO_DUPLICATES)
        columns = Dataset.from_dict(_columns(rows, names))
        Trainer(model=model, args=arguments, train_dataset=columns, loss=loss(model)).train()


def _columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[Any]]:
    """The rows as columns; with a label every second row shows its negative."""
    if "label" not in names:
        return {name: [getattr(row, name) for row in rows] for name in names}
    return {
        "question": [row.question for row in rows],
        "document": [row.other if i % 2 else row.document for i, row in enumerate(rows)],
        "label": [1 - i % 2 for i in range(len(rows))],
    }


def retriever(settings: RetrieverTraining) -> None:
    """Prints the table of objectives; trains the best one on and saves it."""
    import torch

    from nl2sql.model import adapters
    from nl2sql.model.cards import retriever_card

    names = settings.objectives.split("|") if settings.objectives else list(OBJECTIVES)
    if unknown := [name for name in names if name not in OBJECTIVES]:
        raise BadInput(f"There is no objective {unknown[0]!r}, only {', '.join(map(repr, OBJECTIVES))}.")
    if not settings.data.is_dir():
        raise BadInput(f"{settings.data} is not a folder: give the folder of the training data.")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(settings.threads)
    learnt, measured = _rows(settings), _Measured(settings)
    figures: dict[str, dict[str, float]] = {}
    for name in ("BM25", "zero-shot"):
        figures[name] = measured(name)
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            begun = time.process_time()
            fit(model := siamese(settings), name, learnt, settings.steps, settings)
            print(f"{name}: {settings.steps} steps in {time.process_time() - begun:.0f} s of processor time", flush=True)
            save(Path(scratch) / str(len(figures)), model, {}, "")
            figures[name] = measured(name, Path(scratch) / str(len(figures)))
    print(table(figures), flush=True)
    best = max(names, key=lambda name: sum(figures[name].values()))
    print(f"The best objective, {best}, is trained for {settings.longer} steps.", flush=True)
    fit(model := siamese(settings), best, learnt, settings.longer, settings)
    out = settings.out or adapters.SHIPPED / "retriever"
    for kept in dict.fromkeys((1.0, settings.kept)):
        trained = f"{best}, {settings.longer} steps" + (f", {kept:.0%} of the change" if kept < 1 else "")
        save(out, model, {}, "", kept)  # it is measured as it will be read
        figures[trained] = measured(trained, out)
    print(table(figures), flush=True)
    description = {"kind": "retriever", "objective": best, "steps": settings.longer, "kept": settings.kept, "figures": figures}
    save(out, model, description, retriever_card(table(figures), best, settings), settings.kept)


def _rows(settings: RetrieverTraining) -> list[Row]:
    """Rows over schemas with samples of values and without, half of each."""
    from nl2sql.data.sources import spider
    from nl2sql.eval import retrieval_sets
    from nl2sql.model.retriever_data import Documents, rows, training_examples, with_needed

    plain, sampled = spider.schemas(settings.data / "spider"), retrieval_sets.schemas(settings.data / "spider")
    count = max(settings.steps, settings.longer) * settings.batch
    examples = training_examples(settings.data, plain, made=settings.synthetic, seed=settings.seed)
    random.Random(settings.seed).shuffle(examples)
    asked = with_needed(examples[: 2 * count], plain)  # about one in ten says nothing that could be confused
    known = {name: Documents((plain, sampled)[i % 2][name]) for i, name in enumerate(sorted({e.database for e, _ in asked}))}
    return rows(asked, known, count, settings.seed)


class _Measured:
    """Measures on the training databases that are set aside, all merged into one schema."""

    def __init__(self, settings: RetrieverTraining) -> None:
        from nl2sql.data.sources import spider
        from nl2sql.eval import retrieval_sets
        from nl2sql.model.plain import PlainBert
        from nl2sql.model.prompt import word_pieces

        folder = settings.data / "spider"
        known = {name: schema for name, schema in retrieval_sets.schemas(folder).items() if name in spider.HELD_OUT}
        examples = [example for split in ("train_spider", "train_others") for example in spider.load(folder, split)]
        asked = retrieval_sets.alone((example for example in examples if example.database in known), known)
        self.asked = retrieval_sets.united(asked[:: max(1, len(asked) // settings.questions)], known)
        self.encoder, self.pieces = PlainBert(minilm_folder()), word_pieces(minilm_folder())

    def __call__(self, name: str, weights: Path | None = None) -> dict[str, float]:
        from nl2sql.context.retrieve import Retriever
        from nl2sql.eval.bm25 import Bm25
        from nl2sql.eval.retrieval import Finder, Remembering, in_ranks
        from nl2sql.model.embedding import Embedder, retrieval_embedder

        embedder = retrieval_embedder(weights, self.encoder, self.pieces) if weights else Embedder(self.encoder, self.pieces)
        with tempfile.TemporaryDirectory() as scratch:
            encode = Remembering(embedder)
            finder: Finder = Bm25() if name == "BM25" else Retriever(encode, folder=Path(scratch))
            if name != "BM25":
                encode([entry.question for entry in self.asked])  # together: many times faster than one by one
            found = in_ranks(finder, self.asked, tables=5)
        return {"tables": sum(found.tables) / len(found.tables), "columns": sum(found.columns) / len(found.columns)}


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    head = "| retrieval | every table in the top 5 | columns in the top 20 |\n|---|---|---|\n"
    return head + "\n".join(f"| {name} | {row['tables']:.1%} | {row['columns']:.1%} |" for name, row in figures.items())


def save(out: Path, model: SentenceTransformer, description: Mapping[str, Any], card: str, kept: float = 1.0) -> None:
    """A PEFT directory over BertModel, as the other weights have it: fp16, and a model card beside it.

    ``kept``: the share of the change that is kept. Between the published weights and the trained ones lie some that know what was
    learnt and forget less (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """
    from nl2sql.model import weights

    prefix, found = weights.PREFIX, model.get_adapter_state_dict()
    tensors = {prefix + name.removeprefix(prefix): tensor for name, tensor in found.items()}
    weights.write(out, weights.half(tensors), description, card)
    config = model[0].auto_model.peft_config["default"]
    config.base_model_name_or_path = "sentence-transformers/all-MiniLM-L6-v2"
    config.lora_alpha = kept * ALPHA * config.r
    weights.write_config(out, config)
