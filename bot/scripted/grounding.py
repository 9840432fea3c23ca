"""Whether a turn's claims are true of the catalogue, by the project's own checker.

Items must be the catalogue's, with its facts. Each reason must pass the checker; so must, line by
line, an answer about one item. Of other text, the people and titles that it names must belong to
items of the talk, and numbers of a comparison to the items compared. Examples in quotation marks
are suggestions and claim nothing. Without a catalogue nothing can be said.
"""

import re
from collections.abc import Iterator, Sequence

from bot.checking.checker import Unsupported, check
from bot.checking.cleaning import clean_title
from bot.checking.evidence import Evidence
from bot.quantity.numerals import numerals
from bot.scripted.facet_tests import said
from bot.scripted.moment import Failure, Moment
from bot.scripted.stock import Stock
from bot.types import Recommendation
from retrieval.types import Item
from retrieval.words import plain_key, plain_words

_PLACE = "grounded"
_STATES_FACTS = ("answer", "compare")
# What a line of an answer can claim falsely; its form, length and other words are free.
_KINDS = ("number", "name", "role", "value")
_SMALL = 10  # counts up to here ("the two of them", "1.") say nothing of an item
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|「[^」]*」|『[^』]*』")


def ungrounded(moment: Moment) -> Iterator[Failure]:
    """Yield what a turn claims and the catalogue does not bear out; nothing without a catalogue."""
    if moment.stock is None:
        return
    for shown in moment.reply.items:
        yield from _item(shown, moment, moment.stock)
    if moment.reply.act in _STATES_FACTS:
        yield from _lines(moment, moment.stock)
    yield from _names(moment, moment.stock)


def _item(shown: Recommendation, moment: Moment, stock: Stock) -> Iterator[Failure]:
    item = stock.item(shown.id)
    if item is None:
        yield Failure(_PLACE, f"items of the catalogue {stock.schema.name}", shown.title)
        return
    if shown.title not in (item.title, clean_title(item.title)):
        yield Failure(_PLACE, f"the title {item.title!r}", shown.title)
    for name in dict.fromkeys((*item.facts, *shown.facts)):
        true, given = item.facts.get(name), shown.facts.get(name)
        if true != given:
            got = f"{said(given)} ({item.title})"
            yield Failure(_PLACE, f"{name}: {said(true)}", got)
    mentions = stock.mentions(shown.reason)
    for claim in check(shown.reason, item, stock.schema, _allowed(moment), mentions):
        yield _claimed(claim, shown.reason, item)


def _claimed(claim: Unsupported, sentence: str, item: Item) -> Failure:
    got = f"{claim.text!r} in {sentence!r} about {item.title}: {claim.why}"
    return Failure(_PLACE, f"a supported {claim.kind}", got)


def _allowed(moment: Moment) -> tuple[str, ...]:
    """Return what may be repeated: the person's own words, limits and the titles they named."""
    held, understood = moment.held, moment.reply.understood
    named = (
        *held.likes,
        *held.dislikes,
        *held.seen,
        *held.similar,
        *understood.similar,
        *understood.refers,
    )
    limits = (
        f"{part:g}"
        for c in (*held.constraints, *understood.add)
        for part in (c.value if isinstance(c.value, tuple) else (c.value,))
        if isinstance(part, int | float)
    )
    words = (*moment.said, moment.text, *held.wish, *understood.wish, *understood.avoid)
    # Whom an item shall be without may be named; whom it shall have, only where it has them.
    words += _wished(moment, "!=")
    return (*words, *limits, *(clean_title(title) for title in moment.titles(named)))


def _wished(moment: Moment, *ops: str) -> tuple[str, ...]:
    """Return the values of the wishes held, as the catalogue spells them."""
    constraints = (*moment.held.constraints, *moment.reply.understood.add)
    return tuple(
        part
        for c in constraints
        if c.op in ops and isinstance(c.value, tuple)
        for part in c.value
        if isinstance(part, str)
    )


