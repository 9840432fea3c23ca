"""Any OpenAI-compatible endpoint behind the seam: vLLM, Ollama, llama.cpp, a cloud.

Each situation and brief is one request; they run in threads. What an endpoint does not know
(structured output, several choices, a temperature) is left out after it was refused once, and
answers are checked here in any case. Knows no dialogue.
"""

import contextvars
import math
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import openai
from langchain_core.messages import BaseMessage, convert_to_messages
from langchain_core.outputs import Generation
from langchain_openai import ChatOpenAI
from langchain_openai.chat_models.base import BaseChatOpenAI
from pydantic import SecretStr

from bot.llm import rendering
from bot.llm.base import ReasonBrief, Situation
from bot.llm.deadline import left_s
from bot.llm.errors import Closed, Late, LLMError, ModelUnavailable, UnknownModel
from bot.llm.grounding import faults, ground
from bot.llm.rendering import Chat, Message
from bot.llm.shape import JsonSchema, parse_object, reading_schema
from bot.llm.tally import Tally
from bot.llm.tidying import distinct, tidy
from bot.reading import Reading
from prompts import loader

KEYS = ("CONCIERGE_LLM_API_KEY", "OPENAI_API_KEY")
TIMEOUT_S = 30.0
CONNECT_S = 5.0
RETRIES = 2
THREADS = 16
READING_TOKENS = 1024
REASON_TOKENS = 400
TEMPERATURE = 0.8
# OpenAI itself refuses `max_tokens`; many others know nothing else.
_OPENAI_HOSTS = ("openai.com", "openai.azure.com")

Asked = TypeVar("Asked", Situation, ReasonBrief)
Answer = TypeVar("Answer")
_Way = tuple[Chat, Mapping[str, Any]]


