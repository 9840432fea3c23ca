from pathlib import Path

import pytest

from bot.llm.pocket import PocketLLM
from bot.pocket.model import PocketModel
from bot.pocket.weights import SUMS, CorruptWeights, export, record, verify


@pytest.fixture
def folder(tiny: PocketModel, tmp_path: Path) -> Path:
    export(tiny, tmp_path)
    record(tmp_path)
    return tmp_path


def test_untouched_weights_pass(folder: Path) -> None:
    verify(folder)


def test_a_truncated_file_is_named(folder: Path) -> None:
    shard = sorted(folder.glob("*.safetensors"))[1]
    shard.write_bytes(shard.read_bytes()[:-100])
    with pytest.raises(CorruptWeights, match=shard.name):
        PocketLLM(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(CorruptWeights, match=r"config\.json"):
        verify(folder)


def test_a_folder_without_hashes_says_how_to_restore_it(folder: Path) -> None:
    (folder / SUMS).unlink()
    with pytest.raises(CorruptWeights, match="git checkout"):
        verify(folder)