def _talked_of(moment: Moment, stock: Stock) -> dict[str, Item]:
    """Return the items that the talk is about, by id."""
    held, understood = moment.held, moment.reply.understood
    ids = [item.id for item in moment.ever]
    ids += [*held.likes, *held.dislikes, *held.seen, *held.similar]
    ids += [*understood.refers, *understood.similar]
    ids += [*understood.likes, *understood.dislikes, *understood.seen]
    for text in (*moment.said, moment.text):
        ids += [m.value for m in stock.mentions(text) if m.facet is None]
    return {id_: item for id_ in dict.fromkeys(ids) if (item := stock.item(id_))}


def _lines(moment: Moment, stock: Stock) -> Iterator[Failure]:
    """Check an answer line by line: a line about one item as such, one about several together."""
    items = _talked_of(moment, stock)
    allowed = _allowed(moment)
    for line in moment.reply.reply.splitlines():
        about = _about(line, items, stock)
        if len(about) == 1:
            found = check(line, about[0], stock.schema, allowed)
            for claim in found:
                if claim.kind in _KINDS:
                    yield _claimed(claim, line, about[0])
        elif about:
            yield from _numbers(line, about, stock, allowed)


def _about(line: str, items: dict[str, Item], stock: Stock) -> list[Item]:
    """Return the items whose titles a line names, but for titles within longer ones."""
    named = {m.value for m in stock.mentions(line) if m.facet is None}
    key = plain_key(line)
    whole = [i for i in items.values() if i.id in named or _within(plain_key(i.title), key)]
    keys = [plain_key(item.title) for item in whole]
    return [i for i, k in zip(whole, keys, strict=True) if not _inside(k, keys)]


def _within(part: str, whole: str) -> bool:
    return bool(part) and f" {part} " in f" {whole} "


def _inside(key: str, keys: Sequence[str]) -> bool:
    return any(key != other and _within(key, other) for other in keys)


def _numbers(
    line: str, items: Sequence[Item], stock: Stock, allowed: Sequence[str]
) -> Iterator[Failure]:
    """Yield the numbers of a line that none of several items has."""
    evidences = [Evidence(item, stock.schema, allowed) for item in items]
    plain = line
    for evidence in evidences:
        plain = evidence.without_names(plain, " ")
    for _, _, value in numerals(plain):
        if value <= _SMALL or any(_has(value, evidence) for evidence in evidences):
            continue
        titles = ", ".join(item.title for item in items)
        got = f"{value:g} in {line!r}"
        yield Failure(_PLACE, f"a number of {titles}", got)


def _has(value: float, evidence: Evidence) -> bool:
    numbers = {evidence.number(facet.name) for facet in evidence.facets("number")}
    own = evidence.own_numbers | evidence.allowed_numbers
    return value in numbers or value in own


def _names(moment: Moment, stock: Stock) -> Iterator[Failure]:
    """Yield people and titles that a reply names and that have no part in the talk.

    Only full names and titles of several words count: others may be ordinary words.
    """
    text = _QUOTED.sub(lambda match: " " * len(match.group()), _without_reasons(moment))
    items = _talked_of(moment, stock)
    people = {f.name for f in stock.schema.facets if f.kind == "people"}
    spoken = plain_key(" | ".join((*moment.said, moment.text, *_wished(moment, "=", "!="))))
    own = {value for item in items.values() for value in _people(item, people)}
    titles = [plain_key(item.title) for item in items.values()]
    for mention in stock.mentions(text):
        words = text[mention.start : mention.end]
        key = plain_key(words)
        if len(plain_words(words)) < 2 or not words[:1].isupper() or _within(key, spoken):
            continue
        if mention.facet in people and mention.value not in own:
            yield Failure(_PLACE, "people of the items talked of", f"{words} in {text.strip()!r}")
        elif mention.facet is None and mention.value not in items:
            if not any(_within(key, title) for title in titles):
                yield Failure(_PLACE, "titles that were talked of", f"{words} in {text.strip()!r}")


def _people(item: Item, facets: set[str]) -> Iterator[str]:
    for name in facets:
        fact = item.facts.get(name)
        yield from (fact,) if isinstance(fact, str) else fact if isinstance(fact, tuple) else ()


def _without_reasons(moment: Moment) -> str:
    """Return a reply's text without the reasons, which are checked against their own items."""
    text = moment.reply.reply
    for item in moment.reply.items:
        text = text.replace(item.reason, " ") if item.reason else text
    return text
