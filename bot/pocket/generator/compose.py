"""Compose one training message: a domain, a schema, a context, a frame, filled and roughened.

Every choice comes from the generator's own `random.Random`, so a seed fixes the stream.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.llm.base import Hint, Situation
from bot.pocket.generator import spans
from bot.pocket.generator.hints import Vocabulary
from bot.pocket.generator.lexicon import Domain, FacetWords, Frame
from bot.pocket.generator.phrases import (
    COUNTS,
    LEADS,
    QUESTIONS,
    TEXT_QUESTIONS,
    ordinal_forms,
)
from bot.reading import Reading
from retrieval.types import Constraint, Facet, Op, Schema

SLOT = re.compile(r"\{(\w+)\}")
OPS: dict[str, Op] = {"below": "<=", "above": ">=", "about": "~", "exact": "=", "between": "<>"}


class Unfit(Exception):
    """The frame does not fit the drawn domain or context; draw another."""


@dataclass
class Draft:
    """What one message is going to say, filled while its slots are expanded.

    `said`, `shown` and `state` are its context; `labels` maps a span's index to where its text
    belongs in the gold object.
    """

    domain: Domain
    rng: random.Random
    frame: Frame
    shown: list[str] = field(default_factory=list)
    state: list[Constraint] = field(default_factory=list)
    focus: int | None = None
    labels: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    gold: dict[str, list[object]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    last_category: FacetWords | None = None
    hidden: list[tuple[str | None, str, str]] = field(default_factory=list)

    def span(self, text: str, slot: str, *rest: str) -> str:
        """Return the text marked as a span that fills a slot of the gold object."""
        self.labels.append((slot, rest))
        return spans.mark(len(self.labels) - 1, text)

    def add(self, slot: str, value: object) -> None:
        """Add a value that has no span."""
        self.gold.setdefault(slot, []).append(value)


def _pick_facet(draft: Draft, facets: Sequence[FacetWords]) -> FacetWords:
    fresh = [f for f in facets if f.name not in draft.used] or list(facets)
    if not fresh:
        raise Unfit
    chosen = draft.rng.choice(fresh)
    draft.used.add(chosen.name)
    return chosen


def _spoken(draft: Draft, facet: FacetWords, value: str, pre: bool = False) -> str:
    forms = (facet.raw.get("pre_forms") or {}).get(value) if pre else None
    if forms:
        return draft.rng.choice(forms)
    said = facet.values[value]
    return said[0] if draft.rng.random() < 0.5 else draft.rng.choice(said)


def _value(draft: Draft, facet: FacetWords, op: Op = "=", pre: bool = False) -> str:
    if not facet.values:
        raise Unfit
    value = draft.rng.choice(list(facet.values))
    text = _spoken(draft, facet, value, pre)
    if facet.kind == "people" and draft.rng.random() < 0.2 and " " in text:
        text = text.split()[-1]
    draft.hidden.append((facet.name, value, text))
    return draft.span(text, "add", facet.name, op)


def _number(draft: Draft, facet: FacetWords) -> float:
    rng = draft.rng
    low, high = (float(v) for v in (facet.raw.get("range") or [1, 100])[:2])
    if facet.unit == "year" or facet.name.endswith("year"):
        return rng.randint(int(low), int(high))
    number = rng.uniform(low, high)
    if high <= 12 and rng.random() < 0.3:
        return round(number, 1)
    step = 10 ** max(0, len(str(int(abs(number)))) - 2)
    return round(number / step) * step if rng.random() < 0.8 else round(number)


def _amount(draft: Draft, facet: FacetWords, number: float | None = None) -> str:
    rng = draft.rng
    phrases = facet.phrases("phrases")
    if phrases and number is None and rng.random() < 0.6:
        return rng.choice(list(phrases))
    amount = _number(draft, facet) if number is None else number
    form = rng.choice(list(facet.phrases("quantities")) or ["{n}"])

    def fill(match: re.Match[str]) -> str:
        divisor = match.group(1)
        value = amount / float(divisor) if divisor else amount
        return f"{value:,.0f}" if value >= 10_000 and rng.random() < 0.4 else f"{value:.4g}"

    return re.sub(r"\{n(?:/([\d.]+))?\}", fill, form)


def number_phrase(draft: Draft, facet: FacetWords) -> str:
    """Return a phrase such as "under two hours", its quantity marked."""
    rng = draft.rng
    roll = rng.random()
    ranges, since = facet.phrases("ranges"), facet.phrases("since")
    if ranges and roll < 0.45:
        text = rng.choice(list(ranges))
        head = "the " if text.startswith("the ") else ""
        body = draft.span(text[len(head) :], "add", facet.name, "<>")
        return rng.choice(("from ", "from ", "of ", "in ")) + head + body
    if since and roll < 0.55:
        text = rng.choice(list(since))
        head = "the " if text.startswith("the ") else ""
        return f"from {head}" + draft.span(text[len(head) :], "add", facet.name, ">=")
    keys = [k for k in OPS if facet.phrases(k)]
    if not keys:
        raise Unfit
    weights = {"below": 5, "above": 3, "about": 2, "exact": 3, "between": 2}
    key = rng.choices(keys, [weights[k] for k in keys])[0]
    phrase = rng.choice(list(facet.phrases(key)))
    if key == "between":
        low, high = sorted((_number(draft, facet), _number(draft, facet)))
        first, second = _amount(draft, facet, low), _amount(draft, facet, high)
        match = re.search(r"\{a\}.*\{b\}", phrase)
        if not match:
            raise Unfit
        body = match.group(0).replace("{a}", first).replace("{b}", second)
        marked = draft.span(body, "add", facet.name, "<>")
        return phrase[: match.start()] + marked + phrase[match.end() :]
    marked = draft.span(_amount(draft, facet), "add", facet.name, OPS[key])
    return phrase.replace("{q}", marked).replace("{n}", marked)


def modifier(draft: Draft, facets: Sequence[FacetWords] | None = None) -> str:
    """Return one wish as a phrase that follows the noun."""
    choices = [
        f
        for f in (facets or draft.domain.facets)
        if f.kind == "number" or f.phrases("post") or f.kind == "people"
    ]
    facet = _pick_facet(draft, choices)
    if facet.kind == "number":
        return number_phrase(draft, facet)
    phrase = draft.rng.choice(list(facet.phrases("post")) or ["with {v}"])
    return phrase.replace("{v}", _value(draft, facet))


def noun_phrase(draft: Draft, plural: bool) -> str:
    """Return a noun phrase with no to three wishes, with an article when singular."""
    rng = draft.rng
    noun = rng.choice(draft.domain.items if plural else draft.domain.item)
    before: list[str] = []
    after: list[str] = []
    for _ in range(rng.choices((0, 1, 2, 3), (1, 6, 4, 2))[0]):
        roll = rng.random()
        if roll < 0.14 and draft.domain.wish:
            wish = rng.choice(draft.domain.wish)
            marked = draft.span(wish, "wish")
            short = " " not in wish
            (before if short and rng.random() < 0.7 else after).append(marked)
            continue
        if roll < 0.2 and (numbers := draft.domain.of_kind("number")):
            facet = _pick_facet(draft, numbers)
            for key in ("low", "high"):
                words = [w for w in facet.phrases(key) if " " not in w]
                if words and rng.random() < 0.6:
                    before.insert(0, draft.span(rng.choice(words), "relative", facet.name, key))
                    break
            continue
        if roll < 0.62 and (categories := draft.domain.of_kind("category")):
            facet = _pick_facet(draft, categories)
            if facet.raw.get("alone") and rng.random() < 0.35 and not before:
                noun = _value(draft, facet)
                plural = True if rng.random() < 0.5 else plural
                continue
            if facet.phrases("pre") or facet.raw.get("pre_forms"):
                form = rng.choice(list(facet.phrases("pre")) or ["{v}"])
                before.append(form.replace("{v}", _value(draft, facet, pre=True)))
                continue
            if facet.phrases("post"):
                form = rng.choice(list(facet.phrases("post")))
                after.append(form.replace("{v}", _value(draft, facet)))
                continue
        after.append(modifier(draft))
    rng.shuffle(after)
    if rng.random() < 0.12:
        noun, before = "something", before
        plural = True
        if before:
            after.insert(0, " ".join(before))
            before = []
    phrase = " ".join((*before, noun))
    if after:
        phrase += rng.choice((" ", " ", ", ")) + rng.choice((" ", ", ", " and ")).join(after)
    phrase += tail(draft)
    if plural:
        return phrase
    first = spans.unmark_first(phrase)
    return ("an " if first in "aeiou" else "a ") + phrase


def tail(draft: Draft) -> str:
    """Return what people add after the noun phrase: a limit, something they do not want."""
    rng, out = draft.rng, ""
    while rng.random() < 0.3:
        roll = rng.random()
        if roll < 0.4 and draft.domain.of_kind("category"):
            facet = rng.choice(draft.domain.of_kind("category"))
            form = rng.choice((", no {}", ", no {}", " but not {}", ", nothing {}", " without {}"))
            out += form.format(_value(draft, facet, "!="))
        elif roll < 0.6:
            form = rng.choice((", no {}", ", nothing {}", ", not too {}", ", without {}"))
            out += form.format(_avoid(draft))
        elif roll < 0.9 and (numbers := draft.domain.of_kind("number")):
            facet = rng.choice(numbers)
            limit = draft.rng.choice(list(facet.phrases("below")) or ["under {q}"])
            worse = [w for w in facet.phrases("more") if " " not in w and w.endswith("er")]
            if worse and rng.random() < 0.5:
                limit = f"nothing {rng.choice(worse)} than {{q}}"
            amount = draft.span(_amount(draft, facet), "add", facet.name, "<=")
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
        return _value(draft, draft.last_category, op)
    facet = _pick_facet(draft, draft.domain.of_kind("category"))
    draft.last_category = facet
    return _value(draft, facet, op)


def _person(draft: Draft, op: Op = "=", before: str = "") -> str:
    people = draft.domain.of_kind("people")
    by = bool(re.search(r"\b(by|from|directed)\s*$", before))
    fitting = [f for f in people if any("by " in p for p in f.phrases("post")) == by]
    if not people:
        raise Unfit
    return _value(draft, _pick_facet(draft, fitting or people), op)


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
        facet = _pick_facet(draft, facets)
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


def _all_role(frame: str) -> str:
    if re.search(r"seen|watch|own|have|had|tried|know|been|read|play", frame):
        return "seen"
    return "likes" if re.search(r"love|like|great|good", frame) else "dislikes"


def fill(draft: Draft) -> str:
    """Return the frame's text with every slot expanded and its spans marked."""
    out: list[str] = []
    end = 0
    for match in SLOT.finditer(draft.frame.text):
        before = draft.frame.text[end : match.start()]
        out.append(before)
        name = match.group(1)
        if name not in SLOTS:
            raise Unfit
        out.append(SLOTS[name](draft, before.lower()))
        end = match.end()
    out.append(draft.frame.text[end:])
    if "{all}" in draft.frame.text:
        act = draft.frame.act
        role = "refers" if act != "recommend" else _all_role(draft.frame.text)
        draft.add(role, "#all")
    return "".join(out)


