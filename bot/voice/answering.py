"""Answers about items and about the person: facts, comparisons, explanations, summaries.

Put together from facts and from the real terms of the scores; no model is asked. Knows nothing
of how scores are made.
"""

from collections.abc import Sequence

from bot.checking.checker import true_text
from bot.checking.cleaning import clean_title
from bot.types import Recommendation
from bot.voice.saying import Scene, wishes_in_words
from bot.voice.unsaid import unsaid, weighed
from ranking.types import Why
from retrieval.constraints import satisfies
from retrieval.inference import FLAGGED
from retrieval.types import Constraint, Facet, Fact, Item

_MOST_COMPARED = 5
_SMALL = 0.02  # terms of a score below this explain nothing
_MOST_FACETS = 4
_MOST_NAMES = 6


def answer(scene: Scene) -> str:
    """Return the facts asked for, item by item; without a question, what the item is."""
    lines = []
    for id_ in scene.decision.about:
        item = scene.items.get(id_)
        if item is None:
            continue
        checked = [c.facet for c in scene.checks]
        asked = [
            f
            for name in scene.decision.asks
            if name not in checked and (f := scene.schema.facet(name))
        ]
        said = [_checked(scene, item, c) for c in scene.checks]
        said += [_fact(scene, item, facet) for facet in asked]
        if "text" in scene.decision.asks and not checked or not said:
            said.append(_description(scene, item))
        lines.append((" " if scene.speak.language == "en" else "").join(said))
    return "\n".join(lines)


def _checked(scene: Scene, item: Item, constraint: Constraint) -> str:
    """Return yes or no, with the fact that says so."""
    facet = scene.schema.facet(constraint.facet)
    if facet is None or item.facts.get(constraint.facet) is None:
        return _fact(scene, item, facet) if facet else ""
    holds = satisfies(item, constraint, scene.schema)
    return scene.say("yes" if holds else "no", fact=_fact(scene, item, facet))


def _fact(scene: Scene, item: Item, facet: Facet) -> str:
    fact = item.facts.get(facet.name)
    if isinstance(fact, tuple):
        fact = fact[:_MOST_NAMES]
    title = scene.title(item.id)
    value = _list(scene, facet, fact)
    if not value and facet.name in FLAGGED and facet.values:
        listed = scene.speak.join([clean_title(v) for v in facet.values[:_MOST_NAMES]], "or")
        return scene.say("no_features", title=title, value=listed)
    if not value:
        return scene.say("unknown_fact", title=title, facet=scene.speak.facet(facet))
    key = facet.name if facet.name in scene.speak.tables["answer"] else "default"
    return scene.speak.say(
        key, scene.seed, "answer", title=title, value=value, facet=scene.speak.facet(facet)
    )


def _list(scene: Scene, facet: Facet, fact: Fact) -> str:
    """Return a fact in words, as a list that a sentence can hold."""
    if isinstance(fact, tuple):
        return scene.speak.join([clean_title(scene.speak.one_value(v)) for v in fact])
    return clean_title(scene.speak.value(facet, fact))


def _description(scene: Scene, item: Item) -> str:
    text = true_text(item, scene.schema)
    title = scene.title(item.id)
    beyond = scene.understood.act == "answer" and unsaid(scene.text, item, scene.schema)
    if not text:
        return scene.say("unsaid_of_nothing" if beyond else "about_nothing", title=title)
    return scene.say("unsaid" if beyond else "about", title=title, text=text)


def compare(scene: Scene) -> str:
    """Return the items side by side, in the facets asked for or else those that tell them apart."""
    items = [i for id_ in scene.decision.about[:_MOST_COMPARED] if (i := scene.items.get(id_))]
    if len(items) < 2:
        return scene.say("compare_one") + "\n" + answer(scene)
    asked = [f for name in scene.decision.asks if (f := scene.schema.facet(name))]
    asked = [f for f in asked if any(item.facts.get(f.name) is not None for item in items)]
    facets = asked or _telling(scene, items)
    lines = [_compared(scene, facet, items) for facet in facets]
    if (
        not asked
        and weighed(scene.text)
        and all(unsaid(scene.text, i, scene.schema) for i in items)
    ):
        lines.insert(0, scene.say("compare_unsaid"))
    if asked and all(_same(scene, facet, items) for facet in asked):
        lines += [_compared(scene, facet, items) for facet in _telling(scene, items)]
    if "text" in scene.decision.asks or not lines:
        lines += [_description(scene, item) for item in items]
    return "\n".join(lines)


def _telling(scene: Scene, items: Sequence[Item]) -> list[Facet]:
    """Return the facets in which items differ: numbers first, then categories, then people."""
    order = ("number", "category", "people")
    facets = sorted(
        (f for f in scene.schema.facets if f.kind in order), key=lambda f: order.index(f.kind)
    )
    differ = [f for f in facets if len({i.facts.get(f.name) for i in items}) > 1]
    return differ[:_MOST_FACETS]


def _same(scene: Scene, facet: Facet, items: Sequence[Item]) -> str:
    """Return the value that all items have in words; empty where they differ or it is unknown."""
    values = {_list(scene, facet, i.facts.get(facet.name)) for i in items}
    return values.pop() if len(values) == 1 else ""


