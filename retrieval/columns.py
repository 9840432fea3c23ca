"""The columns of a sample of rows, as inference sees them: names, cells, how filled they are.

Knows neither facets nor what the columns are taken for.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.facts import BadFact, is_missing, read_number, word
from retrieval.nested import MARK, nested_columns, unfolded
from retrieval.rows import Row

# Names of columns that are of no use to whoever looks for an item.
_IGNORED = re.compile(
    r"url|link|href|image|img|photo|thumbnail|poster|picture|^_|barcode|gtin|isbn|upc|ean$|hash"
    r"|timestamp|_at$|(^|_)(id|pid|sku|asin|guid|uuid|uid|mpn|hs_code)(_\d+)?$|phone|email|fax"
    r"|latitude|longitude|(^|_)(lat|lng|lon)$|zip|postcode|postal|crawl|scrape|updated|created"
    r"|modified|(^|_)added(_on)?$|date_added|seo_|_seo|^seo|sort_order|inventory_policy|fulfillment|(^|_)index$"
    r"|model_(no|number|id|code|name)$|(style|design|product|item)_(code|no|number)$|serial"
    r"|(^|_)internal(_|$)|stock_status|status_stock"
)
# Names of properties that only say something with what they belong to: price.amount.
_GENERIC = frozenset("name value title label amount text id content description".split())
# Ends of a range: salary.min, salary.max.
_MAKER = re.compile(r"brand|(^|_)make$|manufacturer|producer|vendor|author|artist|publisher")
_ENDS = frozenset("min max from to low high minimum maximum".split())
_URL = re.compile(r"(?:https?:|//|www\.)|[\w-]+\.(?:jpe?g|png|gif|webp|pdf)$", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,6}[\d_\-A-Z/]{3,}|[0-9a-f]{8,}(?:-[0-9a-f]{4,})*")


@dataclass(frozen=True)
class Column:
    """One column of a sample.

    `cells` are its filled cells in the order of the rows, `rows` the number of rows looked at;
    `plain` is the name in snake case, without the column that it was nested in.
    """

    name: str
    cells: tuple[object, ...]
    rows: int

    @property
    def plain(self) -> str:
        """The name in lower case with underscores."""
        return plain_name(self.name)

    @property
    def share(self) -> float:
        """How many of the rows fill it, in [0, 1]."""
        return len(self.cells) / max(self.rows, 1)

    @property
    def strings(self) -> list[str]:
        """The cells that are text."""
        return [cell for cell in self.cells if isinstance(cell, str)]

    @property
    def distinct(self) -> int:
        """How many different cells there are."""
        return len({str(cell) for cell in self.cells})

    @property
    def mean_words(self) -> float:
        """How many words a cell has in the mean; 0 where they are no text."""
        texts = self.strings
        return sum(len(t.split()) for t in texts) / len(texts) if texts else 0.0

    @property
    def is_ignored(self) -> bool:
        """Whether its name or its cells say that it is for machines."""
        ordinal = self.plain in ("position", "rank") and self.is_number
        return ordinal or _IGNORED.search(self.plain) is not None or self.are(_URL)

    @property
    def is_number(self) -> bool:
        """Whether nine of ten cells are numbers, so that the few broken ones are reported.

        Seven of ten do where the others have one word for that there is none: "NV", "on request".
        """
        good = 0
        others = set()
        for cell in self.cells:
            try:
                read_number(cell)
            except BadFact:
                others.add(word(cell).casefold())
                continue
            good += 1
        enough = 0.7 if len(others) == 1 else 0.9
        return bool(self.cells) and good >= enough * len(self.cells)

    @property
    def is_code(self) -> bool:
        """Whether the cells are article numbers, hashes and the like: mostly different codes."""
        words = [word(c) for c in self.cells if isinstance(c, str | int)]
        if self.is_number and not any(w.startswith("0") and w.isdigit() for w in words):
            return False
        codes = sum(_CODE.fullmatch(w) is not None for w in words)
        return len(words) > 2 and codes >= 0.8 * len(words) and self.distinct > 0.5 * len(words)

    def are(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether most cells begin as a pattern says."""
        found = sum(pattern.match(text.strip()) is not None for text in self.strings)
        return bool(self.cells) and found >= 0.6 * len(self.cells)


def plain_name(column: str) -> str:
    """Return a column's name in snake case, camel case cut, without what it was nested in."""
    parent, _, last = column.rpartition(MARK)
    if parent and last.casefold() in _GENERIC:
        last = parent.rpartition(MARK)[2]
    elif parent and last.casefold() in _ENDS:
        last = f"{parent.rpartition(MARK)[2]}_{last}"
    last = last or column
    cut = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", last.replace("WiFi", "Wifi"))
    return re.sub(r"[\W_]+", "_", cut.casefold()).strip("_") or "column"


def columns_of(sample: Sequence[Row]) -> tuple[list[Column], list[Row]]:
    """Return the columns of a sample, in order, and its rows with nested properties unfolded."""
    nested = nested_columns(sample)
    rows = [unfolded(row, nested) for row in sample] if nested else list(sample)
    names = dict.fromkeys(str(column) for row in rows for column in row)
    filled = {
        name: tuple(row[name] for row in rows if not is_missing(row.get(name))) for name in names
    }
    columns = [
        Column(name, cells, len(rows)) for name, cells in filled.items() if name not in nested
    ]
    return columns, rows


def repeats(columns: Sequence[Column], rows: Sequence[Row], title: str) -> dict[str, str]:
    """Return column → an earlier column that says the same; or the title, where most cells do."""
    out: dict[str, str] = {}
    titles = [word(row.get(title)).casefold() for row in rows]
    for column in columns:
        if _MAKER.search(column.plain):
            continue  # a title may begin with its maker, who is asked for all the same
        if column.name != title and column.strings and column.mean_words > 1:
            cells = (word(row.get(column.name)).casefold() for row in rows)
            held = sum(bool(c) and c in t for c, t in zip(cells, titles, strict=True))
            if held > 0.5 * len(column.cells) and column.distinct > 0.8 * len(column.cells):
                out[column.name] = title
    seen: dict[tuple[object, ...], str] = {}
    for column in columns:
        if len(column.cells) < 2 or column.distinct < 2:
            continue
        values = tuple(word(row.get(column.name)).casefold() for row in rows)
        first = seen.setdefault(values, column.name)
        if first != column.name:
            out[column.name] = first
    return out


def common_prefix(names: Sequence[str]) -> str:
    """Return the first word that most names in snake case begin with, and its mark; or ''."""
    heads = Counter(name.split("_")[0] for name in names if "_" in name)
    head, count = heads.most_common(1)[0] if heads else ("", 0)
    return f"{head}_" if count >= 3 and count >= 0.6 * len(names) else ""