def gold_of(draft: Draft, texts: dict[int, str]) -> Reading:
    """Return the reading that the draft's labels and values make."""
    gold: dict[str, object] = {k: list(dict.fromkeys(v)) for k, v in draft.gold.items()}
    for index, (slot, rest) in enumerate(draft.labels):
        text = texts.get(index, "")
        if not text:
            raise Unfit
        if slot == "count":
            gold["count"] = text
            continue
        entry: object = text
        if slot == "add":
            entry = {"facet": rest[0], "op": rest[1], "text": text}
        elif slot == "relative":
            entry = {"facet": rest[0], "direction": rest[1], "text": text}
        bucket = gold.setdefault(slot, [])
        if isinstance(bucket, list) and entry not in bucket:
            bucket.append(entry)
    if "remove" in gold:
        removed = gold["remove"]
        gold["remove"] = [{"facet": f, "value": v} for f, v in removed]  # type: ignore[attr-defined]
    vague = draft.frame.act == "compare" and not gold.get("refers")
    if vague and draft.shown:
        gold["refers"] = ["#all"]
    return Reading.model_validate({"act": draft.frame.act, **gold})


class Composer:
    """An endless, seeded stream of situations and their readings.

    Parameters
    ----------
    domains
        The first `main` of them are drawn with probability `main_share`.
    frames
        Sentence frames.
    seed
        Fixes the stream.
    """

    def __init__(
        self,
        domains: Sequence[Domain],
        frames: Sequence[Frame],
        seed: int,
        main: int = 2,
        main_share: float = 0.5,
    ) -> None:
        self._main, self._other = list(domains[:main]), list(domains[main:])
        self._share = main_share if self._other else 1.0
        self._rng = random.Random(seed)
        self._by_act: dict[str, list[Frame]] = {}
        for frame in frames:
            self._by_act.setdefault(frame.act, []).append(frame)
        self._vocabularies = {d.name: Vocabulary(d) for d in domains}

    def __iter__(self) -> Iterator[tuple[Situation, Reading]]:
        while True:
            try:
                yield self.one()
            except Unfit:
                continue

    def one(self) -> tuple[Situation, Reading]:
        """Return one situation and its reading.

        Raises
        ------
        Unfit
            If the draw did not fit; draw again.
        """
        rng = self._rng
        movies = rng.random() < 0.65
        pool = self._main if rng.random() < self._share else self._other
        domain = (
            pool[0 if movies or len(pool) == 1 else 1] if pool is self._main else rng.choice(pool)
        )
        domain, schema = _schema(domain, rng, full=pool is self._main)
        acts = list(self._by_act)
        share = {"recommend": 62.0, "answer": 9.0, "compare": 5.0, "decline": 5.0}
        act = rng.choices(acts, [share.get(a, 3.2) for a in acts])[0]
        frame = rng.choice(self._by_act[act])
        draft = Draft(domain=domain, rng=rng, frame=frame)
        said = _context(draft)
        marked = spans.roughen(fill(draft), rng)
        text, texts = spans.unmark(marked)
        if not text or len(text) > 400:
            raise Unfit
        reading = gold_of(draft, texts)
        hints = self._vocabularies[domain.name].hints(text, draft.hidden, rng)
        known = {f.name for f in schema.facets}
        return (
            Situation(
                schema=schema,
                text=text,
                said=said,
                state=tuple(draft.state),
                shown=tuple(draft.shown),
                hints=tuple(h for h in hints if h.facet is None or h.facet in known),
            ),
            reading,
        )


