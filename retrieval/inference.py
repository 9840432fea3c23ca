"""Rows without a YAML → a layout: which column is what, told by names and by contents.

A column becomes a facet of a kind, part of a facet (yes and no), or is left aside with a reason.
Knows nothing of files beyond the path that its errors name.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from retrieval.columns import Column, columns_of, common_prefix, plain_name, repeats
from retrieval.facts import is_missing
from retrieval.kinds import Told, flag_of, told
from retrieval.measure import currency_said, is_money, unit_named
from retrieval.nested import MARK
from retrieval.openings import openings_of, saying_of
from retrieval.roles import Roles, roles_of
from retrieval.rows import Row
from retrieval.schema import Layout
from retrieval.types import Facet, Schema
from retrieval.vocabulary import comparatives, theme_of

FEATURES = "features"
_EXTRAS = "extras"  # where a column of features is there already
FLAGGED = (FEATURES, _EXTRAS)  # facets whose values are columns of yes and no
# As many facets as the embedded LLM reads with their ties; worded ones beyond are still searched.
_MOST_FACETS = 13
_MOST_TAGS = 24
_LEAST_SHARE = 0.02
_COMMON_SHARE = 0.3  # of the rows, from which on a facet's name and kind count in full
RARE = "filled in too few rows"
# Names under which the rest of the project, and people, know common columns.
_CANONICAL = (
    ("price", re.compile(r"(.*_)?(price|preis|prix|precio|prezzo|cost)(_.*)?|mrp|价格")),
    ("rating", re.compile(r"(.*_)?(rating|stars|score)|(rating|score|stars)_(avg|average|value)")),
    ("year", re.compile(r"(.*_)?year(_.*)?|vintage|jahr(gang)?|released?(_date)?|年份")),
    ("brand", re.compile(r"(.*_)?(brand|manufacturer|vendor|marke|hersteller)(_name)?|品牌")),
    (
        "category",
        re.compile(
            r"(.*_)?(category|categories)(_.*)?|(product_)?group|department|kategorie|类别|分类"
        ),
    ),
    ("kind", re.compile(r"(product_)?(type|kind)|item_type|art|typ")),
    ("color", re.compile(r"(.*_)?colou?r(_.*)?|farbe|颜色")),
)
_NUMBERS = frozenset({"price", "rating", "year"})
_PAID = re.compile(r"sale|discount|selling|current|final|offer|actual|special|now|our")
_LISTED = re.compile(r"list|retail|regular|original|was|mrp|compare|old|before|uvp|rrp|cost")
_TALLY = re.compile(
    r"(^|_)(count|votes|num_\w+|number_of_\w+)$|_count(_|$)|reviews$|ratings$"
    r"|(^|_)(stock|stock_level|inventory|qty|quantity|on_hand|units_left)$"
)
_HIGH_END = re.compile(r"(?P<of>.+)_(?:max|maximum|to|high)")
_LOW_END = re.compile(r"(?P<of>.+)_(?:min|minimum|from|low)")
_TOWN = re.compile(r"(?:.*_)?(?:city|town|village)")
_LAND = re.compile(r"(?:.*_)?(?:country|region|county|state|province|island)")

_POPULAR = re.compile(r"rating|vote|review|popular")
_SOUGHT = re.compile(
    r"price|brand|category|kind|type|genre|year|rating|colou?r|size|material|country|region|city"
    r"|location|language|weight|style|author|director|cuisine|level|duration|time|grape|salary"
)


@dataclass(frozen=True)
class Inferred:
    """A layout, and in words what each facet was taken from and why the rest was left aside."""

    layout: Layout
    taken: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Offer:
    """A facet that a column could be, and how much it would be missed."""

    column: Column
    told: Told
    name: str
    worth: float
    is_beside_price: bool = False


def infer_schema(rows: Sequence[Row], name: str, path: Path) -> Inferred:
    """Return the layout that a sample of rows suggests.

    Raises
    ------
    CatalogError
        If no column can be the title.
    """
    columns, rows = columns_of(rows)
    roles = roles_of(columns, rows, name, path)
    used = {*roles.id, roles.title, *roles.text}
    aside: dict[str, str] = {}
    flags: dict[str, str] = {}
    offers: list[_Offer] = []
    same = repeats(columns, rows, roles.title)
    names = _Names(columns, roles)
    money = _currency(columns) or currency_said(_texts(rows, roles))
    families = _families(columns)
    for column in columns:
        flag = flag_of(column, names.words(column)) if column.name not in used else ""
        if flag and column.share >= _LEAST_SHARE and column.name not in same:
            flags[flag] = column.name
            continue
        reason = _useless(column, same, families)
        if column.name in used or reason:
            if column.name not in used:
                aside[column.name] = reason
            continue
        found = told(column)
        if isinstance(found, str):
            aside[column.name] = found
            continue
        offers.append(_Offer(column, found, "", _worth(column, found)))
    offers = _spoken_of(_priced(names.named(offers), money), aside)
    kept = _kept(_once(offers, aside), _MOST_FACETS - bool(flags), aside)
    return _inferred(name, roles, kept, flags, aside, len(rows))


def _texts(rows: Sequence[Row], roles: Roles) -> list[str]:
    return [str(row[c]) for row in rows for c in roles.text[:1] if not is_missing(row.get(c))]


def _currency(columns: Sequence[Column]) -> str:
    """Return the one currency that a column of its own names, or an empty text."""
    named = (c for c in columns if "currency" in c.plain or c.name.endswith("currency"))
    only = next((str(c.cells[0]) for c in named if c.cells and c.distinct == 1), "")
    return unit_named(only) or ""


def _families(columns: Sequence[Column]) -> frozenset[str]:
    """Return the numbered columns of families such as ratings_1 … ratings_5."""
    heads: dict[str, list[str]] = {}
    for column in columns:
        numbered = re.fullmatch(r"(.+?)_?\d+", column.plain)
        if numbered and column.is_number:
            heads.setdefault(numbered[1], []).append(column.name)
    return frozenset(n for names in heads.values() if len(names) > 2 for n in names)


def _useless(column: Column, same: Mapping[str, str], families: frozenset[str]) -> str:
    """Return why a column is left aside at first sight, or an empty text."""
    if not column.cells:
        return "empty"
    if column.is_ignored:
        return "for machines: an address, a code or a time stamp"
    if column.name in same:
        return f"says the same as {same[column.name]}"
    if column.share < _LEAST_SHARE or (len(column.cells) < 2 and column.rows > 2):
        return RARE
    if column.distinct == 1 and column.share > 0.5 and column.rows > 2:
        return f"always {str(column.cells[0])[:40]!r}"
    if column.name in families:
        return "one of a row of numbered columns"
    return ""


class _Names:
    """Names of facets: snake case, without the catalogue's noun, common ones as all know them."""

    def __init__(self, columns: Sequence[Column], roles: Roles) -> None:
        self._prefix = common_prefix([c.plain for c in columns])
        self._noun = f"{roles.item.replace(' ', '_')}_"
        self._prefixes = (self._prefix, self._noun, "product_", "item_")

    def _bare(self, plain: str) -> str:
        for prefix in self._prefixes:
            if prefix != "_" and prefix and plain.startswith(prefix) and plain != prefix:
                plain = plain.removeprefix(prefix)
        return plain

    def _canonical(self, bare: str) -> str:
        return next((name for name, known in _CANONICAL if known.fullmatch(bare)), bare)

    def words(self, column: Column) -> str:
        """Return a column's name in words, the noun before it left out."""
        return self._bare(column.plain).replace("_", " ")

    def named(self, offers: Sequence[_Offer]) -> list[_Offer]:
        """Return the offers with their facets' names: a common one only where it is the only."""
        plain = [self._bare(plain_name(o.told.name or o.column.name)) for o in offers]
        common = [self._common(n, o.told) for n, o in zip(plain, offers, strict=True)]
        count = Counter(common)
        out = []
        for bare, name, offer in zip(plain, common, offers, strict=True):
            alone = count[name] == 1 or name == "price" or bare == name
            out.append(replace(offer, name=name if alone else bare))
        return out

    def _common(self, bare: str, found: Told) -> str:
        """Return the name under which all know a facet, where its kind fits; else its own."""
        name = self._canonical(bare)
        if name == "rating" and re.search(r"count|num|votes|reviews", bare):
            return bare
        if name == "year" and found.unit != "year":
            return bare
        return name if (found.kind == "number") == (name in _NUMBERS) else bare


