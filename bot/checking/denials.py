"""People of a sentence who are denied, and makers whom only the item's text names.

"Tom Hanks is not in it" is false of a film that he plays in. Whether a person did what a sentence
says is judged in `bot.checking.roles`.
"""

import re
from collections.abc import Iterator

from bot.checking.evidence import Evidence, words_of
from bot.checking.unsupported import Unsupported

_MARK = "\ue001"  # stands for one of the item's people while denials are looked for
_NOT = r"(?:not|never|n['’]t)"
_AUX = rf"(?:is|was|does|did|do|has|were|are)\s*{_NOT}"
_DIRECTS = r"(?:direct(?:s|ed)?|helm(?:s|ed)?|make|made|film(?:ed)?|shoot|shot)"
_PLAYS = r"(?:stars?|starr(?:ed|ing)|play(?:s|ed)?|act(?:s|ed)?|featur(?:e|es|ing)|appears?|led)"
# What is denied of the person marked: to be there at all, to have made it, to play in it.
_DENIALS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("people", re.compile(rf"{_MARK} (?:is|was)\s*(?:{_NOT}|nowhere|absent)\b(?: to be found)?"
                          rf"(?= in\b| from\b| part\b| involved|[.,;!?]|$)", re.I)),
    ("people", re.compile(rf"\b(?:no|without|lacks|minus|sans)\s+{_MARK}", re.I)),
    ("people", re.compile(rf"\b(?:has|have)(?:n['’]t| not| no)?\s+(?:got )?(?:no|any)\s+{_MARK}",
                          re.I)),
    ("director", re.compile(rf"\b{_AUX}\s+(?:been )?{_DIRECTS} by\s+{_MARK}", re.I)),
    ("director", re.compile(rf"{_MARK} {_AUX} {_DIRECTS}\b", re.I)),
    ("director", re.compile(rf"\b(?:is|was)\s*{_NOT} (?:a|the) (?:film|work) (?:by|of)\s+{_MARK}",
                            re.I)),
    ("cast", re.compile(rf"\b{_AUX}\s+(?:{_PLAYS}|include|have)\s+{_MARK}", re.I)),
    ("cast", re.compile(rf"{_MARK} {_AUX} (?:{_PLAYS}|in the cast)\b", re.I)),
)  # fmt: skip
_NAME = r"((?:[A-ZÀ-Þ][\w'’.-]*\s+){1,3}[A-ZÀ-Þ][\w'’-]+)"
_MADE_BY = re.compile(
    rf"\b(?:directed|helmed) by {_NAME}|\bdirector {_NAME}|{_NAME} (?:directs|directed)\b"
    rf"|{_NAME} as (?:the |its )?director|\bdirector (?:is|was|being) {_NAME}"
    rf"|{_NAME} (?:is|was|sits|stands) (?:behind the camera|the director|its director|at the helm)"
    rf"|{_NAME}['’]s (?:direction|directing)"
)


def unsupported_denials(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield people of the item whom a sentence denies the part that they have in it."""
    held = {f.name for f in evidence.facets("people")}
    for name, roles in evidence.people.items():
        for form in dict.fromkeys((name, name.split()[-1])):
            marked = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", _MARK, sentence)
            if marked == sentence:
                continue
            for role, pattern in _DENIALS:
                if pattern.search(marked) and (role == "people" or role in roles or not held):
                    yield Unsupported("role", name, f"denied, but it is {roles[0]}")
            break


def unsupported_makers(sentence: str, evidence: Evidence) -> Iterator[Unsupported]:
    """Yield those who are called its director without being it, though the item's text may say so.

    Nothing is yielded where the director is not known.
    """
    known = [words_of(name) for name in evidence.values("director")]
    if not known:
        return
    for match in _MADE_BY.finditer(sentence):
        said = next(g for g in match.groups() if g)
        words = words_of(said)
        if not any(set(name[-1:]) & set(words) for name in known):
            yield Unsupported("role", said, "the facts name another director")
