"""Domain lexicons and sentence frames, read from this folder's data files.

A domain says how people speak of one kind of catalogue: facets, values and their spoken forms,
quantities, comparatives, questions, free wishes, titles. This module samples nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrieval.types import FacetKind

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class FacetWords:
    """How one facet is spoken of. `raw` holds the phrase lists by name (`below`, `less`, …)."""

    name: str
    kind: FacetKind
    unit: str
    description: str
    values: Mapping[str, tuple[str, ...]]
    raw: Mapping[str, Any] = field(default_factory=dict)

    def phrases(self, key: str) -> Sequence[str]:
        """Return the phrases under a key, empty if there are none."""
        found = self.raw.get(key) or ()
        return [found] if isinstance(found, str) else found


@dataclass(frozen=True)
class Domain:
    """One kind of catalogue in words."""

    name: str
    item: tuple[str, ...]
    items: tuple[str, ...]
    facets: tuple[FacetWords, ...]
    wish: tuple[str, ...]
    avoid: tuple[str, ...]
    titles: tuple[str, ...]

    def of_kind(self, *kinds: str) -> list[FacetWords]:
        """Return the facets of these kinds."""
        return [f for f in self.facets if f.kind in kinds]


@dataclass(frozen=True)
class Frame:
    """A sentence with slots, the act it performs and where in a talk it may stand."""

    act: str
    context: str
    text: str


def _facet(row: Mapping[str, Any]) -> FacetWords:
    values = row.get("values") or {}
    if not isinstance(values, Mapping):
        values = {v: () for v in values}
    spoken = {k: tuple(dict.fromkeys((k, *(v or ())))) for k, v in values.items()}
    compared = {*row.get("less", ()), *row.get("more", ())}
    vague = {k: [w for w in row.get(k, ()) if w not in compared] for k in ("low", "high")}
    return FacetWords(
        name=row["name"],
        kind=row["kind"],
        unit=row.get("unit", ""),
        description=row.get("description", ""),
        values=spoken,
        raw={**row, **vague},
    )


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def load_domains(*paths: Path) -> tuple[Domain, ...]:
    """Read domains from JSONL files, in order."""
    domains = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            domains.append(
                Domain(
                    name=row["domain"],
                    item=_words(row.get("item_generic", row["item"])),
                    items=_words(row.get("items_generic", row["items"])),
                    facets=tuple(_facet(f) for f in row["facets"]),
                    wish=_words(row["wish"]),
                    avoid=_words(row["avoid"]),
                    titles=_words(row["titles"]),
                )
            )
    return tuple(domains)


def load_frames(*paths: Path) -> tuple[Frame, ...]:
    """Read frames from `act | context | frame` files, in order."""
    frames = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                act, context, text = (part.strip() for part in line.split("|", 2))
                frames.append(Frame(act=act, context=context, text=text))
    return tuple(frames)
