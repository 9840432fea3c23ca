"""Which items and whose facts a reference means: `#2`, "the last one", "it", "him", a title.

Knows the items shown and the catalogue's titles; not what is wanted of them.
"""

import re
from collections.abc import Callable, Sequence

from bot.quantity.digits import chinese_value, lowered
from bot.shelves.catalogue import Catalogue
from bot.types import Conversation
from bot.understanding.naming import titled
from retrieval.constraints import values_of
from retrieval.title_words import canonical
from retrieval.types import Fact, Item
from retrieval.words import plain_key

_ORDINALS = {
    w: i
    for i, words in enumerate(
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"), start=1
    )
    for w in words.split()
}
_ORDINAL = re.compile(
    r"(?:the )?(?:very )?(?P<word>[a-z0-9]+)"
    r"(?: (?:one|film|movie|item|option|of (?:them|those|these)))?"
)
_NUMBER = re.compile(r"(?:the )?(?:number|no\.?|option|#)\s*(?P<digit>\d)")
_ORDINAL_ZH = re.compile(r"第(?P<number>\d|[一二三四五六七八九十])[部个個款台本首]?")
_IT = re.compile(
    r"it|that|this|(?:that|this) (?:one|film|movie|item)|这个|这部|那个|那部|它|这款|那款"
)
_ALL = re.compile(
    r"(?:all (?:of )?)?(?:them|these|those)(?: (?:films|movies|ones|items))?|all|both"
    r"|all (?:three|of them)|这些|那些|它们|全部|都"
)
_PERSON = re.compile(
    r"he|him|his|she|her|hers|they|them|their|他|她|他们|她们|(?:这|那|同一)(?:个|位)?\S{0,4}"
)
_FILLERS = frozenset(
    "the a an that this one film movie item device phone laptop tablet camera with by from of in"
    " thing version".split()
)
_NOUN = (
    r"(?:director|actor|actress|star|filmmaker|author|writer|artist|band|designer|maker|brand"
    r"|company|manufacturer|country|language|genre|kind|type|sort|year|guy|man|woman|person)"
)
_SAME = re.compile(
    rf"(?:the |that |this )?(?:very )?same(?: \w+)*|(?:that|this|the|its|their) {_NOUN}(?:'s)?"
    r"|同样的?\S{0,4}|相同的?\S{0,4}"
)


def shown_item(reference: str, conversation: Conversation) -> str | None:
    """Return the id that `#n` stands for, or None where nothing was shown there."""
    match = re.fullmatch(r"#(\d+)", reference)
    place = int(match.group(1)) if match else 0
    return conversation.shown[place - 1] if 0 < place <= len(conversation.shown) else None


def focused(conversation: Conversation) -> str | None:
    """Return the item that "it" means: the one last spoken of, else the first one shown."""
    if conversation.focus is not None:
        return conversation.focus
    return conversation.shown[0] if conversation.shown else None


def items(reference: str, conversation: Conversation, index: Catalogue) -> tuple[str, ...]:
    """Return the ids that a reference means; () where it means nothing known.

    `#n` and `#all`, ordinals and pronouns mean items shown; else see
    `bot.understanding.naming.titled`.
    """
    if reference == "#all":
        return conversation.shown
    if reference.startswith("#") and reference[1:].isdigit():
        one = shown_item(reference, conversation)
        return (one,) if one else ()
    words = lowered(reference).strip(" .!?,\"'")
    if conversation.shown:
        if _ALL.fullmatch(words):
            return conversation.shown
        one = _ordinal(words, conversation.shown)
        if one is not None:
            return (one,)
    if _IT.fullmatch(words):
        one = focused(conversation)
        return (one,) if one else ()
    for ids in (conversation.shown, conversation.ever_shown):
        for of in (_words_of, _all_words_of):
            one = _described(words, index.get(ids), index, of)
            if one:
                return (one,)
    return titled(reference, index)


def _described(
    words: str, shown: Sequence[Item], index: Catalogue, words_of: Callable[[Item], set[str]]
) -> str | None:
    """Return the one item shown that words describe: "the lg", "the korean one", half a title.

    Every word must stand in its title or its worded facts, or name one of its values; a whole
    title is left to the titles.
    """
    wanted = set(plain_key(words).split()) - _FILLERS
    if not wanted or any(canonical(words) == canonical(i.title) for i in shown):
        return None
    named = [m for m in index.values.mentions(words) if m.facet is not None]
    fitting = []
    for item in shown:
        held = [m for m in named if m.value in values_of(item.facts.get(str(m.facet)))]
        known = {w for m in held for w in plain_key(words[m.start : m.end]).split()}
        if wanted <= words_of(item) | known:
            fitting.append(item.id)
    return fitting[0] if len(fitting) == 1 else None


def _words_of(item: Item) -> set[str]:
    values = [
        v for fact in item.facts.values() if isinstance(fact, str | tuple) for v in values_of(fact)
    ]
    return set(plain_key(" ".join((item.title, *values))).split())


def _all_words_of(item: Item) -> set[str]:
    return _words_of(item) | set(plain_key(item.text).split())


def _ordinal(words: str, shown: tuple[str, ...]) -> str | None:
    spoken = _ORDINAL.fullmatch(words)
    number = _NUMBER.fullmatch(words)
    chinese = _ORDINAL_ZH.fullmatch(words)
    place = 0
    if spoken and spoken["word"] in ("last", "latter"):
        place = len(shown)
    elif re.fullmatch(r"最后(?:一[部个個款])?", words):
        place = len(shown)
    elif spoken:
        place = _ORDINALS.get(spoken["word"], 0)
    elif number:
        place = int(number["digit"])
    elif chinese:
        raw = chinese["number"]
        place = int(raw) if raw.isdigit() else int(chinese_value(raw) or 0)
    return shown[place - 1] if 0 < place <= len(shown) else None


def fact_of(
    reference: str, facet: str, conversation: Conversation, index: Catalogue
) -> Fact | None:
    """Return the fact that a reference in place of a value stands for, or None.

    `#n` means that item's own fact, "the same director" and "that brand" those of the item last
    spoken of. "Him" and "her" mean one person: the one that the last answer named, else the one
    that was asked for, else the first of that item.
    """
    if reference.startswith("#"):
        one = shown_item(reference, conversation)
        return _fact(one, facet, index)
    words = lowered(reference).strip(" .!?,")
    if _PERSON.fullmatch(words):
        return _person(facet, words, conversation, index)
    return _fact(focused(conversation), facet, index) if _SAME.fullmatch(words) else None


def _fact(item: str | None, facet: str, index: Catalogue) -> Fact | None:
    found = index.get((item,)) if item else ()
    return found[0].facts.get(facet) if found else None


def _person(facet: str, words: str, conversation: Conversation, index: Catalogue) -> Fact | None:
    fact = _fact(focused(conversation), facet, index)
    names = fact if isinstance(fact, tuple) else (fact,) if isinstance(fact, str) else ()
    said = conversation.history[-1].reply.reply if conversation.history else ""
    named = tuple(name for name in names if name in said)
    held = tuple(
        value
        for held in conversation.wishes.constraints
        if held.facet == facet and held.op == "=" and isinstance(held.value, tuple)
        for value in held.value
        if isinstance(value, str)
    )
    chosen = (named if len(named) < len(names) else ()) or held or names
    several = words in ("they", "them", "their", "他们", "她们")
    return (chosen if several else chosen[:1]) or None
