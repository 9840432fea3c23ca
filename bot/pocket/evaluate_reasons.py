"""Measure the reasons of the embedded LLM: `python -m bot.pocket.evaluate_reasons`.

Writes a reason for each case of `testsets/reasons.jsonl` with the real writer and the real
checker, as a turn does, and holds what was written against the item once more. Cases whose title
the bundled catalogues do not hold are left out and counted.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.checking.checker import check
from bot.llm.base import LLM
from bot.types import Wishes
from bot.voice.explanation import Case, Reason, Values, reasons
from bot.voice.matching import Matching
from bot.voice.phrasing import Seed, phrases
from retrieval.catalog import BUNDLED, bundled_path, load_catalog
from retrieval.types import Item, Schema

CASES = Path(__file__).parent / "testsets" / "reasons.jsonl"


@dataclass(frozen=True)
class Written:
    """A case's reason, and what of it nothing supports."""

    id: str
    reason: Reason
    false: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What was measured.

    `false` counts reasons with a false claim, `fallbacks` those that no LLM wrote, `openings`
    different first three words; `words` is the mean length.
    """

    n: int
    false: int
    fallbacks: int
    openings: int
    words: float


def catalogue_item(row: Mapping[str, Any], items: Iterable[Item]) -> Item | None:
    """Return the item of a case: of its title, and of those the one with most of its facts."""
    told = [str(words) for pair in (*row["met"], *row["facts"]) for words in pair[1:]]

    def held(item: Item) -> int:
        facts = " ".join(str(fact) for fact in item.facts.values())
        return sum(words.split(" ")[0].strip("$,") in facts for words in told)

    same = [item for item in items if item.title == row["title"]]
    return max(same, key=held) if same else None


def write(row: Mapping[str, Any], item: Item, schema: Schema, values: Values, llm: LLM) -> Written:
    """Return the reason of one case as a turn would give it, checked again."""
    met = tuple((str(facet), str(words)) for facet, words in row["met"])
    wish, liked = tuple(row["wish"]), tuple(row["liked"])
    case = Case(item, Matching(met, wish), liked)
    wishes, speak = Wishes(wish=wish), phrases("en")
    (reason,) = reasons([case], wishes, schema, llm, values, speak, Seed(row["id"], 0))
    wrong = check(reason.text, item, schema, (*wish, *liked), values.mentions(reason.text))
    return Written(row["id"], reason, tuple(f"{w.text}: {w.why}" for w in wrong))


def summary(written: Sequence[Written]) -> Summary:
    """Return what was measured of at least one reason."""
    split = [w.reason.text.split() for w in written]
    return Summary(
        n=len(written),
        false=sum(bool(w.false) for w in written),
        fallbacks=sum(not w.reason.generated for w in written),
        openings=len({" ".join(words[:3]).lower() for words in split}),
        words=sum(map(len, split)) / len(split),
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Evaluate as the command line says."""
    from bot.llm.pocket import PocketLLM
    from bot.pocket.weights import FOLDER
    from retrieval.embedding import SentenceEncoder
    from retrieval.meaning import WordVectors
    from retrieval.values import ValueIndex

    parser = argparse.ArgumentParser(prog="python -m bot.pocket.evaluate_reasons")
    parser.add_argument("--weights", type=Path, default=FOLDER)
    parser.add_argument("--quantize", default="nf4", choices=("nf4", "int8", "none"))
    parser.add_argument("--cases", type=Path, default=CASES, help="JSON lines of cases")
    parser.add_argument("--limit", type=int, help="only the first cases")
    parser.add_argument("--out", type=Path, help="write every reason here, one JSON object a line")
    args = parser.parse_args(argv)
    llm, words = PocketLLM(args.weights, args.quantize), WordVectors(SentenceEncoder())
    known = []
    for name in BUNDLED:
        catalog = load_catalog(bundled_path(name))
        known.append((catalog, ValueIndex(catalog.schema, catalog.items, words)))
    rows = [json.loads(line) for line in args.cases.read_text("utf-8").splitlines() if line]
    written, missing = [], 0
    for row in rows[: args.limit]:
        found = [(c, v, item) for c, v in known if (item := catalogue_item(row, c.items))]
        if not found:
            missing += 1
            continue
        catalog, values, item = found[0]
        written.append(write(row, item, catalog.schema, values, llm))
    if args.out:
        lines = (_line(w) for w in written)
        args.out.write_text("".join(lines), encoding="utf-8")
    _report(written, missing)


def _line(written: Written) -> str:
    note = {
        "id": written.id,
        "reason": written.reason.text,
        "generated": written.reason.generated,
        "false": written.false,
    }
    return json.dumps(note, ensure_ascii=False) + "\n"


def _report(written: Sequence[Written], missing: int) -> None:
    say = sys.stdout.write
    if not written:
        say(f"not measured: no title of {missing} cases is in a bundled catalogue\n")
        return
    found = summary(written)
    say(f"cases                              {found.n} ({missing} without an item)\n")
    say(f"false claims after the checker     {found.false}\n")
    say(f"fallbacks                          {found.fallbacks / found.n:.1%}\n")
    say(f"different openings (three words)   {found.openings}\n")
    say(f"mean length                        {found.words:.1f} words\n")


if __name__ == "__main__":
    main()
