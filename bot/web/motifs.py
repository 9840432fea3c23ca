"""The figures of a picture: a few SVG shapes for each motif, varied by a seed.

Canvas: 120 wide, 180 high, origin at the top left. The ink colour is `currentColor`. Nothing
here takes text.
"""

import math
from collections.abc import Callable
from random import Random

Figure = Callable[[Random], str]


def draw(motif: str, seed: int) -> str:
    """Return the SVG shapes of a motif; the same seed draws the same."""
    return FIGURES[motif](Random(seed))


def _rays(random: Random) -> str:
    x, y = random.randint(20, 100), random.randint(50, 90)
    turn = random.random()
    wedges = []
    for ray in range(14):
        a = (ray + turn) * math.tau / 14
        b = a + math.tau / 32
        wedges.append(
            f"M{x} {y}L{x + 190 * math.cos(a):.0f} {y + 190 * math.sin(a):.0f}"
            f"L{x + 190 * math.cos(b):.0f} {y + 190 * math.sin(b):.0f}Z"
        )
    return f'<path d="{"".join(wedges)}" opacity=".16"/><circle cx="{x}" cy="{y}" r="17"/>'


def _peaks(random: Random) -> str:
    sun = f'<circle cx="{random.randint(28, 92)}" cy="{random.randint(46, 62)}" r="13"/>'
    ridges = ""
    for depth, opacity in ((88, 0.18), (102, 0.28), (118, 0.4)):
        points = " ".join(
            f"{x},{depth + random.randint(-18, 8) * (1 if x % 40 else -1)}"
            for x in range(-20, 150, 20)
        )
        ridges += f'<polygon points="-20,180 {points} 150,180" opacity="{opacity}"/>'
    return sun + ridges


def _bubbles(random: Random) -> str:
    circles = ""
    for _ in range(13):
        circles += (
            f'<circle cx="{random.randint(4, 116)}" cy="{random.randint(28, 116)}" '
            f'r="{random.randint(3, 15)}" opacity="{random.uniform(0.2, 0.8):.2f}"/>'
        )
    return circles


def _frames(random: Random) -> str:
    x, y = random.randint(46, 74), random.randint(66, 80)
    boxes = "".join(
        f'<rect x="{x - 7 * n}" y="{y - 6 * n}" width="{14 * n}" height="{12 * n}" '
        f'opacity="{0.75 - n * 0.1:.2f}"/>'
        for n in range(1, 7)
    )
    return f'<g fill="none" stroke="currentColor" stroke-width="1.6">{boxes}</g>'


def _blinds(random: Random) -> str:
    tilt = random.choice((-14, -9, 9, 14))
    bars = "".join(
        f'<rect x="-30" y="{y}" width="180" height="4.5" opacity="{0.12 + (y - 24) / 240:.2f}"/>'
        for y in range(24, 124, 10)
    )
    x = random.randint(34, 86)
    return f'<g transform="rotate({tilt} 60 76)">{bars}</g><circle cx="{x}" cy="74" r="15"/>'


def _curtains(random: Random) -> str:
    folds = ""
    for step in range(6):
        reach = 12 + step * 7 + random.randint(-2, 2)
        low = 128 - step * 8
        folds += (
            f"M0 20Q{reach + 16} 62 {reach - 4} {low}M120 20Q{104 - reach} 62 {124 - reach} {low}"
        )
    return (
        f'<path d="{folds}" fill="none" stroke="currentColor" stroke-width="2.2" opacity=".45"/>'
        f'<circle cx="60" cy="{random.randint(74, 84)}" r="11"/>'
    )


def _moon(random: Random) -> str:
    x, y = random.randint(44, 76), random.randint(58, 74)
    stars = "".join(
        f'<circle cx="{random.randint(4, 116)}" cy="{random.randint(24, 122)}" '
        f'r="{random.choice((0.8, 1.1, 1.7))}"/>'
        for _ in range(26)
    )
    moon = f"M{x} {y - 22}a22 22 0 1 0 20 31a18 18 0 1 1 -20 -31Z"
    return f'<g opacity=".7">{stars}</g><path d="{moon}"/>'


def _columns(random: Random) -> str:
    top = random.randint(52, 62)
    shafts = "".join(
        f'<rect x="{x}" y="{top + 14}" width="9" height="48"/>' for x in (24, 45, 66, 87)
    )
    return (
        f'<g opacity=".7"><polygon points="14,{top + 9} 60,{top - 16} 106,{top + 9}"/>{shafts}'
        f'<rect x="14" y="{top + 65}" width="92" height="6"/></g>'
    )


def _thorns(random: Random) -> str:
    spikes = "".join(
        f"M{x - 4} 20L{x} {random.randint(48, 112)}L{x + 4} 20Z" for x in range(3, 120, 9)
    )
    x = random.randint(40, 80)
    return f'<path d="{spikes}" opacity=".34"/><circle cx="{x}" cy="100" r="12"/>'


def _waves(random: Random) -> str:
    bars = ""
    for step in range(15):
        height = 10 + 62 * abs(math.sin(step * 0.7 + random.random()))
        bars += (
            f'<rect x="{9 + step * 7}" y="{78 - height / 2:.0f}" width="3.6" '
            f'height="{height:.0f}" rx="1.8"/>'
        )
    return f'<g opacity=".75">{bars}</g>'


