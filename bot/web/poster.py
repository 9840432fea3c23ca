"""A poster or product tile drawn from an item's own facts: theme, title, year, maker.

No remote picture, no trademark. Knows SVG, not cards.
"""

import unicodedata
import zlib

from bot.web.markup import text
from bot.web.motifs import draw
from bot.web.palette import look_of

WIDTH, HEIGHT = 120, 180
_INNER = 104
_LINES = 4
# Pictures of one theme differ a little in hue, in degrees either way.
_HUE_TURN = 16
_SIZES = (19, 16.5, 14, 12, 10.5)


def poster(title: str, theme: str = "", year: str = "", maker: str = "") -> str:
    """Return an SVG of 2 by 3, with the title set as large as it fits.

    The picture only decorates what the card says in words, so readers of screens skip it.
    """
    look = look_of(theme)
    seed = zlib.crc32(title.encode("utf-8", "replace"))
    turn = seed // 7 % (2 * _HUE_TURN + 1) - _HUE_TURN
    lines, size = wrapped(title)
    base = 164 - (len(lines) - 1) * size * 1.06 - (7 if maker else 0)
    heading = "".join(
        f'<text x="8" y="{base + n * size * 1.06:.1f}" class="p-title" font-size="{size}"'
        f"{_fitted(line, size)}>{text(line)}</text>"
        for n, line in enumerate(lines)
    )
    foot = f'<text x="8" y="173" class="p-small">{text(_cut(maker, 24))}</text>' if maker else ""
    return (
        f'<svg class="poster" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false" '
        f'style="background:linear-gradient({look.top},{look.bottom});'
        f'filter:hue-rotate({turn}deg)">'
        f'<g style="color:{look.ink}" fill="currentColor">'
        f"{draw(look.motifs[seed % len(look.motifs)], seed)}</g>"
        f'<g fill="{look.bottom}">{_shade(base - size)}</g>'
        f'<text x="8" y="15" class="p-small p-theme">{text(_cut(theme, 16))}</text>'
        f'<text x="112" y="15" class="p-small" text-anchor="end">{text(year)}</text>'
        f"{heading}{foot}</svg>"
    )


def _shade(top: float) -> str:
    """Return a shade that grows from above the title, so that it is read on any figure."""
    steps = "".join(
        f'<rect y="{top - 26 + 4 * n:.1f}" width="120" height="{HEIGHT}" opacity=".24"/>'
        for n in range(7)
    )
    return steps


def wrapped(title: str) -> tuple[tuple[str, ...], float]:
    """Return a title in at most four lines and the largest type size at which they fit.

    At the smallest size the rest is cut with "…". A width is estimated from the letters.
    """
    title = " ".join(title.split())[:120] or "…"
    for size in _SIZES:
        lines = _broken(title, size)
        if len(lines) <= _LINES - (size > 16) and all(_width(x, size) <= _INNER for x in lines):
            return tuple(lines), size
    lines = _broken(title, _SIZES[-1])
    kept = lines[:_LINES]
    if len(lines) > _LINES:
        kept[-1] = _cut(kept[-1], max(len(kept[-1]) - 1, 1))
        kept[-1] = kept[-1] if kept[-1].endswith("…") else kept[-1] + "…"
    return tuple(kept), _SIZES[-1]


def _broken(title: str, size: float) -> list[str]:
    lines = [""]
    for word in _pieces(title):
        longer = (lines[-1] + word).rstrip()
        if lines[-1].strip() and _width(longer, size) > _INNER:
            lines.append(word)
        else:
            lines[-1] += word
    return [line.strip() for line in lines if line.strip()]


def _pieces(title: str) -> list[str]:
    """Return words with the space behind them; wide characters each stand alone."""
    pieces: list[str] = []
    word = ""
    for character in title:
        if _wide(character):
            pieces += [word] if word else []
            pieces.append(character)
            word = ""
        else:
            word += character
            if character in " -:":
                pieces.append(word)
                word = ""
    return pieces + ([word] if word else [])


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


def _width(line: str, size: float) -> float:
    ems = sum(
        1.0
        if _wide(c)
        else 0.3
        if c in "iljftI.,':;!| "
        else 0.86
        if c in "mwMW@"
        else 0.68
        if c.isupper()
        else 0.54
        for c in line
    )
    return ems * size


def _fitted(line: str, size: float) -> str:
    """Return the attribute that squeezes a line which no size fits."""
    too_long = _width(line, size) > _INNER
    return f' textLength="{_INNER}" lengthAdjust="spacingAndGlyphs"' if too_long else ""


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
