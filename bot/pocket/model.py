"""The embedded LLM's network: a MiniLM encoder and a small decoder that generates or points.

`p(next) = softmax([W_r h + T s_p ; W_p h ; (W_q h)·(W_k s_j)/√d + (A s_p)·(B s_j)/√d + b·next_j])`
over reserved pieces, prose pieces and source positions j; p is the position just copied, if any,
and `next_j` marks the one after it (pointer-generator after See et al. 2017,
https://arxiv.org/abs/1704.04368; one softmax instead of a gate, so that grammar masks apply to all
three alike). T says what kind of thing a piece of the message is, A and B which facet it goes
with; in training both are also taught directly, on every piece of the message. What the catalogue
knows of the message comes as marks: embeddings that a word and the facets it may go with share,
added before and after the encoder, and a bias on their pairs.
"""

import math
from typing import Any, NamedTuple, cast

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
from bot.pocket.prompt import MARKS, TIES

TEACHING = 0.5  # weight of each taught head beside the output's own loss


class Words(nn.Module):
    """Piece embeddings in two parts: the pretrained ones and those added for other scripts.

    Parameters
    ----------
    pretrained
        Rows that come with the encoder.
    added
        Rows that follow them.
    """

    def __init__(self, pretrained: int, added: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(pretrained, width))
        self.added = nn.Parameter(torch.zeros(added, width))

    def forward(self, ids: Tensor) -> Tensor:
        """Return the embeddings of piece ids, shape (…, d)."""
        known = self.weight.size(0)
        found = nn.functional.embedding(ids.clamp(max=known - 1), self.weight)
        new = ids >= known
        if not bool(new.any()):
            return found
        extra = nn.functional.embedding((ids - known).clamp(min=0), self.added)
        return torch.where(new.unsqueeze(-1), extra, found)


class Teaching(NamedTuple):
    """What a batch of readings teaches beside its target pieces.

    Parameters
    ----------
    allowed
        What the grammar allows at each step, shape (b, t, offset + s).
    kinds
        The kind of each message piece (the reserved id that its span gets, PAD outside of spans),
        -100 where there is no message, shape (b, s).
    facets
        The position of the facet that a piece's span goes with, -100 where none, shape (b, s).
    markers
        Where facets are, shape (b, s).
    """

    allowed: Tensor
    kinds: Tensor
    facets: Tensor
    markers: Tensor


class Keys(NamedTuple):
    """What a step's queries are compared with, each of shape (b, d, s).

    Parameters
    ----------
    pointing
        Keys of the pieces as what comes next.
    pairing
        Keys of the pieces as what another piece goes with.
    """

    pointing: Tensor
    pairing: Tensor


class PocketConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """Shape of the model.

    `prose_pieces` are the piece ids that prose is generated from; `added_pieces` counts the pieces
    beyond the encoder's own vocabulary.
    """

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
        added_pieces: int = 0,
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
        self.added_pieces = added_pieces
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
        words = Words(encoder.vocab_size, config.added_pieces, width)
        self.encoder.embeddings.add_module("word_embeddings", words)
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
        self.tag = nn.Linear(width, P.RESERVED)
        self.pair_query = nn.Linear(width, width)
        self.pair_key = nn.Linear(width, width)
        self.next_bias = nn.Parameter(torch.zeros(1))
        self.mark_words = nn.Parameter(0.05 * torch.randn(MARKS, width))
        self.mark_states = nn.Parameter(0.05 * torch.randn(MARKS, width))
        self.tie_bias = nn.Parameter(torch.ones(1))
        self._prose: Tensor | None = None
        self._table: Tensor | None = None
        self.post_init()  # type: ignore[no-untyped-call]

    @property
    def prose_pieces(self) -> Tensor:
        """The WordPiece ids of the prose pieces, shape (p,), on the model's device."""
        if self._prose is None or self._prose.device != self.device:
            self._prose = torch.tensor(self.config.prose_pieces, device=self.device)
        return self._prose

    @property
    def words(self) -> Words:
        """The embeddings of the pieces that prompts are made of."""
        return cast(Words, self.encoder.embeddings.word_embeddings)

    def get_encoder(self, *_: object, **__: object) -> nn.Module:
        """Return the encoder, as `generate` expects."""
        return self.encoder

    def encode(
        self, ids: Tensor | None, mask: Tensor | None, marks: Tensor | None = None
    ) -> BaseModelOutput:
        """Return the states of prompts, shape (b, s, d); `marks` as for `forward`."""
        if marks is None:
            return cast(BaseModelOutput, self.encoder(input_ids=ids, attention_mask=mask))
        words = self.words(ids) + marks @ self.mark_words
        encoded = self.encoder(inputs_embeds=words, attention_mask=mask)
        encoded.last_hidden_state = encoded.last_hidden_state + marks @ self.mark_states
        return cast(BaseModelOutput, encoded)

    def keys(self, source: Tensor) -> Keys:
        """Return what pointing compares with; the same at every step over the same source."""
        return Keys(self.key(source).transpose(1, 2), self.pair_key(source).transpose(1, 2))

    def pairs(
        self,
        source: Tensor,
        marks: Tensor | None,
        at: Tensor | None = None,
        keys: Keys | None = None,
    ) -> Tensor:
        """Return how well pieces go with others, shape (b, t, s); t are the pieces `at`, or all."""
        some = source if at is None else _at(source, at)
        key = self.pair_key(source).transpose(1, 2) if keys is None else keys.pairing
        pairs: Tensor = self.pair_query(some) @ key
        pairs = pairs / math.sqrt(source.size(-1))
        if marks is None:
            return pairs
        tied = marks[..., :TIES]
        some = tied if at is None else _at(tied, at)
        return pairs + self.tie_bias * (some @ tied.transpose(1, 2))

    def _copied(self, ids: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states pointed at, shape (b, t, d), and which ids are pointers, (b, t, 1)."""
        position = (ids - self.config.offset).clamp(min=0)
        return _at(source, position), (ids >= self.config.offset).unsqueeze(-1)

    def _embed(self, ids: Tensor, pointed: Tensor, is_pointer: Tensor) -> Tensor:
        """Embed output ids, shape (b, t): reserved, prose pieces, or the states pointed at."""
        embedded = self.reserved(ids.clamp(max=P.RESERVED - 1))
        if len(self.prose_pieces):
            words = self.words.weight
            piece = self.prose_pieces[(ids - P.RESERVED).clamp(0, len(self.prose_pieces) - 1)]
            is_prose = ((ids >= P.RESERVED) & ~is_pointer.squeeze(-1)).unsqueeze(-1)
            embedded = torch.where(is_prose, words[piece].to(embedded.dtype), embedded)
        pointer = pointed.to(embedded.dtype) + self.pointed.to(embedded.dtype)
        return torch.where(is_pointer, pointer, embedded)

    def _prose_table(self) -> Tensor:
        """Return the prose pieces' embeddings, shape (p, d); kept between steps of inference."""
        words = self.words.weight
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

    def _loss(
        self,
        logits: Tensor,
        source: Tensor,
        labels: Tensor,
        teaching: Teaching | None,
        marks: Tensor | None,
    ) -> Tensor:
        """Return the loss of the output, and of what T, A and B say of the message's pieces."""
        added = 0.0 * self.words.added.sum()  # used on every worker
        if teaching is None:
            return _cross_entropy(logits, labels) + added
        loss = _cross_entropy(logits.masked_fill(~teaching.allowed, -1e4), labels)
        loss = loss + TEACHING * _cross_entropy(self.tag(source), teaching.kinds)
        loss = loss + added
        if bool((teaching.facets >= 0).any()):
            pairs = self.pairs(source, marks).masked_fill(~teaching.markers[:, None, :], -1e4)
            loss = loss + TEACHING * _cross_entropy(pairs, teaching.facets)
        return loss

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: BaseModelOutput | None = None,
        marks: Tensor | None = None,
        copied: Tensor | None = None,
        past_key_values: Any = None,  # noqa: ANN401
        use_cache: bool = False,
        labels: Tensor | None = None,
        teaching: Teaching | None = None,
        keys: Keys | None = None,
        packed: Tensor | None = None,
        prose: bool = True,
        **_: object,
    ) -> Seq2SeqLMOutput:
        """Return logits over reserved ids, prose ids and source positions.

        Parameters
        ----------
        input_ids, attention_mask
            Prompt pieces and their mask, shape (b, s).
        marks
            What the catalogue knows of the prompt's pieces, shape (b, s, MARKS); see `Prompt`.
        decoder_input_ids
            Output ids so far, shape (b, t), or the last one alone with a cache.
        copied
            The last id that pointed, at each step, shape (b, t); needed with a cache alone.
        labels
            Target ids, shape (b, t), -100 where ignored; gives the mean cross-entropy.
        teaching
            What else the training targets say; see `Teaching`.
        keys
            From `keys`, where they are at hand.
        packed
            Which sequence each output id belongs to, shape (b, t), where a row holds several; see
            `Decoder.forward`. Then `copied` is needed.
        prose
            Whether prose pieces may come; otherwise their logits are -1e4.

        Returns
        -------
        Seq2SeqLMOutput
            `logits` of shape (b, t, offset + s).
        """
        if decoder_input_ids is None:
            raise ValueError("expected decoder_input_ids, got none; begin with BOS")
        if encoder_outputs is None:
            encoder_outputs = self.encode(input_ids, attention_mask, marks)
        source = encoder_outputs[0]
        keys = self.keys(source) if keys is None else keys
        pointed, is_pointer = self._copied(decoder_input_ids, source)
        embedded = self._embed(decoder_input_ids, pointed, is_pointer)
        if copied is None:
            copied = _last_copied(decoder_input_ids, self.config.offset)
        hidden = self.decoder(embedded, source, attention_mask, past_key_values, packed)
        parts = [self.reserved_head(hidden) + self.tag(pointed) * is_pointer]
        if len(self.prose_pieces) and prose:
            parts.append(self.prose_head(hidden) @ self._prose_table().to(hidden.dtype).T)
        elif len(self.prose_pieces):
            parts.append(
                hidden.new_full((1,), -1e4).expand(*hidden.shape[:2], len(self.prose_pieces))
            )
        pointing = self.query(hidden) @ keys.pointing
        pairs = self.pairs(source, marks, (copied - self.config.offset).clamp(min=0), keys)
        faceted = (decoder_input_ids >= P.FACETED[0]) & (decoder_input_ids <= P.FACETED[-1])
        pointing = pointing / math.sqrt(hidden.size(-1))
        pointing = pointing + pairs * (is_pointer | faceted.unsqueeze(-1))
        after = (decoder_input_ids - self.config.offset + 1).unsqueeze(-1)
        positions = torch.arange(source.size(1), device=source.device)
        pointing = pointing + self.next_bias.to(hidden.dtype) * (positions == after)
        if attention_mask is not None:
            pointing = pointing.masked_fill(attention_mask[:, None, :] == 0, -1e4)
        parts.append(pointing)
        logits = torch.cat(parts, dim=-1)
        loss = None
        if labels is not None:
            loss = self._loss(logits, source, labels, teaching, marks)
        return Seq2SeqLMOutput(
            loss=loss,
            logits=logits,
            past_key_values=past_key_values,
            encoder_last_hidden_state=source,
        )


def _at(source: Tensor, positions: Tensor) -> Tensor:
    """Return the states at positions (b, t), shape (b, t, d)."""
    return source.gather(1, positions.unsqueeze(-1).expand(-1, -1, source.size(-1)))


def _last_copied(ids: Tensor, offset: int) -> Tensor:
    """Return the last id up to each step that points, shape (b, t); the first where none does."""
    steps = torch.arange(ids.size(1), device=ids.device)
    last = torch.where(ids >= offset, steps, 0).cummax(dim=1).values
    return ids.gather(1, last)


def _cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    return nn.functional.cross_entropy(
        logits.float().flatten(0, -2), labels.flatten(), ignore_index=-100
    )


def register() -> None:
    """Make the Auto classes know the model, without remote code; safe to call again."""
    AutoConfig.register(PocketConfig.model_type, PocketConfig, exist_ok=True)
    AutoModelForSeq2SeqLM.register(PocketConfig, PocketModel, exist_ok=True)
