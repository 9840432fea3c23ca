"""Load a chat model and its tokenizer from a folder or the hub, and say plainly when it fails.

Safetensors only; no code of the checkpoint runs unless the operator says so. Knows no prompt.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HFValidationError,
    RepositoryNotFoundError,
)
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from bot.llm.errors import CorruptWeights, LLMError, ModelUnavailable, UnknownModel
from bot.llm.naming import check_quantization, is_folder

_UNREACHED = "couldn't connect"


@dataclass(frozen=True)
class Loaded:
    """A model in evaluation mode, its tokenizer, and what generation needs to know of them.

    Parameters
    ----------
    ends
        The ids of the tokens that end an answer, the first one preferred.
    window
        The most tokens that prompt and answer may have together.
    vocabulary
        The number of logits.
    """

    model: Any
    tokenizer: Any
    ends: tuple[int, ...]
    window: int
    vocabulary: int


def load(name: str, quantize: str, remote_code: bool = False) -> Loaded:
    """Load a causal language model.

    Parameters
    ----------
    name
        A folder, or a name on the hub.
    quantize
        `nf4`, `int8` (bitsandbytes, GPU and CPU), or `none` for the checkpoint's own numbers.
    remote_code
        Whether Python code of the checkpoint may run.

    Raises
    ------
    UnknownModel
        If there is no such model, or it is of no kind that can be used here.
    ModelUnavailable
        If the hub cannot be reached, or the model does not fit in memory.
    CorruptWeights
        If weights are missing, damaged, or not safetensors.
    """
    check_quantization(quantize)
    if is_folder(name) and not Path(name).expanduser().is_dir():
        raise UnknownModel(f"expected a folder with a model, {name!r} is none; check the path")
    source = str(Path(name).expanduser()) if is_folder(name) else name
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=remote_code)
        made: Any = AutoModelForCausalLM.from_pretrained(
            source,
            dtype=torch.float16 if quantize == "int8" else "auto",
            device_map="auto",
            quantization_config=_quantization(quantize, source, remote_code),
            trust_remote_code=remote_code,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, ImportError, KeyError, SafetensorError) as error:
        raise _explained(name, error) from error
    model, report = made
    if missing := sorted(report["missing_keys"]):
        raise CorruptWeights(
            f"expected all weights of {name!r}, {len(missing)} are missing, {missing[0]!r} among "
            "them; download the checkpoint again"
        )
    return _loaded(model.eval(), tokenizer)


def _quantization(quantize: str, source: str, remote_code: bool) -> Any:  # noqa: ANN401
    config: Any = BitsAndBytesConfig
    if quantize == "nf4":
        return config(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_compute_dtype=torch.bfloat16,
            bnb_4bit_use_double_quant=True,
            llm_int8_skip_modules=_left_out(source, remote_code),
        )
    return config(load_in_8bit=True) if quantize == "int8" else None


def _left_out(source: str, remote_code: bool) -> list[str] | None:
    """Return the layers that 4 bits on the CPU cannot hold, with the head; None for the usual ones.

    bitsandbytes' CPU kernels need outputs in multiples of 32 and inputs in multiples of 64.
    """
    if torch.cuda.is_available():
        return None
    config = AutoConfig.from_pretrained(source, trust_remote_code=remote_code)
    make: Any = AutoModelForCausalLM
    with torch.device("meta"):
        empty = make.from_config(config, trust_remote_code=remote_code)
    head = empty.get_output_embeddings()
    layers = {n: m for n, m in empty.named_modules() if isinstance(m, torch.nn.Linear)}
    unfit = [n for n, m in layers.items() if m.out_features % 32 or m.in_features % 64]
    heads = [n for n, m in layers.items() if m is head]
    return list(dict.fromkeys((*heads, *unfit))) if unfit else None


def _loaded(model: Any, tokenizer: Any) -> Loaded:  # noqa: ANN401
    stops = model.generation_config.eos_token_id
    stops = stops if isinstance(stops, list) else [stops]
    ends = [e for e in (tokenizer.eos_token_id, *stops) if e is not None]
    if not ends:
        raise UnknownModel(
            f"expected a model with an end-of-text token, {tokenizer.name_or_path!r} has none; "
            "set eos_token in its tokenizer_config.json"
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token_id = ends[0]
    tokenizer.padding_side = "left"
    tokenizer.truncation_side = "left"
    config = model.config.get_text_config()
    return Loaded(
        model=model,
        tokenizer=tokenizer,
        ends=tuple(dict.fromkeys(ends)),
        window=getattr(config, "max_position_embeddings", None) or 32_768,
        vocabulary=max(model.get_output_embeddings().weight.shape[0], config.vocab_size),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _explained(name: str, error: Exception) -> LLMError:
    """Return the error of ours that an error of loading stands for."""
    causes = tuple(_causes(error))
    said = " ".join(str(error).split())[:300]
    if isinstance(error, torch.cuda.OutOfMemoryError):
        return ModelUnavailable(
            f"expected {name!r} to fit in the GPU's memory, it does not; "
            "try --quantize nf4 or a smaller model"
        )
    if isinstance(error, ImportError):
        return ModelUnavailable(f"{name!r} needs a package that is not installed: {said}")
    if "trust_remote_code" in str(error):
        return UnknownModel(
            f"{name!r} brings Python code of its own, which may not run here; use a checkpoint "
            "of an architecture that transformers knows, or allow remote code"
        )
    if any(isinstance(c, SafetensorError | json.JSONDecodeError) for c in causes):
        return CorruptWeights(
            f"expected whole weights of {name!r}, came damaged ones: {said}; download them again"
        )
    if any(isinstance(c, RepositoryNotFoundError | GatedRepoError) for c in causes):
        return UnknownModel(
            f"the hub has no model {name!r}, or it is gated; check the name, or log in with "
            "`hf auth login` after accepting its terms"
        )
    if any(_UNREACHED in str(c) for c in causes):
        return ModelUnavailable(
            f"expected {name!r} from the hub, but the hub cannot be reached and no copy lies in "
            f"the cache; check the name and the connection, or run `hf download {name}` before"
        )
    if any(isinstance(c, HFValidationError) for c in causes):
        return UnknownModel(f"{name!r} is neither a folder nor a name on the hub: {said}")
    if is_folder(name) and isinstance(error, OSError | RuntimeError):
        return CorruptWeights(
            f"expected a whole checkpoint with safetensors weights in {name!r}: {said}; "
            "download it again (or convert pickled weights to safetensors)"
        )
    if any(isinstance(c, EntryNotFoundError) for c in causes) or isinstance(error, OSError):
        return CorruptWeights(f"expected safetensors weights of {name!r} on the hub: {said}")
    return UnknownModel(f"expected a causal chat model, {name!r} cannot be used as one: {said}")