def _rings(random: Random) -> str:
    y, gap = random.randint(70, 82), random.randint(13, 18)
    return (
        '<g fill="none" stroke="currentColor" stroke-width="3">'
        f'<circle cx="{60 - gap}" cy="{y}" r="25"/><circle cx="{60 + gap}" cy="{y}" r="25"/></g>'
        f'<circle cx="{60 - gap}" cy="{y}" r="25" opacity=".18"/>'
        f'<circle cx="{60 + gap}" cy="{y}" r="25" opacity=".18"/>'
    )


def _orbits(random: Random) -> str:
    x, y, r = random.randint(36, 84), random.randint(56, 84), random.randint(12, 24)
    dots = "".join(
        f'<circle cx="{random.randint(4, 116)}" cy="{random.randint(22, 126)}" '
        f'r="{random.choice((0.6, 0.9, 1.4))}"/>'
        for _ in range(24)
    )
    paths = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="{r * wide:.0f}" ry="{r * wide * 0.34:.0f}" opacity="{o}"/>'
        for wide, o in ((1.8, 0.9), (2.5, 0.6), (3.3, 0.35))
    )
    return (
        f'<g opacity=".6">{dots}</g><circle cx="{x}" cy="{y}" r="{r}"/>'
        '<g fill="none" stroke="currentColor" stroke-width="1.5" '
        f'transform="rotate({random.randint(-40, 40)} {x} {y})">{paths}</g>'
    )


def _lanes(random: Random) -> str:
    shift = random.randint(-8, 8)
    lanes = "".join(
        f'<ellipse cx="{60 + shift}" cy="150" rx="{28 + n * 15}" ry="{30 + n * 20}"/>'
        for n in range(6)
    )
    return (
        f'<g fill="none" stroke="currentColor" stroke-width="2.2" opacity=".5">{lanes}</g>'
        f'<circle cx="{random.randint(30, 90)}" cy="52" r="9"/>'
    )


def _shards(random: Random) -> str:
    shapes = ""
    for _ in range(7):
        x, y = random.randint(-6, 112), random.randint(20, 108)
        shapes += (
            f'<polygon points="{x},{y} {x + random.randint(10, 46)},{y + random.randint(-14, 10)} '
            f'{x + random.randint(0, 22)},{y + random.randint(18, 46)}" '
            f'opacity="{random.uniform(0.14, 0.62):.2f}"/>'
        )
    return shapes


def _mesas(random: Random) -> str:
    x = random.randint(34, 86)
    left = random.randint(4, 20)
    return (
        f'<circle cx="{x}" cy="72" r="22"/>'
        f'<polygon points="0,112 {left},112 {left + 5},86 {left + 30},86 {left + 36},112 78,112 '
        '82,96 104,96 110,112 120,112 120,180 0,180" fill="#2a120b" opacity=".72"/>'
    )


def _laptop(random: Random) -> str:
    return (
        '<g fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round">'
        '<rect x="29" y="50" width="62" height="42" rx="4"/><path d="M18 100h84l-5 7H23Z"/></g>'
        '<rect x="35" y="56" width="50" height="30" opacity=".2"/>'
    )


def _phone(random: Random) -> str:
    return (
        '<g fill="none" stroke="currentColor" stroke-width="3">'
        '<rect x="41" y="38" width="38" height="74" rx="7"/><path d="M55 105h10"/></g>'
        '<rect x="46" y="45" width="28" height="54" opacity=".2"/>'
    )


def _tablet(random: Random) -> str:
    return (
        '<g fill="none" stroke="currentColor" stroke-width="3">'
        '<rect x="30" y="38" width="60" height="76" rx="6"/></g>'
        '<rect x="36" y="45" width="48" height="62" opacity=".2"/>'
        '<circle cx="60" cy="110.5" r="1"/>'
    )


def _headphones(random: Random) -> str:
    return (
        '<path d="M30 88v-10a30 30 0 0 1 60 0v10" fill="none" stroke="currentColor" '
        'stroke-width="4"/><rect x="24" y="82" width="15" height="27" rx="6"/>'
        '<rect x="81" y="82" width="15" height="27" rx="6"/>'
    )


def _camera(random: Random) -> str:
    return (
        '<g fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round">'
        '<path d="M24 58h18l6-9h24l6 9h18v48H24Z"/><circle cx="60" cy="81" r="15"/></g>'
        '<circle cx="60" cy="81" r="8" opacity=".45"/>'
    )


FIGURES: dict[str, Figure] = {
    "rays": _rays,
    "peaks": _peaks,
    "bubbles": _bubbles,
    "frames": _frames,
    "blinds": _blinds,
    "curtains": _curtains,
    "moon": _moon,
    "columns": _columns,
    "thorns": _thorns,
    "waves": _waves,
    "rings": _rings,
    "orbits": _orbits,
    "lanes": _lanes,
    "shards": _shards,
    "mesas": _mesas,
    "laptop": _laptop,
    "phone": _phone,
    "tablet": _tablet,
    "headphones": _headphones,
    "camera": _camera,
}
