"""Sessions and items of the data sets: ReDial, OpenDialKG, MovieLens.

Turns each set's own files into `Item`s and `Session`s; what is learned from them is not known
here. Folders are those of `$CONCIERGE_DATA`.
"""

import csv
import html
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ranking.errors import DataError
from ranking.sessions import Session
from ranking.types import Event, EventKind
from retrieval.types import Fact, Item

_MENTION = re.compile(r"@(\d+)")
_YEAR = re.compile(r"\s*\((\d{4})\)\s*$")
_ARTICLE = re.compile(r"^(.*), (The|A|An|Les|La|Le|L'|Das|Der|Die|El|Il)$")


@dataclass(frozen=True)
class Source:
    """A data set: its items and sessions, for training or for measuring.

    `mentions` says how often items are spoken of outside what is measured on, where that is known.
    """

    name: str
    items: tuple[Item, ...]
    train: tuple[Session, ...] = ()
    test: tuple[Session, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)


def redial(folder: Path) -> Source:
    """Read ReDial: seekers' liked, disliked and seen films in the order they came up.

    The test sessions are those of `valid_a.jsonl`; training takes the conversations of
    `valid_b_merged_turns.jsonl` that are not among them. Items are the films with facts.

    Raises
    ------
    DataError
        If a file is missing or not what it should be.
    """
    facts = _json(folder / "movie_facts.json")
    items = tuple(_redial_item(id_, film) for id_, film in facts.items())
    test = tuple(_lines(folder / "valid_a.jsonl"))
    held_out = {conversation["conversationId"] for conversation in test}
    train = (
        conversation
        for conversation in _lines(folder / "valid_b_merged_turns.jsonl")
        if conversation["conversationId"] not in held_out
    )
    known = {item.id for item in items}
    return Source(
        "redial",
        items,
        train=tuple(_redial_sessions(train, known)),
        test=tuple(_redial_sessions(test, known)),
        mentions=redial_mentions(folder),
    )


def _redial_item(id_: str, film: Mapping[str, Any]) -> Item:
    title, year = _title(film["name"])
    facts: dict[str, Fact] = {"year": year, "genres": tuple(film["genre"])}
    facts |= {"director": tuple(film["director"][:2]), "cast": tuple(film["star"][:3])}
    return Item(id_, title, film["plot"] or "", facts)


def _redial_sessions(conversations: Any, known: set[str]) -> Iterator[Session]:  # noqa: ANN401
    for conversation in conversations:
        labels = conversation["initiatorQuestions"] or {}
        order = dict.fromkeys(
            id_ for message in conversation["messages"] for id_ in _MENTION.findall(message["text"])
        )
        events = tuple(
            Event(id_, _redial_kind(labels[id_])) for id_ in order if id_ in labels and id_ in known
        )
        if len(events) > 1:
            yield Session(str(conversation["initiatorWorkerId"]), events)


def redial_mentions(folder: Path, without: Collection[str] = ()) -> Mapping[str, int]:
    """Return how often each film is mentioned in all of ReDial, less what is held out.

    Left out are the mentions in `valid_a.jsonl`, and in what was said with the seekers `without`.

    Raises
    ------
    DataError
        If a file is missing or not what it should be.
    """
    rows = _csv(folder / "movies_with_mentions.csv")
    counts = Counter({id_: int(mentions) for id_, _, mentions in rows})
    seen = set()
    for name in ("valid_a.jsonl", "valid_b_merged_turns.jsonl"):
        for conversation in _lines(folder / name):
            out = name == "valid_a.jsonl" or str(conversation["initiatorWorkerId"]) in without
            if out and conversation["conversationId"] not in seen:
                seen.add(conversation["conversationId"])
                for message in conversation["messages"]:
                    counts.subtract(_MENTION.findall(message["text"]))
    return {id_: max(0, count) for id_, count in counts.items()}


def _redial_kind(label: Mapping[str, int]) -> EventKind:
    if label["liked"] == 1:
        return "liked"
    if label["liked"] == 0:
        return "disliked"
    return "seen" if label["seen"] == 1 else "mentioned"