def _compared(scene: Scene, facet: Facet, items: Sequence[Item]) -> str:
    name = scene.speak.facet(facet)
    same = _same(scene, facet, items)
    if same:
        return scene.say("compare_same", facet=name, value=same)
    known = [i for i in items if i.facts.get(facet.name) is not None]
    values = {_list(scene, facet, i.facts[facet.name]) for i in known}
    if facet.kind == "number":
        known.sort(key=lambda i: _as_number(i.facts[facet.name]))
    pairs = [
        scene.say("compare_pair", title=scene.title(i.id), value=value)
        for i in (*known, *(i for i in items if i not in known))
        if (value := clean_title(scene.speak.value(facet, i.facts.get(facet.name))) or "?")
    ]
    ordered = facet.kind == "number" and len(values) > 1
    key = "compare_order" if ordered else "compare_list"
    return scene.say(key, facet=name, list=scene.speak.join(pairs, "comma"))


def _as_number(fact: Fact) -> float:
    return float(fact) if isinstance(fact, int | float) else 0.0


def explain(scene: Scene) -> str:
    """Return why items were recommended, from the real terms of their scores.

    Where no item is named: what is known of the person.
    """
    if not scene.decision.about:
        return profile(scene)
    lines = []
    for id_ in scene.decision.about:
        shown = _recommended(scene, id_)
        if shown is None:
            lines.append(scene.say("not_chosen", title=scene.title(id_)))
        else:
            lines.append(_why(scene, shown))
    return "\n".join(lines)


def _recommended(scene: Scene, id_: str) -> Recommendation | None:
    """Return the latest recommendation of an item."""
    for exchange in reversed(scene.before.history):
        for item in exchange.reply.items:
            if item.id == id_:
                return item
    return None


def _why(scene: Scene, shown: Recommendation) -> str:
    why, speak = shown.why, scene.speak
    title = scene.title(shown.id)
    reasons = _for(scene, why)
    if not reasons:
        said = scene.say("why_nothing", title=title)
    else:
        said = scene.say("why_chosen", title=title, reasons=speak.join(reasons))
    unmet = speak.join(_without_facets(why.unmet))
    against = [scene.say("why_unmet", words=unmet)] if unmet else []
    if why.penalty > _SMALL:
        against.append(scene.say("why_penalty", value=f"{why.penalty:.2f}"))
    if not against:
        return said
    gap = " " if speak.language == "en" else ""
    return said + gap + scene.say("why_but", reasons=speak.join(against))


def _for(scene: Scene, why: Why) -> list[str]:
    reasons = []
    if why.matched:
        words = scene.speak.join(_without_facets(why.matched), "comma")
        reasons.append(scene.say("why_matched", words=words))
    if why.query > _SMALL:
        reasons.append(scene.say("why_words", value=f"+{why.query:.2f}"))
    if why.interest > _SMALL:
        value = f"+{why.interest:.2f}"
        if scene.after.likes:
            titles = scene.titles(scene.after.likes)
            reasons.append(scene.say("why_liked", titles=titles, value=value))
        else:
            reasons.append(scene.say("why_taste", value=value))
    if why.prior > _SMALL:
        reasons.append(scene.say("why_prior", value=f"+{why.prior:.2f}"))
    return reasons


def _without_facets(wishes: Sequence[str]) -> list[str]:
    """Return wishes without the names of their facets: "runtime: 89 minutes" → "89 minutes"."""
    return [words.partition(": ")[2] or words for words in wishes]


def profile(scene: Scene) -> str:
    """Return what is known of the person."""
    parts = _known(scene, shown=False)
    if not parts:
        return scene.say("profile_nothing")
    return scene.say("profile", parts=_clauses(scene, parts))


def handoff(scene: Scene) -> str:
    """Return that a person should take over, with a summary for them."""
    parts = _known(scene, shown=True)
    summary = (
        scene.say("handoff_summary", parts=_clauses(scene, parts))
        if parts
        else scene.say("handoff_empty")
    )
    return scene.say("handoff", summary=summary)


def _clauses(scene: Scene, parts: Sequence[str]) -> str:
    return ("; " if scene.speak.language == "en" else "；").join(parts)


def _known(scene: Scene, shown: bool) -> list[str]:
    talk, parts = scene.after, []
    wishes = wishes_in_words(talk.wishes, scene)
    if wishes:
        parts.append(scene.say("profile_wishes", wishes=scene.speak.join(wishes, "comma")))
    for key, ids in (
        ("profile_likes", talk.likes),
        ("profile_dislikes", talk.dislikes),
        ("profile_seen", talk.seen),
        ("profile_shown", talk.shown if shown else ()),
    ):
        if ids:
            parts.append(scene.say(key, titles=scene.titles(ids)))
    if scene.points and not shown:
        points = [f"{scene.speak.one_value(p.point)} ({p.p:.0%})" for p in scene.points[:3]]
        parts.append(scene.say("profile_points", points=scene.speak.join(points)))
    return parts
