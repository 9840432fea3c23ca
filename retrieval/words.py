"""How retrieval reads words: folding, tokens with their places, light stems, look-up keys.

Knows no catalogue and no language model; the stems are English plurals only.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

# One CJK character is one token, as those scripts put no space between words.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])\w)+(?:['’](?:(?![{_CJK}])\w)+)*|&")
_POSSESSIVE = re.compile(r"['’]s?$")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
# English function words: they name nothing by themselves.
STOPWORDS = frozenset(
    "a an the and or of in on at to for from with without by about as is are was were be been it "
    "its this that these those i me my we us you your he she they him her their there some "
    "any something anything want would like please can could do does did have has had not no so "
    "but if then than too very just really more most much one up out".split()
)
_PEOPLE = re.compile(
    r"director|author|(^|_)cast$|actor|actress|artist|writer|creator|starring|(^|_)stars?$"
    r"|(^|_)chefs?$|designers?$|composer|illustrator|narrator|speakers?$|instructor|photographer"
)
ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "el", "il", "der", "die", "das"})


class Token(NamedTuple):
    """One word of a text.

    `start` and `end` are character offsets; `plain` is the word folded (accents, case,
    apostrophes), `name` the same without a possessive, `stem` without an English plural.
    """

    start: int
    end: int
    plain: str
    name: str
    stem: str


def fold(text: str) -> str:
    """Return the text in lower case without accents; its length may differ."""
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_LETTERS)
    kept = (c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return "".join(kept)


def stem(word: str) -> str:
    """Return one form for an English noun's singular and plural: comedies → comedy, boxes → box.

    A final "ie" becomes "y" in both ("movie", "movies" → "movy"), as "-ies" does not tell them.
    """
    if len(word) > 4 and word.endswith("ie"):
        return word[:-2] + "y"
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def tokens(text: str) -> tuple[Token, ...]:
    """Return the words of a text in order; `&` counts as the word "and"."""
    return tuple(
        Token(match.start(), match.end(), *_forms(match.group())) for match in _TOKEN.finditer(text)
    )


@functools.lru_cache(maxsize=1 << 16)
def _forms(word: str) -> tuple[str, str, str]:
    """Return a word plain, as a name and stemmed; see `Token`."""
    if word == "&":
        return "and", "and", "and"
    folded = fold(word)
    plain, name = (
        w.replace("'", "").replace("’", "") for w in (folded, _POSSESSIVE.sub("", folded))
    )
    return plain, name, stem(plain)


def plain_words(text: str) -> list[str]:
    """Return the folded words of a text in order."""
    return [_forms(word)[0] for word in _TOKEN.findall(text)]


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in order."""
    return [_forms(word)[2] for word in _TOKEN.findall(text)]


def plain_key(text: str) -> str:
    """Return the folded words of a text, joined by single spaces."""
    return " ".join(plain_words(text))


def stem_key(text: str) -> str:
    """Return the stems of a text's words, joined by single spaces."""
    return " ".join(stems(text))


def squashed(key: str) -> str:
    """Return a key without its spaces: "sci fi" → "scifi"; runs of initials close up too."""
    return key.replace(" ", "")


def join_initials(words: Sequence[str]) -> tuple[str, ...]:
    """Close up single letters that follow one another: j, j, abrams → jj, abrams."""
    out: list[str] = []
    run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and run:
            out[-1] += word
        else:
            out.append(word)
        run = single
    return tuple(out)


def without_articles(key: str) -> str:
    """Return a key without a leading article, unless nothing else would be left."""
    head, _, rest = key.partition(" ")
    return rest if rest and head in ARTICLES else key


def names_people(column: str) -> bool:
    """Tell whether a column's or facet's name says that it holds names of people."""
    return _PEOPLE.search(column.casefold()) is not None