def _worth(column: Column, found: Told) -> float:
    """Return how much a facet would be missed; what few rows have, few people ask for."""
    worth = column.share
    common = min(1.0, column.share / _COMMON_SHARE)
    worth += 0.8 * common if _SOUGHT.search(column.plain) else 0.0
    if found.kind == "category":
        worth += 0.3 * common if 2 <= len(found.values) <= 60 else 0.0
    elif found.kind == "people":
        worth += 0.4
    return worth - (1.0 if re.search(r"warranty|sales_package|service", column.plain) else 0.0)


def _priced(offers: Sequence[_Offer], money: str) -> list[_Offer]:
    """Return the offers, of several prices the one that is paid named so, with a currency."""
    prices = [o for o in offers if o.name == "price" and o.told.kind == "number"]

    def rank(offer: _Offer) -> tuple[bool, bool, bool]:
        plain = offer.column.plain
        return (
            _PAID.search(plain) is None,
            plain not in ("price", "cost"),
            _LISTED.search(plain) is not None,
        )

    paid = min(prices, key=rank, default=None)
    said = next((o.told.unit for o in prices if is_money(o.told.unit)), money)
    out = []
    for offer in offers:
        if offer in prices:
            unit = offer.told.unit or said
            own = offer.column.plain if offer.column.plain != "price" else "listed_price"
            name = "price" if offer is paid else own
            told_so = replace(offer.told, unit=unit)
            offer = replace(offer, told=told_so, name=name, is_beside_price=offer is not paid)
        out.append(offer)
    return out


