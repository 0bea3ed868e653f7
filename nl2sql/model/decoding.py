"""The GPT-2 decoder one symbol at a time: the same arithmetic as ``GPT2Model``'s, with caches, in a few plain calls a layer.

The library's own cached step costs several times the arithmetic at these sizes. A test holds the two together.

What the hypotheses of a context have said lies in one cache, in the order in which it was said, and a mask tells which of it
are a hypothesis's own ancestors: when a beam is reordered, only the mask moves.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from nl2sql.model.network import Head

Map: TypeAlias = Callable[[Tensor], Tensor]

_ROOM = 24  # symbols that the cache has room for at first


class _Block(NamedTuple):
    """What a decoder's block does to states, looked up once: a step does all of it, and finding a module's parts takes time."""

    norm_back: Map
    back_in: Map
    back_out: Map
    norm_slots: Map
    slots_in: Map
    slots_out: Map
    norm_feed: Map
    feed_in: Map
    feed_out: Map

    @classmethod
    def of(cls, block: Any) -> _Block:
        back, slots, feed = block.attn, block.crossattention, block.mlp
        parts = (block.ln_1, back.c_attn, back.c_proj, block.ln_cross_attn, slots.q_attn, slots.c_proj, block.ln_2, feed.c_fc,
                 feed.c_proj)  # fmt: skip
        return cls(*(part.forward for part in parts))


class Stepper:
    """N contexts with K hypotheses each. Hypotheses of one context share the keys and values of its slots."""

    def __init__(self, head: Head, slots: Tensor, shown: Tensor, allowed: Tensor, beam: int) -> None:
        """``slots`` (N, S, D) from ``Parser.encode``; ``shown`` and ``allowed`` (N, S): slots to read, slots to point at."""
        self.head, self.beam, self.position = head, beam, 0
        self.blocks, self.heads = [_Block.of(block) for block in head.decoder.h], head.heads
        self.pointed = head.pointer_in(slots)
        self.pointer_keys = (head.pointer_key(slots) / math.sqrt(slots.size(-1))).transpose(1, 2)
        self.hidden = None if shown.all() else torch.zeros(shown.shape).masked_fill(~shown, -math.inf)[:, None, None, :]
        self.forbidden = ~allowed[:, None, :]
        self.read = [self._split(block.crossattention.c_attn(slots), 2) for block in head.decoder.h]  # keys and values
        count, width = len(slots), self.pointed.size(-1) // self.heads
        self.said = torch.empty(len(self.blocks), 2, count, self.heads, _ROOM * beam, width)  # keys and values of the symbols
        self.ancestors = torch.empty(count, 1, beam, 0)  # 0 for a hypothesis's own symbols, -inf for the others'
        self.own = torch.full((beam, beam), -math.inf).fill_diagonal_(0.0).expand(count, 1, -1, -1)

    def step(self, inputs: Tensor) -> Tensor:
        """Feeds one symbol of each hypothesis (N, K); returns logits (N, K, V + S) for the next."""
        head = self.head
        self._make_room()
        states = head.embed(inputs, self.pointed) + head.decoder.wpe.weight[self.position]
        for layer, block in enumerate(self.blocks):
            states = states + self._look_back(layer, block, block.norm_back(states))
            states = states + self._look_at_slots(layer, block, block.norm_slots(states))
            states = states + block.feed_out(F.gelu(block.feed_in(block.norm_feed(states)), approximate="tanh"))
        self.position += 1
        states = head.decoder.ln_f(states)
        pointers = (head.pointer_query(states) @ self.pointer_keys).masked_fill(self.forbidden, -1e9)
        return torch.cat([head.symbol_out(states), pointers], -1)

    def reorder(self, contexts: Tensor, parents: Tensor) -> None:
        """Keeps these contexts (n,), and of each the hypotheses ``parents`` (n, K) as its new ones."""
        if len(contexts) < len(self.pointed):
            self.read = [[part[contexts] for part in parts] for parts in self.read]
            self.pointed, self.pointer_keys = self.pointed[contexts], self.pointer_keys[contexts]
            self.hidden = None if self.hidden is None else self.hidden[contexts]
            self.forbidden, self.own = self.forbidden[contexts], self.own[: len(contexts)]
            self.said, self.ancestors = self.said[:, :, contexts], self.ancestors[contexts]
        self.ancestors = self.ancestors.take_along_dim(parents[:, None, :, None], 2)

    def _make_room(self) -> None:
        """For the symbols of this step."""
        self.ancestors = torch.cat([self.ancestors, self.own], -1)
        if self.ancestors.size(-1) > self.said.size(-2):
            self.said = torch.cat([self.said, torch.empty_like(self.said)], -2)

    def _look_back(self, layer: int, block: _Block, states: Tensor) -> Tensor:
        query, *new = self._split(block.back_in(states), 3)
        until = self.ancestors.size(-1)
        keys, values = self.said[layer, :, :, :, :until]
        for part, fresh in zip((keys, values), new, strict=True):
            part[:, :, until - self.beam :] = fresh
        read = F.scaled_dot_product_attention(query, keys, values, self.ancestors)
        return block.back_out(read.transpose(1, 2).flatten(2))

    def _look_at_slots(self, layer: int, block: _Block, states: Tensor) -> Tensor:
        keys, values = self.read[layer]
        (query,) = self._split(block.slots_in(states), 1)
        read = F.scaled_dot_product_attention(query, keys, values, self.hidden)
        return block.slots_out(read.transpose(1, 2).flatten(2))

    def _split(self, states: Tensor, parts: int) -> list[Tensor]:
        """(n, t, parts * D) -> parts of (n, heads, t, d)."""
        count, steps = states.shape[:2]
        return list(states.view(count, steps, parts, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0))
