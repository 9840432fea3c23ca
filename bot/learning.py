"""`concierge train` and `concierge evaluate` on a file of interactions.

Reads the file against an indexed catalogue, trains a tracker of its own for it, measures it.
Progress and complaints go to standard error, the result to standard output.
"""

import hashlib
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from accelerate import Accelerator

from bot.comments import Comment, CommentReader, Judge
from bot.llm import build as build_llm
from bot.running.starting import check_catalog
from bot.settings import Settings
from bot.shelves.catalogs import Catalogs
from bot.shelves.trackers import tracker_folder, trained_tracker
from bot.verdicts import Verdicts
from ranking.checkpoint import CONFIG, load_tracker, save_tracker
from ranking.errors import DataError
from ranking.evaluation import cases, evaluate, gain, table
from ranking.interactions import (
    Interaction,
    Skipped,
    interactions,
    rows_without_names,
    sessions,
    split_known,
)
from ranking.learning import TARGETS, Recipe, learn
from ranking.recommenders import (
    LastItem,
    MeanOfLiked,
    Popularity,
    Recommender,
    Tracked,
    likes,
)
from ranking.sessions import Corpus
from ranking.splits import Split, leave_last_out
from retrieval.embedding import DEFAULT_MODEL, SentenceEncoder
from retrieval.index import Index
from retrieval.rows import BadRow, read_rows

NAMELESS = (".dat", ".data")
_MOST_TOLD = 20


@dataclass(frozen=True)
class Lesson:
    """What a file of interactions teaches about a catalogue."""

    catalog: str
    encoder: str
    corpus: Corpus
    split: Split


def train(file: Path, settings: Settings, recipe: Recipe, seed: int, how: Accelerator) -> None:
    """Train a tracker on a file of interactions, measure it, and keep it if it is the better one.

    A run that was killed goes on from its last checkpoint when it is started again.

    Parameters
    ----------
    file
        The interactions.
    settings
        Say which catalogue, and where everything lies.
    recipe
        How to train.
    seed
        Of everything random.
    how
        Device and precision.

    Raises
    ------
    UnknownCatalog
        If the catalogue was not indexed.
    CatalogError, DataError
        If the file cannot be read, or holds too little.
    TrainingDiverged
        If the loss or a gradient is no number; the last checkpoint stays.
    """
    with _lesson(file, settings) as lesson:
        home = tracker_folder(settings.home, lesson.catalog)
        run = home / f"run-{_digest(file, lesson.corpus, recipe, seed)}"
        shown = sys.stderr.isatty()
        corpus, split = lesson.corpus, lesson.split
        tracker = learn(corpus, split, run, recipe, lesson.encoder, seed, how, shown)
        trained, shipped = Tracked(tracker, corpus, "trained tracker"), _shipped(lesson)
        _measured([trained, *shipped], lesson)
        asked = cases(split.validation, corpus, TARGETS)
        scores = [evaluate(r, asked, corpus, shown).ndcg10.mean for r in (trained, *shipped)]
        better = scores[0] == max(scores)
        (run / "curve.svg").replace(home / "curve.svg")
        if better:
            save_tracker(tracker, home)
        else:
            (home / CONFIG).unlink(missing_ok=True)
        for other in home.glob("run-*"):
            shutil.rmtree(other, ignore_errors=True)
    told = (
        f"{lesson.catalog} now has a tracker of its own, which `concierge serve --catalog "
        f"{lesson.catalog}` uses from its next start on"
        if better
        else f"the shipped tracker ranks {lesson.catalog} better and stays in use: there are too "
        "few interactions yet to learn item vectors from"
    )
    sys.stdout.write(f"\n{told}. The curve is in {home / 'curve.svg'}\n")


def measure(file: Path, settings: Settings) -> None:
    """Measure the tracker that a catalogue uses on everyone's last item, beside baselines."""
    with _lesson(file, settings) as lesson:
        own = trained_tracker(settings.home, lesson.catalog, lesson.encoder)
        trained = [] if own is None else [Tracked(own, lesson.corpus, "trained tracker")]
        _measured([*trained, *_shipped(lesson)], lesson)


def _shipped(lesson: Lesson) -> list[Tracked]:
    """Return the tracker that ships, if it knows the encoder's vectors."""
    tracker = load_tracker()
    if tracker.config.encoder != lesson.encoder:
        return []
    return [Tracked(tracker, lesson.corpus, "shipped tracker")]


