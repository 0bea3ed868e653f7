"""The parser: SBERT encoder -> slots -> relation-aware layers -> GPT-2 decoder that writes symbols and points at slots.

``Parser`` is one ordinary module, so that PEFT can put LoRA on its encoder and keep the new parts (``marks``, ``head``) in
``modules_to_save``. Training calls it; generation uses its parts through ``Parser.encode`` and ``decoding.Stepper``.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nl2sql.model import prompt as prompts
from nl2sql.model import relations
from nl2sql.model.layers import RelationLayer
from nl2sql.model.prompt import Prompt
from nl2sql.records import Symbol
from nl2sql.sql.symbols import BOS, EOS, INDEX, VOCABULARY

if TYPE_CHECKING:
    from transformers import GPT2Model

NOT_SCORED = -100  # target positions after the end


@dataclass(frozen=True)
class Shape:
    """Sizes of the new layers. ``width`` is the encoder's; a pretrained decoder brings its own, else it has the same."""

    width: int = 384
    heads: int = 6
    relation_layers: int = 4
    decoder_layers: int = 4
    positions: int = 160
    dropout: float = 0.1
    vocabulary: int = len(VOCABULARY)
    decoder_width: int = 0
    decoder_heads: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "decoder_width", self.decoder_width or self.width)
        object.__setattr__(self, "decoder_heads", self.decoder_heads or self.heads)


class Batch(NamedTuple):
    """B prompts, padded to L pieces and S slots, with T target steps."""

    ids: Tensor  # (B, L)
    marks: Tensor  # (B, L)
    pieces: Tensor  # (B, L) 1 where there is a word piece
    spans: Tensor  # (B, S, 2) the pieces of a slot, half-open
    kinds: Tensor  # (B, S)
    details: Tensor  # (B, S)
    symbols: Tensor  # (B, S)
    relations: Tensor  # (B, S, S) uint8
    slots: Tensor  # (B, S) True where there is a slot
    targets_allowed: Tensor  # (B, S) True where a pointer may point
    inputs: Tensor  # (B, T) index into vocabulary + slots
    targets: Tensor  # (B, T) the same, shifted; NOT_SCORED after the end

    def to(self, device: str | torch.device) -> Batch:
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in self))


def collate(prompts_: Sequence[Prompt], sequences: Sequence[Sequence[Symbol]] | None = None) -> Batch:
    """Pads prompts, and the symbol sequences that are to be learnt. KeyError: a sequence points at a slot that isn't shown."""
    count, length = len(prompts_), max(len(prompt.ids) for prompt in prompts_)
    width, steps = max(len(prompt.spans) for prompt in prompts_), max((len(s) + 1 for s in sequences or ()), default=1)

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros((count, *shape), dtype=np.int64)

    ids, marks, pieces, kinds, details, symbols = (zeros(n) for n in (length, length, length, width, width, width))
    spans, related = zeros(width, 2), np.zeros((count, width, width), dtype=np.uint8)
    slots, allowed, inputs, targets = zeros(width) > 0, zeros(width) > 0, zeros(steps), zeros(steps) + NOT_SCORED
    for i, prompt in enumerate(prompts_):
        n, s = len(prompt.ids), len(prompt.spans)
        ids[i, :n], marks[i, :n], pieces[i, :n] = prompt.ids, prompt.marks, 1
        kinds[i, :s], details[i, :s], symbols[i, :s] = prompt.kinds, prompt.details, prompt.symbols
        related[i, :s, :s], slots[i, :s], allowed[i, : len(prompt.slots)] = prompt.relations, True, True
        spans[i, :s] = prompt.spans
        if sequences is not None:
            where = {pointer: len(VOCABULARY) + k for k, pointer in enumerate(prompt.slots)}
            chosen = [INDEX[symbol] if isinstance(symbol, str) else where[symbol] for symbol in sequences[i]]
            inputs[i, 0], inputs[i, 1 : len(chosen) + 1] = INDEX[BOS], chosen
            targets[i, : len(chosen)], targets[i, len(chosen)] = chosen, INDEX[EOS]
    return Batch(*(torch.from_numpy(array) for array in (
        ids, marks, pieces, spans, kinds, details, symbols, related, slots, allowed, inputs, targets)))


def blank_table(count: int, width: int) -> nn.Embedding:
    """An embedding of zeros. Its usual random start, on the meta device, would import a second's worth of torch's compiler."""
    return nn.Embedding.from_pretrained(torch.zeros(count, width), freeze=False)


def gpt2(shape: Shape) -> GPT2Model:
    """The decoder as it is trained; ``plain.PlainGpt2`` has the same parameters."""
    from transformers import GPT2Config, GPT2Model
    from transformers.pytorch_utils import Conv1D

    width = shape.decoder_width
    decoder = GPT2Model(GPT2Config(
        vocab_size=shape.vocabulary, n_positions=shape.positions, n_embd=width, n_layer=shape.decoder_layers,
        n_head=shape.decoder_heads, add_cross_attention=True, resid_pdrop=shape.dropout, embd_pdrop=shape.dropout,
        attn_pdrop=shape.dropout, bos_token_id=INDEX[BOS], eos_token_id=INDEX[EOS], attn_implementation="eager"))
    if width != shape.width:  # what it reads are slots, as wide as the encoder
        for block in decoder.h:
            block.crossattention.c_attn = Conv1D(2 * width, shape.width)
    return decoder


