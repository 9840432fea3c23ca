"""What a brief can put into the frames' places, each with its alternatives.

Places of the brief's own words are phrases, places of the description are stretches of it. Knows
no pieces and no frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.llm.base import ReasonBrief
from bot.pocket.sentences import Sentence, sentences
from bot.voice.briefing import are_works, known, wished
from bot.voice.phrase import Phrase, Said, listed

Stretch = tuple[int, int]
_MOST_SENTENCES = 3
_MOST_CHOICES = 2
_FEW = 2  # things said of a product that one noun carries well
_STEM = 5  # letters


def phrases_of(brief: ReasonBrief) -> Mapping[str, tuple[Phrase, ...]]:
    """Return place → its alternatives, of every place that is filled with the brief's words."""
    found: dict[str, Sequence[Phrase]] = {}
    if brief.met or brief.wish:
        works = are_works(brief)
        portrait = wished(brief if works else _unsaid(brief))
        few = works or len(portrait.parts) <= _FEW
        if amount := portrait.amount():
            found["amount"] = (amount,)
        elif portrait.parts and not portrait.named_alone:  # else it is what was asked for
            found["wants"] = (portrait.core(),) if few else ()
            found["this"] = (portrait.core(pointing=True),) if few else ()
            found["more"] = (portrait.more(),)
        if amount or not works:
            found["tells"] = (portrait.tells(),)
        if not works:
            found["subject"] = (portrait.subject(),)
            found["does"] = (portrait.predicate(short=True), portrait.does())
        if works or not portrait.tells():
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


def _unsaid(brief: ReasonBrief) -> ReasonBrief:
    """Return the brief without the free wishes that the first sentence says, if any is left."""
    spans = _spans(sentences(brief.text)[:1])
    text = {stem(w) for start, end in spans for w in brief.text[start:end].split()}
    left = tuple(w for w in brief.wish if not {stem(part) for part in w.split()} <= text)
    return replace(brief, wish=left) if left or brief.met else brief


def stem(word: str) -> str:
    """Return what forms of a word share: "travel", "travellers"."""
    return word.lower().strip(".,;:!?“”\"'()")[:_STEM]


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
    against = [s for s in said[1:] if s.but and s.follows and not works]
    return {
        "sentence": _spans(plain),
        "clause": _spans([s for s in plain if works and s.follows and _flows(brief, s)]),
        "but": _spans(against),
    }


def _flows(brief: ReasonBrief, said: Sentence) -> bool:
    """Whether a sentence may follow a colon: it has none of its own."""
    return ":" not in brief.text[said.start : said.end]


def _spans(said: Sequence[Sentence]) -> tuple[Stretch, ...]:
    return tuple((s.start, s.end) for s in said[:_MOST_CHOICES])
