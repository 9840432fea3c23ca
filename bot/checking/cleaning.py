"""Cleaning of text that comes from outside: people's messages and the catalogue's own words.

Item texts are untrusted: what is left of them here is plain words on one line, without markup,
addresses, chat templates, or characters that cannot be seen, and a description also without the
sentences that tell a reader what to do. Knows no facts: whether a text is true is not judged here.
"""

import html
import re
import unicodedata

from bot.errors import BadText

MAX_MESSAGE = 8_000
MAX_TEXT = 600
MAX_TITLE = 200
_MOST_READ = 4_000  # characters of an item's text that are looked at
_ANSI = re.compile(r"(?:\x1b\[|\x9b)[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
_ATTRIBUTE = r"[\s/]+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)"
_TAG = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<\|[^|<>]*\|>|<{1,2}/?[a-zA-Z][^<>]*>{1,2}"
    rf"|</?[a-zA-Z][\w:-]*(?:{_ATTRIBUTE})+",
    re.DOTALL | re.IGNORECASE,
)
_TAG_LIKE = re.compile(r"<[a-zA-Z/!?|][^<>]*>?")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_ROLES = r"system|assistant|user|human|instructions?|response|shown|state|inst"
_ROLE_TAG = re.compile(rf"\[/?(?:{_ROLES})\]|#{{2,}}\s*(?:{_ROLES})\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|ldaps?|javascript|vbscript|mailto|tel):\S*|\bdata:\w+/\S*|www\.\S+"
    r"|//[\w-]+\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.\w\S*",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"[\[{][^\[\]{}]*\"\s*:[^\[\]{}]*[\]}]|\$?\{\{?[^{}]*\}\}?|\{%[^{}]*%\}")
_MARKS = re.compile(
    r"\*\*|__|~~|`+|\"{3,}|-{3,}|={3,}|#{2,}|^\s{0,3}#\s+|^\s{0,3}>\s?|^\s*[-*+]\s+|^[\s=]+",
    re.MULTILINE,
)
_BLOB = re.compile(r"[A-Za-z0-9+/=_-]{40,}")  # no word is as long: encoded text
_RUN = re.compile(r"([^\w\s])\1{3,}")
_BRACKETS = str.maketrans("<>", "‹›")
_LEFT_OVER = re.compile(r"[\[\]{}\"|\\^]+")
# Joiners inside emoji and Indic or Arabic words are kept in people's messages only.
_JOINERS = frozenset("\u200c\u200d")
# Letters that show nothing: Hangul fillers, the empty Braille pattern.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_MOST_MARKS = 3  # marks on one letter that a script may need
_LINE_ENDS = re.compile(r"[\t\n\v\f\r\u0085\u2028\u2029]")
# Letters of other scripts that look Latin; only read as such inside a word with Latin letters.
_TWINS = str.maketrans(
    "аеорсухіѕјһԁԛԝАВЕКМНОРСТХІЅЈοΟΑΒΕΖΗΙΚΜΝΡΤΥΧν",
    "aeopcyxisjhdqwABEKMHOPCTXISJoOABEZHIKMNPTYXv",
)
_MIXED = re.compile(r"(?=\w*[A-Za-z])(?=\w*[\u0370-\u052f])\w+")
# Wide forms of ASCII, but for the punctuation that Chinese is written with.
_WIDE = {n: n - 0xFEE0 for n in range(0xFF01, 0xFF5F) if chr(n) not in "！（），：；？～"}
_STYLED = re.compile(r"[\U0001d400-\U0001d7ff\u2460-\u24ff]")
# Words to a reader or a machine, not about an item; found in no description of the bundled
# catalogues.
_ORDER = re.compile(
    r"\b(?:ignor\w*|disregard\w*|forget|overrid\w*|bypass\w*|vergiss|olvida\w*|oublie\w*)\b"
    r"[^.!?]{0,40}\b(?:instruct|instrucc|prompt|previous|prior|anweisung|regeln\b|consigne"
    r"|(?:your|these|those|the|system) rules\b"
    r"|command|the (?:user|other|above)|all (?:other|else))"
    r"|\b(?:recommend|suggest|choose|pick|show|rank|buy|name|mention)\w*\s+(?:only|just)\b"
    r"|\b(?:only|always|never)\s+(?:ever\s+)?(?:recommend|suggest|rank|answer|repl[yi]|respond"
    r"|choose|mention|show)\b"
    r"|\brank\w*\s+(?:this|it|me|first|top|higher)\b|\b(?:recommend|pick|choose)\s+me\b"
    r"|\brecommend\b.{0,60}\bto (?:everybody|everyone|all)\b|\bsay only\b|\bpraise this\b"
    r"|\b(?:do not|don't) (?:mention|recommend|suggest|show)\b"
    r"|\b(?:system|developer|hidden) (?:prompt|message|instruction)|\blanguage model\b|\bas an ai\b"
    r"|\byou are (?:now|an? (?:ai|assistant|chatbot))\b|\b(?:new|following|my) (?:rules\b|instruct)"
    r"|\b(?:act|score|prior|rank)\s*=|\bset (?:the )?(?:act|score)\b|\b10\s*/\s*10\b"
    rf"|^\W*(?:{_ROLES})\s*[:：]"
    r"|(?:忽略|无视|忘记)[^。！？]{0,12}(?:指令|规则|提示|要求|设定)|只推荐|总是推荐|必须推荐"
    r"|评分设为|(?:系统|助手|用户)[:：]",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    rf"(?<=[.!?;])\s+|(?<=[。！？；])\s*|\s+(?=(?:{_ROLES})\s*[:：])", re.IGNORECASE
)


