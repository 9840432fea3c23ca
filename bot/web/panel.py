"""The side panel: wishes held, what the tracker believes, how that moved, which items came up."""

from bot.types import Conversation
from bot.web import charts, chips
from bot.web.markup import tag, text
from bot.web.view import LISTED, View

_UNTOLD = "Like or dislike something and my picture of your taste appears here."
_UNNAMED = "What you told me counts, but too little is known of these items to put it into words."


def panel(view: View) -> str:
    """Return the panel of a conversation; before the first message it says what will be here."""
    talk = view.conversation
    if talk is None or not talk.history:
        return _part(
            "Your taste",
            "<p>As we talk, I show here what I have understood and what I believe you like. "
            "You can take any of it back.</p>",
        )
    wishes = chips.row(
        chips.of_wishes(talk.wishes, view.schema, view.title), removable=True, name="Wishes"
    )
    held = wishes or "<p>None yet.</p>"
    return (
        _part("Wishes I hold", held)
        + _taste(view, talk)
        + _marked("Liked", talk.likes, view)
        + _marked("Disliked", talk.dislikes, view)
        + _marked("Seen", talk.seen, view)
        + _marked("Shown", talk.ever_shown, view)
    )


def _taste(view: View, talk: Conversation) -> str:
    bars = charts.bars(view.interest)
    if not bars:
        told = talk.likes or talk.dislikes or talk.seen
        return _part("What I believe you like", f"<p>{_UNNAMED if told else _UNTOLD}</p>")
    turns = {exchange.reply.turn: exchange.reply.interest for exchange in talk.history}
    turns[talk.turn] = view.interest  # with the feedback given since
    moved = charts.lines(turns)
    return _part("What I believe you like", bars) + (
        _part("How that moved", moved) if moved else ""
    )


def _marked(name: str, items: tuple[str, ...], view: View) -> str:
    if not items:
        return ""
    listed = "".join(
        tag("li", text(view.title(item)), dir="auto") for item in items[-LISTED:][::-1]
    )
    more = f"<p>and {len(items) - LISTED} before</p>" if len(items) > LISTED else ""
    return _part(name, tag("ul", listed, class_="marked") + more)


def _part(name: str, content: str) -> str:
    return tag("section", f"<h2>{text(name)}</h2>{content}", class_="part")
