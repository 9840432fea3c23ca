"""What the bot says: the text of a reply, act by act, apart from the reasons of the items.

Everything said here is put together from typed values, so it is true by construction. Wording
is varied, and the same in a replay. Knows no model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.checking.cleaning import clean_title
from bot.policy import Decision
from bot.types import Conversation, Point, Understood, Wishes
from bot.voice.phrasing import Phrases, Seed
from bot.voice.sought import is_called, things
from retrieval.types import Constraint, Item, Schema
from retrieval.words import stem_key

_MOST_WISHES = 6
_MOST_TITLES = 3


@dataclass(frozen=True)
class Scene:
    """All that a reply is worded from.

    Parameters
    ----------
    text
        The message.
    understood
        What it means.
    before, after
        The conversation before the message and with it.
    decision
        What to say.
    schema
        The catalogue's schema.
    items
        The items that may be spoken of, by id.
    points
        The person's interest points.
    speak
        The wordings of the person's language.
    seed
        Varies them.
    checks
        What a question of yes or no asks of the items.
    """

    text: str
    understood: Understood
    before: Conversation
    after: Conversation
    decision: Decision
    schema: Schema
    items: Mapping[str, Item]
    points: tuple[Point, ...]
    speak: Phrases
    seed: Seed
    checks: tuple[Constraint, ...] = ()

    def say(self, key: str, **fields: str) -> str:
        """Return a line of that key; the catalogue's nouns and openings are filled in."""
        one, many = self.schema.item, self.schema.items
        own = {
            "item": one,
            "items": many,
            "noun": self.speak.noun(self.schema),
            "suggestions": self.suggestions(),
        }
        return self.speak.say(key, self.seed, **(own | fields))

    def suggestions(self) -> str:
        """Return example messages in quotation marks."""
        quoted = [self.speak.quote(words) for words in self.speak.openings(self.schema)]
        return self.speak.join(quoted, "or")

    def title(self, id_: str) -> str:
        """Return an item's title as it may be shown."""
        item = self.items.get(id_)
        return clean_title(item.title) if item else id_

    def titles(self, ids: Sequence[str]) -> str:
        """Return a few titles as a list, the last ones first named."""
        return self.speak.join([self.title(i) for i in list(ids)[-_MOST_TITLES:]])


def wishes_in_words(wishes: Wishes, scene: Scene) -> list[str]:
    """Return everything wanted, in words: values, free wishes, limits, then what to avoid."""
    speak, schema = scene.speak, scene.schema
    values: list[str] = []
    limits: list[str] = []
    against: list[str] = []
    for constraint in wishes.constraints:
        facet = schema.facet(constraint.facet)
        said = {stem_key(w) for w in (*wishes.wish, *wishes.avoid)}
        if _is_theme(constraint, schema) and said.issuperset(map(stem_key, _texts(constraint))):
            continue  # a free wish that is also a theme of the catalogue is said once
        number = facet is not None and facet.kind == "number"
        kind = limits if number else against if constraint.op == "!=" else values
        kind.append(speak.constraint(constraint, schema))
    known = {word.casefold() for word in values}
    free = [w for w in wishes.wish if w.casefold() not in known]
    words = [*values, *(speak.quote(w) if " " in w else speak.one_value(w) for w in free), *limits]
    words += [w for r in wishes.relative if (w := speak.relative(r, schema))]
    words += [*against, *(speak.wish("avoid", value=a) for a in wishes.avoid)]
    words += [speak.wish("similar", title=scene.title(i)) for i in wishes.similar]
    return list(dict.fromkeys(words))


def lead(scene: Scene) -> str:
    """Return the sentence or two before recommended items."""
    decision, n = scene.decision, len(scene.decision.items)
    if decision.trouble == "impossible":
        wishes = wishes_in_words(scene.after.wishes, scene)
        return scene.say("impossible", wishes=scene.speak.join(wishes, "comma"))
    if decision.trouble == "nothing_left":
        return scene.say("nothing_left")
    notes = [*_unlinked(scene), *_relaxed(scene)] or [_opening(scene)]
    if n < _asked_for(scene):
        notes.append(scene.say("fewer", n=_number(scene, n)))
    return _gap(scene).join(notes)


def _gap(scene: Scene) -> str:
    return "" if scene.speak.language == "zh" else " "


def _number(scene: Scene, n: int) -> str:
    numbers = scene.speak.tables["grammar"]["numbers"]
    return str(numbers[n]) if n < len(numbers) else str(n)


def _asked_for(scene: Scene) -> int:
    count = scene.understood.count
    return 0 if count is None or scene.decision.named else min(count, 10)


