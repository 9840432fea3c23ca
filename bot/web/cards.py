"""An item as a card: drawn picture, title, facts as chips, the reason, the why, the buttons.

Buttons carry `data-do` and `data-item`, or `data-pick` to be picked for a comparison; what they do
is the page's affair.
"""

from dataclasses import dataclass

from bot.types import Recommendation
from bot.web import why
from bot.web.facts import byline, chips, theme_of, year_of
from bot.web.icons import icon
from bot.web.markup import attributes, tag, text
from bot.web.poster import poster
from retrieval.types import Schema

_DEEDS = (
    ("like", "Like"),
    ("dislike", "Dislike"),
    ("seen", "Seen"),
    ("more", "More like this"),
)
# Where the wishes met, the score's terms and the buttons will stand.
_ROOM = '<div class="room meets"></div><div class="room why"></div><div class="room deeds"></div>'


@dataclass(frozen=True)
class Marks:
    """Which items the person has liked, disliked or seen (ids)."""

    like: frozenset[str] = frozenset()
    dislike: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()


def card(item: Recommendation, number: int, schema: Schema, marks: Marks) -> str:
    """Return a recommended item as an article, numbered as the reply numbers it."""
    facts = item.facts
    year = year_of(schema, facts)
    maker = byline(schema, facts)
    maker = "" if maker.casefold() in item.title.casefold() else maker
    drawn = poster(item.title, theme_of(schema, facts), year, maker)
    listed = "".join(
        tag("li", text(words), class_="fact", dir="auto")
        for words in chips(schema, facts, item.title)
    )
    head = _heading(item.title, "" if year in item.title else year, number) + (
        tag("ul", listed, class_="facts", aria_label="Facts") if listed else ""
    )
    rest = (
        tag("p", text(item.reason), class_="reason", dir="auto")
        + why.wishes_met(item.why)
        + why.bar(item.why)
        + deeds(item.id, item.title, marks)
    )
    return tag(
        "article",
        f'<div class="art">{drawn}</div>{_parts(head, rest)}',
        class_="card",
        aria_label=f"{number}. {item.title}",
    )


def deeds(item: str, title: str, marks: Marks) -> str:
    """Return the buttons of a card; those that were pressed say so."""
    buttons = ""
    for do, words in _DEEDS:
        pressed = {"like": marks.like, "dislike": marks.dislike, "seen": marks.seen}.get(do)
        state = None if pressed is None else "true" if item in pressed else "false"
        data = attributes(
            data_do=do,
            data_item=item,
            data_title=title if do == "more" else None,
            aria_pressed=state,
            aria_label=f"{words}: {title}",
        )
        buttons += f'<button type="button" class="deed"{data}>{icon(do)}{text(words)}</button>'
    pick = attributes(
        data_pick=item, data_title=title, aria_pressed="false", aria_label=f"Compare: {title}"
    )
    buttons += f'<button type="button" class="deed"{pick}>{icon("compare")}Compare</button>'
    return tag("div", buttons, class_="deeds", role="group", aria_label=f"Say more of {title}")


def growing(number: int, words: str) -> str:
    """Return a card whose reason is still being written; it keeps the room of what will follow."""
    title, _, reason = words.partition(":")
    head = _heading(title.strip(), "", number) + '<div class="room facts"></div>'
    rest = tag("p", text(reason.strip()), class_="reason", dir="auto") + _ROOM
    return tag("article", f'<div class="art"></div>{_parts(head, rest)}', class_="card growing")


def _parts(head: str, rest: str) -> str:
    return f'<div class="head">{head}</div><div class="rest">{rest}</div>'


def _heading(title: str, year: str, number: int) -> str:
    after = f' <span class="year">{text(year)}</span>' if year else ""
    return f'<h2><span class="n">{number}</span> <span dir="auto">{text(title)}</span>{after}</h2>'
