from collections.abc import Iterator

import pytest
import torch
from transformers import AutoTokenizer

from bot.pocket.model import PocketConfig, PocketModel
from bot.pocket.prompt import Renderer
from retrieval.embedding import bundled_folder
from retrieval.types import Facet, Schema


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer(AutoTokenizer.from_pretrained(bundled_folder()))


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema(
        "films",
        (
            Facet("genres", "category", values=("comedy", "horror", "science fiction")),
            Facet("year", "number", unit="year"),
            Facet("runtime", "number", unit="minutes"),
            Facet("cast", "people"),
            Facet("keywords", "tags"),
        ),
    )


@pytest.fixture
def tiny() -> Iterator[PocketModel]:
    """A real model of the shipped architecture, small and untrained."""
    torch.manual_seed(0)
    encoder = {
        "vocab_size": 30522,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    yield PocketModel(
        PocketConfig(
            encoder=encoder,
            decoder_layers=2,
            decoder_heads=2,
            decoder_ffn=64,
            dropout=0.0,
            prose_pieces=list(range(2000, 2100)),
        )
    ).eval()