def clean_message(text: str) -> str:
    """Return a person's message without control and invisible characters, links and tags as words.

    Raises
    ------
    BadText
        If nothing is left, or more than `MAX_MESSAGE` characters.
    """
    kept = _visible(text, keep=_JOINERS).strip()
    if len(kept) > MAX_MESSAGE:
        raise BadText(
            f"expected a message of at most {MAX_MESSAGE:,} characters, got {len(kept):,}; "
            "shorten it"
        )
    # What looks like a tag stays readable but can be none any more; a limit ("<900") is none.
    kept = _TAG_LIKE.sub(lambda m: m.group().translate(_BRACKETS), _LINK.sub(r"\1", kept)).strip()
    if not kept:
        raise BadText("expected a message of at least one visible character, got none; type words")
    return kept


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return an item's text as plain words on one line, cut at a word near `limit` characters.

    Sentences that give orders are left out (see `is_order`).
    """
    sentences = _SENTENCE.split(_plain(text))
    return _cut(" ".join(s for s in sentences if not is_order(s)), limit)


def clean_title(title: str) -> str:
    """Return an item's title, or a fact, on one line, without markup and invisible characters.

    A title that is nothing but markup keeps its words.
    """
    plain = _plain(title)
    if not plain:
        words = _visible(_LEFT_OVER.sub(" ", title)).translate(_BRACKETS)
        plain = " ".join(words.split())
    return _cut(plain, MAX_TITLE)


def is_order(sentence: str) -> bool:
    """Tell whether a sentence tells its reader what to do instead of describing an item."""
    return _ORDER.search(sentence) is not None


def _cut(plain: str, limit: int) -> str:
    if len(plain) <= limit:
        return plain
    return plain[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _plain(text: str) -> str:
    """Return the words of a text, however its markup is dressed up."""
    plain = text
    if len(text) > _MOST_READ:
        plain = text[:_MOST_READ]
        plain = plain[: max(plain.rfind(end) for end in ".!?。！？ ") + 1] or plain
    for _ in range(3):  # an entity may hide a tag, and a tag an entity
        before = plain
        plain = _latin(_visible(html.unescape(_ANSI.sub(" ", plain))))
        plain = _OBJECT.sub(" ", _LINK.sub(r"\1", _TAG.sub(" ", plain)))
        plain = _ROLE_TAG.sub(" ", _ADDRESS.sub(" ", plain))
        if plain == before:
            break
    plain = _RUN.sub(r"\1\1\1", _BLOB.sub(" ", _MARKS.sub("", plain)))
    return " ".join(plain.translate(_BRACKETS).split())


def _latin(text: str) -> str:
    """Return a text with letters that are dressed up as others written plainly."""
    text = _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text.translate(_WIDE))
    return _MIXED.sub(lambda m: m.group().translate(_TWINS), text)


def _visible(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return a text with line ends and tabs as spaces and every other control dropped."""
    kept: list[str] = []
    marks = 0
    for c in _LINE_ENDS.sub(" ", text):
        category = unicodedata.category(c)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        hidden = category in ("Cc", "Cf", "Cs", "Co", "Cn") or c in _BLANK or marks > _MOST_MARKS
        if c in keep or not hidden:
            kept.append(c)
    return "".join(kept)
