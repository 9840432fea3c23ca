"""Wishes as chips: constraints, comparisons, themes, each in a few words and removable.

A chip's button carries what to withdraw in `data-*` attributes; nothing here withdraws it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.memory.removals import ALIKE, AVOIDED, FREE_WORDS
from bot.types import Relative, Removal, Understood, Wishes
from bot.web.facts import label, measure
from bot.web.icons import icon
from bot.web.markup import attributes, tag, text
from retrieval.types import Constraint, Schema

_DEGREES = {
    "less": "lower {}",
    "more": "higher {}",
    "low": "low {}",
    "high": "high {}",
    "min": "lowest {}",
    "max": "highest {}",
}
_BOUNDS = {"=": "{}", "!=": "not {}", ">=": "{} or more", "<=": "up to {}", "~": "about {}"}
_STRICT_BOUNDS = {**_BOUNDS, ">=": "over {}", "<=": "under {}"}
_YEAR_BOUNDS = {**_BOUNDS, ">=": "{} or later", "<=": "{} or earlier"}


@dataclass(frozen=True)
class Chip:
    """One wish in words, and how to name it when it is withdrawn.

    `kind` is `constraint`, `relative`, `wish`, `avoid` or `similar`; `facet` is empty for the
    last three; `value` names the values or numbers, the phrase or the item's id.
    """

    words: str
    kind: str
    facet: str = ""
    value: str = ""
    negative: bool = False


def of_wishes(wishes: Wishes, schema: Schema, title: Callable[[str], str]) -> tuple[Chip, ...]:
    """Return every wish that is held as a chip, in the order of importance."""
    return (
        *_constraints(wishes.constraints, schema),
        *_relatives(_unresolved(wishes.relative, wishes.constraints), schema),
        *_phrases(
            _unnamed(wishes.wish, wishes.constraints),
            _unnamed(wishes.avoid, wishes.constraints),
            wishes.similar,
            title,
        ),
    )


def of_understood(
    understood: Understood, schema: Schema, title: Callable[[str], str]
) -> tuple[Chip, ...]:
    """Return what one message was understood to add, as chips."""
    return (
        *_constraints(understood.add, schema),
        *_relatives(_unresolved(understood.relative, understood.add), schema),
        *_phrases(
            _unnamed(understood.wish, understood.add),
            _unnamed(understood.avoid, understood.add),
            understood.similar,
            title,
        ),
    )


def _unnamed(phrases: Iterable[str], constraints: Iterable[Constraint]) -> tuple[str, ...]:
    """Return the phrases that no constraint names; a constraint takes its words along."""
    named = {
        value.casefold()
        for constraint in constraints
        if isinstance(constraint.value, tuple)
        for value in constraint.value
        if isinstance(value, str)
    }
    return tuple(phrase for phrase in phrases if phrase.casefold() not in named)


def _unresolved(
    relatives: Iterable[Relative], constraints: Iterable[Constraint]
) -> tuple[Relative, ...]:
    """Return the comparisons that have not become a bound: "newer" is "2018 or later" by now."""
    bound = {constraint.facet for constraint in constraints}
    return tuple(
        relative
        for relative in relatives
        if relative.direction in ("min", "max") or relative.facet not in bound
    )


def removal(kind: str, facet: str, value: str) -> Removal | None:
    """Return what pressing a chip withdraws, from the chip's parts; None of an unknown kind."""
    places = {"wish": FREE_WORDS, "avoid": AVOIDED, "similar": ALIKE}
    if kind in places:
        return Removal(places[kind], value) if value else None
    if kind in ("constraint", "relative") and facet:
        return Removal(facet, value or None)
    return None


def row(chips: Iterable[Chip], removable: bool, name: str) -> str:
    """Return chips as a list that readers of screens know by `name`; empty without chips."""
    drawn = "".join(_chip(chip, removable) for chip in dict.fromkeys(chips))
    return tag("ul", drawn, class_="chips", aria_label=name) if drawn else ""


def _chip(chip: Chip, removable: bool) -> str:
    words = tag("span", text(chip.words), dir="auto")
    kind = "chip no" if chip.negative else "chip"
    if not removable:
        return tag("li", words, class_=kind)
    data = attributes(
        data_do="drop",
        data_kind=chip.kind,
        data_facet=chip.facet,
        data_value=chip.value,
        data_title=chip.words,
    )
    name = attributes(aria_label=f"Remove: {chip.words}", title="Remove this wish")
    return tag(
        "li", f'{words}<button type="button"{data}{name}>{icon("remove")}</button>', class_=kind
    )


def _constraints(constraints: Iterable[Constraint], schema: Schema) -> Iterable[Chip]:
    for constraint in constraints:
        words = _constraint_words(constraint, schema)
        value = constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)
        named = ", ".join(v if isinstance(v, str) else f"{v:g}" for v in value)
        yield Chip(words, "constraint", constraint.facet, named, constraint.op == "!=")


def _constraint_words(constraint: Constraint, schema: Schema) -> str:
    value, op = constraint.value, constraint.op
    facet = schema.facet(constraint.facet)
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        values = " or ".join(str(v) for v in value)
        who = f"{label(constraint.facet)}: " if facet and facet.kind == "people" else ""
        return f"no {values}" if op == "!=" else f"{who}{values}"
    numbers = value if isinstance(value, tuple) else (value,)
    said = [measure(facet, float(n)) if facet else f"{float(n):g}" for n in numbers]
    name = f"{label(constraint.facet)} "
    if constraint.facet == "year" or name.strip() in said[0]:
        name = ""
    if op == "<>":
        return f"{name}{said[0]}–{said[-1]}"
    if constraint.strict:
        return name + _STRICT_BOUNDS[op].format(said[0])
    bounds = _YEAR_BOUNDS if constraint.facet == "year" else _BOUNDS
    return name + bounds[op].format(said[0])


def _relatives(relatives: Iterable[Relative], schema: Schema) -> Iterable[Chip]:
    for relative in relatives:
        facet = schema.facet(relative.facet)
        degree = relative.direction
        words: tuple[str, ...] = ()
        if facet and degree in ("less", "more"):
            words = facet.less if degree == "less" else facet.more
        said = words[0] if words else _DEGREES[degree].format(label(relative.facet))
        yield Chip(said, "relative", relative.facet)


def _phrases(
    wish: Iterable[str],
    avoid: Iterable[str],
    similar: Iterable[str],
    title: Callable[[str], str],
) -> Iterable[Chip]:
    yield from (Chip(f"“{phrase}”", "wish", value=phrase) for phrase in wish)
    yield from (Chip(f"no “{phrase}”", "avoid", value=phrase, negative=True) for phrase in avoid)
    yield from (Chip(f"like {title(item)}", "similar", value=item) for item in similar)