class Head(nn.Module):
    """Everything that is learnt from nothing: slots, relation-aware layers, decoder, pointers."""

    def __init__(self, shape: Shape, decoder: nn.Module) -> None:
        super().__init__()
        width, inner, self.heads = shape.width, shape.decoder_width, shape.decoder_heads
        self.vocabulary, self.positions = shape.vocabulary, shape.positions
        self.kinds, self.details = blank_table(prompts.KIND_COUNT, width), blank_table(prompts.DETAIL_COUNT, width)
        self.norm_in, self.norm_out = nn.LayerNorm(width), nn.LayerNorm(width)
        self.layers = nn.ModuleList(
            RelationLayer(width, shape.heads, relations.COUNT, shape.dropout) for _ in range(shape.relation_layers))
        self.decoder = decoder
        self.pointer_in, self.pointer_query = nn.Linear(width, inner), nn.Linear(inner, width)
        self.pointer_key, self.symbol_out = nn.Linear(width, width), nn.Linear(inner, shape.vocabulary)
        self.previous_in = nn.Identity() if inner == width else nn.Linear(inner, width, bias=False)

    def start(self) -> None:
        """Random numbers for a training to begin with, where zeros would stay zeros."""
        relations_ = [weight for name, weight in self.layers.named_parameters() if "relation_" in name]
        for table in (self.kinds.weight, self.details.weight, *relations_):
            nn.init.normal_(table, std=0.02)

    def slot_states(self, pieces: Tensor, batch: Batch) -> Tensor:
        """Encoder states (B, L, D) -> slot states (B, S, D)."""
        place = torch.arange(pieces.size(1), device=pieces.device)
        start, end = batch.spans.unsqueeze(-1).unbind(2)
        shares = ((place >= start) & (place < end)).to(pieces.dtype) / (end - start).clamp(min=1)
        states = torch.bmm(shares, pieces) + self.kinds(batch.kinds) + self.details(batch.details)
        states, related = self.norm_in(states + self.previous_query(batch)), batch.relations.long()
        for layer in self.layers:
            states = layer(states, related, batch.slots)
        return self.norm_out(states)

    def previous_query(self, batch: Batch) -> Tensor:
        """What the symbols of the previous query say (B, S, D): their place in it and, of keywords, the decoder's embedding."""
        shown = batch.kinds == prompts.KINDS["previous"]
        place = (shown.cumsum(1) - 1).clamp(0, self.positions - 1)
        keywords = self.decoder.wte(batch.symbols) * (batch.symbols > 0).unsqueeze(-1)
        states: Tensor = self.previous_in(keywords + self.decoder.wpe(place) * shown.unsqueeze(-1))
        return states

    def embed(self, inputs: Tensor, slots: Tensor) -> Tensor:
        """Input embeddings (B, T, D) of keywords and pointers; ``slots`` are projected by ``pointer_in``."""
        pointed = (inputs - self.vocabulary).clamp(min=0).unsqueeze(-1).expand(-1, -1, slots.size(-1))
        keywords = self.decoder.wte(inputs.clamp(max=self.vocabulary - 1))
        return torch.where((inputs < self.vocabulary).unsqueeze(-1), keywords.to(slots.dtype), slots.gather(1, pointed))

    def forward(self, pieces: Tensor, batch: Batch) -> Tensor:
        """Logits (B, T, V + S) over keywords and pointers."""
        slots = self.slot_states(pieces, batch)
        states = self.decoder(
            inputs_embeds=self.embed(batch.inputs, self.pointer_in(slots)), encoder_hidden_states=slots,
            encoder_attention_mask=batch.slots.long(), use_cache=False).last_hidden_state
        pointers = torch.bmm(self.pointer_query(states), self.pointer_key(slots).transpose(1, 2)) / math.sqrt(slots.size(-1))
        pointers = pointers.masked_fill(~batch.targets_allowed.unsqueeze(1), -1e9)
        return torch.cat([self.symbol_out(states), pointers], -1).float()


class Parser(nn.Module):
    """Trained with transformers' ``BertModel`` and ``GPT2Model``; a call gives the logits of a batch.

    With the modules of ``plain`` in their place it only encodes, and ``decoding.Stepper`` writes.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, shape: Shape) -> None:
        super().__init__()
        self.encoder = encoder
        self.marks = blank_table(prompts.MARK_COUNT, shape.width)
        self.head = Head(shape, decoder)

    def piece_states(self, batch: Batch) -> Tensor:
        """What the encoder makes of the word pieces (B, L, D)."""
        embedded = self.encoder.get_input_embeddings()(batch.ids) + self.marks(batch.marks)
        states = self.encoder(inputs_embeds=embedded, attention_mask=batch.pieces)
        return states if isinstance(states, Tensor) else states.last_hidden_state

    def encode(self, batch: Batch) -> Tensor:
        """Slot states (B, S, D)."""
        return self.head.slot_states(self.piece_states(batch), batch)

    def forward(self, batch: Batch) -> Tensor:
        return self.head(self.piece_states(batch), batch)


def loss(logits: Tensor, targets: Tensor, *, smoothing: float = 0.0) -> Tensor:
    return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.reshape(-1), ignore_index=NOT_SCORED,
                           label_smoothing=smoothing)
