"""A talk written down as a script, with expectations that it met.

What is expected is what any good answer would keep to: the act, the wishes understood, that the
items meet them, the facts that an answer stated. Wordings and titles are not among it. It is what
was seen, not what is right: whoever keeps the script should read it over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.memory.feedback import FeedbackKind
from bot.replies import constraint_json
from bot.scripted.errors import RecordingError
from bot.scripted.facet_tests import Before, failing
from bot.scripted.form import FacetTest
from bot.scripted.item_checks import fact_of
from bot.scripted.moment import Held, Moment
from bot.scripted.reply_checks import language, mentions_fact, without_titles
from bot.scripted.runner import follow, start
from bot.scripted.stock import Stock
from bot.scripted.talkers import Past
from retrieval.types import Constraint

_WIDTH = 100
_MOST_FACTS = 2
_NUMBER_TESTS = {"=": "is", ">=": "at_least", "<=": "at_most", "<>": "between"}
_WORD_TESTS = {"=": "has_any", "!=": "has_not"}


@dataclass(frozen=True)
class Marked:
    """Feedback given in a talk: the item's place among those last shown, and what it was."""

    place: int
    kind: FeedbackKind


def moments_of(past: Past, stock: Stock | None) -> tuple[Moment, ...]:
    """Return the turns of a saved conversation.

    What was held after each turn is no longer known, so only what each turn added counts;
    feedback between turns is not kept with its place and is left out.

    Raises
    ------
    RecordingError
        If nothing was said, or the first turns are no longer kept.
    """
    n = len(past.exchanges)
    if n == 0 or n < past.turns:
        got = f"the last {n} of {past.turns}" if n else "none"
        raise RecordingError(
            f"expected a conversation with all of its turns, got {got}; record a new one with "
            "`concierge test --update FILE`"
        )
    now, found = start(stock), []
    for exchange in past.exchanges:
        now = follow(now, exchange.text, exchange.reply, Held())
        found.append(now)
    return tuple(found)


def script_yaml(name: str, catalog: str, steps: Sequence[Moment | Marked]) -> str:
    """Return a talk as the YAML of a script."""
    turns = [_marked(step) if isinstance(step, Marked) else _turn(step) for step in steps]
    whole = {"name": name, "catalog": catalog, "turns": turns}
    written: str = yaml.safe_dump(
        whole, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )
    return written


def _marked(step: Marked) -> dict[str, Any]:
    return {"feedback": {"item": f"items[{step.place}]", "kind": step.kind}}


def _turn(moment: Moment) -> dict[str, Any]:
    expect: dict[str, Any] = {"act": moment.reply.act}
    for name, part in (
        ("items", _items(moment)),
        ("understood", _understood(moment)),
        ("reply", _reply(moment)),
    ):
        if part:
            expect[name] = part
    return {"user": moment.text, "expect": expect}


def _items(moment: Moment) -> dict[str, Any]:
    shown = moment.reply.items
    if not shown or moment.reply.act == "undo":
        return {}
    found: dict[str, Any] = {"count": {"min": len(shown)}}
    every: dict[str, dict[str, Any]] = {}
    for constraint in (*moment.held.constraints, *moment.reply.understood.add):
        test = _test(constraint)
        facts = [fact_of(item, constraint.facet) for item in shown]
        both = {**every.get(constraint.facet, {}), **test}
        held = FacetTest.model_validate(both) if both else None
        if test and held and not any(failing(held, fact, Before()) for fact in facts):
            every[constraint.facet] = both
    if every:
        found["every"] = every
    earlier = {item.id for showing in moment.before for item in showing.items}
    if earlier and not earlier & {item.id for item in shown}:
        found["none_of"] = "shown"
    return found


def _test(constraint: Constraint) -> dict[str, Any]:
    """Return a constraint as the test that its items must pass; none for what is vague."""
    value = constraint_json(constraint)["value"]
    worded = isinstance(constraint.value, tuple) and constraint.op != "<>"
    test = (_WORD_TESTS if worded else _NUMBER_TESTS).get(constraint.op)
    if test == "has_any" and isinstance(value, str):
        test = "has"
    return {test: value} if test else {}


def _understood(moment: Moment) -> dict[str, Any]:
    meant = moment.reply.understood
    found: dict[str, Any] = {}
    if meant.add:
        parts = (constraint_json(c) for c in dict.fromkeys(meant.add))
        include = [[part["facet"], part["op"], part["value"]] for part in parts]
        found["constraints"] = {"include": include}
    for name, ids in (("likes", meant.likes), ("dislikes", meant.dislikes), ("seen", meant.seen)):
        if ids:
            found[name] = {"include": list(moment.titles(ids))}
    return found


def _reply(moment: Moment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if moment.reply.act in ("answer", "compare"):
        stated = list(dict.fromkeys(_stated(moment)))
        if stated:
            found["mentions"] = stated[:_MOST_FACTS]
    if language(without_titles(moment)) == "zh":
        found["language"] = "zh"
    return found


def _stated(moment: Moment) -> Iterator[str]:
    """Yield references to the facts that an answer states of items shown before."""
    text = moment.reply.reply
    for n, item in enumerate(moment.items):
        if item.title not in text:
            continue
        for facet in item.facts:
            fact = item.facts[facet]
            said = mentions_fact(moment.text, facet, fact, moment)
            if not said and mentions_fact(text, facet, fact, moment):
                yield f"items[{n}].{facet}"
