"""Items side by side: a table with a column for each item and a row for each fact."""

from collections.abc import Sequence

from bot.web.facts import label, measure, words_of
from bot.web.markup import tag, text
from retrieval.types import Facet, Fact, Item, Schema

MOST_COMPARED = 5
_MOST_VALUES = 3
_UNKNOWN = "–"


def table(items: Sequence[Item], schema: Schema) -> str:
    """Return items as a table, the rows in which they differ marked; empty with fewer than two.

    At most `MOST_COMPARED` items are shown. Themes are left out, and so are facts that none has.
    """
    shown = items[:MOST_COMPARED]
    if len(shown) < 2:
        return ""
    heads = "".join(tag("th", text(item.title), scope="col", dir="auto") for item in shown)
    rows = "".join(_row(facet, shown) for facet in schema.facets if facet.kind != "tags")
    drawn = tag(
        "table",
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody>",
    )
    name = "Compared: " + ", ".join(item.title for item in shown)
    return tag("div", drawn, class_="compared", role="region", tabindex="0", aria_label=name)


def _row(facet: Facet, items: Sequence[Item]) -> str:
    said = [_words(facet, item.facts.get(facet.name)) for item in items]
    if not any(said):
        return ""
    cells = "".join(tag("td", text(words or _UNKNOWN), dir="auto") for words in said)
    differs = len(set(said)) > 1
    name = tag("th", text(label(facet.name)), scope="row")
    return tag("tr", name + cells, class_="differs" if differs else None)


def _words(facet: Facet, fact: Fact) -> str:
    """Return a fact in words; its row has the facet's name already."""
    if isinstance(fact, int | float):
        name = label(facet.name)
        return measure(facet, float(fact)).removeprefix(f"{name} ").removesuffix(f" {name}")
    named = words_of(fact)
    more = "…" if len(named) > _MOST_VALUES else ""
    return ", ".join(named[:_MOST_VALUES]) + more
