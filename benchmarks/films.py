"""MovieLens films as a catalogue: title, year, genres, and our own text where we have the film."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from ranking.sessions import Corpus, TextEncoder, embed
from retrieval.catalog import bundled_path, load_catalog
from retrieval.embedding import item_text
from retrieval.types import Item

# Texts whose vectors are kept together: a run that was stopped embeds at most so many again.
SLICE = 1024


def described(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the films with the bundled catalogue's text where title and year are the same."""
    ours = {
        (item.title.casefold(), item.facts.get("year")): item.text
        for item in load_catalog(bundled_path("movies")).items
    }
    keys = [(item.title.casefold(), item.facts.get("year")) for item in items]
    return tuple(replace(i, text=ours.get(key, i.text)) for i, key in zip(items, keys, strict=True))


def embedded(name: str, items: Sequence[Item], encoder: TextEncoder, cache: Path) -> Corpus:
    """Return the films with their vectors, from the cache where they are there."""
    texts = [item_text(item) for item in items]
    starts = tqdm(range(0, len(texts), SLICE), desc=f"embed {name}")
    parts = [embed(texts[s : s + SLICE], encoder, cache, name) for s in starts]
    return Corpus(name, tuple(items), torch.cat(parts))
