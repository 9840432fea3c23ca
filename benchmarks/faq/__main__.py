"""How well service questions are found and answered: `python -m benchmarks.faq`.

The phrasings beside this file were written before the matcher. Every second one of each kind
chooses the two thresholds; the others are what is reported. `--sweep` prints what the thresholds
were chosen from.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from bot.desk.faq import HAND_OVER_LEAST, SCORE_LEAST, SERVICE_LEAST, Faq, Verdict, build
from bot.desk.faq_file import Entry, read_faq
from retrieval.embedding import SentenceEncoder

HERE = Path(__file__).parent
TALK, NONE = "(talk)", "(no answer)"
# What the thresholds must keep to on the tuning half; the rest is as much recall as can be had.
TALK_KEPT, PRECISION, NOT_HANDED_OVER = 0.97, 0.90, 1.0


@dataclass(frozen=True)
class Phrasing:
    """One message, and what it is: an entry's name, `NONE` or `TALK`."""

    text: str
    label: str


@dataclass(frozen=True)
class Tally:
    """Counts over phrasings."""

    answerable: int
    unanswerable: int
    talk: int
    right: int
    wrong: int
    handed: int
    handed_none: int
    answered_none: int
    stolen: int

    @property
    def precision(self) -> float:
        given = self.right + self.wrong + self.answered_none
        return self.right / given if given else 1.0

    @property
    def kept(self) -> float:
        return 1.0 - self.stolen / self.talk


def phrasings() -> tuple[list[Phrasing], list[Phrasing]]:
    """Return the half that chooses and the half that is reported."""
    rows = [Phrasing(*reversed(line.split("\t"))) for line in _lines("answered")]
    rows += [Phrasing(line, NONE) for line in _lines("unanswered")]
    rows += [Phrasing(line, TALK) for line in _lines("talk")]
    return rows[0::2], rows[1::2]


def _lines(name: str) -> list[str]:
    return (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()


def tally(
    rows: Sequence[Phrasing],
    verdicts: Sequence[Verdict],
    service: float,
    score: float,
    hand_over: float,
) -> Tally:
    """Return what the thresholds make of the verdicts."""
    concerns = np.array([v.is_service(service, score, hand_over) for v in verdicts])
    sure = concerns & np.array([v.score >= score for v in verdicts])
    fits = np.array([v.entry.name == r.label for v, r in zip(verdicts, rows, strict=True)])
    none = np.array([r.label == NONE for r in rows])
    talk = np.array([r.label == TALK for r in rows])
    answerable = ~none & ~talk
    handed = concerns & ~sure
    counts = (
        answerable,
        none,
        talk,
        answerable & sure & fits,
        answerable & sure & ~fits,
        answerable & handed,
        none & handed,
        none & sure,
        talk & concerns,
    )
    return Tally(*(int(c.sum()) for c in counts))


def best(rows: Sequence[Phrasing], verdicts: Sequence[Verdict]) -> tuple[float, float, float]:
    """Return the lowest thresholds that keep talk and precision as high as they must be."""
    steps = [round(float(s), 2) for s in np.arange(-0.4, 1.01, 0.01)]
    # With no score to reach every message counts as answered; with none reached, as handed over.
    service = next(s for s in steps if tally(rows, verdicts, s, -9.0, s).kept >= TALK_KEPT)
    hand = next(s for s in steps if tally(rows, verdicts, s, 9.0, s).kept >= NOT_HANDED_OVER)
    score = next(
        s
        for s in steps
        if s > 0.4 and tally(rows, verdicts, service, s, hand).precision >= PRECISION
    )
    return service, score, hand


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faq", description=__doc__)
    parser.add_argument("--sweep", action="store_true", help="print the tuning half's thresholds")
    parser.add_argument(
        "--misses", action="store_true", help="print what went wrong in the tuning half"
    )
    args = parser.parse_args(argv)
    encoder = SentenceEncoder()
    entries, _ = read_faq(Path(str(files("bot.desk") / "samples" / "electronics_faq.csv")))
    tuning, reported = phrasings()
    say = sys.stdout.write
    say(f"{len(entries)} entries, {len(tuning)} phrasings chose, {len(reported)} are reported\n")
    faq = build(entries, encoder)
    verdicts = [faq.ask(row.text) for row in tuning]
    chosen, used = best(tuning, verdicts), (SERVICE_LEAST, SCORE_LEAST, HAND_OVER_LEAST)
    words = "service {:.2f}, score {:.2f}, handing over {:.2f}"
    say(f"chosen on the tuning half: {words.format(*chosen)}\nin the code: {words.format(*used)}\n")
    if args.sweep:
        for step in np.arange(0.5, 0.95, 0.05):
            _row(f"score {step:.2f}", tally(tuning, verdicts, chosen[0], float(step), chosen[2]))
    _head()
    held = [faq.ask(row.text) for row in reported]
    _row("reported half", tally(reported, held, *used))
    _row("tuning half", tally(tuning, verdicts, *used))
    plain = build([replace(e, questions=e.questions[:1]) for e in entries], encoder)
    few = [plain.ask(row.text) for row in reported]
    _row("… one question an entry", tally(reported, few, *used))
    if args.misses:
        _misses(tuning, verdicts)
    _first(faq, entries, [row for row in reported if row.label not in (TALK, NONE)])


def _head() -> None:
    sys.stdout.write(
        f"\n{'':26}{'right/given':>12}{'precision':>10}{'recall':>8}{'handed':>8}"
        f"{'no answer: handed/answered':>28}{'talk kept':>11}\n"
    )


def _row(name: str, t: Tally) -> None:
    given = t.right + t.wrong + t.answered_none
    sys.stdout.write(
        f"{name:26}{f'{t.right}/{given}':>12}{t.precision:>10.1%}{t.right / t.answerable:>8.1%}"
        f"{t.handed / t.answerable:>8.1%}"
        f"{f'{t.handed_none}/{t.answered_none} of {t.unanswerable}':>28}"
        f"{f'{t.talk - t.stolen}/{t.talk}':>11}\n"
    )


def _first(faq: Faq, entries: Sequence[Entry], rows: Sequence[Phrasing]) -> None:
    right = sum(faq.ask(row.text).entry.name == row.label for row in rows)
    sys.stdout.write(f"\nthe right entry comes first for {right} of {len(rows)} answerable ones\n")


def _misses(rows: Sequence[Phrasing], verdicts: Sequence[Verdict]) -> None:
    for row, v in zip(rows, verdicts, strict=True):
        outcome = TALK
        if v.concerns_service:
            outcome = v.entry.name if v.is_sure else NONE
        if outcome != row.label:
            sys.stdout.write(f"{v.service:6.2f} {v.score:5.2f}  {row.label} → {outcome}: ")
            sys.stdout.write(f"{row.text} [{v.entry.name}]\n")


if __name__ == "__main__":
    main()
