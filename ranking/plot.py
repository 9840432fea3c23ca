"""Line charts as SVG: learning curves, ROC curves, costs. Knows nothing of what it draws."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_W, _H, _LEFT, _RIGHT, _TOP, _BOTTOM = 680, 380, 64, 20, 36, 48
_COLOURS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#475569")
_MARKS = 5


@dataclass(frozen=True)
class Line:
    """A named line through (x, y) points in the order of x.

    With `own_scale` its y axis is its own, from its least to its greatest value, told beside its
    name.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    own_scale: bool = False


def draw(out: Path, title: str, x: str, y: str, lines: Sequence[Line], log: bool = False) -> None:
    """Write a chart of the lines as an SVG file.

    Parameters
    ----------
    out
        The file to write.
    title, x, y
        What is said above the chart and along its axes.
    lines
        At least one line with a point; values that are not finite are left out.
    log
        Whether both axes are logarithmic; all values must then be > 0.
    """
    shared = [p for line in lines if not line.own_scale for p in line.points] or [(0.0, 0.0)]
    every = [p[0] for line in lines for p in line.points]
    to_x = _axis(every, _LEFT, _W - _RIGHT, log)
    heights = [p[1] for p in shared if math.isfinite(p[1])]
    to_y = _axis(heights if log else [0.0, *heights], _H - _BOTTOM, _TOP, log)
    parts = [_grid(every, heights, to_x, to_y, log)]
    for n, line in enumerate(lines):
        values = [p[1] for p in line.points if math.isfinite(p[1])]
        own = _axis(values, _H - _BOTTOM, _TOP, log) if line.own_scale else to_y
        path = " ".join(f"{to_x(a):.1f},{own(b):.1f}" for a, b in line.points if math.isfinite(b))
        colour = _COLOURS[n % len(_COLOURS)]
        span = f" ({min(values):.3g} to {max(values):.3g})" if line.own_scale and values else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{_LEFT + 12}" y="{_TOP + 16 + 16 * n}" fill="{colour}">'
            f"{escape(line.name)}{span}</text>"
        )
    out.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_W} {_H}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="#444"><title>{escape(title)}</title>'
        f'<rect width="{_W}" height="{_H}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="20" font-size="14" fill="#111">{escape(title)}</text>'
        f'<text x="{_W - _RIGHT}" y="{_H - 10}" text-anchor="end">{escape(x)}</text>'
        f'<text x="8" y="{_TOP - 4}">{escape(y)}</text>{"".join(parts)}</svg>\n',
        encoding="utf-8",
    )


def _axis(values: Sequence[float], low: float, high: float, log: bool) -> Callable[[float], float]:
    """Return what places a value between two pixels."""
    scale = math.log10 if log else float
    least, most = scale(min(values, default=1.0)), scale(max(values, default=1.0))
    span = (most - least) or 1.0
    return lambda value: low + (high - low) * (scale(value) - least) / span


def _grid(
    xs: Sequence[float],
    ys: Sequence[float],
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
    log: bool,
) -> str:
    parts = []
    for value in _marks(xs, log):
        parts.append(
            f'<text x="{to_x(value):.1f}" y="{_H - _BOTTOM + 18}" text-anchor="middle">'
            f"{_short(value)}</text>"
        )
    for value in _marks(ys if log else [0.0, *ys], log):
        parts.append(
            f'<line x1="{_LEFT}" x2="{_W - _RIGHT}" y1="{to_y(value):.1f}" y2="{to_y(value):.1f}" '
            f'stroke="#e5e7eb"/><text x="{_LEFT - 8}" y="{to_y(value) + 4:.1f}" '
            f'text-anchor="end">{_short(value)}</text>'
        )
    return "".join(parts)


def _marks(values: Sequence[float], log: bool) -> list[float]:
    least, most = min(values, default=0.0), max(values, default=1.0)
    if log:
        return [10.0**n for n in range(math.ceil(math.log10(least)), int(math.log10(most)) + 1)]
    return [least + (most - least) * n / (_MARKS - 1) for n in range(_MARKS)]


def _short(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
