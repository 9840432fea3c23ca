"""Questions that an item's texts and facts hold no word of: "how many megapixels does it have?".

An answer then says so before it says what is known. Knows English questions only; whether the
words answer the question is for the reader to see.
"""

import re

from bot.voice.wording import fact_words
from retrieval.types import Item, Schema
from retrieval.words import STOPWORDS, fold, stem, tokens

_ASKS = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|hm+|wait|hey|oh|um)\W+)*(?:how (?:many|much|long|big|loud|fast"
    r"|far|old|good|well)|what|which|where|when|who|does|do|did|is|isn't|are|was|were|can|could|has"
    r"|have|will|would)\b",
    re.IGNORECASE,
)
# Words of questions that ask for nothing in particular.
_GENERAL = frozenset(
    """about tell say know like good bad great worth any story plot happen summary describe
    description kind sort type thing stuff deal movie film book device item product one ones first
    second third last number really actually much many how what which where when who why whose
    come get got make made take go going give see watch buy use well long big old fast far other
    else more info information detail difference think recommend suit fit work does has have had
    will would could can should may might ever even still again maybe exactly roughly""".split()
)
_WEIGHED = re.compile(r"\bwhich\b(?! (?:film|movie)s? (?:do|did|should))|哪", re.IGNORECASE)
_PREFIX = 5  # letters of a word that vouch for its other forms


def weighed(text: str) -> bool:
    """Whether a comparison asks which item has the most of something: "which is scarier?"."""
    return _WEIGHED.search(text) is not None


def unsaid(text: str, item: Item, schema: Schema) -> bool:
    """Whether a message asks of an item what none of its words speaks of."""
    if not _ASKS.search(text):
        return False
    title = {t.stem for t in tokens(item.title)}
    asked = {t.stem for t in tokens(text) if t.plain not in STOPWORDS and len(t.plain) > 2}
    asked -= title | {stem(w) for w in _GENERAL} | {stem(schema.item), stem(schema.items)}
    if not asked:
        return False
    said = [fold(item.title), fold(item.text)]
    for facet in schema.facets:
        said += [fold(facet.name), fold(fact_words(facet, item.facts.get(facet.name)))]
    known = {t.stem[:_PREFIX] for t in tokens(" ".join(said))}
    return not any(word[:_PREFIX] in known for word in asked)
