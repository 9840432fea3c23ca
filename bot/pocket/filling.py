"""What a brief can put into the frames' places, each with its alternatives.

Places of the brief's own words are phrases, places of the description are stretches of it. Knows
no pieces and no frames.
"""

from collections.abc import Mapping, Sequence

from bot.checking.names import everyday
from bot.llm.base import ReasonBrief
from bot.pocket.sentences import Sentence, sentences
from bot.voice.briefing import are_works, known, wished
from bot.voice.phrase import Phrase, Said, listed

Stretch = tuple[int, int]
_MOST_SENTENCES = 3
_MOST_CHOICES = 2


def phrases_of(brief: ReasonBrief) -> Mapping[str, tuple[Phrase, ...]]:
    """Return place → its alternatives, of every place that is filled with the brief's words."""
    found: dict[str, Sequence[Phrase]] = {}
    if brief.met or brief.wish:
        portrait = wished(brief)
        if portrait.parts:  # else the item is what was asked for, which says itself
            found["wants"] = (portrait.core(short=True),)
            found["more"] = (portrait.more(),)
            found["does"] = (portrait.predicate(short=True), portrait.does())
        found["asked"] = (portrait.asked(short=True),)
        found["rest"] = (portrait.rest(),)
        if not brief.met:
            found["word"] = (listed([(Said(w, quoted=True),) for w in brief.wish[:2]]),)
    facts = known(brief)
    if facts.parts:
        found["fact"] = (facts.noun_phrase(short=True),)
        found["too"] = (known(brief, most=1).does(),)
    liked = [_titled(title, are_works(brief)) for title in brief.liked[:2]]
    found["liked"] = (liked[0] if liked else (), listed(liked) if liked[1:] else ())
    return {place: tuple(dict.fromkeys(p for p in of if p)) for place, of in found.items()}


def _titled(title: str, work: bool) -> Phrase:
    """Return a title as it stands in a sentence: products take an article."""
    bare = work or title.lower().startswith(("the ", "a ", "an "))
    return (Said(title),) if bare else ("the", Said(title))


def stretches_of(brief: ReasonBrief) -> Mapping[str, tuple[Stretch, ...]]:
    """Return place → stretches of the description, of `sentence`, `clause` and `but`.

    A product's description begins with what it is and ends with what speaks against it, so its
    first sentence alone is a reason; a story may well hold a "no".
    """
    said = sentences(brief.text)[:_MOST_SENTENCES]
    works = are_works(brief)
    plain = said if works else said[:1]
    against = [s for s in said[1:] if s.but and not works and _begins_plain(brief, s)]
    return {
        "sentence": _spans(plain),
        "clause": _spans([s for s in plain if works and s.follows and _flows(brief, s)]),
        "but": _spans(against),
    }


def _begins_plain(brief: ReasonBrief, said: Sentence) -> bool:
    """Whether a sentence begins with a word that may lose its capital."""
    return everyday(brief.text[said.start : said.end].split()[0].strip(",;:"))


def _flows(brief: ReasonBrief, said: Sentence) -> bool:
    """Whether a sentence may follow a colon: it has none of its own."""
    return ":" not in brief.text[said.start : said.end]


def _spans(said: Sequence[Sentence]) -> tuple[Stretch, ...]:
    return tuple((s.start, s.end) for s in said[:_MOST_CHOICES])
