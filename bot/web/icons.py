"""The page's few line icons, drawn on a canvas of 24 by 24. They decorate a label beside them."""

_PATHS = {
    "like": "M12 20S4 14.6 4 9a4 4 0 0 1 8-1.2A4 4 0 0 1 20 9c0 5.6-8 11-8 11Z",
    "dislike": "M6 6l12 12M18 6L6 18",
    "seen": "M4.5 12.5l5 5 10-11",
    "more": "M12 5v14M5 12h14",
    "compare": "M5 5h5v14H5zM14 5h5v14h-5z",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "up": "M6 14l6-6 6 6",
    "remove": "M7 7l10 10M17 7L7 17",
}


def icon(name: str) -> str:
    """Return an icon as SVG, hidden from readers of screens."""
    return (
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f'<path d="{_PATHS[name]}"/></svg>'
    )
