"""How fast a catalogue is taken in: `python -m benchmarks.indexing [FILE] [--items N]`.

Beside it, the same items go the plain way: sentence-transformers, then Chroma's `add` with
documents and metadata, which is what LangChain's `Chroma.from_documents` does. Then the catalogue
is taken in again unchanged, and with one row changed. Without a file, films are read.
"""

import argparse
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from retrieval.catalog import Catalog, bundled_path, load_catalog
from retrieval.embedding import SentenceEncoder, bundled_folder, item_text
from retrieval.index import Index, take_in
from retrieval.items import facts_json


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
        encoder.encode(["warm", "up"])
        size = len(catalog.items)
        print(f"{size} items of {options.file.name}")
        ours = timed("concierge", size, lambda: take_in("x", home, encoder, catalog))
        timed("again, unchanged", size, lambda: take_in("x", home, encoder, catalog))
        other = (replace(catalog.items[0], text="Something else."), *catalog.items[1:])
        changed = Catalog(catalog.schema, other)
        timed("again, one row changed", size, lambda: take_in("x", home, encoder, changed))
        timed("opening", size, lambda: Index.open("x", home, encoder).close())
        plain = timed("plain", size, lambda: plainly(catalog, home / "plain"))
        print(f"concierge takes {ours / plain:.2f} of the plain way's time")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def plainly(catalog: Catalog, folder: Path) -> object:
    import chromadb
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(bundled_folder()), trust_remote_code=False)
    texts = [item_text(item) for item in catalog.items]
    vectors = model.encode(texts, batch_size=32, normalize_embeddings=True)
    held = chromadb.PersistentClient(str(folder)).create_collection("items")
    held.add(
        ids=[item.id for item in catalog.items],
        embeddings=vectors,
        documents=texts,
        metadatas=[{"facts": facts_json(item.facts)} for item in catalog.items],
    )
    return held


def timed(what: str, size: int, run: "object") -> float:
    began = time.perf_counter()
    run()  # type: ignore[operator]
    took = time.perf_counter() - began
    print(f"{what:24} {took:7.2f} s {size / took:9.0f} items/s", flush=True)
    return took


if __name__ == "__main__":
    main()
