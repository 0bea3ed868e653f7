"""The layer that transformers doesn't have: relation-aware self-attention."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RelationLayer(nn.Module):
    """Self-attention with a learnt key and value vector per relation, then a feed-forward part; both pre-normalised.

    Shaw et al. 2018, RAT-SQL (Wang et al. 2020); one set of relation vectors serves all heads.
    """

    def __init__(self, width: int, heads: int, relations: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.norm_attention, self.norm_feed = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed_in, self.feed_out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.relation_key = nn.Parameter(torch.zeros(relations, width // heads))
        self.relation_value = nn.Parameter(torch.zeros(relations, width // heads))

    def forward(self, states: Tensor, relations: Tensor, mask: Tensor) -> Tensor:
        """``states`` (B, S, D), ``relations`` (B, S, S) ids, ``mask`` (B, S) True where there is a slot -> (B, S, D)."""
        batch, slots, width = states.shape
        query, key, value = self.qkv(self.norm_attention(states)).view(batch, slots, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        # Scores of every relation for every query (R of them), then each pair picks its own: far cheaper than S x S vectors.
        index = relations.unsqueeze(1).expand(batch, self.heads, slots, slots)
        by_relation = (query @ self.relation_key.t().to(query.dtype)).float()  # many pairs add to one gradient
        scores = (query @ key.transpose(-1, -2) + by_relation.gather(3, index)) * (width // self.heads) ** -0.5
        weights = scores.float().masked_fill(~mask[:, None, None, :], -1e9).softmax(-1)
        share = torch.zeros(by_relation.shape, dtype=weights.dtype, device=weights.device).scatter_add_(3, index, weights)
        read = weights.to(value.dtype) @ value + share.to(value.dtype) @ self.relation_value.to(value.dtype)
        states = states + self._drop(self.out(read.transpose(1, 2).reshape(batch, slots, width)))
        return states + self._drop(self.feed_out(F.gelu(self.feed_in(self.norm_feed(states)))))

    def _drop(self, states: Tensor) -> Tensor:
        return F.dropout(states, self.dropout, self.training)
