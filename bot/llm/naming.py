"""What the names of LLMs mean: `pocket`, `fake`, `openai:URL#model`, a folder, a hub name.

Loads and reaches nothing.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.llm.errors import UnknownModel, UnknownQuantization

QUANTIZATIONS = ("nf4", "int8", "none")
UNDERSTOOD = (
    "'pocket' (the embedded model), 'fake', a folder with a checkpoint, a name on the Hugging Face "
    "hub such as 'Qwen/Qwen3-4B-Instruct-2507', or an OpenAI-compatible endpoint as "
    "'openai:http://host:8000/v1#model'"
)
_HUB = re.compile(r"[\w-][\w.-]{0,95}(?:/[\w-][\w.-]{0,95})?")


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible endpoint: its base URL and the model to ask for."""

    url: str
    model: str


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint: a folder or a name on the hub."""

    name: str


def parse(llm: str) -> Literal["pocket", "fake"] | Endpoint | Checkpoint:
    """Return what a name stands for.

    Raises
    ------
    UnknownModel
        If it is none of the forms that are understood.
    """
    name = llm.strip()
    if name == "pocket":
        return "pocket"
    if name == "fake":
        return "fake"
    if name.startswith("openai:"):
        return _endpoint(name)
    if is_folder(name) or _HUB.fullmatch(name):
        return Checkpoint(name)
    hint = f"; did you mean 'openai:{name}#model'?" if "://" in name else ""
    raise UnknownModel(f"expected {UNDERSTOOD}; came {llm!r}{hint}")


def is_folder(name: str) -> bool:
    """Return whether a name is a path on this machine rather than one on the hub."""
    return name.startswith(("/", "./", "../", "~")) or (bool(name) and Path(name).is_dir())


def check_quantization(quantize: str) -> None:
    """Raise `UnknownQuantization` unless it is one that we know."""
    if quantize not in QUANTIZATIONS:
        raise UnknownQuantization(
            f"expected a quantization out of {', '.join(QUANTIZATIONS)}, came {quantize!r}"
        )


def _endpoint(name: str) -> Endpoint:
    address, _, model = name.removeprefix("openai:").partition("#")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not model:
        raise UnknownModel(
            "expected an OpenAI-compatible endpoint as 'openai:http://host:8000/v1#model', with "
            f"a URL and a model after '#'; came {name!r}"
        )
    if parts.username or parts.password:
        raise UnknownModel(
            "expected an endpoint without a user or password in its URL; "
            "give a key in CONCIERGE_LLM_API_KEY instead"
        )
    return Endpoint(address.rstrip("/"), model)