def _measured(rows: Sequence[Recommender], lesson: Lesson) -> None:
    """Measure recommenders and baselines; print the table."""
    corpus, split = lesson.corpus, lesson.split
    questions = cases(split.test, corpus, TARGETS)
    popularity = Popularity(corpus, likes(split.train))
    every = (*rows, MeanOfLiked(corpus), LastItem(corpus), popularity)
    results = tuple(evaluate(r, questions, corpus, sys.stderr.isatty()) for r in every)
    sys.stdout.write(
        f"{lesson.catalog}: the last item of {len(questions)} people, held out of training; full "
        f"ranking of {len(corpus.items)} items, 95 % intervals\n\n{table(results)}\n\n"
    )
    for other in results[1:]:
        difference = gain(results[0], other, questions)
        sys.stdout.write(f"MRR of {results[0].name} less that of {other.name}: {difference}\n")


@contextmanager
def _lesson(file: Path, settings: Settings) -> Iterator[Lesson]:
    """Read the interactions against the catalogue; say what was left out."""
    check_catalog(settings)
    encoder = SentenceEncoder(settings.encoder)
    catalogs = Catalogs(settings.home, lambda: encoder, sys.stderr.isatty())
    try:
        index = catalogs[settings.catalog]
        ids = index.ids()
        vectors = torch.from_numpy(index.vectors(ids))
        corpus = Corpus(settings.catalog, index.get(ids), vectors)
        found, broken = interactions(_rows(file))
        known, unknown = split_known(found, set(ids), settings.catalog)
        known = _with_comments(known, index, settings, encoder)
        _complain(file, sorted((*broken, *unknown), key=lambda s: s.line))
        split = leave_last_out(sessions(known))
        if not split.test:
            raise DataError(
                f"{file}: expected people with three or more items of {settings.catalog}, got "
                f"{len({i.user for i in known})} people with {len(known)} interactions and none "
                "such; check that the file names the catalogue's item ids"
            )
        sys.stdout.write(
            f"{file.name}: {len(known)} interactions of {len({i.user for i in known})} people "
            f"with {len({i.item for i in known})} items\n"
        )
        sys.stdout.flush()
        yield Lesson(settings.catalog, encoder.name, corpus, split)
    finally:
        catalogs.close()


def comment_judge(encoder: SentenceEncoder) -> Judge:
    """Return what tells verdicts; it needs the default encoder, whatever the catalogue's is."""
    return Verdicts(encoder if encoder.name == DEFAULT_MODEL else SentenceEncoder())


def _with_comments(
    known: tuple[Interaction, ...], index: Index, settings: Settings, encoder: SentenceEncoder
) -> tuple[Interaction, ...]:
    """Return the interactions with the kinds that are read out of those that are only text."""
    written = [n for n, i in enumerate(known) if i.kind is None and i.rating is None and i.text]
    if not written:
        return known
    titles = {item.id: item.title for item in index.get([known[n].item for n in written])}
    comments = [Comment(titles[known[n].item], known[n].text) for n in written]
    llm = build_llm(settings.llm, settings.quantize, settings.home)
    try:
        reader = CommentReader(
            llm, comment_judge(encoder), index.schema, settings.home / "comments"
        )
        found = reader.read(comments, sys.stderr.isatty())
    finally:
        close = getattr(llm, "close", None)
        if callable(close):
            close()
    out = list(known)
    for n, told in zip(written, found, strict=True):
        out[n] = replace(known[n], kind=told.kind)
    kinds = Counter(told.kind for told in found)
    aspects = Counter(aspect for told in found for aspect in told.aspects).most_common(5)
    named = f"; most named: {', '.join(f'{a} ({n})' for a, n in aspects)}" if aspects else ""
    each = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
    sys.stdout.write(f"{len(found)} comments read by {llm.name}: {each}{named}\n")
    return tuple(out)


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    if file.suffix.lower() in NAMELESS:
        yield from rows_without_names(file)
        return
    for line, row in read_rows(file):
        yield line, row.reason if isinstance(row, BadRow) else row


def _complain(file: Path, skipped: Sequence[Skipped]) -> None:
    for one in skipped[:_MOST_TOLD]:
        sys.stderr.write(f"{file.name}, line {one.line}: left out: {one.reason}\n")
    rest = len(skipped) - _MOST_TOLD
    if rest > 0:
        sys.stderr.write(f"{file.name}: {rest} more rows left out\n")


def _digest(file: Path, corpus: Corpus, recipe: Recipe, seed: int) -> str:
    """Return what tells one training from another: data, catalogue, recipe and seed."""
    with file.open("rb") as opened:
        data = hashlib.file_digest(opened, "sha256").hexdigest()
    ids = "\0".join(item.id for item in corpus.items)
    return hashlib.sha256(f"{data}{ids}{asdict(recipe)}{seed}".encode()).hexdigest()[:12]
