"""The GPT-2 decoder one symbol at a time: the same arithmetic as ``GPT2Model``'s, with caches, in a few plain calls a layer.

The library's own cached step costs several times the arithmetic at these sizes. A test holds the two together.
"""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from nl2sql.model.network import Head


class Stepper:
    """N contexts with K hypotheses each. Hypotheses of one context share the keys and values of its slots."""

    def __init__(self, head: Head, slots: Tensor, shown: Tensor, allowed: Tensor, beam: int) -> None:
        """``slots`` (N, S, D) from ``Parser.encode``; ``shown`` and ``allowed`` (N, S): slots to read, slots to point at."""
        self.head, self.beam, self.position = head, beam, 0
        self.blocks, self.heads = head.decoder.h, head.heads
        self.pointed = head.pointer_in(slots)
        self.pointer_keys = (head.pointer_key(slots) / math.sqrt(slots.size(-1))).transpose(1, 2)
        self.hidden = torch.zeros(shown.shape).masked_fill(~shown, -1e9)[:, None, None, :]
        self.forbidden = ~allowed[:, None, :]
        self.read: list[tuple[Tensor, Tensor]] = []  # per layer: keys (N, H, d, S) and values (N, H, S, d) of the slots
        for block in self.blocks:
            keys, values = self._split(block.crossattention.c_attn(slots), 2)
            self.read.append((keys.transpose(-1, -2), values))
        self.said: list[tuple[Tensor, Tensor] | None] = [None] * len(self.blocks)  # per layer: (N*K, H, t, d) of symbols so far

    def step(self, inputs: Tensor) -> Tensor:
        """Feeds one symbol of each hypothesis (N, K); returns logits (N, K, V + S) for the next."""
        head, count, beam = self.head, inputs.size(0), inputs.size(1)
        states = head.embed(inputs, self.pointed) + head.decoder.wpe.weight[self.position]
        for layer, block in enumerate(self.blocks):
            states = states + self._look_back(layer, block.ln_1(states).reshape(count * beam, 1, -1)).view(count, beam, -1)
            states = states + self._look_at_slots(layer, block.ln_cross_attn(states))
            states = states + block.mlp.c_proj(F.gelu(block.mlp.c_fc(block.ln_2(states)), approximate="tanh"))
        self.position += 1
        states = head.decoder.ln_f(states)
        pointers = (head.pointer_query(states) @ self.pointer_keys).masked_fill(self.forbidden, -1e9)
        return torch.cat([head.symbol_out(states), pointers], -1)

    def reorder(self, contexts: Tensor, parents: Tensor) -> None:
        """Keeps these contexts (n,), and of each the hypotheses ``parents`` (n, K) as its new ones."""
        rows = (contexts[:, None] * self.beam + parents).flatten()
        self.said = [(said[0][rows], said[1][rows]) if said else None for said in self.said]
        if len(contexts) < len(self.pointed):
            self.read = [(keys[contexts], values[contexts]) for keys, values in self.read]
            self.pointed, self.pointer_keys = self.pointed[contexts], self.pointer_keys[contexts]
            self.hidden, self.forbidden = self.hidden[contexts], self.forbidden[contexts]

    def _look_back(self, layer: int, states: Tensor) -> Tensor:
        attention = self.blocks[layer].attn
        query, key, value = self._split(attention.c_attn(states), 3)
        before = self.said[layer]
        if before is not None:
            key, value = torch.cat([before[0], key], 2), torch.cat([before[1], value], 2)
        self.said[layer] = (key, value)
        weights = (query @ key.transpose(-1, -2) / math.sqrt(query.size(-1))).softmax(-1)
        return attention.c_proj((weights @ value).transpose(1, 2).flatten(2))

    def _look_at_slots(self, layer: int, states: Tensor) -> Tensor:
        attention = self.blocks[layer].crossattention
        (query,), (keys, values) = self._split(attention.q_attn(states), 1), self.read[layer]
        weights = (query @ keys / math.sqrt(query.size(-1)) + self.hidden).softmax(-1)
        return attention.c_proj((weights @ values).transpose(1, 2).flatten(2))

    def _split(self, states: Tensor, parts: int) -> list[Tensor]:
        """(n, t, parts * D) -> parts of (n, heads, t, d)."""
        return [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in states.chunk(parts, -1)]