def _spoken_of(offers: Sequence[_Offer], aside: dict[str, str]) -> list[_Offer]:
    """Return the offers without numbers that nobody asks for, and which others are taken for.

    What a thing cost before a discount is not what "under 300" means, and of several counts one
    tells how well known an item is.
    """
    out: list[_Offer] = []
    counted = ""
    numbers = {o.column.plain for o in offers if o.told.kind == "number"}
    lows = {m["of"] for plain in numbers if (m := _LOW_END.fullmatch(plain))}
    tops = {p for p in numbers if (m := _HIGH_END.fullmatch(p)) and m["of"] in lows}
    for offer in offers:
        count = offer.told.kind == "number" and _TALLY.search(offer.column.plain) is not None
        if offer.is_beside_price:
            aside[offer.column.name] = "a price beside the one that is paid"
        elif offer.column.plain in tops:
            aside[offer.column.name] = "the upper end of a range whose lower end is taken"
        elif count and (counted or not _POPULAR.search(offer.column.plain)):
            aside[offer.column.name] = f"a count like {counted}" if counted else "a count"
        else:
            counted = counted or (offer.column.name if count else "")
            low = _LOW_END.fullmatch(offer.name)
            is_low = low is not None and f"{low['of']}_" in "".join(tops)
            out.append(replace(offer, name=low["of"]) if low and is_low else offer)
    return out