def _unlinked(scene: Scene) -> list[str]:
    """Return which words name nothing here, but for those that the items turn out to hold.

    A thing that is looked for and that none of the items is called counts among them.
    """
    items = [i for r in scene.decision.items if (i := scene.items.get(r.candidate.item.id))]
    found = {words for ranked in scene.decision.items for words in ranked.why.matched}
    sought = things(scene.after.wishes, scene.schema)
    none = [t for t in sought if not any(is_called(item, t) for item in items)]
    new = [*scene.understood.unlinked, *(w for w in scene.understood.wish if w in none)]
    words = [w for w in dict.fromkeys(new) if w not in found]
    if not words:
        return []
    quoted = [scene.speak.quote(clean_title(w)) for w in words[:_MOST_TITLES]]
    return [scene.say("unlinked", words=scene.speak.join(quoted, "or"))]


def _relaxed(scene: Scene) -> list[str]:
    """Return which wishes were given up; themes still count in the search and are said softly."""
    lines = []
    whole = "spent" if scene.decision.spent else "relaxed"
    for key, themes in ((whole, False), ("relaxed_theme", True)):
        given_up = [c for c in scene.decision.relaxed if _is_theme(c, scene.schema) == themes]
        if given_up:
            words = [scene.speak.quote(scene.speak.constraint(c, scene.schema)) for c in given_up]
            lines.append(scene.say(key, relaxed=scene.speak.join(words)))
    return lines


def _texts(constraint: Constraint) -> tuple[str, ...]:
    value = constraint.value if isinstance(constraint.value, tuple) else ()
    return tuple(str(part) for part in value)


def _is_theme(constraint: Constraint, schema: Schema) -> bool:
    facet = schema.facet(constraint.facet)
    return facet is not None and facet.kind == "tags"


def _opening(scene: Scene) -> str:
    """Return the one sentence that says what was understood, or a filler where nothing was."""
    some = scene.speak.some(len(scene.decision.items), scene.schema)
    understood = scene.understood
    if scene.decision.named:
        return scene.say("named")
    if understood.likes:
        return scene.say("recommend_taste", some=some, titles=scene.titles(understood.likes))
    wishes = wishes_in_words(scene.after.wishes, scene)
    if understood.dislikes and not (understood.add or understood.wish):
        return scene.say("recommend_away", some=some, titles=scene.titles(understood.dislikes))
    if wishes:
        words = scene.speak.join(wishes[:_MOST_WISHES], "comma")
        return scene.say("recommend_wishes", some=some, wishes=words)
    return scene.say("recommend", some=some)


def item_line(place: int, title: str, year: str, reason: str, language: str) -> str:
    """Return one recommended item's line: "1. Title (year): reason"."""
    name = f"{title} ({year})" if year and year not in title else title
    return f"{place}. {name}：{reason}" if language == "zh" else f"{place}. {name}: {reason}"


def trouble(scene: Scene) -> str:
    """Return why an act cannot be done as asked."""
    decision = scene.decision
    if decision.trouble == "unknown_title":
        quoted = [scene.speak.quote(clean_title(w)) for w in scene.understood.unlinked]
        return scene.say("unknown_title", words=scene.speak.join(quoted, "or"))
    if decision.trouble in ("which_one", "not_that_many"):
        titles = [scene.title(i) for i in scene.before.shown]
        return scene.say(decision.trouble, titles=scene.speak.join(titles, "or"))
    return scene.say(decision.trouble or "nothing_shown")


def small_talk(scene: Scene) -> str:
    """Return an answer to a greeting, thanks, a goodbye or other talk."""
    for kind in ("thanks", "bye", "greet"):
        if scene.speak.small(kind, scene.text):
            return scene.say(kind)
    return scene.say("chat")


def declined(scene: Scene) -> str:
    """Return why the bot does not do what was asked, and what it does instead."""
    orders = scene.speak.small("orders", scene.text)
    return scene.say("decline_orders" if orders else "decline")


def undone(scene: Scene) -> str:
    """Return what holds again after a turn was taken back; `after` is the state restored."""
    wishes = wishes_in_words(scene.after.wishes, scene)
    said = scene.say("undo")
    if wishes:
        rest = scene.say("undo_state", wishes=scene.speak.join(wishes, "comma"))
    elif scene.after.turn == 0:
        rest = scene.say("undo_start")
    else:
        return said
    return said + _gap(scene) + rest


def accepted(scene: Scene) -> str:
    """Return a confirmation of the items picked."""
    return scene.say("accept", titles=scene.titles(scene.decision.about))
