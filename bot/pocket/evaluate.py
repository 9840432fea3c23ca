"""Measure the embedded LLM: `python -m bot.pocket.evaluate`.

Reads the hand-made test sets beside this module, and the real ones where the public data is
present; prints act accuracy, F1 of constraints and titles after linking, and the share of
messages understood whole, each with a 95 % bootstrap interval.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.llm.base import LLM
from bot.pocket.annotated import messages
from bot.pocket.catalogues import Catalogues, situation_of
from bot.pocket.data import data_folder
from bot.pocket.scoring import Scorer, score, summary
from retrieval.embedding import SentenceEncoder

TESTSETS = Path(__file__).parent / "testsets"
SETS = ("films", "electronics", "unseen", "real", "chinese")


def lines(name: str, data: Path) -> Iterator[dict[str, Any]]:
    """Yield a test set's lines with their texts; lines whose text is not at hand are left out."""
    path = TESTSETS / f"{name}.jsonl"
    if not path.exists():
        return
    texts = messages(data) if name == "real" else {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if name == "real":
            message = texts.get(row["id"])
            if message is None or row["gold"] is None:
                continue
            row |= {"text": message.text, "said": message.said, "shown": list(message.shown[:5])}
        yield row


def evaluate(
    llm: LLM, rows: Sequence[Mapping[str, Any]], catalogues: Catalogues, wrong: Path | None = None
) -> dict[str, Any]:
    """Return the summary of one set; `wrong` gets a line for each message not understood whole."""
    scores = []
    for row in rows:
        known = catalogues.of(row.get("schema", "movies"))
        situation = situation_of(row, known)
        (reading,) = llm.read([situation])
        scores.append(score(Scorer(known.values), situation, reading, row["gold"]))
        if wrong is not None and not scores[-1].whole:
            with wrong.open("a", encoding="utf-8") as file:
                read = reading.model_dump(exclude_defaults=True) | {"act": reading.act}
                note = {"id": row["id"], "text": row["text"], "gold": row["gold"], "read": read}
                file.write(json.dumps(note, ensure_ascii=False) + "\n")
    return summary(scores)


def main(argv: Sequence[str] | None = None) -> None:
    """Evaluate as the command line says."""
    from bot.llm.pocket import PocketLLM
    from bot.pocket.weights import FOLDER

    parser = argparse.ArgumentParser(prog="python -m bot.pocket.evaluate", description=__doc__)
    parser.add_argument("--weights", type=Path, default=FOLDER)
    parser.add_argument("--quantize", default="nf4", choices=("nf4", "int8", "none"))
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    parser.add_argument("--wrong", type=Path, help="write the messages not understood here")
    args = parser.parse_args(argv)
    llm = PocketLLM(args.weights, args.quantize)
    catalogues = Catalogues(SentenceEncoder())
    data = data_folder()
    say = sys.stdout.write
    say(f"embedded LLM, {args.quantize}; act / F1 / whole message, 95 % interval in brackets\n")
    for name in args.sets:
        rows = list(lines(name, data))
        if not rows:
            say(f"{name:12} not measured: its texts are not at hand\n")
            continue
        start = time.perf_counter()
        row = evaluate(llm, rows, catalogues, args.wrong)
        each = (time.perf_counter() - start) / len(rows) * 1000
        cells = [f"{m:.3f} [{a:.3f}, {b:.3f}]" for m, a, b in (row["act"], row["f1"], row["whole"])]
        say(f"{name:12} n={row['n']:<4} {'  '.join(cells)}  {each:.0f} ms each\n")


if __name__ == "__main__":
    main()