def _schema(domain: Domain, rng: random.Random, full: bool) -> tuple[Domain, Schema]:
    """Return the domain with the facets of one drawn schema, and that schema."""
    facets = list(domain.facets)
    if not full or rng.random() < 0.15:
        rng.shuffle(facets)
        keep = max(2, round(len(facets) * rng.uniform(0.5, 1.0)))
        facets = facets[:keep]
    typed = []
    for facet in facets:
        values = list(facet.values) if facet.kind == "category" else []
        if not full:
            rng.shuffle(values)
        typed.append(
            Facet(
                name=facet.name,
                kind=facet.kind,
                unit=facet.unit if rng.random() < 0.9 else "",
                description=facet.description,
                values=tuple(values),
            )
        )
    kept = Domain(
        domain.name,
        domain.item,
        domain.items,
        tuple(facets),
        domain.wish,
        domain.avoid,
        domain.titles,
    )
    return kept, Schema(name=domain.name, facets=tuple(typed))


def _held(draft: Draft, facet: FacetWords) -> Constraint | None:
    rng = draft.rng
    if facet.kind in ("category", "people") and facet.values:
        op: Op = "!=" if rng.random() < 0.15 else "="
        return Constraint(facet.name, op, (rng.choice(list(facet.values)),))
    if facet.kind == "number":
        low, high = (facet.raw.get("range") or [1, 100])[:2]
        value = float(rng.randint(int(low), max(int(low) + 1, int(high))))
        if facet.unit == "year" and rng.random() < 0.5:
            decade = value // 10 * 10
            return Constraint(facet.name, "<>", (decade, decade + 9))
        return Constraint(facet.name, rng.choice(("<=", ">=", "=")), value)
    return None


