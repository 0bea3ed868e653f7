"""Any causal language model in Hugging Face format writes SQL as text, without a grammar: the pointer model's baseline.

A folder is a model as transformers saves it, a GGUF file or a folder with one, or what ``train causal`` has made: a PEFT
directory that names the model that it belongs to. Nothing is downloaded: a hub name must be in the local cache already.
What the model writes is text like any other: validation refuses what isn't a query of this database.
"""
from __future__ import annotations

import inspect
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from nl2sql.errors import BadInput, BadWeights
from nl2sql.model import weights
from nl2sql.model.causal_text import NO_QUERY, Tokens, prompt_tokens
from nl2sql.model.encoder import quiet
from nl2sql.model.prompt import DoesNotFit
from nl2sql.records import Candidate, Context

if TYPE_CHECKING:
    from transformers import PreTrainedModel

LONGEST = 200  # tokens of a query
PROMPT = 800  # tokens of a prompt; fewer where the model's window is smaller


@dataclass(frozen=True)
class Language:
    """A language model and its tokenizer. ``name`` is where it was read: a hub name or a whole path."""

    name: str
    model: PreTrainedModel
    tokens: Tokens  # of a prompt
    more: Tokens  # of text that goes on after a prompt
    text: Any  # tokens -> text
    end: int

    def room(self, limit: int = PROMPT) -> int:
        """How long a prompt may be. Raises ``BadWeights`` where the window is too small for any."""
        window = getattr(self.model.config, "max_position_embeddings", None) or limit + LONGEST
        if window < LONGEST + 50:
            raise BadWeights(f"{self.name} reads {window} tokens, too few for a prompt and {LONGEST} tokens of SQL.")
        return min(limit, window - LONGEST)


def language(name: str) -> Language:
    """Reads a model and its tokenizer, in full precision. Raises ``BadInput`` and ``BadWeights``."""
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    place, file = _place(name)
    more: dict[str, Any] = {"gguf_file": file, "quantization_config": GgufConfig(dequantize=True)} if file else {}
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True, **({"gguf_file": file} if file else {}))
        with quiet():
            model, found = AutoModelForCausalLM.from_pretrained(
                place, local_files_only=True, dtype=torch.float32, output_loading_info=True, **more)
    except ImportError as error:
        raise BadInput(f"{name} can't be read without another package: {str(error).strip().splitlines()[0]}") from error
    except (OSError, ValueError, LookupError, RuntimeError, TypeError, AttributeError, SafetensorError, struct.error) as error:
        raise BadWeights(
            f"{name} is no causal language model that can be read here: give a folder in Hugging Face format, a GGUF file, or a"
            " hub name that was downloaded before.") from error
    if missing := sorted(found["missing_keys"]):
        raise BadWeights(f"The model in {name} isn't whole: {missing[0]} is missing.")
    if tokenizer.eos_token_id is None:
        raise BadWeights(f"The tokenizer of {name} has no token for the end of a text.")

    def after(text: str) -> list[int]:
        return tokenizer(text, add_special_tokens=False).input_ids

    def shown(tokens: Sequence[int]) -> str:
        return tokenizer.decode(tokens, skip_special_tokens=True)

    whole = str(Path(name).resolve()) if Path(name).exists() else name
    return Language(whole, model.eval(), lambda text: tokenizer(text).input_ids, after, shown, tokenizer.eos_token_id)


def _place(name: str) -> tuple[str, str | None]:
    """A folder or hub name, and the name of a GGUF file in it."""
    path = Path(name)
    if path.is_file():
        if path.suffix != ".gguf":
            raise BadInput(f"{name} is a file: give a folder in Hugging Face format, or a GGUF file.")
        return str(path.parent), path.name
    if path.is_dir() and not (path / "config.json").is_file():
        files = sorted(path.glob("*.gguf"))
        if len(files) != 1:
            raise BadWeights(f"There is no language model in {name}: neither config.json nor one GGUF file.")
        return name, files[0].name
    return name, None


def describe(folder: Path, kind: str = "causal") -> dict[str, Any]:
    """What a training of this kind has said of its weights; empty where the folder is a model of another origin."""
    file = folder / weights.DESCRIPTION
    if not file.is_file():
        return {}
    try:
        description = json.loads(file.read_text(encoding="utf-8"))
        if description["kind"] != kind:
            raise BadInput(f"The weights in {folder} are no language model's of this kind: train one with nl2sql train {kind}.")
        names = ("model", "parameters", "trained", *(("dialect", "limit") if kind == "causal" else ()))
        return {name: description[name] for name in names}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadWeights(f"The weights in {folder} are damaged: their description can't be read.") from error


def size(folder: Path) -> dict[str, int]:
    """How many parameters a model has, and the memory that they take. Raises as ``CausalGenerator``."""
    about = describe(folder)
    count = about.get("parameters") or sum(weight.numel() for weight in language(str(folder)).model.parameters())
    return {"parameters": count, "megabytes": round(4 * count / 1e6)}


