"""What a script expects of a reply's text: what it mentions, asks, its length and language.

Letters' case and accents do not count. A text is mentioned where it begins a word ("minute" is
mentioned by "minutes"), and must not be there (`not`) as whole words.
"""

import re
from collections.abc import Iterator, Sequence

from bot.scripted.fields import reference
from bot.scripted.form import Said
from bot.scripted.item_checks import fact_of
from bot.scripted.moment import Failure, Moment
from bot.scripted.numbers_mentioned import mentions_number
from bot.voice.phrasing import LANGUAGES, phrases
from retrieval.types import Fact
from retrieval.words import fold

_CJK = re.compile(r"[\u3400-\u9fff]")
_ENDS = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s|$)|[。！？]+[”’）」』]*")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|No|Vol|approx)\.", re.IGNORECASE)
_PLACE = re.compile(r"^\s*\d{1,2}[.)]\s")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")


def text_failures(expected: Said, moment: Moment) -> Iterator[Failure]:
    """Yield what does not hold of a reply's text."""
    text = moment.reply.reply
    for words in expected.mentions:
        if not mentions(words, moment):
            yield Failure("reply.mentions", told(words, moment), text)
    if expected.mentions_any and not any(mentions(w, moment) for w in expected.mentions_any):
        wanted = " or ".join(told(words, moment) for words in expected.mentions_any)
        yield Failure("reply.mentions_any", wanted, text)
    for words in expected.not_:
        if mentions(words, moment, whole=True):
            yield Failure("reply.not", f"no {told(words, moment)}", text)
    if expected.matches and not re.search(expected.matches, text, re.IGNORECASE):
        yield Failure("reply.matches", f"a match of {expected.matches!r}", text)
    yield from _form(expected, moment)


def _form(expected: Said, moment: Moment) -> Iterator[Failure]:
    text = without_titles(moment)
    asks = "?" in text or "？" in text
    if expected.question is not None and asks != expected.question:
        wanted = "a question" if expected.question else "no question"
        yield Failure("reply.question", wanted, moment.reply.reply)
    n = sentences(text)
    if expected.max_sentences is not None and n > expected.max_sentences:
        wanted = f"at most {expected.max_sentences} sentences"
        yield Failure("reply.max_sentences", wanted, f"{n}: {moment.reply.reply}")
    if expected.language is not None and language(text) != expected.language:
        wanted = {"en": "English", "zh": "Chinese"}[expected.language]
        yield Failure("reply.language", wanted, moment.reply.reply)


def sentences(text: str) -> int:
    """Return the number of sentences; the lines of a list count as one each at least."""
    n = 0
    for line in text.splitlines():
        plain = _ABBREVIATED.sub("x", _PLACE.sub("", line)).strip()
        ends = [match.end() for match in _ENDS.finditer(plain)]
        rest = plain[ends[-1] :] if ends else plain
        n += len(ends) + bool(rest.strip())
    return n


def language(text: str) -> str:
    """Return `zh` for a text with Chinese characters, else `en`."""
    return "zh" if _CJK.search(text) else "en"


def without_titles(moment: Moment) -> str:
    """Return a reply's text with titles masked: their marks and letters say nothing of it."""
    text = moment.reply.reply
    titles = {item.title for item in moment.ever if not item.title.isalnum()}
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, "Title")
    return text


def told(words: str, moment: Moment) -> str:
    """Return what should be mentioned, in words; a fact with its value."""
    place = reference(words)
    if place is None or place[2] is None:
        return f"a mention of {words!r}"
    found = _item_fact(place, moment)
    if isinstance(found, str):
        return f"a mention of {words} ({found})"
    values = found[0] if isinstance(found[0], tuple) else (found[0],)
    joined = " or ".join("unknown" if v is None else str(v) for v in values)
    return f"a mention of {words} ({joined})"


def mentions(words: str, moment: Moment, whole: bool = False) -> bool:
    """Tell whether a reply mentions words, or a fact of an item, in any of the ways to say it."""
    text = moment.reply.reply
    place = reference(words)
    if place is None or place[2] is None:
        return holds(text, words, whole)
    found = _item_fact(place, moment)
    return False if isinstance(found, str) else mentions_fact(text, place[2], found[0], moment)


def _item_fact(place: tuple[str, int, str | None], moment: Moment) -> tuple[Fact] | str:
    """Return the fact that a reference names, or what is in the way."""
    kind, index, facet = place
    items = moment.items if kind == "items" else moment.shown
    if not -len(items) <= index < len(items):
        return f"but there are {len(items)} items"
    return (fact_of(items[index], facet or ""),)


def mentions_fact(text: str, facet: str, fact: Fact, moment: Moment) -> bool:
    """Tell whether a text states a fact; one value of several suffices, an unknown one never is."""
    if fact is None:
        return False
    if isinstance(fact, int | float):
        known = moment.stock.schema.facet(facet) if moment.stock else None
        return mentions_number(text, float(fact), known.unit if known else "")
    values = fact if isinstance(fact, tuple) else (fact,)
    return any(holds(text, way) for value in values for way in _ways(facet, value, moment))


def _ways(facet: str, value: str, moment: Moment) -> Sequence[str]:
    known = moment.stock.ways(facet, value) if moment.stock else (value,)
    return (*known, *(phrases(language).one_value(value) for language in LANGUAGES))


def holds(text: str, words: str, whole: bool = False) -> bool:
    """Tell whether a text holds words at the beginning of a word; as a `whole`, up to its end."""
    wanted, where = (_GROUPED.sub("", fold(part)) for part in (words.strip(), text))
    pattern = re.escape(wanted)
    if wanted[:1].isascii() and wanted[:1].isalnum():
        pattern = rf"(?<![a-z0-9]){pattern}"
    if wanted[-1:].isdigit():
        pattern = rf"{pattern}(?![0-9])"
    elif whole and wanted[-1:].isascii() and wanted[-1:].isalnum():
        pattern = rf"{pattern}(?![a-z0-9])"
    return re.search(pattern, where) is not None
