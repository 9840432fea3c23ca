"""Taste as pictures: interest points as bars, and as lines over the turns.

Shares are in [0, 1]. Pictures are SVG and HTML in the page's own colours.
"""

from collections.abc import Mapping, Sequence

from bot.types import Point
from bot.web.markup import tag, text

MOST_BARS = 8
MOST_LINES = 4
# The share that fills a bar: a taste that is still faint is drawn short, whatever else is there.
_FULL = 0.05
# The canvas of the lines, its plot's edges, and how far apart two labels stand.
_W, _H = 280, 150
_LEFT, _RIGHT, _TOP, _FOOT = 34, 234, 10, 126
_GAP = 12.5


def bars(points: Sequence[Point]) -> str:
    """Return interest points as bars, the strongest first; empty without points.

    A bar is full at a share of 5 %, or at the strongest share where that is more.
    """
    shown = sorted(points, key=lambda point: (-point.p, point.point))[:MOST_BARS]
    top = max((point.p for point in shown), default=0.0)
    if top <= 0:
        return ""
    full = max(top, _FULL)
    rows = "".join(
        f'<li><span class="b-name" dir="auto">{text(point.point)}</span>'
        f'<span class="b-track" aria-hidden="true">'
        f'<span style="width:{point.p / full:.1%}"></span></span>'
        f'<span class="b-share">{_share(point.p)}</span></li>'
        for point in shown
    )
    return tag("ol", rows, class_="bars", aria_label="What I believe you like")


def lines(turns: Mapping[int, Sequence[Point]]) -> str:
    """Return how the strongest interest points of now moved over the turns.

    `turns` holds the interest after each turn by the turn's number, in order. Empty with fewer
    than two turns that know anything. A line begins at the turn that first knows its point. Lines
    differ by colour and dashes, their last shares are written beside them, and what is drawn is
    told in words for readers of screens.
    """
    known = {turn: points for turn, points in turns.items() if points}
    if len(known) < 2:
        return ""
    now = known[max(known)]
    names = [p.point for p in sorted(now, key=lambda p: (-p.p, p.point))[:MOST_LINES]]
    series = [
        {turn: p.p for turn, points in known.items() for p in points if p.point == name}
        for name in names
    ]
    top = max(max(values.values()) for values in series) or 1.0
    step = (_RIGHT - _LEFT) / (len(known) - 1)
    across = {turn: _LEFT + n * step for n, turn in enumerate(known)}
    drawn = "".join(_line(n, values, across, top) for n, values in enumerate(series))
    first, last = min(known), max(known)
    told = "; ".join(_told(name, values, first) for name, values in zip(names, series, strict=True))
    picture = tag(
        "svg",
        _axes(first, last, top) + drawn + _shares([values[last] for values in series], top),
        class_="lines",
        viewBox=f"0 0 {_W} {_H}",
        role="img",
        aria_label=f"Interest from turn {first} to turn {last}: {told}",
    )
    key = "".join(
        f'<li><svg class="l-{n}" viewBox="0 0 22 6" aria-hidden="true"><path d="M0 3H22"/></svg>'
        f'<span dir="auto">{text(name)}</span></li>'
        for n, name in enumerate(names)
    )
    return picture + tag("ul", key, class_="l-key", aria_label="Lines")


def _axes(first: int, last: int, top: float) -> str:
    return (
        f'<path class="l-axis" d="M{_LEFT} {_TOP}V{_FOOT}H{_RIGHT}M{_LEFT} {_TOP}H{_RIGHT}"/>'
        f'<text x="{_LEFT - 5}" y="{_TOP + 4}" text-anchor="end">{_share(top)}</text>'
        f'<text x="{_LEFT - 5}" y="{_FOOT}" text-anchor="end">0</text>'
        f'<text x="{_LEFT}" y="{_H - 3}">turn {first}</text>'
        f'<text x="{_RIGHT}" y="{_H - 3}" text-anchor="end">turn {last}</text>'
    )


def _told(name: str, values: Mapping[int, float], first: int) -> str:
    """Return a line in words, with the turn where it begins if others begin before it."""
    begin = min(values)
    since = f" from turn {begin}" if begin != first else ""
    return f"{name}{since} " + ", ".join(_share(value) for value in _few(tuple(values.values())))


def _line(number: int, values: Mapping[int, float], across: Mapping[int, float], top: float) -> str:
    path = " ".join(
        f"{across[turn]:.1f},{_height(value, top):.1f}" for turn, value in values.items()
    )
    return f'<polyline class="l-{number}" points="{path}"/>'


def _shares(values: Sequence[float], top: float) -> str:
    """Return the last share of every line beside its end, moved apart where they would overlap."""
    order = sorted(range(len(values)), key=lambda n: (-values[n], n))
    places = spread([_height(values[n], top) for n in order], _GAP, _TOP, _FOOT)
    return "".join(
        f'<circle class="l-{n}" cx="{_RIGHT}" cy="{_height(values[n], top):.1f}" r="2.6"/>'
        f'<path class="l-{n} l-lead" d="M{_RIGHT + 4} {_height(values[n], top):.1f}'
        f'L{_RIGHT + 9} {y:.1f}"/>'
        f'<text class="l-{n}" x="{_RIGHT + 12}" y="{y + 3.5:.1f}">{_share(values[n])}</text>'
        for n, y in zip(order, places, strict=True)
    )


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places, in ascending order, moved as little as need be to stand `gap` apart.

    They stay within [low, high] where there is room for all of them.
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap if moved else low))
    limit = high
    for n in reversed(range(len(moved))):
        moved[n] = min(moved[n], limit)
        limit = moved[n] - gap
    return moved


def _share(value: float) -> str:
    """Return a share in percent, with a decimal where whole percents would look all the same."""
    return f"{value:.0%}" if value >= 0.1 else f"{value:.1%}"


def _height(value: float, top: float) -> float:
    return _TOP + (_FOOT - _TOP) * (1 - value / top)


def _few(values: Sequence[float]) -> list[float]:
    """Return at most five of the values, evenly chosen, the first and the last among them."""
    if len(values) <= 5:
        return list(values)
    return [values[round(n * (len(values) - 1) / 4)] for n in range(5)]
