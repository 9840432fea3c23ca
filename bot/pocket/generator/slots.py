"""The slots of a frame: what each expands to, and what it then means."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.pocket.generator import spans
from bot.pocket.generator.draft import (
    Draft,
    Unfit,
    amount_of,
    modifier,
    pick_facet,
    value_of,
)
from bot.pocket.generator.phrases import COUNTS, TEXT_QUESTIONS, ordinal_forms
from retrieval.types import Op


def noun_phrase(draft: Draft, plural: bool) -> str:
    """Return a noun phrase with no to three wishes, with an article when singular."""
    rng = draft.rng
    noun = rng.choice(draft.domain.items if plural else draft.domain.item)
    phrase = Phrase(noun, plural)
    for _ in range(rng.choices((0, 1, 2, 3), (1, 6, 4, 2))[0]):
        roll = rng.random()
        if roll < 0.14 and draft.domain.wish:
            _free(draft, phrase)
        elif roll < 0.2 and draft.domain.of_kind("number"):
            _vague(draft, phrase)
        elif roll >= 0.62 or not _categorised(draft, phrase):
            phrase.after.append(modifier(draft))
    rng.shuffle(phrase.after)
    if rng.random() < 0.12:
        phrase.after = [" ".join(phrase.before), *phrase.after] if phrase.before else phrase.after
        phrase.noun, phrase.before, phrase.plural = "something", [], True
    text = " ".join((*phrase.before, phrase.noun))
    if phrase.after:
        text += rng.choice((" ", " ", ", ")) + rng.choice((" ", ", ", " and ")).join(phrase.after)
    text += tail(draft)
    if phrase.plural:
        return text
    first = spans.unmark_first(text)
    return ("an " if first in "aeiou" else "a ") + text


@dataclass
class Phrase:
    """A noun with what stands before and after it."""

    noun: str
    plural: bool
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def _free(draft: Draft, phrase: Phrase) -> None:
    wish = draft.rng.choice(draft.domain.wish)
    marked = draft.span(wish, "wish")
    short = " " not in wish and draft.rng.random() < 0.7
    (phrase.before if short else phrase.after).append(marked)


def _vague(draft: Draft, phrase: Phrase) -> None:
    facet = pick_facet(draft, draft.domain.of_kind("number"))
    for key in ("low", "high"):
        words = [w for w in facet.phrases(key) if " " not in w]
        if words and draft.rng.random() < 0.6:
            adjective = draft.span(draft.rng.choice(words), "relative", facet.name, key)
            phrase.before.insert(0, adjective)
            return


def _categorised(draft: Draft, phrase: Phrase) -> bool:
    """Add a category's value to the phrase; tell whether there was a way to."""
    rng = draft.rng
    categories = draft.domain.of_kind("category")
    if not categories:
        return False
    facet = pick_facet(draft, categories)
    if facet.raw.get("alone") and rng.random() < 0.35 and not phrase.before:
        phrase.noun = value_of(draft, facet)
        phrase.plural = phrase.plural or rng.random() < 0.5
    elif facet.phrases("pre") or facet.raw.get("pre_forms"):
        form = rng.choice(list(facet.phrases("pre")) or ["{v}"])
        phrase.before.append(form.replace("{v}", value_of(draft, facet, pre=True)))
    elif facet.phrases("post"):
        form = rng.choice(list(facet.phrases("post")))
        phrase.after.append(form.replace("{v}", value_of(draft, facet)))
    else:
        return False
    return True


def tail(draft: Draft) -> str:
    """Return what people add after the noun phrase: a limit, something they do not want."""
    rng, out = draft.rng, ""
    while rng.random() < 0.3:
        roll = rng.random()
        if roll < 0.4 and draft.domain.of_kind("category"):
            facet = rng.choice(draft.domain.of_kind("category"))
            form = rng.choice((", no {}", ", no {}", " but not {}", ", nothing {}", " without {}"))
            out += form.format(value_of(draft, facet, "!="))
        elif roll < 0.6:
            form = rng.choice((", no {}", ", nothing {}", ", not too {}", ", without {}"))
            out += form.format(_avoid(draft))
        elif roll < 0.9 and (numbers := draft.domain.of_kind("number")):
            facet = rng.choice(numbers)
            limit = draft.rng.choice(list(facet.phrases("below")) or ["under {q}"])
            worse = [w for w in facet.phrases("more") if " " not in w and w.endswith("er")]
            if worse and rng.random() < 0.5:
                limit = f"nothing {rng.choice(worse)} than {{q}}"
            amount = draft.span(amount_of(draft, facet), "add", facet.name, "<=")
            out += ", " + limit.replace("{q}", amount).replace("{n}", amount)
        else:
            out += ", " + _wish(draft)
    return out


def title(draft: Draft) -> str:
    """Return a title as someone may type it."""
    text = draft.rng.choice(draft.domain.titles)
    typed = text
    if draft.rng.random() < 0.1 and typed.lower().startswith("the "):
        typed = typed[4:]
    draft.hidden.append((None, text, typed))
    return typed


def reference(draft: Draft, slot: str) -> str:
    """Return words for a shown item or a title, and note it under `slot`."""
    rng = draft.rng
    if not draft.shown or (slot not in ("refers", "similar") and rng.random() < 0.45):
        return draft.span(title(draft), slot)
    index = rng.randrange(len(draft.shown))
    if rng.random() < 0.2:
        name = draft.shown[index]
        draft.hidden.append((None, name, name))
        return draft.span(name, slot)
    pronoun = len(draft.shown) == 1 or draft.focus is not None
    if pronoun and rng.random() < 0.55:
        index = draft.focus or 0
        draft.add(slot, f"#{index + 1}")
        return rng.choice(("it", "it", "that", "that one", "this one", "this"))
    draft.add(slot, f"#{index + 1}")
    noun = rng.choice(draft.domain.item)
    return rng.choice(ordinal_forms(index, len(draft.shown), noun))


