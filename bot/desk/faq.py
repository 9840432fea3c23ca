"""The desk's answers: what concerns the shop's service, and which entry answers it.

Two questions, two numbers. *Service* says how surely a message concerns the shop (orders,
delivery, returns …) and not which item to take: a ridge regression over sentence vectors, fitted
when a FAQ is indexed on the lines in `lines/` and on the FAQ's own questions, so that it knows the
shop's matters. *Score* says how surely the best entry answers: the cosines with its questions and
with the nearest sentence of its answer, BM25, and the lead over the next entry. Knows nothing of
conversations.
"""

import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.desk.faq_file import Entry
from bot.desk.words import Words
from bot.errors import FaqError
from bot.replacing import is_for_another
from retrieval.embedding import Encoder, FloatArray

IntArray = NDArray[np.int64]

FILE = "faq.npz"
# Chosen on one half of the phrasings by `python -m benchmarks.faq`, which reports the other half.
SERVICE_LEAST = 0.20
SCORE_LEAST = 0.65
HAND_OVER_LEAST = 0.26
# Of a handful of values each, those that tell the tuning half apart best.
_RIDGE = 3.0
_ASKED = 0.6  # the weight of the questions; the rest is the answer's
_LEXICAL = 0.1  # what the best BM25 match adds to cosines
_LEAD = 0.5  # the weight of the lead over the next entry
_FORMAT = 1
_ARRAYS = ("questions", "askers", "sentences", "tellers", "gate")
_SHOWN = re.compile(r"\b(ones?|first|second|third|fourth|fifth|last)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(human|(real|actual|live) (person|agent|people)|(some|any)one real|representative)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True)
class Verdict:
    """What a message has to do with the desk.

    Parameters
    ----------
    service
        How surely it is about the shop's service, about -1 (about items) to 1.
    score
        How well `entry` answers it, about 0 to 1.
    entry
        The entry that fits best.
    points
        Whether it speaks of an item shown ("the first one"): then only a sure answer makes it the
        desk's, as "can I return to the first one?" sounds like a return and is none.
    readable
        Whether it is in a script that the FAQ is written in.
    replaces
        Whether it wants another item in the place of a broken one, which is no complaint.
    """

    service: float
    score: float
    entry: Entry
    points: bool = False
    readable: bool = True
    replaces: bool = False

    @property
    def concerns_service(self) -> bool:
        """Tell whether the message is the desk's and no recommendation talk."""
        return self.is_service(SERVICE_LEAST, SCORE_LEAST, HAND_OVER_LEAST)

    @property
    def is_sure(self) -> bool:
        """Tell whether the entry may be given as the answer."""
        return self.score >= SCORE_LEAST

    def is_service(self, service: float, score: float, hand_over: float) -> bool:
        """Tell whether the message is the desk's by thresholds of your own.

        Without a sure answer it must be service more surely (`hand_over`), as a talk that is
        handed over by mistake is over.
        """
        sure = self.score >= score
        least = service if sure else max(service, hand_over)
        told = self.readable and not self.replaces
        return told and self.service >= least and (sure or not self.points)


@dataclass(frozen=True)
class Vectors:
    """What is kept of an indexed FAQ beside its entries.

    Parameters
    ----------
    encoder
        The name of what made them.
    questions, sentences
        Unit vectors of all questions, with and without their entry's name, shape (q, d), and of
        all sentences of the answers, shape (s, d).
    askers, tellers
        The entry of each question, shape (q,), and of each sentence, shape (s,), ascending.
    gate
        The weights of the service regression and its intercept, shape (d + 1,).
    """

    encoder: str
    questions: FloatArray
    askers: IntArray
    sentences: FloatArray
    tellers: IntArray
    gate: FloatArray


class Faq:
    """The entries of one shop, ready to be asked.

    Parameters
    ----------
    entries
        At least one.
    vectors
        From `embed`, of the same entries and encoder.
    encoder
        Encodes messages.
    """

    def __init__(self, entries: Sequence[Entry], vectors: Vectors, encoder: Encoder) -> None:
        self.entries = tuple(entries)
        self._vectors, self._encoder = vectors, encoder
        self._scripts = {_script(part) for e in entries for part in (*e.questions, e.answer)}
        self._words = Words([" ".join((e.name, *e.questions, e.answer)) for e in entries])

    def ask(self, text: str) -> Verdict:
        """Return what a message has to do with the desk; of equal entries the earlier is taken."""
        vector = self._encoder.encode([text])[0]
        held = self._vectors
        asked = _nearest(held.questions @ vector, held.askers)
        told = _nearest(held.sentences @ vector, held.tellers)
        fits = _ASKED * asked + (1 - _ASKED) * told + _LEXICAL * self._words.scores(text)
        best = int(fits.argmax())
        lead = float(fits[best] - np.delete(fits, best).max(initial=0.0))
        service = float(vector @ held.gate[:-1] + held.gate[-1])
        # Who asks for a person besides gets one, not an entry.
        score = 0.0 if _PERSON.search(text) else float(fits[best]) + _LEAD * lead
        points, readable = bool(_SHOWN.search(text)), _script(text) in self._scripts
        return Verdict(service, score, self.entries[best], points, readable, is_for_another(text))

    def save(self, home: Path) -> Path:
        """Put the FAQ in the place of the one under a state folder, whole or not at all.

        Raises
        ------
        FaqError
            If it cannot be written.
        """
        held, kept = self._vectors, io.BytesIO()
        about = {
            "format": _FORMAT,
            "encoder": held.encoder,
            "entries": [asdict(entry) for entry in self.entries],
        }
        np.savez(
            kept,
            about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
            **{name: getattr(held, name) for name in _ARRAYS},
        )
        path = home / FILE
        try:
            home.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(kept.getvalue())
            fresh.replace(path)
        except OSError as error:
            raise FaqError(
                f"expected to write {path}, got {error.strerror}; free some space or set "
                "CONCIERGE_HOME to another folder"
            ) from error
        return path


def build(entries: Sequence[Entry], encoder: Encoder) -> Faq:
    """Return entries made ready to be asked."""
    return Faq(entries, embed(entries, encoder), encoder)


def embed(entries: Sequence[Entry], encoder: Encoder) -> Vectors:
    """Return the vectors of entries."""
    questions = [q for e in entries for q in e.questions]
    named = [f"{e.name}. {q}" for e in entries for q in e.questions]
    askers = np.array([n for n, e in enumerate(entries) for _ in e.questions], dtype=np.int64)
    told = [(n, s) for n, e in enumerate(entries) for s in _SENTENCE.split(e.answer) if s]
    tellers = np.array([n for n, _ in told], dtype=np.int64)
    sentences = encoder.encode([f"{entries[n].name}. {s}" for n, s in told])
    plain = encoder.encode(questions)
    both = np.concatenate([plain, encoder.encode(named)])
    order = np.argsort(np.tile(askers, 2), kind="stable")
    service = np.concatenate([encoder.encode(lines("service")), plain])
    gate = _ridge(service, encoder.encode(lines("talk")))
    return Vectors(encoder.name, both[order], np.repeat(askers, 2), sentences, tellers, gate)


def _script(text: str) -> str:
    """Return the script of most letters of a text, as Unicode names it; empty without letters."""
    scripts = Counter(unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha())
    return scripts.most_common(1)[0][0] if scripts else ""


def _nearest(cosines: FloatArray, owners: IntArray) -> FloatArray:
    """Return the highest cosine of each owner, shape (n,); owners ascend without a gap."""
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    nearest: FloatArray = np.maximum.reduceat(cosines, starts)
    return nearest


def _ridge(service: FloatArray, talk: FloatArray) -> FloatArray:
    """Return weights, shape (d + 1,), that give 1 for service and -1 for talk.

    Least squares with an L2 penalty; both classes weigh the same, however many lines they have.
    """
    rows = np.concatenate([service, talk]).astype(np.float64)
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    target = np.concatenate([np.ones(len(service)), -np.ones(len(talk))])
    each = np.concatenate(
        [np.full(len(part), len(rows) / 2 / len(part)) for part in (service, talk)]
    )
    weighted = (rows * each[:, None]).T
    normal = weighted @ rows + _RIDGE * np.eye(rows.shape[1])
    gate: FloatArray = np.linalg.solve(normal, weighted @ target).astype(np.float32)
    return gate


@lru_cache
def lines(name: str) -> list[str]:
    """Return the lines of a bundled list, `service` or `talk`."""
    text = (files("bot.desk") / "lines" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def load(path: Path, encoder: Encoder) -> Faq:
    """Return the FAQ that `Faq.save` wrote.

    Raises
    ------
    FaqError
        If the file is damaged or was made with another encoder.
    """
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            entries = tuple(
                Entry(e["name"], tuple(e["questions"]), e["answer"]) for e in about["entries"]
            )
            vectors = Vectors(about["encoder"], *(held[name] for name in _ARRAYS))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise FaqError(
            f"expected an indexed FAQ at {path}, got {type(error).__name__}; run "
            "`concierge index-faq FILE` again"
        ) from error
    if vectors.encoder != encoder.name:
        raise FaqError(
            f"expected a FAQ indexed with {encoder.name!r} at {path}, got {vectors.encoder!r}; "
            "run `concierge index-faq FILE` again"
        )
    return Faq(entries, vectors, encoder)