def _once(offers: Sequence[_Offer], aside: dict[str, str]) -> list[_Offer]:
    """Return the offers, of several with one name the worthiest; nested ones give way."""
    taken: dict[str, _Offer] = {}
    for offer in sorted(offers, key=lambda o: -o.worth):
        name = offer.name
        if name in taken and MARK in offer.column.name:
            aside[offer.column.name] = f"like {taken[name].column.name}"
            continue
        if name in taken:
            name = plain_name(offer.column.name)
        if name not in taken:
            taken[name] = replace(offer, name=name)
    by_column = {o.column.name: o for o in taken.values()}
    return [by_column[o.column.name] for o in offers if o.column.name in by_column]


def _kept(offers: Sequence[_Offer], most: int, aside: dict[str, str]) -> list[_Offer]:
    """Return the facets that a talk can hold; worded ones beyond become tags, for the search."""
    by_worth = sorted(offers, key=lambda o: -o.worth)
    asked = [o for o in by_worth if o.told.kind != "tags"][:most]
    tags = [o for o in by_worth if o.told.kind == "tags"]
    for offer in by_worth:
        if offer in asked or offer in tags:
            continue
        if offer.told.kind == "number":
            aside[offer.column.name] = f"more than {most} facets are too many to talk about"
        else:
            tags.append(replace(offer, told=replace(offer.told, kind="tags")))
    for offer in tags[_MOST_TAGS:]:
        aside[offer.column.name] = "rarely filled, beside better ones"
    chosen = {o.column.name: o for o in (*asked, *tags[:_MOST_TAGS])}
    return [chosen[o.column.name] for o in offers if o.column.name in chosen]


def _inferred(
    name: str,
    roles: Roles,
    offers: Sequence[_Offer],
    flags: Mapping[str, str],
    aside: Mapping[str, str],
    rows: int,
) -> Inferred:
    facets: list[Facet] = []
    taken: dict[str, str] = {}
    themes: dict[str, str] = {}
    towns = any(_TOWN.fullmatch(o.name) for o in offers)  # where an item is, not whence it comes
    for offer in offers:
        say = saying_of(offer.name, offer.told, roles.item)
        if not say and offer.told.kind == "category" and towns:
            say = "in {value}" if _TOWN.fullmatch(offer.name) or _LAND.fullmatch(offer.name) else ""
            say = "near {value}" if offer.name.startswith("near") else say
        facet = replace(_facet(offer), say=say)
        facets.append(facet)
        share = f"{offer.column.share:.0%} of the rows" if offer.column.share < 1 else "every row"
        taken[facet.name] = f"{share}; {offer.told.example}"
        theme = theme_of(facet.name, offer.told.values) if offer.told.values else None
        if theme:
            themes[facet.name] = theme
    flagged = _EXTRAS if FEATURES in taken else FEATURES
    if flags:
        facets.append(Facet(flagged, "category", values=tuple(flags)))
        taken[flagged] = f"yes or no in {len(flags)} columns: {', '.join(list(flags)[:5])}"
    price = next((o.told.middle for o in offers if o.name == "price"), None)
    openings = openings_of(facets, price, roles.items)
    layout = Layout(
        Schema(name, tuple(facets), roles.item, roles.items, openings),
        roles.id,
        roles.title,
        roles.text,
        {o.name: o.column.name for o in offers},
        {o.name: o.told.separator for o in offers if o.told.separator},
        themes,
        {o.name: o.told.levels for o in offers if o.told.levels},
        {o.name: o.told.read for o in offers if o.told.read},
        {flagged: dict(flags)} if flags else {},
    )
    return Inferred(layout, taken, dict(aside))


def _facet(offer: _Offer) -> Facet:
    found = offer.told
    words = plain_name(offer.column.name).replace("_", " ")
    description = "" if words == offer.name.replace("_", " ") else words
    if found.kind != "number":
        values = found.values if found.kind == "category" else ()
        return Facet(offer.name, found.kind, description=description, values=values)
    if is_money(found.unit) and offer.name != "price" and offer.is_beside_price:
        return Facet(offer.name, "number", found.unit, description)
    less, more = comparatives(offer.name, found.unit)
    return Facet(offer.name, "number", found.unit, description, less=less, more=more)
