"""Interactions: rows of who did what with which item, when → sessions in time order.

Knows columns by their usual names, ratings, kinds and times; not files, catalogues or models.
"""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import fmean

from ranking.errors import DataError
from ranking.sessions import Session
from ranking.types import Event, EventKind

# Column names as they are usually spelt, less case and punctuation, most telling first.
NAMES: dict[str, tuple[str, ...]] = {
    "user": (
        *("userid", "user", "customerid", "customer", "visitorid", "memberid", "reviewerid"),
        *("accountid", "clientid", "uid", "person", "username", "sessionid"),
    ),
    "item": (
        *("itemid", "item", "movieid", "movie", "productid", "product", "parentasin", "asin"),
        *("bookid", "book", "sku", "articleid", "trackid", "songid", "gameid", "isbn", "iid"),
    ),
    "time": (
        *("timestamp", "time", "times", "timeunix", "unixtime", "unixreviewtime", "datetime"),
        *("date", "createdat", "eventtime", "ratedat", "ts"),
    ),
    "rating": ("rating", "ratings", "stars", "score", "overall", "rate"),
    "kind": ("kind", "event", "eventtype", "action", "behavior", "behaviour", "feedback", "type"),
    "text": (
        *("comment", "review", "reviewtext", "text", "question", "search", "query", "message"),
        *("body", "content"),
    ),
}
# Words for what happened, less case and punctuation.
WORDS: dict[EventKind, tuple[str, ...]] = {
    "liked": ("like", "liked", "love", "loved", "favorite", "favourite", "thumbsup", "positive"),
    "disliked": ("dislike", "disliked", "hate", "hated", "thumbsdown", "negative", "return"),
    "seen": ("seen", "watched", "watch", "read", "listened", "played", "finished"),
    "viewed": ("view", "viewed", "click", "clicked", "pageview", "detail", "open", "opened"),
    "bought": ("buy", "bought", "purchase", "purchased", "order", "ordered", "transaction"),
    "mentioned": (
        *("mentioned", "mention", "ask", "asked", "question", "search", "cart", "addtocart"),
        *("wishlist", "basket", "save", "saved"),
    ),
    "ignored": ("ignored", "ignore", "skip", "skipped", "impression", "shown"),
}
_KINDS = {word: kind for kind, words in WORDS.items() for word in words}
_MILLISECONDS = 1e11  # a Unix time above this, in the year 5138, must be in milliseconds
POSITIONS = ("user", "item", "rating", "timestamp")


@dataclass(frozen=True)
class Interaction:
    """One row: who did what with which item, when.

    At most `kind`, else `rating`, else `text` says what happened; a row with none of them tells
    that there was something, which counts as a like. `time_s` is Unix time, 0 if unknown.
    """

    line: int
    user: str
    item: str
    time_s: float = 0.0
    kind: EventKind | None = None
    rating: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Skipped:
    """A row that was left out: its line in the file, counted from 1, and why."""

    line: int
    reason: str


def rows_without_names(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Yield the rows of a file whose columns have no names: user, item, rating, time.

    Such are MovieLens' `ratings.dat` (columns parted by `::`) and `u.data` (by tabs).

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise DataError(f"expected a file of interactions, got {error}; check the path") from error
    for line, text in enumerate(lines, start=1):
        if text.strip():
            cells = text.split("::" if "::" in text else "\t")
            yield line, dict(zip(POSITIONS, cells, strict=False))


def interactions(
    rows: Iterable[tuple[int, Mapping[str, object] | str]],
) -> tuple[tuple[Interaction, ...], tuple[Skipped, ...]]:
    """Return the interactions of the rows, and which rows were left out and why.

    Parameters
    ----------
    rows
        Line number and columns by name, or in their place why the row is broken.

    Raises
    ------
    DataError
        If no column names users or items.
    """
    found, skipped = [], []
    columns: dict[str, str] | None = None
    for line, row in rows:
        if isinstance(row, str):
            skipped.append(Skipped(line, row))
            continue
        columns = columns or _columns(row)
        try:
            found.append(_interaction(line, {k: row.get(name) for k, name in columns.items()}))
        except ValueError as error:
            skipped.append(Skipped(line, str(error)))
    return tuple(found), tuple(skipped)


def _columns(row: Mapping[str, object]) -> dict[str, str]:
    """Return which column means what."""
    plain = {_plain(name): name for name in row}
    columns = {}
    for meaning, names in NAMES.items():
        taken = next((name for name in names if name in plain), None)
        if taken is not None:
            columns[meaning] = plain.pop(taken)
    for meaning in ("user", "item"):
        if meaning not in columns:
            raise DataError(
                f"expected a column that names the {meaning}, such as {meaning} or "
                f"{NAMES[meaning][0]}, got the columns {', '.join(row)}; rename it"
            )
    return columns


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.casefold())