def _relative(draft: Draft, keys: Sequence[str]) -> str:
    choices = [
        (f, k, w) for f in draft.domain.of_kind("number") for k in keys for w in f.phrases(k)
    ]
    if not choices:
        raise Unfit
    facet, key, words = draft.rng.choice(choices)
    if draft.frame.act in ("compare", "answer"):
        draft.add("asks", facet.name)
        return words
    head = "something " if words.startswith("something ") else ""
    return head + draft.span(words[len(head) :], "relative", facet.name, key)


def _category(draft: Draft, second: bool = False, op: Op = "=") -> str:
    if second and draft.last_category is not None:
        return value_of(draft, draft.last_category, op)
    facet = pick_facet(draft, draft.domain.of_kind("category"))
    draft.last_category = facet
    return value_of(draft, facet, op)


def _person(draft: Draft, op: Op = "=", before: str = "") -> str:
    people = draft.domain.of_kind("people")
    by = bool(re.search(r"\b(by|from|directed)\s*$", before))
    fitting = [f for f in people if any("by " in p for p in f.phrases("post")) == by]
    if not people:
        raise Unfit
    return value_of(draft, pick_facet(draft, fitting or people), op)


def _drop(draft: Draft) -> str:
    held = [
        c
        for c in draft.state
        if isinstance(c.value, tuple) and c.op == "=" and isinstance(c.value[0], str)
    ]
    facets = {f.name: f for f in draft.domain.facets}
    if not held:
        raise Unfit
    chosen = draft.rng.choice(held)
    value = str(chosen.value[0])  # type: ignore[index]
    draft.add("remove", (chosen.facet, value))
    words = facets[chosen.facet].values.get(value, (value,))
    text = draft.rng.choice(words)
    draft.hidden.append((chosen.facet, value, text))
    draft.used.add(chosen.facet)
    draft.last_category = facets[chosen.facet]
    return text


def _drop_facet(draft: Draft) -> str:
    facets = {f.name: f for f in draft.domain.facets}
    held = [c for c in draft.state if c.facet in facets]
    if not held:
        raise Unfit
    chosen = draft.rng.choice(held)
    draft.add("remove", (chosen.facet, None))
    draft.used.add(chosen.facet)
    facet = facets[chosen.facet]
    return draft.rng.choice(list(facet.phrases("noun")) or [facet.name.replace("_", " ")])


def _ask(draft: Draft) -> str:
    if draft.rng.random() < 0.25:
        draft.add("asks", "text")
        form = draft.rng.choice(TEXT_QUESTIONS)
    else:
        facets = [f for f in draft.domain.facets if f.phrases("ask")]
        if not facets:
            raise Unfit
        facet = pick_facet(draft, facets)
        draft.add("asks", facet.name)
        form = draft.rng.choice(list(facet.phrases("ask"))).rstrip("?")
    return form.replace("{it}", reference(draft, "refers")) if "{it}" in form else form


def _all(draft: Draft) -> str:
    if not draft.shown:
        raise Unfit
    return draft.rng.choice(("those", "these", "all of them", "them all", "all of those"))


def _wish(draft: Draft) -> str:
    return draft.span(draft.rng.choice(draft.domain.wish), "wish")


def _avoid(draft: Draft) -> str:
    return draft.span(draft.rng.choice(draft.domain.avoid), "avoid")


def _noun(draft: Draft) -> str:
    return draft.rng.choice(draft.domain.item)


def _nouns(draft: Draft) -> str:
    return draft.rng.choice(draft.domain.items)


def _count(draft: Draft) -> str:
    return draft.span(draft.rng.choice(COUNTS), "count")


SLOTS: dict[str, Callable[[Draft, str], str]] = {
    "np": lambda d, _: noun_phrase(d, plural=False),
    "nps": lambda d, _: noun_phrase(d, plural=True),
    "mod": lambda d, _: modifier(d),
    "mod2": lambda d, _: modifier(d),
    "val": lambda d, _: _category(d),
    "val2": lambda d, _: _category(d, second=True),
    "neg": lambda d, _: _category(d, op="!="),
    "person": lambda d, b: _person(d, before=b),
    "negperson": lambda d, b: _person(d, "!=", b),
    "wish": lambda d, _: _wish(d),
    "wish2": lambda d, _: _wish(d),
    "avoid": lambda d, _: _avoid(d),
    "like": lambda d, _: reference(d, "likes"),
    "like2": lambda d, _: reference(d, "likes"),
    "dislike": lambda d, _: reference(d, "dislikes"),
    "seen": lambda d, _: reference(d, "seen"),
    "similar": lambda d, _: reference(d, "similar"),
    "named": lambda d, _: d.span(title(d), "refers"),
    "it": lambda d, _: reference(d, "refers"),
    "it2": lambda d, _: reference(d, "refers"),
    "all": lambda d, _: _all(d),
    "rel": lambda d, _: _relative(d, ("less", "more")),
    "rel2": lambda d, _: _relative(d, ("less", "more")),
    "low": lambda d, _: _relative(d, ("low", "high")),
    "best": lambda d, _: _relative(d, ("min", "max")),
    "count": lambda d, _: _count(d),
    "ask": lambda d, _: _ask(d),
    "ask2": lambda d, _: _ask(d),
    "drop": lambda d, _: _drop(d),
    "dropfacet": lambda d, _: _drop_facet(d),
    "item": lambda d, _: _noun(d),
    "items": lambda d, _: _nouns(d),
}
