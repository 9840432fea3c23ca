"""The shipped weights: where they lie, checked before use, and how a trained model becomes them."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.pocket.model import PocketModel

FOLDER = Path(__file__).parent / "weights"
SUMS = "SHA256SUMS"


class CorruptWeights(ValueError):
    """A weight file is missing or its hash is not the one recorded beside it."""


def verify(folder: Path) -> None:
    """Check every file of a weights folder against its recorded hash.

    Raises
    ------
    CorruptWeights
        With the file, what was expected, what came, and the remedy.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise CorruptWeights(
            f"expected the embedded LLM's weights with a {SUMS} file in {folder.name}/, found "
            "none; "
            "restore the folder with `git checkout -- bot/pocket/weights` or install again"
        )
    for line in sums.read_text(encoding="utf-8").splitlines():
        expected, name = line.split()
        path = folder / name
        if not path.is_file():
            raise CorruptWeights(
                f"expected the weight file {name}, found none; restore it with "
                "`git checkout -- bot/pocket/weights` or install again"
            )
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise CorruptWeights(
                f"expected {name} with sha256 {expected[:12]}…, found {found[:12]}… "
                f"({path.stat().st_size} bytes); the file is cut off or altered: restore it with "
                "`git checkout -- bot/pocket/weights` or install again"
            )


def export(model: "PocketModel", folder: Path) -> None:
    """Write a model as three bf16 shards: the pretrained words, the encoder, and the rest.

    The first shard never changes in training: it is the same bytes for every version.
    """
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().to(torch.bfloat16).contiguous() for k, v in model.state_dict().items()}
    shards = [f"model-0000{n}-of-00003.safetensors" for n in (1, 2, 3)]
    where = {name: shards[_shard(name)] for name in state}
    for shard in shards:
        part = {n: t for n, t in state.items() if where[n] == shard}
        save_file(part, folder / shard, metadata={"format": "pt"})
    size = sum(t.numel() * t.element_size() for t in state.values())
    index = {"metadata": {"total_size": size}, "weight_map": where}
    text = json.dumps(index, indent=0, sort_keys=True)
    (folder / "model.safetensors.index.json").write_text(text + "\n", encoding="utf-8")
    model.config.save_pretrained(folder)


def _shard(name: str) -> int:
    """Return in which shard a weight lies: 0 where it is never trained."""
    if name.startswith("encoder.embeddings.") and not name.endswith(".added"):
        return 0
    return 1 if name.startswith("encoder.") else 2


def record(folder: Path) -> None:
    """Write the hashes of a weights folder's files beside them."""
    names = sorted(p.name for p in folder.iterdir() if p.is_file() and p.name != SUMS)
    lines = []
    for name in names:
        with (folder / name).open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n")
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
