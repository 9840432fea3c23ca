"""What a handler changes on the page; whatever it leaves out stays as it is."""

from dataclasses import dataclass, fields
from typing import Any

from bot.web.past import Past


@dataclass(frozen=True)
class Change:
    """New values for the parts of the page, in the order of the page's outputs.

    `held` is what the browser keeps, `notice` a sentence for readers of screens.
    """

    held: dict[str, str] | None = None
    past: Past | None = None
    last: str | None = None
    side: str | None = None
    box: str | None = None
    picker: str | None = None
    notice: str | None = None

    def values(self) -> tuple[Any, ...]:
        """Return the values as Gradio takes them, one for each output."""
        import gradio as gr

        given = (getattr(self, part.name) for part in fields(self))
        return tuple(
            gr.skip() if value is None else value.written() if isinstance(value, Past) else value
            for value in given
        )