def opendialkg(folder: Path) -> Source:
    """Read OpenDialKG's training dialogues: titles spoken of, then the one recommended.

    What was recommended counts as liked, what was spoken of before as mentioned.
    """
    info = _json(folder / "id2info.json")
    by_name = {thing["name"]: id_ for id_, thing in info.items()}
    dialogues: dict[int, dict[str, EventKind]] = {}
    for turn in _lines(folder / "train_data_processed.jsonl"):
        kinds = dialogues.setdefault(int(turn["dialog_id"]), {})
        for name in turn["entity"]:
            if name in by_name:
                kinds.setdefault(by_name[name], "mentioned")
        for name in turn["rec"]:
            if name in by_name and kinds.get(by_name[name]) is None:
                kinds[by_name[name]] = "liked"
    sessions = tuple(
        Session(f"dialogue {number}", tuple(Event(id_, kind) for id_, kind in kinds.items()))
        for number, kinds in dialogues.items()
        if len(kinds) > 1
    )
    used = {event.item for session in sessions for event in session.events}
    items = tuple(_opendialkg_item(id_, info[id_]) for id_ in info if id_ in used)
    return Source("opendialkg", items, train=sessions)


def _opendialkg_item(id_: str, thing: Mapping[str, Any]) -> Item:
    year = str(thing.get("year", ""))[:4]
    facts: dict[str, Fact] = {
        "year": int(year) if year.isdigit() else None,
        "genres": tuple(dict.fromkeys(thing.get("genre", [])))[:4],
        "director": tuple(dict.fromkeys(thing.get("director", [])))[:2],
        "cast": tuple(dict.fromkeys(thing.get("actor", [])))[:3],
        "writer": tuple(dict.fromkeys(thing.get("writer", [])))[:2],
    }
    return Item(id_, thing["name"], "", facts)


def movielens_small(folder: Path) -> Source:
    """Read ml-latest-small for measuring: everyone's last liked film is the target.

    A rating of 4 or more is a like, of 2.5 or less a dislike, anything else seen. Events of one
    second keep the file's order.
    """
    items = tuple(_movielens_item(row[0], row[1], row[2]) for row in _csv(folder / "movies.csv"))
    known = {item.id for item in items}
    histories: dict[str, list[tuple[float, str, float]]] = {}
    for user, item, rating, time in _csv(folder / "ratings.csv"):
        if item in known:
            histories.setdefault(user, []).append((float(time), item, float(rating)))
    sessions = []
    for user, history in histories.items():
        events = [
            Event(item, "liked" if r >= 4 else "disliked" if r <= 2.5 else "seen", time)
            for time, item, r in sorted(history, key=lambda row: row[0])
        ]
        while events and events[-1].kind != "liked":
            events.pop()
        if len(events) > 1:
            sessions.append(Session(user, tuple(events), first_target=len(events) - 1))
    return Source("ml-latest-small", items, test=tuple(sessions))


def movielens_1m(folder: Path) -> Source:
    """Read ML-1M for measuring, leave-one-out; events without rating or time count as likes."""
    titles = {}
    for line in _text(folder / "movies.dat", "latin-1").splitlines():
        id_, title, genres = line.split("::")
        titles[id_] = _movielens_item(id_, title, genres)
    sessions = []
    for line in _text(folder / "sequences.txt").splitlines():
        user, *ids = line.split()
        events = tuple(Event(id_, "liked") for id_ in ids)
        sessions.append(Session(user, events, first_target=len(events) - 1))
    used = {event.item for session in sessions for event in session.events}
    return Source(
        "ml-1m", tuple(titles[id_] for id_ in titles if id_ in used), test=tuple(sessions)
    )


def _movielens_item(id_: str, name: str, genres: str) -> Item:
    title, year = _title(name)
    article = _ARTICLE.match(title)
    title = f"{article[2]} {article[1]}" if article else title
    words = () if genres.startswith("(") else tuple(genres.lower().split("|"))
    return Item(id_, title, "", {"year": year, "genres": words})


def _title(name: str) -> tuple[str, int | None]:
    name = html.unescape(name).strip()
    year = _YEAR.search(name)
    return (name[: year.start()], int(year[1])) if year else (name, None)


def _text(path: Path, encoding: str = "utf-8") -> str:
    try:
        return path.read_text(encoding=encoding)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"expected the data file {path}, got {error!r}; set CONCIERGE_DATA to the folder that "
            "holds the data sets"
        ) from error


def _json(path: Path) -> Any:  # noqa: ANN401
    try:
        return json.loads(_text(path))
    except ValueError as error:
        raise DataError(f"expected JSON in {path}, got {error}; fetch the file again") from error


def _lines(path: Path) -> Iterator[Any]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise DataError(f"expected JSON in {path} line {number}, got {error}") from error


def _csv(path: Path) -> Iterator[list[str]]:
    yield from list(csv.reader(_text(path).splitlines()))[1:]
