"""The decoder: pre-norm layers of causal self-attention, cross-attention and a feed-forward net.

Written out rather than borrowed because a reading is a dozen one-token steps, where a general
decoder's bookkeeping costs more than its arithmetic (measured: 2 ms a step against 7).
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Multi-head attention over given keys and values."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def split(self, states: Tensor) -> Tensor:
        """Reshape (b, t, d) to (b, heads, t, d / heads)."""
        b, t, d = states.shape
        return states.view(b, t, self.heads, d // self.heads).transpose(1, 2)

    def forward(self, hidden: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        """Attend from hidden (b, t, d) to split keys and values; mask is additive."""
        mixed = F.scaled_dot_product_attention(self.split(self.q(hidden)), key, value, mask)
        b, _, t, _ = mixed.shape
        out: Tensor = self.out(mixed.transpose(1, 2).reshape(b, t, -1))
        return out


class Layer(nn.Module):
    """One decoder layer."""

    def __init__(self, width: int, heads: int, ffn: int, dropout: float) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = Attention(width, heads)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_attention = Attention(width, heads)
        self.ffn_norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, ffn)
        self.down = nn.Linear(ffn, width)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        hidden: Tensor,
        source: Tensor,
        causal: Tensor | None,
        cross: Tensor | None,
        cache: Any,  # noqa: ANN401  (transformers' EncoderDecoderCache)
        index: int,
    ) -> Tensor:
        """Return the layer's output, shape (b, t, d)."""
        normed = self.self_norm(hidden)
        attention = self.self_attention
        key, value = attention.split(attention.k(normed)), attention.split(attention.v(normed))
        if cache is not None:
            key, value = cache.self_attention_cache.update(key, value, index)
        hidden = hidden + self.dropout(attention(normed, key, value, causal))
        attention = self.cross_attention
        if cache is not None and cache.is_updated.get(index):
            stored = cache.cross_attention_cache.layers[index]
            key, value = stored.keys, stored.values
        else:
            key, value = attention.split(attention.k(source)), attention.split(attention.v(source))
            if cache is not None:
                key, value = cache.cross_attention_cache.update(key, value, index)
                cache.is_updated[index] = True
        normed = self.cross_norm(hidden)
        hidden = hidden + self.dropout(attention(normed, key, value, cross))
        out: Tensor = self.dropout(self.down(F.gelu(self.up(self.ffn_norm(hidden)))))
        return hidden + out


class Decoder(nn.Module):
    """A stack of layers with learned positions."""

    def __init__(
        self, width: int, layers: int, heads: int, ffn: int, length: int, dropout: float
    ) -> None:
        super().__init__()
        self.positions = nn.Embedding(length, width)
        self.layers = nn.ModuleList(Layer(width, heads, ffn, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(
        self,
        embedded: Tensor,
        source: Tensor,
        source_mask: Tensor | None,
        cache: Any = None,  # noqa: ANN401
        packed: Tensor | None = None,
    ) -> Tensor:
        """Return hidden states, shape (b, t, d).

        Parameters
        ----------
        embedded
            Embedded output pieces, shape (b, t, d).
        source
            Encoder states, shape (b, s, d).
        source_mask
            1 where a source piece is real, shape (b, s).
        packed
            Which sequence each piece belongs to, shape (b, t), where several stand one after the
            other in a row; none sees another, each has positions from 0. Without a cache only.
        """
        past = cache.get_seq_length() if cache is not None else 0
        steps = embedded.size(1)
        where = torch.arange(past, past + steps, device=embedded.device)
        causal = cross = None
        if steps > 1:
            seen = torch.arange(past + steps, device=embedded.device)
            hides = seen > where[:, None]
            if packed is not None:
                apart = packed[:, :, None] != packed[:, None, :]
                hides = (hides | apart)[:, None]
                where = where - (~apart).int().argmax(-1)
            causal = torch.zeros(hides.shape, dtype=embedded.dtype, device=embedded.device)
            causal.masked_fill_(hides, float("-inf"))
        hidden = embedded + self.positions(where.clamp(max=self.positions.num_embeddings - 1))
        if source_mask is not None:
            cross = torch.zeros(source_mask.shape, dtype=hidden.dtype, device=hidden.device)
            cross = cross.masked_fill(source_mask == 0, float("-inf"))[:, None, None, :]
        for index, layer in enumerate(self.layers):
            hidden = layer(hidden, source, causal, cross, cache, index)
        out: Tensor = self.norm(hidden)
        return out
