"""What a script expects to be understood: by this turn or held from those before.

A wish counts as understood where it is held after the turn or was added by it; as not understood,
where it is neither. Whether "from 1990 to 1999" is held as one range or as two limits is the same.
"""

from collections.abc import Iterator, Sequence

from bot.scripted.form import ConstraintsHeld, Meant, Named, Wanted
from bot.scripted.moment import Failure, Moment
from retrieval.constraints import values_of
from retrieval.types import Constraint
from retrieval.words import fold, plain_key

_SAME = 1e-6


def meaning_failures(expected: Meant, moment: Moment) -> Iterator[Failure]:
    """Yield what does not hold of what a turn was understood to mean."""
    if expected.constraints:
        yield from _constraints(expected.constraints, moment)
    understood, held = moment.reply.understood, moment.held
    for name, named, ids in (
        ("likes", expected.likes, (*understood.likes, *held.likes)),
        ("dislikes", expected.dislikes, (*understood.dislikes, *held.dislikes)),
        ("seen", expected.seen, (*understood.seen, *held.seen)),
    ):
        if named:
            yield from _named(f"understood.{name}", named, tuple(dict.fromkeys(ids)), moment)
    if expected.wish:
        wish = wish_of(moment)
        for word in expected.wish.mentions:
            if fold(word) not in fold(wish):
                yield Failure("understood.wish", f"a mention of {word!r}", wish or "no wish")


def constraints_of(moment: Moment) -> tuple[Constraint, ...]:
    """Return the constraints held after a turn, and those that it added."""
    return tuple(dict.fromkeys((*moment.held.constraints, *moment.reply.understood.add)))


def wish_of(moment: Moment) -> str:
    """Return the free wish: its words, and the themes of the catalogue that it was linked to."""
    words = [*moment.reply.understood.wish, *moment.held.wish]
    kinds = {f.name: f.kind for f in moment.stock.schema.facets} if moment.stock else {}
    for constraint in constraints_of(moment):
        if kinds.get(constraint.facet) == "tags" and constraint.op == "=":
            words += _values(constraint)
    return ", ".join(dict.fromkeys(words))


def constraint_words(constraint: Constraint) -> str:
    """Return a constraint as failures name it: "runtime <= 120"."""
    value = constraint.value
    parts = value if isinstance(value, tuple) else (value,)
    joint = " to " if constraint.op == "<>" else " or "
    words = joint.join(f"{p:g}" if isinstance(p, float) else str(p) for p in parts)
    return f"{constraint.facet} {constraint.op} {words}"


def _constraints(expected: ConstraintsHeld, moment: Moment) -> Iterator[Failure]:
    held = constraints_of(moment)
    came = "; ".join(map(constraint_words, held)) or "no constraints"
    facets = {constraint.facet for constraint in held}
    place = "understood.constraints"
    for wanted in expected.include:
        if not _holds(wanted, held):
            yield Failure(f"{place}.include", _words(wanted), came)
    for wanted in expected.exclude:
        if _holds(wanted, held):
            yield Failure(f"{place}.exclude", f"not {_words(wanted)}", came)
    for facet in expected.facets:
        if facet not in facets:
            yield Failure(f"{place}.facets", f"a wish on {facet}", came)
    for facet in expected.without:
        if facet in facets:
            yield Failure(f"{place}.without", f"no wish on {facet}", came)


def _words(wanted: Wanted) -> str:
    return constraint_words(Constraint(wanted.facet, wanted.op, wanted.value))


def _holds(wanted: Wanted, held: Sequence[Constraint]) -> bool:
    """Tell whether a constraint is among those held, alone or as part of a wider one."""
    own = [c for c in held if c.facet == wanted.facet]
    if isinstance(wanted.value, float) or wanted.op == "<>":
        low, high = _limits(wanted.op, wanted.value)
        if any(_limits(c.op, c.value) == (low, high) and c.op == wanted.op for c in own):
            return True
        if wanted.op not in ("<>", ">=", "<="):
            return False
        lows, highs = zip(*(_limits(c.op, c.value) for c in own), strict=True) if own else ((), ())
        return (low is None or _close(low, lows)) and (high is None or _close(high, highs))
    values = {plain_key(str(value)) for value in wanted.value}
    alike = (c for c in own if c.op == wanted.op)
    return any(values <= {plain_key(v) for v in _values(c)} for c in alike)


def _limits(op: str, value: object) -> tuple[float | None, float | None]:
    """Return the lower and the upper limit that a number constraint sets."""
    if isinstance(value, tuple) and len(value) == 2 and op == "<>":
        return float(value[0]), float(value[1])
    number = float(value) if isinstance(value, int | float) else None
    if op in ("=", "~", "!="):
        return number, number
    return (number, None) if op == ">=" else (None, number)


def _close(limit: float, limits: Sequence[float | None]) -> bool:
    return any(known is not None and abs(known - limit) < _SAME for known in limits)


def _values(constraint: Constraint) -> tuple[str, ...]:
    value = constraint.value
    return values_of(value) if isinstance(value, tuple | str) else ()  # type: ignore[arg-type]


def _named(place: str, expected: Named, ids: Sequence[str], moment: Moment) -> Iterator[Failure]:
    titles = {plain_key(words) for id_ in ids for words in (id_, moment.title(id_))}
    came = ", ".join(moment.titles(ids)) or "none"
    for title in expected.include:
        if plain_key(title) not in titles:
            yield Failure(f"{place}.include", title, came)
    for title in expected.exclude:
        if plain_key(title) in titles:
            yield Failure(f"{place}.exclude", f"not {title}", came)
