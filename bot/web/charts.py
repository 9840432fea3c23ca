"""Taste as pictures: interest points as bars, and as lines over the turns.

Shares are in [0, 1]. Pictures are SVG and HTML in the page's own colours.
"""

from collections.abc import Sequence

from bot.types import Point
from bot.web.markup import tag, text

MOST_BARS = 8
MOST_LINES = 4
_W, _H, _LEFT, _TOP = 260, 120, 6, 10


def bars(points: Sequence[Point]) -> str:
    """Return interest points as bars, the strongest first; empty without points."""
    shown = sorted(points, key=lambda point: (-point.p, point.point))[:MOST_BARS]
    top = max((point.p for point in shown), default=0.0)
    if top <= 0:
        return ""
    rows = "".join(
        f'<li><span class="b-name" dir="auto">{text(point.point)}</span>'
        f'<span class="b-track" aria-hidden="true">'
        f'<span style="width:{point.p / top:.1%}"></span></span>'
        f'<span class="b-share">{point.p:.0%}</span></li>'
        for point in shown
    )
    return tag("ol", rows, class_="bars", aria_label="What I believe you like")


def lines(turns: Sequence[Sequence[Point]]) -> str:
    """Return how the strongest interest points of now moved over the turns.

    `turns` holds the interest after each turn, oldest first. Empty with fewer than two turns
    that know anything.
    """
    known = [turn for turn in turns if turn]
    if len(known) < 2:
        return ""
    names = [p.point for p in sorted(known[-1], key=lambda p: (-p.p, p.point))[:MOST_LINES]]
    series = {
        name: [next((p.p for p in turn if p.point == name), 0.0) for turn in known]
        for name in names
    }
    top = max(max(values) for values in series.values()) or 1.0
    drawn = "".join(_line(n, values, top) for n, values in enumerate(series.values()))
    key = "".join(
        f'<li><i class="l-{n}"></i><span dir="auto">{text(name)}</span></li>'
        for n, name in enumerate(series)
    )
    told = "; ".join(
        f"{name} from {values[0]:.0%} to {values[-1]:.0%}" for name, values in series.items()
    )
    axis = (
        f'<path class="l-axis" d="M{_LEFT} {_TOP}V{_H - 18}H{_W - _LEFT}"/>'
        f'<text x="{_LEFT}" y="{_H - 4}">first</text>'
        f'<text x="{_W - _LEFT}" y="{_H - 4}" text-anchor="end">now</text>'
    )
    picture = tag(
        "svg",
        axis + drawn,
        class_="lines",
        viewBox=f"0 0 {_W} {_H}",
        role="img",
        aria_label=f"Interest over {len(known)} turns: {told}",
    )
    return picture + tag("ul", key, class_="l-key", aria_hidden="true")


def _line(number: int, values: Sequence[float], top: float) -> str:
    step = (_W - 2 * _LEFT - 6) / (len(values) - 1)
    room = _H - 18 - _TOP
    places = [(_LEFT + n * step, _TOP + room * (1 - value / top)) for n, value in enumerate(values)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return (
        f'<polyline class="l-{number}" points="{path}"/>'
        f'<circle class="l-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>'
    )
