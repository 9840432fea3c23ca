"""Text → safe HTML. Every word of a person or an item passes through `text` before the page.

Knows nothing of what is shown.
"""

import unicodedata
from html import escape

# Direction overrides and isolates could make an item's text change the order of what follows.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def text(words: object) -> str:
    """Return words as HTML that shows exactly them: no tag, no entity, no control character.

    Line breaks and tabs survive; other control characters and direction overrides are dropped.
    """
    kept = (
        c
        for c in str(words)
        if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _DIRECTION)
    )
    return escape("".join(kept), quote=True)


def attributes(**values: object) -> str:
    """Return HTML attributes, led by a space each; None leaves one out, True writes it bare.

    Underscores in names become hyphens (`data_do` → `data-do`), a trailing one is cut (`class_`).
    """
    written = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        written.append(f" {key}" if value is True else f' {key}="{text(value)}"')
    return "".join(written)


def tag(name: str, content: str = "", **values: object) -> str:
    """Return an element around content that is already safe HTML."""
    return f"<{name}{attributes(**values)}>{content}</{name}>"
