"""Which columns are the id, the title and the description, and what an item is called.

Told by names first, then by contents. Knows nothing of facets.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.columns import Column, plain_name
from retrieval.errors import CatalogError
from retrieval.facts import is_missing, word
from retrieval.nested import MARK
from retrieval.rows import Row
from retrieval.words import STOPWORDS, stem

WHOLE_ROW = "*"
ID_NAMES = (
    "id item_id itemid uid uniq_id unique_id sku asin isbn product_id productid uuid guid book_id "
    "movie_id movieid film_id pid article_number article_no code key handle ref reference slug"
).split()
TITLE_NAMES = (
    "title name product_name product_title item_name job_title position_title original_title "
    "productname label bezeichnung nom nombre titel titre nome 名称 标题 商品名"
).split()
TEXT_NAMES = (
    "text description product_description long_description overview plot blurb summary synopsis "
    "body_html body about details content notes tasting_notes beschreibung 描述 简介"
).split()
_ID_ENDS = re.compile(r"(^|_)(id|ref|sku|code|no|nr|number|key)$")
_LISTED = re.compile(r"^\s*[\[{]|>>| > |→|»|\|| [•·] ")
_FEW_WORDS = 7  # a description has more words than this in the mean
_MOST_TEXTS = 3
_LEAST_SHARE = 0.2  # of the rows that a second description must fill
_NO_NOUN = frozenset(
    "uniq unique row item my the full short original display data list export all sample records "
    "catalog catalogue file dump db products_export stock inventory index column new old final "
    "clean raw test position common latin scientific brand model trade official".split()
)


@dataclass(frozen=True)
class Roles:
    """The columns of id, title and description; `id` may be several, or `*` for the whole row."""

    id: tuple[str, ...]
    title: str
    text: tuple[str, ...]
    item: str = "item"
    items: str = "items"


def roles_of(columns: Sequence[Column], rows: Sequence[Row], name: str, path: Path) -> Roles:
    """Return which columns are what.

    Raises
    ------
    CatalogError
        If no column can be the title.
    """
    named_id = _named(columns, ID_NAMES, full=True) or _any_id(columns) or _named(columns, ID_NAMES)
    rest = [c for c in columns if c is not named_id]
    title = _title(rest, name)
    if title is None:
        have = ", ".join(c.name for c in columns[:20])
        remedy = "Write a YAML beside the file that names it."
        raise CatalogError(path, "a title column", f"the columns {have}", remedy)
    texts = _texts([c for c in rest if c is not title])
    id_ = (named_id.name,) if named_id else _made_id(title, rest, rows)
    item, items = _nouns(title, id_, name)
    return Roles(id_, title.name, tuple(c.name for c in texts), item, items)


def _named(columns: Sequence[Column], names: Sequence[str], *, full: bool = False) -> Column | None:
    """Return the column of the first name that one has; `full`: filled and different in all."""
    fit = [c for c in columns if not full or (c.share == 1 and c.distinct == c.rows)]
    own = [c for c in fit if MARK not in c.name]
    by_name = {c.plain: c for c in reversed(own or fit) if c.cells}
    return next((by_name[n] for n in names if n in by_name), None)


def _any_id(columns: Sequence[Column]) -> Column | None:
    """Return the first column whose name ends as an id's does, different in every row."""
    fit = (c for c in columns if c.share == 1 and c.distinct == c.rows > 1)
    return next((c for c in fit if _ID_ENDS.search(c.plain) and MARK not in c.name), None)


def _title(columns: Sequence[Column], name: str) -> Column | None:
    worded = [
        c
        for c in columns
        if c.strings and not c.is_number and not c.is_ignored and not c.is_code and c.share > 0.5
    ]
    worded = [c for c in worded if c.plain not in TEXT_NAMES] or worded
    nouns = {stem(word) for word in plain_name(name).split("_")}
    ends = [c for c in worded if c.plain.endswith(("_name", "_title")) or stem(c.plain) in nouns]
    named = _named(worded, TITLE_NAMES)
    if named is not None:
        return named
    for column in (*ends, *worded):
        is_short = sum(map(len, column.strings)) <= 100 * len(column.strings)
        if is_short and column.distinct > 0.8 * len(column.cells):
            return column
    if ends:
        return ends[0]
    # Of a list without names, what tells the most rows apart stands for one.
    brief = [c for c in worded if c.mean_words <= 2 * _FEW_WORDS and c.distinct > 1]
    return max(brief, key=lambda c: c.distinct, default=None)


def _texts(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that describe an item in words, the main one first."""
    worded = [c for c in columns if c.strings and not c.is_ignored and MARK not in c.name]
    prose = [c for c in worded if c.mean_words >= _FEW_WORDS and _is_prose(c)]
    main = _named(worded, TEXT_NAMES)
    main = main if main is not None and main.mean_words > 2 else None
    rest = [c for c in prose if c is not main and c.share > _LEAST_SHARE]
    rest.sort(key=lambda c: -c.mean_words)
    return [*([main] if main else []), *rest][:_MOST_TEXTS]


def _is_prose(column: Column) -> bool:
    """Tell whether cells are sentences rather than lists: they have function words."""
    texts = column.strings[:200]
    if sum(_LISTED.search(text) is not None for text in texts) > 0.5 * len(texts):
        return False
    words = [w for text in texts for w in text.casefold().split()[:60]]
    small = sum(w in STOPWORDS for w in words)
    foreign = not any(text.isascii() for text in texts)
    return bool(words) and (small >= 0.1 * len(words) or foreign or column.mean_words > 25)


def _made_id(title: Column, rest: Sequence[Column], rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns that tell items apart where no column is an id: the title, if it does."""
    others = [c for c in rest if c is not title and c.share > 0.9 and c.mean_words <= _FEW_WORDS]
    for more in ((), *((c,) for c in others)):
        names = (title.name, *(c.name for c in more))
        keys = {tuple(word(row.get(n)) for n in names) for row in rows}
        if len(keys) == len(rows) and not any(is_missing(row.get(title.name)) for row in rows):
            return names
    return (WHOLE_ROW,)


def _nouns(title: Column, id_: Sequence[str], name: str) -> tuple[str, str]:
    """Return what one item is called, and many."""
    offers = [re.sub(r"_?(name|title|label)$", "", title.plain)]
    offers += [re.sub(r"_?id$", "", plain_name(i)) for i in id_ if plain_name(i).endswith("_id")]
    stems = [w for w in plain_name(name).split("_") if w.isalpha()]
    offers += [stem(w) if len(w) > 3 else w for w in reversed(stems)]
    for offer in offers:
        noun = offer.replace("_", " ")
        if noun.isascii() and noun.isalpha() and len(noun) > 2 and noun not in _NO_NOUN:
            return noun, plural(noun)
    return "item", "items"


def plural(noun: str) -> str:
    """Return the plural of a regular English noun."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def id_of(row: Mapping[str, object], columns: Sequence[str]) -> str | None:
    """Return a row's id, or None where a column of it is empty."""
    import hashlib

    if tuple(columns) == (WHOLE_ROW,):
        whole = "\0".join(f"{k}\1{word(v)}" for k, v in sorted(row.items()) if not is_missing(v))
        return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()
    parts = [row.get(column) for column in columns]
    if is_missing(parts[0]) or any(isinstance(p, list | tuple | dict) for p in parts):
        return None
    return " · ".join(word(part) for part in parts if not is_missing(part))