class EndpointLLM:
    """A chat model behind an OpenAI-compatible endpoint.

    The API key, if one is needed, is read from `CONCIERGE_LLM_API_KEY` or `OPENAI_API_KEY`.

    Parameters
    ----------
    url
        The base URL, such as `http://host:8000/v1`.
    model
        The model's name there.
    timeout_s
        How long to wait for one answer, in seconds.
    retries
        How often a request is repeated after a time-out, a lost connection, or a server's error.
    threads
        The most requests at once.
    """

    def __init__(
        self,
        url: str,
        model: str,
        timeout_s: float = TIMEOUT_S,
        retries: int = RETRIES,
        threads: int = THREADS,
    ) -> None:
        self.name = f"openai:{url}#{model}"
        self._url = url
        self._model_name = model
        self._timeout_s = timeout_s
        self._key = next((os.environ[k] for k in KEYS if os.environ.get(k)), "")
        host = urlsplit(url).hostname or ""
        client = ChatOpenAI if host.endswith(_OPENAI_HOSTS) else BaseChatOpenAI
        self._model: BaseChatOpenAI = client(
            model=model,
            base_url=url,
            api_key=SecretStr(self._key or "none"),
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
            max_retries=retries,
            use_responses_api=False,
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="llm-endpoint")
        self._lock = threading.Lock()
        self.tally = Tally()
        self._works: dict[str, int] = {}
        self._closed = False

    def read(self, situations: Sequence[Situation]) -> tuple[Reading, ...]:
        """Return one valid reading for each situation, in order.

        Raises
        ------
        UnusableAnswer
            If the model answers with no reading, and again when asked once more.
        ModelUnavailable
            If the endpoint is down, too slow, refuses, or is no such endpoint.
        UnknownModel
            If the endpoint has no such model.
        """
        return self._each(self._read, situations)

    def write(self, briefs: Sequence[ReasonBrief], candidates: int) -> tuple[tuple[str, ...], ...]:
        """Return up to `candidates` different reasons for each brief, in the endpoint's order.

        Raises
        ------
        ModelUnavailable
            If the endpoint is down, too slow, refuses, or is no such endpoint.
        UnknownModel
            If the endpoint has no such model.
        """
        if candidates < 1:
            return tuple(() for _ in briefs)
        return self._each(lambda brief: self._write(brief, candidates), briefs)

    def close(self) -> None:
        """Take no more requests; those under way come to their end."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _each(self, do: Callable[[Asked], Answer], asked: Sequence[Asked]) -> tuple[Answer, ...]:
        if self._closed:
            raise Closed(f"expected an open LLM, {self.name!r} was closed; build a new one")
        left = left_s()
        if math.isinf(left):
            return tuple(self._pool.map(do, asked))
        # Each on its own copy: a context can be entered only once at a time.
        running = [self._pool.submit(contextvars.copy_context().run, do, one) for one in asked]
        _, late = wait(running, left)
        for one in late:
            one.cancel()
        if late:
            raise self._late()
        return tuple(one.result() for one in running)

    def _late(self) -> Late:
        return Late(
            f"expected an answer of the endpoint {self._url} within the time of the turn, none "
            "came; try again, or give turns more time with CONCIERGE_TURN_S"
        )

    def _read(self, situation: Situation) -> Reading:
        chat = rendering.reading_chat(situation)
        schema = reading_schema(situation, strict=True)
        answer = self._answer(chat, schema)
        found = parse_object(answer)
        if wrong := faults(found, situation):
            again = loader.load("reading_repair").fill(fault="; ".join(wrong)[:500])
            more = (Message("assistant", answer[:4000] or "(nothing)"), Message("user", again))
            better = parse_object(self._answer((*chat, *more), schema))
            found = better if better is not None else found
        return ground(found, situation)

    def _answer(self, chat: Chat, schema: JsonSchema) -> str:
        shape = {"name": "reading", "schema": schema, "strict": True}
        structured = {"response_format": {"type": "json_schema", "json_schema": shape}}
        told = loader.load("reading_shape").fill(schema=rendering.compact(schema))
        system = Message("system", f"{chat[0].content}\n\n{told}")
        cool = {"temperature": 0.0}
        ways: Sequence[_Way] = [
            (chat, structured | cool),
            (chat, structured),
            ((system, *chat[1:]), cool),
            ((system, *chat[1:]), {}),
        ]
        texts = self._first_that_works("read", ways, READING_TOKENS)
        return texts[0][0] if texts else ""

    def _write(self, brief: ReasonBrief, candidates: int) -> tuple[str, ...]:
        chat = rendering.reason_chat(brief)
        warm, many = {"temperature": TEMPERATURE}, {"n": candidates}
        ways: Sequence[_Way] = [(chat, warm | many), (chat, many), (chat, warm), (chat, {})]
        texts = self._first_that_works("write", ways, REASON_TOKENS)
        # Some endpoints know no `n` and answer with one choice: the rest is asked for one by one.
        while len(texts) < candidates:
            more = self._first_that_works("one", [(chat, warm), (chat, {})], REASON_TOKENS)
            if not more:
                break
            texts += more[:1]
        names = (brief.title, *brief.liked)
        return distinct(tidy(text, done, names) for text, done in texts)[:candidates]

    def _first_that_works(
        self, task: str, ways: Sequence[_Way], tokens: int
    ) -> list[tuple[str, bool]]:
        """Ask in the fullest way that the endpoint has not refused yet, and remember which it was.

        Returns
        -------
        list
            Each choice's text, and whether it came to its end.
        """
        start = self._works.get(task, 0)
        for way in range(start, len(ways)):
            chat, settings = ways[way]
            try:
                texts = self._request(chat, max_tokens=tokens, **settings)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if way == len(ways) - 1:
                    raise self._explained(error) from error
                continue
            except openai.OpenAIError as error:
                raise self._explained(error) from error
            if way > start:
                with self._lock:
                    self._works[task] = way
            return texts
        return []

    def _request(self, chat: Chat, **settings: Any) -> list[tuple[str, bool]]:  # noqa: ANN401
        left = left_s()
        if not left:
            raise self._late()
        settings["timeout"] = min(self._timeout_s, left)
        messages: list[BaseMessage] = convert_to_messages(
            [{"role": m.role, "content": m.content} for m in chat]
        )
        try:
            result = self._model.generate([messages], **settings)
            used = (result.llm_output or {}).get("token_usage") or {}
            read, written = used.get("prompt_tokens"), used.get("completion_tokens")
            self.tally.add(int(read or 0), int(written or 0))
            choices = [_text(g) for g in result.generations[0]]
            if not choices:
                raise ValueError("no choices")
            return choices
        except openai.LengthFinishReasonError as error:
            # The client refuses to parse a cut-off answer; what is whole in it still counts.
            return [(c.message.content or "", False) for c in error.completion.choices]
        except openai.OpenAIError:
            raise
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise ModelUnavailable(
                f"expected chat completions from {self._url}, came something else "
                f"({type(error).__name__}); check that the URL is the API's base, often ending "
                "in /v1"
            ) from error

    def _explained(self, error: openai.OpenAIError) -> LLMError:
        """Return the error of ours that an error of the client stands for."""
        at = f"the endpoint {self._url}"
        if isinstance(error, openai.APITimeoutError):
            return ModelUnavailable(
                f"expected an answer of {at} within {self._timeout_s:g} s, none came; "
                "try again, or use a smaller or less busy model"
            )
        if isinstance(error, openai.APIConnectionError):
            return ModelUnavailable(
                f"expected {at} to answer, it cannot be reached; "
                "check that it runs and that host and port are right"
            )
        said = self._said(error)
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return ModelUnavailable(
                f"{at} refused the API key; set {KEYS[0]} (or {KEYS[1]}) to a valid one"
            )
        if isinstance(error, openai.NotFoundError):
            return UnknownModel(
                f"{at} has no model {self._model_name!r}, or no chat completions: {said}; "
                "check the model's name and that the URL is the API's base, often ending in /v1"
            )
        if isinstance(error, openai.RateLimitError):
            return ModelUnavailable(f"{at} has too many requests: {said}; try again later")
        return ModelUnavailable(f"expected an answer of {at}, it failed: {said}")

    def _said(self, error: openai.OpenAIError) -> str:
        status = getattr(error, "status_code", None)
        words = re.sub(r"\s+", " ", str(error))[:200]
        if self._key:
            words = words.replace(self._key, "…")
        return words if status is None else f"HTTP {status}: {words}"


def _text(generation: Generation) -> tuple[str, bool]:
    message = getattr(generation, "message", None)
    told = (generation.generation_info or {}) | (getattr(message, "response_metadata", None) or {})
    return generation.text, told.get("finish_reason") != "length"
