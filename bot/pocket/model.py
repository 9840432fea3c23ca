"""The embedded LLM's network: a MiniLM encoder and a small decoder that generates or points.

`p(next) = softmax([W_r h ; W_p h ; (W_q h)·(W_k s_j)/√d + b·next_j])` over reserved pieces, prose
pieces and source positions j; `next_j` marks the position after the one just copied (pointer-
generator after See et al. 2017, https://arxiv.org/abs/1704.04368; we share one softmax instead of
a gate, so that grammar masks apply to all three alike).
"""

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModelForSeq2SeqLM,
    BertConfig,
    BertModel,
    GenerationMixin,
    PretrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

from bot.pocket import pieces as P
from bot.pocket.decoder import Decoder


class PocketConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """Shape of the model. `prose_pieces` are the WordPiece ids that prose is generated from."""

    model_type = "concierge_pocket"
    is_encoder_decoder = True

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        decoder_layers: int = 3,
        decoder_heads: int = 12,
        decoder_ffn: int = 1536,
        max_target: int = 96,
        prose_pieces: list[int] | None = None,
        dropout: float = 0.1,
        **kwargs: Any,  # noqa: ANN401  (passed on to transformers)
    ) -> None:
        self.encoder = (
            encoder
            or BertConfig(
                hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
            ).to_diff_dict()
        )
        self.decoder_layers = decoder_layers
        self.decoder_heads = decoder_heads
        self.decoder_ffn = decoder_ffn
        self.max_target = max_target
        self.prose_pieces = prose_pieces or []
        self.dropout = dropout
        kwargs.setdefault("pad_token_id", P.PAD)
        kwargs.setdefault("bos_token_id", P.BOS)
        kwargs.setdefault("eos_token_id", P.EOS)
        kwargs.setdefault("decoder_start_token_id", P.BOS)
        kwargs.setdefault("tie_word_embeddings", False)
        super().__init__(**kwargs)

    @property
    def offset(self) -> int:
        """The output id of source position 0."""
        return P.RESERVED + len(self.prose_pieces)


class PocketModel(PreTrainedModel, GenerationMixin):  # type: ignore[no-untyped-call]
    """Sequence-to-sequence model with a pointing output."""

    config_class = PocketConfig
    main_input_name = "input_ids"
    base_model_prefix = "pocket"

    def __init__(self, config: PocketConfig) -> None:
        super().__init__(config)
        encoder = BertConfig(**config.encoder)
        encoder._attn_implementation = "sdpa"
        self.encoder = BertModel(encoder, add_pooling_layer=False)
        width = encoder.hidden_size
        self.decoder = Decoder(
            width,
            config.decoder_layers,
            config.decoder_heads,
            config.decoder_ffn,
            config.max_target,
            config.dropout,
        )
        self.reserved = nn.Embedding(P.RESERVED, width)
        self.pointed = nn.Parameter(torch.zeros(width))
        self.reserved_head = nn.Linear(width, P.RESERVED)
        self.prose_head = nn.Linear(width, width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.next_bias = nn.Parameter(torch.zeros(1))
        self._prose: Tensor | None = None
        self._table: Tensor | None = None
        self.post_init()  # type: ignore[no-untyped-call]

    @property
    def prose_pieces(self) -> Tensor:
        """The WordPiece ids of the prose pieces, shape (p,), on the model's device."""
        if self._prose is None or self._prose.device != self.device:
            self._prose = torch.tensor(self.config.prose_pieces, device=self.device)
        return self._prose

    def get_encoder(self, *_: object, **__: object) -> nn.Module:
        """Return the encoder, as `generate` expects."""
        return self.encoder

    def _embed(self, ids: Tensor, source: Tensor) -> Tensor:
        """Embed output ids, shape (b, t): reserved, prose pieces, or the states pointed at."""
        offset = self.config.offset
        position = (ids - offset).clamp(min=0)
        pointed = source.gather(1, position.unsqueeze(-1).expand(-1, -1, source.size(-1)))
        embedded = self.reserved(ids.clamp(max=P.RESERVED - 1))
        if len(self.prose_pieces):
            words = self.encoder.embeddings.word_embeddings
            piece = self.prose_pieces[(ids - P.RESERVED).clamp(0, len(self.prose_pieces) - 1)]
            is_prose = ((ids >= P.RESERVED) & (ids < offset)).unsqueeze(-1)
            embedded = torch.where(is_prose, words(piece).to(embedded.dtype), embedded)
        is_pointer = (ids >= offset).unsqueeze(-1)
        pointer = pointed.to(embedded.dtype) + self.pointed.to(embedded.dtype)
        return torch.where(is_pointer, pointer, embedded)

    def _prose_table(self) -> Tensor:
        """Return the prose pieces' embeddings, shape (p, d); kept between steps of inference."""
        words: Tensor = self.encoder.embeddings.word_embeddings.weight
        if self.training:
            return words[self.prose_pieces]
        if self._table is None or self._table.device != words.device:
            self._table = words[self.prose_pieces].detach()
        return self._table

    def train(self, mode: bool = True) -> "PocketModel":
        """Switch between training and inference; what inference kept is forgotten."""
        self._table = None
        super().train(mode)
        return self

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: BaseModelOutput | None = None,
        past_key_values: Any = None,  # noqa: ANN401
        use_cache: bool = False,
        labels: Tensor | None = None,
        **_: object,
    ) -> Seq2SeqLMOutput:
        """Return logits over reserved ids, prose ids and source positions.

        Parameters
        ----------
        input_ids, attention_mask
            Prompt pieces and their mask, shape (b, s).
        decoder_input_ids
            Output ids so far, shape (b, t), or the last one alone with a cache.
        labels
            Target ids, shape (b, t), -100 where ignored; gives the mean cross-entropy.

        Returns
        -------
        Seq2SeqLMOutput
            `logits` of shape (b, t, offset + s).
        """
        if decoder_input_ids is None:
            raise ValueError("expected decoder_input_ids, got none; begin with BOS")
        if encoder_outputs is None:
            encoder_outputs = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        source = encoder_outputs[0]
        hidden = self.decoder(
            self._embed(decoder_input_ids, source), source, attention_mask, past_key_values
        )
        parts = [self.reserved_head(hidden)]
        if len(self.prose_pieces):
            parts.append(self.prose_head(hidden) @ self._prose_table().to(hidden.dtype).T)
        pointing = self.query(hidden) @ self.key(source).transpose(1, 2)
        pointing = pointing / math.sqrt(hidden.size(-1))
        after = (decoder_input_ids - self.config.offset + 1).unsqueeze(-1)
        positions = torch.arange(source.size(1), device=source.device)
        pointing = pointing + self.next_bias.to(hidden.dtype) * (positions == after)
        if attention_mask is not None:
            pointing = pointing.masked_fill(attention_mask[:, None, :] == 0, -1e4)
        parts.append(pointing)
        logits = torch.cat(parts, dim=-1)
        loss = None
        if labels is not None:
            loss = nn.functional.cross_entropy(
                logits.float().flatten(0, 1), labels.flatten(), ignore_index=-100
            )
        return Seq2SeqLMOutput(
            loss=loss,
            logits=logits,
            past_key_values=past_key_values,
            encoder_last_hidden_state=source,
        )


def register() -> None:
    """Make the Auto classes know the model, without remote code; safe to call again."""
    AutoConfig.register(PocketConfig.model_type, PocketConfig, exist_ok=True)
    AutoModelForSeq2SeqLM.register(PocketConfig, PocketModel, exist_ok=True)
