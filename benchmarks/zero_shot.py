"""The shipped tracker on people and films it has never seen: `python -m benchmarks.zero_shot`.

MovieLens has shaped nothing that ships. Everyone's last liked film is the question, all films
compete but for those of the history; beside the mean of the liked films, the last film and
popularity. `redial` measures the held-out conversations of ReDial in the same way.
"""

import argparse
from pathlib import Path

from benchmarks.films import described, embedded
from ranking.evaluate import SETS, cache_folder, compare, data_folder
from ranking.tracker import SHIPPED
from retrieval.embedding import SentenceEncoder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.zero_shot", description=__doc__)
    parser.add_argument("sets", nargs="*", default=["ml-latest-small", "ml-1m", "redial"])
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--limit", type=int, help="first cases only")
    given = parser.parse_args()
    encoder = SentenceEncoder()
    for name in given.sets:
        source = SETS[name](given.data / name)
        items = source.items if name == "redial" else described(source.items)
        corpus = embedded(name, items, encoder, cache_folder())
        print(compare(source, corpus, given.weights, given.limit), flush=True)


if __name__ == "__main__":
    main()
