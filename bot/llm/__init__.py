"""The LLM seam: one protocol (`base`), and what stands behind it, built by name."""

from pathlib import Path

from bot.llm.base import LLM
from bot.llm.naming import Checkpoint, Endpoint, check_quantization, parse


def build(llm: str, quantize: str, home: Path, remote_code: bool = False) -> LLM:
    """Return the LLM of that name, ready to be shared by threads.

    Parameters
    ----------
    llm
        `pocket`, `fake`, a folder with a checkpoint, a name on the hub, or an OpenAI-compatible
        endpoint as `openai:http://host:8000/v1#model`.
    quantize
        `nf4`, `int8` or `none`; an endpoint or the fake has no use for it.
    home
        The state folder; an embedded model in its folder `pocket` takes the place of the shipped
        one.
    remote_code
        Whether Python code of a checkpoint may run.

    Returns
    -------
    LLM
        Local models share one copy through dynamic batching; those that hold threads have a
        `close` method.

    Raises
    ------
    UnknownModel, UnknownQuantization, CorruptWeights, ModelUnavailable
        If it cannot be had.
    """
    check_quantization(quantize)
    chosen = parse(llm)
    if isinstance(chosen, Endpoint):
        from bot.llm.endpoint import EndpointLLM

        return EndpointLLM(chosen.url, chosen.model)
    if chosen == "fake":
        from bot.llm.fake import FakeLLM, hinted, silent

        return FakeLLM(readings=hinted, reasons=silent)
    from bot.llm.batching import Batched

    if isinstance(chosen, Checkpoint):
        from bot.llm.huggingface import HuggingFaceLLM

        return Batched(HuggingFaceLLM(chosen.name, quantize, remote_code))
    return Batched(_pocket(quantize, home))


def _pocket(quantize: str, home: Path) -> LLM:
    from bot.llm.errors import CorruptWeights
    from bot.llm.pocket import PocketLLM
    from bot.pocket.weights import FOLDER
    from bot.pocket.weights import CorruptWeights as BadShippedWeights

    own = home / "pocket"
    try:
        return PocketLLM(own if (own / "config.json").is_file() else FOLDER, quantize)
    except BadShippedWeights as error:
        raise CorruptWeights(str(error)) from error
