"""Who did what: people in a sentence, held against the facets that hold them.

"Directed by" an actor is as false as a name from nowhere. Knows roles by the names that people
facets usually have; a facet of another name is known by that name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.checking.evidence import Evidence
from bot.checking.unsupported import Unsupported
from retrieval.words import fold

# Facet names → (verb forms before "by", nouns before a name, verbs behind a name).
_ROLES: dict[str, tuple[str, str, str]] = {
    "director": (
        r"directed|helmed|shot|filmed|made|crafted|staged|orchestrated",
        r"directors?|filmmakers?|director[- ]writers?|auteurs?|导演(?:是|为|：|:)?",
        r"directs|directed|helms|helmed|directing|'s direction|'s directing|执导|导演",
    ),
    "cast": (
        r"played|led|headed|carried|portrayed|voiced|performed|anchored|headlined|fronted|acted",
        r"starring|stars|featuring|actors?|actress(?:es)?|leads?|cast includes"
        r"|performances? (?:by|from)|主演(?:是|为|有|：|:)?|演员",
        r"stars|starred|plays|played|acts|shines|headlines|leads|portrays|'s performance"
        r"|主演|出演|饰演",
    ),
    "author": (
        r"written|penned|authored|told",
        r"authors?|writers?|novelists?|作者(?:是|为|：|:)?",
        r"writes|wrote|'s writing|'s prose|著|写",
    ),
}
_SAME = {
    "directors": "director", "actor": "cast", "actors": "cast", "stars": "cast",
    "starring": "cast", "authors": "author", "writer": "author", "writers": "author",
}  # fmt: skip
_LETTERS = r"a-zA-Z0-9_\u00c0-\u024f"
_MARK = "\ue000"  # stands for a name while roles are looked for; never in cleaned text
_NAME = rf"{_MARK}(\d+){_MARK}"
_LIST = rf"(?:{_MARK}\d+{_MARK}(?:\s*(?:,|and|&|with|、|和|与)\s*(?:and\s*)?)?)+"


def unsupported_roles(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield the people of a sentence who did not do what it says they did."""
    marked, people = _mark(sentence, evidence)
    if not people:
        return
    facets = {_SAME.get(f.name, f.name): f.name for f in evidence.facets("people")}
    for role, said in _claimed(marked, tuple(facets)):
        facet = facets.get(role)
        for number in re.findall(_NAME, said):
            name = people[int(number)]
            if facet is None or facet not in evidence.people[name]:
                if not _told(role, name, evidence):
                    yield Unsupported("role", name, f"not {role} but {evidence.people[name][0]}")
    yield from _bare_by(marked, people, facets, evidence)


def _claimed(marked: str, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (role, marked names) for every role that a sentence gives."""
    for role in dict.fromkeys((*_ROLES, *own)):
        word = re.escape(role)
        by, before, after = _ROLES.get(role, (word, rf"{word}s?", rf"'s {word}"))
        for pattern in (
            rf"\b(?:{by})(?: and \w+)? by (?:the \w+ |veteran |\w+ )?({_LIST})",
            rf"(?:\b|(?<=[\u3400-\u9fff]))(?:{before})\s*({_LIST})",
            rf"({_LIST})\s*(?:{after})(?:\b|(?=[\u3400-\u9fff])|$)",
        ):
            for match in re.finditer(pattern, marked, re.IGNORECASE):
                yield role, match.group(1)


def _bare_by(
    marked: str, people: dict[int, str], facets: dict[str, str], evidence: Evidence
) -> Iterator[Unsupported]:
    """Yield players whom a bare "by" makes the maker ("a film by Tom Hanks")."""
    makers = [facet for role, facet in facets.items() if role != "cast"]
    if not makers:
        return
    players = _ROLES["cast"][0]
    for match in re.finditer(rf"(?:(\w+)(?: \w+)? |^|[.!?] )by ({_LIST})", marked, re.IGNORECASE):
        if re.fullmatch(players, match.group(1) or "", re.IGNORECASE):
            continue
        for number in re.findall(_NAME, match.group(2)):
            name = people[int(number)]
            if not set(evidence.people[name]) & set(makers) and "performance" not in match.group():
                yield Unsupported("role", name, "named as its maker, but only plays in it")


def _mark(sentence: str, evidence: Evidence) -> tuple[str, dict[int, str]]:
    """Return the sentence with the item's people as numbered marks, and the names by number."""
    people: dict[int, str] = {}
    marked = sentence.replace(_MARK, "").replace("’", "'")
    for number, name in enumerate(evidence.people):
        people[number] = name
        for form in _forms(name):
            marked = _pattern(form).sub(f"{_MARK}{number}{_MARK}", marked)
    return marked, people if _MARK in marked else {}


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """Return what finds a name that is no part of a longer word; CJK may stand right beside it."""
    return re.compile(rf"(?<![{_LETTERS}]){re.escape(form)}(?![{_LETTERS}])", re.IGNORECASE)


def _forms(name: str) -> list[str]:
    """Return how a person may be called: in full, first and last, last name."""
    words = name.split()
    forms = [name, fold(name)]
    if len(words) > 2:
        forms.append(f"{words[0]} {words[-1]}")
    if len(words) > 1 and len(words[-1]) > 3:
        forms.append(words[-1])
    return list(dict.fromkeys(forms))


def _told(role: str, name: str, evidence: Evidence) -> bool:
    """Tell whether the item's own text gives a person that role."""
    text = evidence.own_text
    by = _ROLES.get(role, (re.escape(role), "", ""))[0]
    return re.search(rf"({by}) by {re.escape(fold(name))}", text) is not None
