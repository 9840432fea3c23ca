"""Chinese words of the field in English: genres, countries, brands, people, titles, themes.

A word list, no translator: what it does not know stays as it is. Knows no catalogue.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_FILE = Path(__file__).with_name("glossary_zh.txt")
_LONGEST = 8  # characters of the longest word looked for
_CJK = re.compile(r"[\u3400-\u9fff]")
# Words around a theme that carry nothing: "关于太空的电影", "有点伤感".
_EMPTY = re.compile(
    r"^(?:关于|有关|有点儿?|比较|很|非常|特别|超级|最好|不要太|一些|一部|那种|适合|可以|能)"
    r"|(?:的)?(?:电影|影片|片子|片|题材|类型|类|系列|故事|那种|一点儿?|一些)$|的$|看$"
)


@functools.cache
def _words() -> Mapping[str, str]:
    out: dict[str, str] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        english, equals, chinese = line.partition("=")
        if equals and not line.startswith("#"):
            for word in chinese.split(","):
                out.setdefault(word.strip(), english.strip())
    return out


def in_english(text: str) -> str | None:
    """Return the English for a Chinese word or phrase, or None where it is not known whole.

    A phrase is taken apart into the longest known words: "太空冒险" → "space adventure".
    """
    if not _CJK.search(text):
        return None
    phrase = text.strip(" 《》“”\"'。，！？")
    while phrase:
        known = _words().get(phrase) or _composed(phrase)
        if known:
            return known
        bare = _EMPTY.sub("", phrase, count=1)
        if bare == phrase:
            return None
        phrase = bare
    return None


def in_chinese(words: str) -> str | None:
    """Return the first Chinese for an English word of the list, None where it has none."""
    return _chinese().get(words)


@functools.cache
def _chinese() -> Mapping[str, str]:
    out: dict[str, str] = {}
    for chinese, english in _words().items():
        out.setdefault(english, chinese)
    return out


def known_words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, English) of the Chinese words known in a text, longest first, in order."""
    words = _words()
    at = 0
    while at < len(text):
        sizes = range(min(_LONGEST, len(text) - at), 1, -1) if _CJK.match(text[at]) else ()
        size = next((n for n in sizes if text[at : at + n] in words), 0)
        if size:
            yield at, at + size, words[text[at : at + size]]
        at += size or 1


def _composed(phrase: str) -> str | None:
    words = _words()
    out: list[str] = []
    at = 0
    while at < len(phrase):
        if phrase[at] in "的和与、·":
            at += 1
            continue
        size = next((n for n in range(len(phrase) - at, 1, -1) if phrase[at : at + n] in words), 0)
        if not size:
            return None
        out.append(words[phrase[at : at + size]])
        at += size
    return " ".join(out) or None
