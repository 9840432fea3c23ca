"""Decoding constrained to a JSON Schema: at each step only tokens that can still lead to it.

The grammar work is llguidance's (https://github.com/guidance-ai/llguidance): no dependencies of its
own, some ten milliseconds to compile a schema and about half a millisecond a token. We mask
with its byte-per-token form, because its torch kernel needs a C++ compiler at run time.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import llguidance
import llguidance.hf
import torch
from torch import Tensor
from transformers import LogitsProcessor

from bot.llm.errors import UnknownModel
from bot.llm.shape import JsonSchema

REMEMBERED = 64


class Grammars:
    """Compiles JSON Schemas for one tokenizer, and remembers the last ones.

    Parameters
    ----------
    tokenizer
        A fast tokenizer.
    vocabulary
        The number of logits, at least the tokenizer's size.
    ends
        The ids of the tokens that end an answer.

    Raises
    ------
    UnknownModel
        If the tokenizer is of a kind that cannot be constrained.
    """

    def __init__(self, tokenizer: Any, vocabulary: int, ends: Sequence[int]) -> None:  # noqa: ANN401
        try:
            self._tokens = llguidance.hf.from_tokenizer(
                tokenizer, n_vocab=vocabulary, eos_token=list(ends)
            )
        except ValueError as error:
            raise UnknownModel(
                "expected a model with a fast tokenizer (tokenizer.json) whose vocabulary fits its "
                f"weights, came {type(tokenizer).__name__} ({error}); use another checkpoint"
            ) from error
        self._ends = tuple(ends)
        self._compiled = lru_cache(maxsize=REMEMBERED)(self._compile)

    def constrain(self, schemas: Sequence[JsonSchema]) -> "Constrained":
        """Return the processor of one batch, one schema a row. It serves one generation."""
        matchers = [self._compiled(json.dumps(s)).deep_copy() for s in schemas]
        return Constrained(matchers, self._ends)

    def _compile(self, schema: str) -> Any:  # noqa: ANN401  (llguidance's matcher)
        grammar = llguidance.LLMatcher.grammar_from_json_schema(
            schema, overrides={"whitespace_flexible": False}
        )
        matcher = llguidance.LLMatcher(self._tokens, grammar, log_level=0)
        if matcher.is_error():
            raise ValueError(f"expected a JSON Schema, came {schema[:200]}: {matcher.get_error()}")
        return matcher


class Constrained(LogitsProcessor):
    """Masks the logits of each row by its grammar.

    A row whose grammar is complete, or gave up (a resource limit of the grammar library), may only
    end; what was generated until then stays a prefix of a valid answer.
    """

    def __init__(self, matchers: Sequence[Any], ends: Sequence[int]) -> None:
        self._matchers = matchers
        self._ends = list(ends)
        self._started = False

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Return the scores, shape (rows, vocabulary), with -inf where a token is not allowed."""
        if self._started:
            for matcher, token in zip(self._matchers, input_ids[:, -1].tolist(), strict=True):
                if not matcher.is_stopped():
                    matcher.consume_token(token)
        self._started = True
        allowed = torch.stack([self._allowed(m, scores.shape[1]) for m in self._matchers])
        return scores.masked_fill(~allowed.to(scores.device), -torch.inf)

    def _allowed(self, matcher: Any, width: int) -> Tensor:  # noqa: ANN401
        allowed = torch.zeros(width, dtype=torch.bool)
        if not matcher.is_stopped():
            mask = torch.frombuffer(bytearray(matcher.compute_logit_bias()), dtype=torch.uint8)
            allowed[: len(mask)] = mask[:width] != 0
        if matcher.is_stopped() or not allowed.any():
            allowed[self._ends] = True
        return allowed
