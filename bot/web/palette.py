"""Which colours and which motif stand for a theme; a theme that is not listed gets its own hue.

All ground colours are dark enough for white text (contrast of 4.5 to 1 or more).
"""

import colorsys
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How a picture is drawn: ground colours from top to bottom, ink and names of its motifs."""

    top: str
    bottom: str
    ink: str
    motifs: tuple[str, ...]


LOOKS: dict[str, Look] = {
    "action": Look("#8a2c0d", "#2b0d05", "#ffb37a", ("rays", "shards")),
    "adventure": Look("#1f6152", "#0c2622", "#f2cf7e", ("peaks", "mesas")),
    "animation": Look("#135e8f", "#3a1d63", "#ffd35c", ("bubbles", "rings", "moon")),
    "biography": Look("#5d4630", "#241a11", "#ecd6b0", ("frames", "curtains")),
    "comedy": Look("#9a4a08", "#5a1d2e", "#ffe08a", ("bubbles", "rings", "waves")),
    "crime": Look("#2c3540", "#0c1014", "#e4c56a", ("blinds", "shards")),
    "documentary": Look("#34505a", "#14232a", "#d4e6e3", ("frames", "peaks", "lanes")),
    "drama": Look("#6b2436", "#1e0d18", "#f0b8a8", ("curtains", "frames", "peaks")),
    "family": Look("#1b6b74", "#2c3f7d", "#ffd98a", ("bubbles", "moon", "peaks")),
    "fantasy": Look("#4a2f7c", "#141238", "#f3d98b", ("moon", "peaks")),
    "history": Look("#6a5122", "#2a1f0d", "#f0dca6", ("columns", "frames")),
    "horror": Look("#3b0a12", "#080608", "#e5484d", ("thorns", "moon")),
    "music": Look("#74245c", "#22103a", "#ffc46b", ("waves", "bubbles")),
    "musical": Look("#8a1f57", "#34104a", "#ffd36e", ("waves", "curtains")),
    "mystery": Look("#1f4257", "#0a131c", "#e9cf8f", ("blinds", "moon", "frames")),
    "romance": Look("#93304a", "#471536", "#ffc2b8", ("rings", "waves", "bubbles")),
    "science fiction": Look("#10395e", "#060c22", "#7fe3e6", ("orbits", "moon", "shards")),
    "sport": Look("#1b5e32", "#0b2a1c", "#e9f2a0", ("lanes", "rays")),
    "thriller": Look("#26405c", "#0b0f1a", "#f2865e", ("shards", "blinds")),
    "war": Look("#4b4c2c", "#191a0f", "#e3b75f", ("rays", "peaks")),
    "western": Look("#94501c", "#3a1a10", "#ffd08a", ("mesas", "rays")),
    "laptop": Look("#2b4a6b", "#111d30", "#a9d3ff", ("laptop",)),
    "phone": Look("#1f5e5a", "#0b2328", "#a5f0dc", ("phone",)),
    "tablet": Look("#5a3d6e", "#20152d", "#e2c5ff", ("tablet",)),
    "headphones": Look("#7a3b2a", "#2a1210", "#ffc7a6", ("headphones",)),
    "camera": Look("#4c4a45", "#191817", "#ffd98f", ("camera",)),
}
_MOTIFS = ("rings", "bubbles", "waves", "peaks", "frames", "shards")


def look_of(theme: str) -> Look:
    """Return the look of a theme, the same on every start."""
    known = LOOKS.get(theme.casefold())
    if known:
        return known
    seed = zlib.crc32(theme.casefold().encode("utf-8", "replace"))
    hue = seed % 360 / 360
    return Look(
        _colour(hue, 0.30, 0.45),
        _colour(hue + 0.06, 0.11, 0.5),
        _colour(hue + 0.45, 0.78, 0.75),
        _MOTIFS,
    )


def _colour(hue: float, lightness: float, saturation: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