def _interaction(line: int, row: Mapping[str, object]) -> Interaction:
    user, item, text = (_text(row.get(key)) for key in ("user", "item", "text"))
    if not user or not item:
        raise ValueError(f"expected a user and an item, got {user!r} and {item!r}")
    kind, rating = _kind(_text(row.get("kind"))), _rating(row.get("rating"))
    told = [key for key in ("kind", "rating", "text") if key in row]
    if told and kind is None and rating is None and not text:
        raise ValueError(f"expected something in {' or '.join(told)}, got nothing")
    time_s = _time(row["time"]) if "time" in row else 0.0
    return Interaction(line, user, item, time_s, kind, rating, text)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # ids that a table with gaps has made into 12.0
    return "" if value is None else str(value).strip()


def _kind(word: str) -> EventKind | None:
    if not word:
        return None
    kind = _KINDS.get(_plain(word))
    if kind is None:
        usual = ", ".join(words[0] for words in WORDS.values())
        raise ValueError(f"expected a kind such as {usual}, got {word[:40]!r}")
    return kind


def _rating(value: object) -> float | None:
    if _text(value) == "":
        return None
    try:
        rating = float(str(value))
    except ValueError:
        rating = math.nan
    if not math.isfinite(rating):
        raise ValueError(f"expected a number as rating, got {str(value)[:40]!r}")
    return rating


def _time(value: object) -> float:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    try:
        if not isinstance(value, datetime):
            number = float(str(value))
            if not math.isfinite(number):
                raise ValueError
            return number / 1000 if abs(number) > _MILLISECONDS else number
    except ValueError:
        try:
            value = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise ValueError(
                f"expected a time as Unix seconds or 2026-01-31 18:30:00, got {str(value)[:40]!r}"
            ) from None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def split_known(
    found: Sequence[Interaction], ids: Collection[str], catalog: str
) -> tuple[tuple[Interaction, ...], tuple[Skipped, ...]]:
    """Return the interactions with items of the catalogue, and the others with the reason."""
    known = tuple(one for one in found if one.item in ids)
    unknown = (one for one in found if one.item not in ids)
    return known, tuple(
        Skipped(one.line, f"{catalog} has no item {one.item[:60]!r}") for one in unknown
    )


def sessions(found: Sequence[Interaction]) -> tuple[Session, ...]:
    """Return one session of each person in time order; rows of one time keep their order.

    A rating below the person's mean is a dislike, any other a like.
    """
    people: dict[str, list[Interaction]] = defaultdict(list)
    for one in found:
        people[one.user].append(one)
    out = []
    for user, rows in people.items():
        ratings = [row.rating for row in rows if row.rating is not None]
        mean = fmean(ratings) if ratings else 0.0
        rows.sort(key=lambda row: row.time_s)
        out.append(Session(user, tuple(Event(r.item, _event(r, mean), r.time_s) for r in rows)))
    return tuple(out)


def _event(row: Interaction, mean: float) -> EventKind:
    if row.kind is not None:
        return row.kind
    return "disliked" if row.rating is not None and row.rating < mean else "liked"
