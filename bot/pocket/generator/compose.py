"""Compose one training message: a domain, a schema, a context, a frame, filled and roughened.

Every choice comes from the generator's own `random.Random`, so a seed fixes the stream.
"""

import random
import re
from collections.abc import Iterator, Sequence

from bot.llm.base import Situation
from bot.pocket.generator import spans
from bot.pocket.generator.draft import Draft, Unfit
from bot.pocket.generator.hints import Vocabulary
from bot.pocket.generator.lexicon import Domain, FacetWords, Frame
from bot.pocket.generator.phrases import LEADS, QUESTIONS
from bot.pocket.generator.slots import SLOTS
from bot.reading import Reading
from retrieval.types import Constraint, Facet, Op, Schema

SLOT = re.compile(r"\{(\w+)\}")


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
