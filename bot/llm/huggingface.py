"""Any Hugging Face chat model behind the seam, quantized if asked for.

Readings are decoded greedily under the reading's JSON Schema, so that even a model that never saw
the task gives valid ones; reasons are sampled, several for each brief in one batch.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from typing import Any

import torch
from jinja2 import TemplateError
from torch import Tensor

from bot.llm import rendering
from bot.llm.base import ReasonBrief, Situation
from bot.llm.constrained import Grammars
from bot.llm.errors import ModelUnavailable
from bot.llm.grounding import ground
from bot.llm.loading import load
from bot.llm.rendering import Chat, Message
from bot.llm.sampling import Likelihood
from bot.llm.shape import parse_object, reading_schema
from bot.llm.tally import Tally, paid_by, payers
from bot.llm.tidying import distinct, tidy
from bot.reading import Reading
from prompts import loader

READING_TOKENS = 320
REASON_TOKENS = 80
ROWS = 16
TEMPERATURE = 0.8
TOP_P = 0.95
# From the fullest prompt to the barest: worked examples or not, characters of the text.
_EFFORTS = ((True, 4000), (False, 4000), (False, 1000), (False, 200))


class HuggingFaceLLM:
    """A causal language model with a chat template, from a folder or the hub.

    Parameters
    ----------
    name
        A folder, or a name on the hub.
    quantize
        `nf4`, `int8` or `none`.
    remote_code
        Whether Python code of the checkpoint may run.
    reading_tokens, reason_tokens
        The most tokens generated for a reading (at least 32) and for a reason.

    Raises
    ------
    UnknownModel, ModelUnavailable, CorruptWeights, UnknownQuantization
        If it cannot be loaded.
    """

    def __init__(
        self,
        name: str,
        quantize: str = "none",
        remote_code: bool = False,
        reading_tokens: int = READING_TOKENS,
        reason_tokens: int = REASON_TOKENS,
    ) -> None:
        loaded = load(name, quantize, remote_code)
        self.tally = Tally()
        self.name = name
        self._model: Any = loaded.model
        self._tokenizer: Any = loaded.tokenizer
        self._ends = loaded.ends
        self._window = loaded.window
        self._tokens = {"reading": max(32, reading_tokens), "reason": reason_tokens}
        self._grammars = Grammars(loaded.tokenizer, loaded.vocabulary, loaded.ends)
        added = map(str, loaded.tokenizer.added_tokens_decoder.values())
        self._control = tuple(t for t in added if len(t.strip()) > 1)
        # A chat template writes its own opening token; a plain dialogue needs the tokenizer's.
        self._bare = not loaded.tokenizer.chat_template
        self._lock = threading.Lock()

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one valid reading for each situation, in order; the same for the same input.

        Raises
        ------
        ModelUnavailable
            If memory runs out.
        """
        readings: list[Reading] = []
        for start in range(0, len(situations), ROWS):
            batch = situations[start : start + ROWS]
            with self._lock, paid_by(_of(start, batch)):
                answers = self._answers(batch)
            readings += [ground(parse_object(a), s) for a, s in zip(answers, batch, strict=True)]
        return tuple(readings)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return up to `candidates` different reasons for each brief, the likeliest first.

        The same briefs in the same batch give the same reasons.

        Raises
        ------
        ModelUnavailable
            If memory runs out.
        """
        reasons: list[tuple[str, ...]] = []
        rows = max(1, ROWS // max(1, candidates))
        for start in range(0, len(briefs) if candidates > 0 else 0, rows):
            batch = briefs[start : start + rows]
            with self._lock, paid_by(_of(start, batch)):
                reasons += self._reasons(batch, candidates)
        return tuple(reasons) if candidates > 0 else tuple(() for _ in briefs)

    def _answers(self, batch: Sequence[Situation]) -> list[str]:
        room = self._window - self._tokens["reading"]
        prompts = [
            self._prompt(lambda e, n, s=s: rendering.reading_chat(s, e, n), room)  # type: ignore[misc]
            for s in batch
        ]
        processor = self._grammars.constrain([reading_schema(s) for s in batch])
        made = self._generate(
            prompts,
            max_new_tokens=self._tokens["reading"],
            do_sample=False,
            logits_processor=[processor],
        )
        return [self._decode(row) for row in made]

    def _reasons(self, batch: Sequence[ReasonBrief], candidates: int) -> list[tuple[str, ...]]:
        room = self._window - self._tokens["reason"]
        prompts = [
            self._prompt(lambda e, n, b=b: rendering.reason_chat(b, e, n), room)  # type: ignore[misc]
            for b in batch
        ]
        likelihood = Likelihood(self._ends)
        seed = hashlib.sha256("\0".join(prompts).encode("utf-8", "replace")).digest()[:6]
        device = self._model.device
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(int.from_bytes(seed))
            made = self._generate(
                prompts,
                max_new_tokens=self._tokens["reason"],
                do_sample=True,
                temperature=TEMPERATURE,
                top_p=TOP_P,
                num_return_sequences=candidates,
                logits_processor=[likelihood],
            )
        scores = likelihood.mean(made)
        found: list[tuple[str, ...]] = []
        for index, brief in enumerate(batch):
            rows = range(index * candidates, (index + 1) * candidates)
            ranked = sorted(rows, key=lambda r: -scores[r])
            found.append(distinct(self._reason(made[r], brief) for r in ranked))
        return found

    def _reason(self, row: Tensor, brief: ReasonBrief) -> str:
        finished = bool(torch.isin(row, torch.tensor(self._ends, device=row.device)).any())
        return tidy(self._decode(row), finished, (brief.title, *brief.liked))

    def _prompt(self, chat: Callable[[bool, int], Chat], room: int) -> str:
        """Return the fullest prompt that fits in `room` tokens, the barest if none does."""
        text = ""
        for examples, limit in _EFFORTS:
            text = self._written(chat(examples, limit))
            if len(self._tokenizer(text, add_special_tokens=self._bare)["input_ids"]) <= room:
                break
        return text

    def _written(self, chat: Chat) -> str:
        messages = [{"role": m.role, "content": self._defused(m)} for m in chat]
        template = loader.text("plain_chat") if self._bare else None
        try:
            return self._templated(messages, template)
        except TemplateError:
            # Some templates (Gemma's) know no system role: it opens the first user message then.
            system, first, *rest = messages
            joined = {"role": "user", "content": f"{system['content']}\n\n{first['content']}"}
            return self._templated([joined, *rest], template)

    def _templated(self, messages: list[dict[str, str]], template: str | None) -> str:
        written: str = self._tokenizer.apply_chat_template(
            messages,
            chat_template=template,
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,
        )
        return written

    def _defused(self, message: Message) -> str:
        """Return a message's text in which nothing spells one of the model's control tokens."""
        text = message.content
        for token in self._control:
            text = text.replace(token, f"{token[0]} {token[1:]}")
        return text

    def _generate(self, prompts: Sequence[str], **settings: Any) -> Tensor:  # noqa: ANN401
        """Return the ids generated after each prompt, shape (rows, tokens)."""
        given = self._tokenizer(
            list(prompts),
            add_special_tokens=self._bare,
            padding=True,
            truncation=True,
            max_length=max(1, self._window - settings["max_new_tokens"]),
            return_tensors="pt",
        )
        given = {k: given[k].to(self._model.device) for k in ("input_ids", "attention_mask")}
        try:
            with torch.inference_mode():
                made: Tensor = self._model.generate(
                    **given,
                    **settings,
                    pad_token_id=self._tokenizer.pad_token_id,
                    eos_token_id=list(self._ends),
                )
        except torch.cuda.OutOfMemoryError as error:
            raise ModelUnavailable(
                f"expected {self.name!r} to fit in the GPU's memory with {len(prompts)} requests, "
                "it does not; try --quantize nf4 or a smaller model"
            ) from error
        fresh = made[:, given["input_ids"].shape[1] :]
        ends = torch.isin(fresh, torch.tensor(self._ends, device=fresh.device)).cumsum(1) > 0
        read = given["attention_mask"].sum(1).tolist()
        written = (~ends).sum(1).view(len(prompts), -1).sum(1).tolist()
        self.tally.add_each(list(zip(read, written, strict=True)))
        return fresh

    def _decode(self, row: Tensor) -> str:
        text: str = self._tokenizer.decode(row, skip_special_tokens=True)
        return text


def _of(start: int, batch: Sequence[object]) -> Sequence[Tally]:
    """Return who asked for the requests of a part of a call that begins at `start`."""
    asking = payers()
    return asking if len(asking) < 2 else asking[start : start + len(batch)]