def _context(draft: Draft) -> str:
    """Draw what came before the message, into the draft; return what the bot said last."""
    rng, context = draft.rng, draft.frame.context
    needs = re.search(r"\{(it2?|all|drop|dropfacet|ask2?|rel2?)\}", draft.frame.text)
    if context == "any":
        context = "after" if needs else rng.choice(("first", "asked", "after", "after"))
    if context == "first":
        return rng.choice(LEADS["greeting"]) if rng.random() < 0.15 else ""
    for facet in rng.sample(draft.domain.facets, min(len(draft.domain.facets), rng.randint(0, 3))):
        if (held := _held(draft, facet)) is not None:
            draft.state.append(held)
    if context == "asked":
        return rng.choice(QUESTIONS).replace("{items}", rng.choice(draft.domain.items))
    count = rng.choices((1, 2, 3, 4, 5), (2, 2, 8, 1, 1))[0]
    draft.shown = rng.sample(draft.domain.titles, min(count, len(draft.domain.titles)))
    kind = "one" if len(draft.shown) == 1 else "many"
    if rng.random() < 0.25:
        draft.focus = rng.randrange(len(draft.shown))
        kind = "focus"
    said = rng.choice(LEADS[kind])
    if draft.focus is not None:
        said = said.replace("{title}", draft.shown[draft.focus])
    if kind != "focus" and rng.random() < 0.6:
        said += " " + " ".join(f"{i + 1}. {t}." for i, t in enumerate(draft.shown))
    return said.replace("{items}", rng.choice(draft.domain.items))


def hints_of(text: str, hints: Sequence[Hint]) -> tuple[Hint, ...]:
    """Return only the hints that still lie within the text."""
    return tuple(h for h in hints if h.end <= len(text))
