"""How fast a catalogue is taken in: `python -m benchmarks.indexing [FILE] [--items N]`.

Beside it, the same items go LangChain's way: `Chroma.from_documents` over sentence-transformers
with the same model (`pip install -e .[bench]`). Each is done three times in turn, into new folders;
the ratio is that of the medians, and the vectors of both ways are compared. Then the catalogue is
taken in again unchanged, and with one row changed. Without a file, films are read.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from retrieval.catalog import Catalog, bundled_path, load_catalog
from retrieval.embedding import SentenceEncoder, bundled_folder, item_text
from retrieval.index import Index, take_in
from retrieval.items import facts_json

if TYPE_CHECKING:
    from langchain_chroma import Chroma

ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=bundled_path("movies"))
    parser.add_argument("--items", type=int, default=400)
    options = parser.parse_args()
    read = load_catalog(options.file)
    catalog = Catalog(read.schema, read.items[: options.items])
    home = Path(tempfile.mkdtemp(prefix="indexing-"))
    try:
        encoder = SentenceEncoder()
        model = MiniLM()
        encoder.encode(["warm", "up"])
        model.embed_query("warm up")
        size = len(catalog.items)
        print(f"{size} items of {options.file.name}, torch on {torch.get_num_threads()} threads")
        ours, plain = [], []
        for n in range(ROUNDS):
            own = home / str(n)
            ours.append(timed("concierge", size, lambda o=own: take_in("x", o, encoder, catalog)))
            plain.append(
                timed("LangChain", size, lambda o=own: plainly(catalog, model, o / "plain"))
            )
        ratio = statistics.median(plain) / statistics.median(ours)
        print(f"concierge indexes at {ratio:.2f} times the rate")
        timed("again, unchanged", size, lambda: take_in("x", own, encoder, catalog))
        index = Index.open("x", own, encoder)
        moved = apart(index, catalog, plainly(catalog, model, home / "compared"))
        print(f"largest cosine distance between the two ways' vectors: {moved:.1e}")
        index.close()
        other = (replace(catalog.items[0], text="Something else."), *catalog.items[1:])
        changed = Catalog(catalog.schema, other)
        timed("again, one row changed", size, lambda: take_in("x", own, encoder, changed))
        timed("opening", size, lambda: Index.open("x", own, encoder).close())
    finally:
        shutil.rmtree(home, ignore_errors=True)


class MiniLM(Embeddings):
    """The packaged model behind LangChain's face, as its own wrapper calls it."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(bundled_folder()), trust_remote_code=False)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(texts, normalize_embeddings=True).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def plainly(catalog: Catalog, model: MiniLM, folder: Path) -> "Chroma":
    from langchain_chroma import Chroma

    documents = [
        Document(item_text(item), metadata={"facts": facts_json(item.facts)})
        for item in catalog.items
    ]
    ids = [item.id for item in catalog.items]
    return Chroma.from_documents(documents, model, ids=ids, persist_directory=str(folder))


def apart(index: Index, catalog: Catalog, held: "Chroma") -> float:
    """Return the largest cosine distance between the vectors that the two ways gave an item."""
    ids = [item.id for item in catalog.items]
    found = held.get(ids=ids, include=["embeddings"])
    theirs = dict(zip(found["ids"], np.asarray(found["embeddings"]), strict=True))
    cosines = [o @ theirs[i] for i, o in zip(ids, index.vectors(ids), strict=True)]
    return float(1 - min(cosines))


def timed(what: str, size: int, run: "object") -> float:
    began = time.perf_counter()
    run()  # type: ignore[operator]
    took = time.perf_counter() - began
    print(f"{what:24} {took:7.2f} s {size / took:9.0f} items/s", flush=True)
    return took


if __name__ == "__main__":
    main()
