"""An encoder-only tagger, to compare the embedded LLM's generation with.

It has the same encoder and reads without generating: each piece of the message gets a kind and a
facet from the heads that training teaches on every piece (`PocketModel.tag`, `pair_query`,
`pair_key`), runs of one kind and facet are a span, and a linear layer on the first state names the
act. It cannot say what is no span: shown items, questions about facets, withdrawn wishes.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

import torch
from torch import Tensor, nn

from bot.llm.base import Situation
from bot.pocket import pieces as P
from bot.pocket.decoding import pad
from bot.pocket.examples import Example
from bot.pocket.language import ACT_IDS, DIRECTION_IDS, KIND_IDS, OP_IDS, facet_names
from bot.pocket.model import PocketModel
from bot.pocket.prompt import Prompt, Renderer
from bot.reading import Reading

_BATCH = 32


class Tagger:
    """Reads messages from an encoder's states.

    Parameters
    ----------
    model
        A trained embedded LLM.
    renderer
        Its prompts.
    draw
        Gives one training example of a reading, None where a draw did not fit; the acts are
        learned from them.
    examples
        How many of them.
    """

    name = "tagger"

    def __init__(
        self,
        model: PocketModel,
        renderer: Renderer,
        draw: Callable[[], Example | None],
        examples: int = 4000,
    ) -> None:
        self._model, self._renderer = model, renderer
        drawn: list[Example] = []
        while len(drawn) < examples:
            example = draw()
            if example is not None:
                drawn.append(example)
        self._acts = self._learned(drawn)

    def _states(self, prompts: Sequence[Prompt]) -> tuple[Tensor, Tensor]:
        """Return the states of prompts, shape (b, s, d), and their marks."""
        ids, mask, marks = pad(prompts)
        with torch.inference_mode():
            states: Tensor = self._model.encode(ids, mask, marks)[0]
        return states.clone(), marks

    def _learned(self, examples: Sequence[Example]) -> nn.Linear:
        """Fit the act layer by AdamW on the first states, 300 full-batch steps."""
        rows = sorted(examples, key=lambda e: len(e.source))
        first = []
        for start in range(0, len(rows), _BATCH):
            prompts = [Prompt(e.source, marks=e.marks) for e in rows[start : start + _BATCH]]
            first.append(self._states(prompts)[0][:, 0])
        states = torch.cat(first)
        acts = torch.tensor([ACT_IDS.index(e.target[0]) for e in rows])
        layer = nn.Linear(states.size(1), len(ACT_IDS))
        optimiser = torch.optim.AdamW(layer.parameters(), lr=0.02, weight_decay=0.01)
        for _ in range(300):
            optimiser.zero_grad()
            nn.functional.cross_entropy(layer(states), acts).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        return layer

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one reading for each situation."""
        return tuple(self._read(situation) for situation in situations)

    def _read(self, situation: Situation) -> Reading:
        prompt = self._renderer.encode(situation)
        found, marks = self._states([prompt])
        with torch.inference_mode():
            act = ACT_IDS[int(self._acts(found[0, 0]).argmax())]
            kinds = self._model.tag(found)[0]
            pairs = self._model.pairs(found, marks)[0]
        allowed = [P.PAD, *KIND_IDS]
        tagged = [
            (position, allowed[int(kinds[position][allowed].argmax())])
            for position in sorted(prompt.spans)
        ]
        names = facet_names(situation)[: len(prompt.facets)]
        fields: dict[str, list[object]] = {}
        for kind, run in groupby(tagged, key=lambda pair: pair[1]):
            positions = [position for position, _ in run]
            if kind == P.PAD or (kind in (*OP_IDS, *DIRECTION_IDS) and not names):
                continue
            start, end = prompt.spans[positions[0]][0], prompt.spans[positions[-1]][1]
            words = situation.text[start:end][:200]
            name = P.NAME[kind]
            if kind in OP_IDS or kind in DIRECTION_IDS:
                scores = pairs[positions][:, list(prompt.facets)].sum(0)
                facet = names[int(scores.argmax())]
                slot, key = ("add", "op") if kind in OP_IDS else ("relative", "direction")
                fields.setdefault(slot, []).append({"facet": facet, key: name, "text": words})
            else:
                fields.setdefault(name, []).append(words)
        count = fields.pop("count", [None])[-1]
        return Reading.model_validate({"act": P.NAME[act], "count": count, **fields})
