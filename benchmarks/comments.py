"""What comments tell: `python -m benchmarks.comments`.

310 comments on films, books, devices, places and more, written and annotated by hand before any
model had read one, and never trained on: liked, disliked, or a question or remark without a verdict
(mentioned). Many are hard: sarcasm, understatement, praise of one thing beside blame of another.
What `concierge train` takes comments for (`bot.verdicts`), beside counting words.
"""

import argparse
import csv
import time
from collections.abc import Sequence
from pathlib import Path

from bot.verdicts import Verdicts
from retrieval.embedding import SentenceEncoder

FILE = Path(__file__).with_name("comments.tsv")
KINDS = ("liked", "disliked", "mentioned")
GOOD = frozenset(
    "amazing awesome beautiful best better brilliant charming clever comfortable delicious delight "
    "enjoy enjoyed enjoyable excellent fantastic fast favourite favorite fine friendly fun funny "
    "glad good gorgeous great happy impressed impressive incredible joy like liked love loved "
    "lovely masterpiece nice outstanding perfect perfectly pleased pretty recommend recommended "
    "reliable satisfied sharp smart solid spotless stunning super superb sweet thrilled top "
    "wonderful worth wow 好 不错 好看 喜欢 满意 推荐 很强 震撼".split()
)
BAD = frozenset(
    "annoying avoid awful awkward bad bland boring bored broke broken cheap cold confusing crash "
    "crashed cracked dead died dirty disappointed disappointing dull expensive fail failed fault "
    "flat hate hated horrible hurt junk lame leaks loud mess mistake muddy nauseous overpriced "
    "overrated painful poor predictable problem refund regret returned rude sad shallow sick slow "
    "sluggish stupid terrible tired ugly unpleasant useless waste wasted weak worse worst wrong "
    "垃圾 太假 不想 不会 吵 读不下去".split()
)
NOT = frozenset("not no never n't don't didn't isn't wasn't won't can't couldn't doesn't".split())


def counted(text: str) -> str:
    """Return the verdict of counting good and bad words; one of three words after a "not" turns."""
    if text.rstrip().endswith(("?", "？")):
        return "mentioned"
    words = [word.strip(".,!?;:()\"'…").casefold() for word in text.split()]
    score = 0
    for n, word in enumerate(words):
        value = (word in GOOD) - (word in BAD)
        score += -value if NOT & set(words[max(0, n - 3) : n]) else value
    chinese = [w for w in (*GOOD, *BAD) if not w.isascii() and w in text]
    score += sum(1 if w in GOOD else -1 for w in chinese)
    return "liked" if score > 0 else "disliked" if score < 0 else "mentioned"


def row(name: str, said: Sequence[str], right: Sequence[str]) -> str:
    """Return a row of the table: accuracy, then F1 of each kind."""
    pairs = list(zip(said, right, strict=True))
    cells = [f"{sum(s == r for s, r in pairs) / len(pairs):.3f}"]
    for kind in KINDS:
        both = sum(s == r == kind for s, r in pairs)
        cells.append(f"{2 * both / max(1, said.count(kind) + right.count(kind)):.3f}")
    verdicts = [(s, r) for s, r in pairs if r != "mentioned"]
    opposite = sum(s not in (r, "mentioned") for s, r in verdicts)
    return f"| {name} | {' | '.join(cells)} | {opposite / len(verdicts):.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comments", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="also list what was read wrongly")
    given = parser.parse_args()
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    right = [r["kind"] for r in rows]
    verdicts = Verdicts(SentenceEncoder())
    began = time.perf_counter()
    said = verdicts.of([r["comment"] for r in rows])
    seconds = time.perf_counter() - began
    print(f"{len(rows)} comments: {', '.join(f'{right.count(k)} {k}' for k in KINDS)}\n")
    print("| | accuracy | F1 liked | F1 disliked | F1 mentioned | verdict turned round |")
    print("|---|---|---|---|---|---|")
    print(row("Concierge", said, right))
    print(row("counting words", [counted(r["comment"]) for r in rows], right))
    print(row("always the commonest", ["liked"] * len(rows), right))
    print(f"\n{1000 * seconds / len(rows):.0f} ms a comment")
    if given.wrong:
        for r, one in zip(rows, said, strict=True):
            if one != r["kind"]:
                print(f"{r['kind']:9} read as {one:9} {r['comment']}")


if __name__ == "__main__":
    main()