class CausalGenerator:
    """A language model behind the protocol of generators. Weights are read at construction; raises ``BadInput``.

    A model that was trained writes the dialect that it has learnt. A beam of 1 is greedy.
    """

    def __init__(self, folder: Path | str, *, threads: int = 2, device: str = "cpu") -> None:
        torch.set_num_threads(threads)
        about = describe(Path(folder))
        self.language = language(about.get("model", str(folder)))
        if about:
            merge(self.language.model, Path(folder))
        self.model: Any = self.language.model.to(device).requires_grad_(False)  # type: ignore[arg-type]
        self.dialect, self.limit = about.get("dialect", "duckdb"), self.language.room(about.get("limit", PROMPT))
        self.positions = "position_ids" in inspect.signature(self.model.forward).parameters

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        prompts = [self._prompt(context) for context in contexts]
        asked = [prompt for prompt in prompts if prompt]
        found = iter(self._written(asked, beam) if asked else ())
        return [next(found) if prompt else [] for prompt in prompts]

    def _prompt(self, context: Context) -> list[int]:
        """Empty where the question alone is too long."""
        try:
            return prompt_tokens(context, self.language.tokens, self.limit, dialect=self.dialect)
        except DoesNotFit:
            return []

    @torch.inference_mode()
    def _written(self, prompts: Sequence[Sequence[int]], beam: int) -> list[list[Candidate]]:
        """Steps all prompts together. They are read once each; after that every one has ``beam`` rows."""
        device, count, width = self.model.device, len(prompts), max(map(len, prompts))
        ids, shown = torch.zeros(count, width, dtype=torch.long), torch.zeros(count, width, dtype=torch.long)
        for i, prompt in enumerate(prompts):
            ids[i, width - len(prompt) :], shown[i, width - len(prompt) :] = torch.tensor(prompt), 1
        searches = [_Search(beam, self.language.end) for _ in prompts]
        scores, cache = self._step(ids.to(device), shown := shown.to(device), None)
        cache.batch_repeat_interleave(beam)
        shown, scores = shown.repeat_interleave(beam, 0), scores.repeat_interleave(beam, 0)
        for _ in range(LONGEST):
            best = scores.topk(min(2 * beam, scores.size(-1)))
            values, places = (part.view(count, beam, -1).tolist() for part in best)
            moves = [search.extend(values[i], places[i]) for i, search in enumerate(searches)]
            if all(search.done for search in searches):
                break
            parents = torch.tensor([i * beam + parent for i, rows in enumerate(moves) for parent, _ in rows], device=device)
            cache.reorder_cache(parents)
            shown = torch.cat([shown[parents], shown.new_ones(count * beam, 1)], 1)
            said = torch.tensor([[token] for rows in moves for _, token in rows], device=device)
            scores, cache = self._step(said, shown, cache)
        return [self._candidates(search) for search in searches]

    def _step(self, ids: Tensor, shown: Tensor, cache: Any) -> tuple[Tensor, Any]:
        """Log probabilities (rows, V) of the next token after these, and the cache."""
        more: dict[str, Any] = {}
        if self.positions:
            more["position_ids"] = (shown.cumsum(-1) - 1).clamp(min=0)[:, -ids.size(1) :]
        out = self.model(ids, attention_mask=shown, past_key_values=cache, use_cache=True, logits_to_keep=1, **more)
        return out.logits[:, -1].float().log_softmax(-1), out.past_key_values

    def _candidates(self, search: _Search) -> list[Candidate]:
        found: dict[str | None, Candidate] = {}
        for score, tokens, steps in sorted(search.finished, key=lambda line: -line[0]):
            lines = self.language.text(tokens).strip().splitlines()
            if lines:
                sql = None if lines[0].strip() == NO_QUERY else lines[0].strip()
                found.setdefault(sql, Candidate(sql, score, steps=steps))
        return list(found.values())


Line = tuple[float, tuple[int, ...], tuple[float, ...]]  # score, tokens, the score of each


class _Search:
    """The beam of one prompt."""

    def __init__(self, beam: int, end: int) -> None:
        self.beam, self.end, self.done = beam, end, False
        self.alive: list[Line] = [(0.0, (), ())]
        self.finished: list[Line] = []

    def extend(self, scores: Sequence[Sequence[float]], tokens: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
        """Takes the best tokens after each line with their scores; returns (parent, token) of the new lines, always K of them."""
        if self.done:
            return [(0, self.end)] * self.beam
        lines = [(line[0] + gained, row, token, gained) for row, line in enumerate(self.alive)
                 for gained, token in zip(scores[row], tokens[row], strict=True)]
        moves: list[tuple[int, int]] = []
        alive: list[Line] = []
        for place, (score, row, token, gained) in enumerate(sorted(lines, reverse=True)):
            if len(alive) == self.beam:
                break
            _, said, steps = self.alive[row]
            if token != self.end:
                alive.append((score, (*said, token), (*steps, gained)))
                moves.append((row, token))
            elif place < self.beam:
                self.finished.append((score, said, (*steps, gained)))
        self.alive = alive
        self.finished = sorted(self.finished, reverse=True)[: self.beam]
        self.done = len(self.finished) == self.beam and alive[0][0] < self.finished[-1][0]
        return moves


def merge(model: PreTrainedModel, folder: Path) -> None:
    """Adds the low-rank products of a PEFT directory to a model's weights. Raises ``BadWeights``."""
    try:
        for name, (down, up) in weights.low_rank(folder).items():
            layer: Any = model.get_submodule(name)
            product = up @ down
            with torch.no_grad():
                layer.weight += product if isinstance(layer, torch.nn.Linear) else product.t()  # GPT-2's Conv1D keeps (in, out)
    except (AttributeError, RuntimeError, KeyError) as error:
        raise BadWeights(f"The weights in {folder} don't fit the model that they name: {str(error)[:120]}") from error
