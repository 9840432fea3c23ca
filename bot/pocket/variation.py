"""Vary annotated messages: the same sentence with other titles, people, values and numbers.

People's own phrasing is scarce, what they fill it with is not. A span is only exchanged where
it occurs once and touches no other, so that the annotation stays right. Pools are what annotated
lines and the domain lexicons say of the same facet in the same language.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.pocket.generator.lexicon import Domain

ROLES = ("likes", "dislikes", "seen", "similar", "refers")
CJK = re.compile(r"[\u3400-\u9fff]")
Key = tuple[bool, str, str]  # Chinese, schema's name, slot or facet
Row = Mapping[str, Any]


def schema_name(row: Row) -> str:
    """Return the name of the schema that a line speaks of."""
    spec = row.get("schema", "movies")
    return spec if isinstance(spec, str) else str(spec["name"])


def _number_facets(row: Row) -> frozenset[str]:
    spec = row.get("schema", "movies")
    if isinstance(spec, str):
        return frozenset(
            ("year", "runtime", "price", "ram_gb", "storage_gb", "screen_in", "weight_g")
        )
    return frozenset(f["name"] for f in spec["facets"] if f["kind"] == "number")


def spans(row: Row) -> Iterator[tuple[str, str]]:
    """Yield the exchangeable spans of a line: (words, slot or facet)."""
    gold = row["gold"]
    for one in gold.get("add", ()):
        yield one[2], one[0]
    for role in ROLES:
        for ref in gold.get(role, ()):
            yield ref, "title"
    for slot in ("wish", "avoid"):
        for words in gold.get(slot, ()):
            yield words, slot


def exchange_number(words: str, rng: random.Random) -> str:
    """Return the words with other numbers of the same form: `"80s"` → `"60s"`."""

    def other(match: re.Match[str]) -> str:
        digits = match.group(0)
        number = int(digits)
        if len(digits) == 4 and 1900 <= number <= 2030:
            return str(
                rng.randint(1930, 2025) // 10 * 10 if number % 10 == 0 else rng.randint(1930, 2025)
            )
        if len(digits) == 2 and number % 10 == 0:
            return str(rng.randint(2, 9) * 10)
        scale = 10 ** (len(digits) - len(digits.rstrip("0")))
        drawn = round(number * rng.uniform(0.4, 2.2) / scale) * scale
        return str(max(1, drawn))

    return re.sub(r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)", other, words)


class Variation:
    """Exchanges spans of lines.

    Parameters
    ----------
    rows
        All annotated lines; what they say of a facet fills that facet's pool.
    domains
        Lexicons whose values, people and titles are added to the English pools.
    """

    def __init__(self, rows: Sequence[Row], domains: Sequence[Domain]) -> None:
        pools: dict[Key, dict[str, None]] = defaultdict(dict)
        for row in rows:
            chinese, name = bool(CJK.search(row["text"])), schema_name(row)
            for words, slot in spans(row):
                if not words.startswith("#"):
                    pools[chinese, name, slot][words] = None
        for domain in domains:
            for facet in domain.facets:
                forms = (form for value, said in facet.values.items() for form in (value, *said))
                pools[False, domain.name, facet.name].update(dict.fromkeys(forms))
            pools[False, domain.name, "title"].update(dict.fromkeys(domain.titles))
            pools[False, domain.name, "wish"].update(dict.fromkeys(domain.wish))
        self._pools = {key: tuple(words) for key, words in pools.items()}

    def of(self, row: Row, rng: random.Random) -> Row:
        """Return the line with about half of its exchangeable spans exchanged, or as it is."""
        text: str = row["text"]
        key = bool(CJK.search(text)), schema_name(row)
        numbers = _number_facets(row)
        places = {w: text.find(w) for w, _ in spans(row) if text.count(w) == 1}
        exchanged: dict[str, str] = {}
        for words, slot in spans(row):
            if words not in places or not _alone(words, places) or rng.random() < 0.5:
                continue
            if slot in numbers:
                exchanged[words] = exchange_number(words, rng)
            elif slot not in ("wish", "avoid") or rng.random() < 0.4:
                exchanged.setdefault(words, self._other(words, (*key, slot), row, rng))
        return _with(row, exchanged, places)

    def _other(self, words: str, key: Key, row: Row, rng: random.Random) -> str:
        pool = self._pools.get(key, ())
        if not isinstance(row.get("schema", "movies"), str) and not key[0]:
            listed = next(
                (f.get("values") for f in row["schema"]["facets"] if f["name"] == key[2]), None
            )
            pool = (*pool, *(listed or ()))
        if not pool:
            return words
        drawn = rng.choice(pool)
        return drawn.lower() if words.islower() or rng.random() < 0.2 else drawn


def _alone(words: str, places: Mapping[str, int]) -> bool:
    """Whether a span touches no other span."""
    start, end = places[words], places[words] + len(words)
    return all(o == words or at >= end or at + len(o) <= start for o, at in places.items())


def _with(row: Row, exchanged: Mapping[str, str], places: Mapping[str, int]) -> Row:
    """Return the line with spans exchanged in its text and gold; unchanged if that is unclear."""
    text: str = row["text"]
    for old in sorted(exchanged, key=lambda w: -places[w]):
        text = text[: places[old]] + exchanged[old] + text[places[old] + len(old) :]
    if any(text.count(new) != 1 for new in exchanged.values()) or not exchanged:
        return row

    def said(words: Any) -> Any:  # noqa: ANN401
        return exchanged.get(words, words)

    gold = dict(row["gold"])
    if "add" in gold:
        gold["add"] = [[c[0], c[1], said(c[2]), *c[3:]] for c in gold["add"]]
    for slot in (*ROLES, "wish", "avoid"):
        if slot in gold:
            gold[slot] = [said(w) for w in gold[slot]]
    kept = [w for w, _ in spans(row | {"gold": gold}) if not w.startswith("#")]  # type: ignore[operator]
    if any(w not in text for w in kept):
        return row
    return {**row, "text": text, "gold": gold}
