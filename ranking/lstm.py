"""The interest tracker: an LSTM over item vectors and event kinds.

    x_t = g(kind_t) · W_e v(item_t) + b(kind_t) + b(Δt)
    h_t = LSTM(h_{t-1}, x_t)
    Y_t = W h_t
    ŷ_t = normalise(θ0 + θ1 Y_t + θ2(kind_t) v(item_t))

It has two heads. *Text-only*, an item's vector is its text embedding, `v = e`, or that bent by how
well known the item is by its text (`ranking.items`): no item ids, so it works on a catalogue never
seen. *With item vectors* (`TrackerConfig.width > 0`), the interest lives in a space learned from
interactions (`ranking.items`), where `v = E + P e`.

`g` and `θ2` are positive for events that speak for an item and negative for those that speak
against it, by construction: a dislike enters with the opposite sign. Fresh text-only weights are
not random: gates are open by constants and matrices are identities, so that an untrained tracker
is the fading signed mean of the events' items, which works for embeddings of any width. Knows
nothing of files (see `ranking.checkpoint`), of catalogues or of how text vectors are made.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from ranking.errors import DimensionMismatch
from ranking.items import ItemVectors, Renown
from ranking.types import KINDS, EventKind
from ranking.vectors import unit

AGAINST: frozenset[EventKind] = frozenset(("disliked", "ignored"))
# Where an untrained tracker starts: how strongly each kind speaks, before its sign.
STRENGTH: dict[EventKind, float] = {
    "liked": 1.0,
    "disliked": 0.6,
    "seen": 0.4,
    "viewed": 0.4,
    "bought": 1.0,
    "mentioned": 0.6,
    "ignored": 0.15,
}
# Upper edges of the time buckets in seconds: a minute, ten, an hour, a day, a week, a month, a
# year. Bucket 0 is "no time passed or unknown".
TIME_EDGES_S = (0.0, 60.0, 600.0, 3600.0, 86400.0, 604800.0, 2592000.0, 31536000.0)


@dataclass(frozen=True)
class TrackerConfig:
    """The shape of a tracker.

    Parameters
    ----------
    item_dim
        Width d of the text embeddings.
    hidden_dim
        Width of the LSTM.
    encoder
        Name of the encoder whose vectors it was trained on; empty if untrained.
    width
        Width of learned item vectors; 0 for the text-only head.
    ids
        The items with learned vectors; none for the text-only head.
    dropout
        Share of the item vectors' and the LSTM's outputs that is left out in training.
    renown
        Width of the layer that reads from a text how well known the item is; 0 for none. For the
        text-only head.
    """

    item_dim: int = 384
    hidden_dim: int = 384
    encoder: str = ""
    width: int = 0
    ids: tuple[str, ...] = field(default=(), repr=False)
    dropout: float = 0.0
    renown: int = 0

    @property
    def space(self) -> int:
        """Width k of the space of interests and item vectors."""
        return self.width or self.item_dim


@dataclass(frozen=True)
class TrackerState:
    """What a tracker remembers of a history; its size does not depend on the history's length.

    `hidden` and `cell` have shape (hidden_dim,), `last` (k,) is the last item's vector,
    `kind` the last event's kind, `events` their number. The start state has 0 events.
    """

    hidden: Tensor
    cell: Tensor
    last: Tensor
    kind: EventKind = "seen"
    events: int = 0


class InterestTracker(nn.Module):
    """The model; see the module's docstring for its equations.

    Parameters
    ----------
    config
        Its shape.
    """

    def __init__(self, config: TrackerConfig) -> None:
        super().__init__()
        self.config = config
        d, h = config.space, config.hidden_dim
        self.items = ItemVectors(config.ids, config.item_dim, d) if config.width else None
        self.renown = Renown(d, config.renown) if config.renown and not config.width else None
        self.drop = nn.Dropout(config.dropout)
        self.embed = nn.Linear(d, h, bias=False)
        self.kind = nn.Embedding(len(KINDS), h)
        self.elapsed = nn.Embedding(len(TIME_EDGES_S) + 1, h)
        self.lstm = nn.LSTM(h, h, batch_first=True)
        self.out = nn.Linear(h, d, bias=False)
        self.gain = nn.Parameter(torch.zeros(len(KINDS)))
        self.theta0 = nn.Parameter(torch.zeros(d))
        self.theta1 = nn.Parameter(torch.ones(()))
        self.theta2 = nn.Parameter(torch.zeros(len(KINDS)))
        signs = torch.tensor([-1.0 if kind in AGAINST else 1.0 for kind in KINDS])
        self.register_buffer("signs", signs, persistent=False)
        self.signs: Tensor
        self._start()
        if self.items is None:
            self._start_as_fading_mean()

    @torch.no_grad()
    def _start(self) -> None:
        strength = torch.tensor([STRENGTH[kind] for kind in KINDS])
        self.gain.copy_(_inverse_softplus(strength))
        self.lean_on_last(0.3)
        nn.init.zeros_(self.kind.weight)
        nn.init.zeros_(self.elapsed.weight)
        # Item vectors are about 1 long, their entries small: let the LSTM see entries around 1.
        self.embed.weight.mul_(math.sqrt(self.config.space))

    @torch.no_grad()
    def lean_on_last(self, weight: float) -> None:
        """Let the last event's item enter the interest by this weight (> 0) times its strength."""
        strength = torch.tensor([STRENGTH[kind] for kind in KINDS])
        self.theta2.copy_(_inverse_softplus(weight * strength))

    @torch.no_grad()
    def _start_as_fading_mean(self) -> None:
        h = self.config.hidden_dim
        nn.init.eye_(self.embed.weight)
        nn.init.eye_(self.out.weight)
        for parameter in self.lstm.parameters():
            nn.init.zeros_(parameter)
        weights = self._cell()
        nn.init.eye_(weights[0][2 * h : 3 * h])
        # Gates i, f, g, o: a new event enters by .73, an old one fades by .88 a step, all is shown.
        for gate, bias in enumerate((1.0, 2.0, 0.0, 2.0)):
            weights[2][gate * h : (gate + 1) * h] = bias

    def _cell(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return the LSTM's weights: input, hidden, and their biases; gates in rows i, f, g, o."""
        w_input, w_hidden, b_input, b_hidden = self.lstm.parameters()
        return w_input, w_hidden, b_input, b_hidden

    def forward(self, items: Tensor, kinds: Tensor, buckets: Tensor) -> Tensor:
        """Return the interest after every event of every session.

        Parameters
        ----------
        items
            Item vectors, shape (b, t, k); padding at the end may hold anything finite.
        kinds
            Positions in `KINDS`, shape (b, t).
        buckets
            Time buckets since the event before, shape (b, t); see `time_bucket`.

        Returns
        -------
        Tensor
            Unit vectors, shape (b, t, k).
        """
        items = self.drop(items)
        hidden, _ = self.lstm(self._input(items, kinds, buckets))  # (b, t, h)
        return self._output(hidden, items, kinds)

    def _input(self, items: Tensor, kinds: Tensor, buckets: Tensor) -> Tensor:
        gain = self._signed(self.gain, kinds)
        x: Tensor = gain * self.embed(items) + self.kind(kinds) + self.elapsed(buckets)
        return x

    def _output(self, hidden: Tensor, items: Tensor, kinds: Tensor) -> Tensor:
        residual = self._signed(self.theta2, kinds) * items
        return unit(self.theta0 + self.theta1 * self.out(self.drop(hidden)) + residual)

    def vectors(self, ids: Sequence[str], text: Tensor) -> Tensor:
        """Return the items' vectors in the space of interests, shape (n, k).

        Parameters
        ----------
        ids
            The items, n of them.
        text
            Their text vectors, shape (n, d), of any length.

        Raises
        ------
        DimensionMismatch
            If there are not as many vectors as ids, or the width is not the tracker's.
        """
        if text.shape != (len(ids), self.config.item_dim):
            raise DimensionMismatch(
                f"expected text vectors of shape ({len(ids)}, {self.config.item_dim}), got "
                f"{tuple(text.shape)}; this tracker needs those of the encoder "
                f"{self.config.encoder or 'it was made for'!r}"
            )
        own = unit(text.float())
        with torch.no_grad():
            if self.items is not None:
                own = self.items(own, self.items.rows(ids).to(text.device))
            elif self.renown is not None:
                own = self.renown(own)
        return own

    def _signed(self, raw: Tensor, kinds: Tensor) -> Tensor:
        """Return the strength of each event's kind with its sign, shape of kinds + (1,)."""
        return (self.signs * nn.functional.softplus(raw))[kinds].unsqueeze(-1)

    def start(self) -> TrackerState:
        """Return the state of an empty history."""
        h, d = self.config.hidden_dim, self.config.space
        return TrackerState(torch.zeros(h), torch.zeros(h), torch.zeros(d))

    @torch.no_grad()
    def update(
        self, state: TrackerState, item_vector: Tensor, kind: EventKind, dt_s: float = 0.0
    ) -> TrackerState:
        """Return the state after one more event. The cost does not depend on the history.

        Parameters
        ----------
        state
            The state before; it is not changed.
        item_vector
            The event's item in the space of interests (`vectors`), shape (k,).
        kind
            What happened.
        dt_s
            Seconds since the event before; 0 if there is none or it is not known.

        Raises
        ------
        DimensionMismatch
            If the vector's width is not the tracker's.
        """
        if item_vector.shape != (self.config.space,):
            raise DimensionMismatch(
                f"expected an item vector of shape ({self.config.space},), got "
                f"{tuple(item_vector.shape)}; this tracker needs vectors of the encoder "
                f"{self.config.encoder or 'it was made for'!r}, taken through `vectors`"
            )
        item = item_vector.float()[None]  # (1, k)
        item = unit(item) if self.items is None else item
        x = self._input(item, _one(KINDS.index(kind)), _one(time_bucket(dt_s)))
        # One step of `self.lstm`; calling the module costs ten times as much for a single event.
        hidden, cell = torch.lstm_cell(x, (state.hidden[None], state.cell[None]), *self._cell())
        return TrackerState(hidden[0], cell[0], item[0], kind, state.events + 1)

    @torch.no_grad()
    def interest(self, state: TrackerState) -> Tensor | None:
        """Return the interest as a unit vector, shape (k,), or None for an empty history."""
        if state.events == 0:
            return None
        kinds = _one(KINDS.index(state.kind))
        return self._output(state.hidden[None], state.last[None], kinds)[0]


def time_bucket(dt_s: float) -> int:
    """Return the bucket of a time difference in seconds; 0 for none, negative or unknown."""
    if not math.isfinite(dt_s):
        return 0
    return sum(dt_s > edge for edge in TIME_EDGES_S)


def _one(value: int) -> Tensor:
    return torch.tensor([value])


def _inverse_softplus(x: Tensor) -> Tensor:
    return x + torch.log(-torch.expm1(-x))
