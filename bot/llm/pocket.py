"""The embedded LLM behind the seam: ships with the project, runs on two CPU cores."""

import logging
import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.llm.base import ReasonBrief, Situation
from bot.llm.tally import Tally
from bot.pocket.weights import FOLDER, verify
from bot.reading import Reading
from bot.voice import free_words

DRAWN = 6  # ways of saying a reason that are drawn from its frames, then judged
TEMPERATURE = 0.3


class PocketLLM:
    """A small sequence-to-sequence model, quantized on loading.

    Parameters
    ----------
    folder
        Weights, configuration and tokenizer, with their hashes.
    quantize
        `nf4` (the default; bitsandbytes, 4 bit), `int8`, or `none` for float32.

    Raises
    ------
    CorruptWeights
        If a file is missing or altered.
    """

    def __init__(self, folder: Path = FOLDER, quantize: str = "nf4") -> None:
        import torch
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        from bot.pocket.frames import FrameWriter
        from bot.pocket.model import register
        from bot.pocket.prompt import Renderer

        logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
        verify(folder)
        register()
        self.name = "pocket"
        self.tally = Tally()
        self._lock = threading.Lock()
        self._torch = torch
        self._renderer = Renderer(AutoTokenizer.from_pretrained(folder))
        model = AutoModelForSeq2SeqLM.from_pretrained(
            folder, dtype=torch.float32, quantization_config=_quantization(quantize)
        )
        self._model: Any = model.eval()
        self._offset: int = model.config.offset
        prose = {piece: index for index, piece in enumerate(model.config.prose_pieces)}
        self._frames = FrameWriter(self._renderer, prose)

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one reading for each situation; always grammatical, whatever the text."""
        from bot.pocket.decoding import MAX_READING, constrained, generate
        from bot.pocket.language import Grammar, parse
        from bot.pocket.settling import settle

        if not situations:
            return ()
        with self._lock, self._torch.inference_mode():
            prompts = [self._renderer.encode(s) for s in situations]
            grammars = [Grammar(p, self._offset).allowed for p in prompts]
            rows = generate(self._model, prompts, constrained(grammars), MAX_READING)
            self.tally.add_each(
                [(len(p.ids), len(row)) for p, row in zip(prompts, rows, strict=True)]
            )
            return tuple(
                settle(s, parse(s, p, row, self._offset))
                for s, p, row in zip(situations, prompts, rows, strict=True)
            )

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return up to `candidates` different reasons for each brief; none where no frame fits."""
        from bot.pocket.decoding import likelihoods
        from bot.pocket.frames import drawn
        from bot.pocket.reasons import compose, repeats

        if not briefs:
            return ()
        briefs = [
            replace(b, wish=tuple(free_words.written(w, b.text) for w in b.wish)) for b in briefs
        ]
        with self._lock, self._torch.inference_mode():
            prompts = [self._renderer.encode_brief(b) for b in briefs]
            rng = random.Random(briefs[0].title)
            tries = [self._frames.trie(b, p) for b, p in zip(briefs, prompts, strict=True)]
            paths = [drawn(trie, DRAWN, rng) for trie in tries]
            if not any(paths):
                return tuple(() for _ in briefs)
            likely = likelihoods(self._model, prompts, paths)
            judged = [sum(map(len, of)) for of in paths]
            self.tally.add_each([(len(p.ids), n) for p, n in zip(prompts, judged, strict=True)])
            seed = self._torch.Generator().manual_seed(sum(map(ord, briefs[0].title)))
            chosen = [self._chosen(one, candidates, seed) for one in likely]
        pieces = self._model.config.prose_pieces
        written = []
        for brief, prompt, of, picks in zip(briefs, prompts, paths, chosen, strict=True):
            texts = [compose(self._renderer, prompt, brief, of[i], pieces) for i in picks]
            written.append(tuple(sorted(dict.fromkeys(t for t in texts if t), key=repeats)))
        return tuple(written)

    def _chosen(self, likely: Any, count: int, seed: Any) -> list[int]:  # noqa: ANN401
        """Return the indexes of paths drawn by their likelihood, without repeats."""
        if not len(likely):
            return []
        chances = (likely / TEMPERATURE).softmax(-1) + 1e-9
        picked = self._torch.multinomial(chances, min(count, len(likely)), generator=seed)
        return [int(i) for i in picked]


def _quantization(quantize: str) -> object | None:
    """Return the bitsandbytes configuration of a quantization by name."""
    if quantize == "none":
        return None
    import torch
    from transformers import BitsAndBytesConfig

    keep = ["reserved_head", "prose_head", "query", "key", "tag", "pair_query", "pair_key"]
    if quantize == "int8":
        return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
            load_in_8bit=True, llm_int8_skip_modules=keep
        )
    if quantize != "nf4":
        raise ValueError(f"expected quantize to be nf4, int8 or none, got {quantize!r}")
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.float32,
        llm_int8_skip_modules=keep,
    )
