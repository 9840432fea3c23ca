"""The bot's own words in one language: varied lines, and facts, wishes and lists in words.

The wordings are data (`phrases/*.toml`). Knows nothing of what is decided; it only says it.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bot.quantity.units import lists_numbers
from bot.types import Relative
from bot.understanding.glossary import in_chinese
from bot.voice.free_words import form
from bot.voice.wording import fact_words, handy
from retrieval.inference import FLAGGED
from retrieval.types import Constraint, Facet, Fact, Schema

LANGUAGES = ("en", "zh")
# The words of a unit at the end of a facet's name say nothing that its numbers do not say.
_UNIT_ENDING = re.compile(r"_(gb|tb|mb|g|kg|lb|oz|in|inches|cm|mm|min|minutes|usd|eur|w|mah)$")
_PERFORMERS = frozenset({"cast", "actor", "actors", "stars", "starring"})
_AUTHORS = frozenset({"author", "authors", "writer", "writers", "artist", "artists", "designer"})
_MAKERS = frozenset({"director", "directors", "directed_by"})


@dataclass(frozen=True)
class Seed:
    """What varies the wording and repeats it in a replay: the conversation and the turn."""

    session: str
    turn: int

    def pick(self, key: str, options: Sequence[str]) -> str:
        """Return one option; consecutive turns of a conversation get different ones."""
        digest = hashlib.blake2s(f"{self.session}:{key}".encode(), digest_size=4).digest()
        return options[(int.from_bytes(digest) + self.turn) % len(options)]


# Values that say how much, and nothing without what it is of.
DEGREES = frozenset("low medium high moderate minimal average extreme".split())


@dataclass(frozen=True)
class Phrases:
    """The wordings of one language.

    Parameters
    ----------
    language
        One of `LANGUAGES`.
    tables
        The sections of its file.
    """

    language: str
    tables: Mapping[str, Any]

    def say(self, key: str, seed: Seed, section: str = "lines", **fields: str) -> str:
        """Return a line of that key, filled in.

        A field `name` may also be written `{Name}`, which begins with a capital.
        """
        line = seed.pick(key, self.tables[section][key])
        both = {**fields, **{name.capitalize(): capital(text) for name, text in fields.items()}}
        return line.format(**both)

    def small(self, kind: str, text: str) -> bool:
        """Tell whether a message is small talk of that kind: greet, thanks, bye, orders."""
        return re.search(self.tables["small"][kind], text, re.IGNORECASE) is not None

    def facet(self, facet: Facet) -> str:
        """Return what a facet is called."""
        plain = _UNIT_ENDING.sub("", facet.name).replace("_", " ")
        name: str = self.tables["facets"].get(facet.name, plain)
        return name

    def value(self, facet: Facet, fact: Fact) -> str:
        """Return a fact in words, empty where it is unknown."""
        if fact is None or isinstance(fact, int | float):
            return self._unit(fact_words(facet, fact))
        values = (fact,) if isinstance(fact, str) else fact
        return self.join([self.one_value(v) for v in values], "comma")

    def one_value(self, value: str) -> str:
        """Return a value of a facet, or a theme, in this language; unknown ones as they are."""
        word: str | None = self.tables["values"].get(value)
        if word is None and self.language == "zh" and value.islower():
            word = in_chinese(value)
        return word or value

    def _unit(self, words: str) -> str:
        number, _, unit = words.partition(" ")
        return number + self.tables["units"][unit] if unit in self.tables["units"] else words

    def join(self, words: Sequence[str], last: str = "and") -> str:
        """Join words to a list whose last comma is `and`, `or` or `comma`."""
        grammar = self.tables["grammar"]
        if len(words) < 2:
            return "".join(words)
        return str(grammar["comma"].join(words[:-1]) + grammar[last] + words[-1])

    def quote(self, words: str) -> str:
        """Return words in quotation marks."""
        marked: str = self.tables["grammar"]["quote"].format(words)
        return marked

    def noun(self, schema: Schema, many: bool = True) -> str:
        """Return what the catalogue's items are called."""
        own = self.tables["nouns"].get(schema.item)
        if own is None and self.language == "zh":
            own = self.tables["nouns"]["item"]
        return str(own or (schema.items if many else schema.item))

    def some(self, n: int, schema: Schema) -> str:
        """Return a number of items in words: "three films"."""
        grammar = self.tables["grammar"]
        numbers = grammar["numbers"]
        word = numbers[n] if n < len(numbers) else str(n)
        form = grammar["one" if n == 1 else "many"]
        return str(form.format(n=word, item=self.noun(schema, n != 1), items=self.noun(schema)))

    def openings(self, schema: Schema) -> tuple[str, ...]:
        """Return up to three example messages for a catalogue."""
        own: Sequence[str] = self.tables["openings"].get(schema.name, schema.openings)
        return tuple(own[:3])

    def absent(self, constraint: Constraint, schema: Schema) -> str:
        """Return what an item does not have, as was wished: "no horror"."""
        facet = schema.facet(constraint.facet)
        if facet is None or facet.kind not in ("category", "tags"):
            return self.constraint(constraint, schema)
        value = constraint.value
        words = value if isinstance(value, tuple) else (value,)
        said = self.join([self.one_value(str(v)) for v in words], "or")
        return self._wish("avoid" if facet.kind == "tags" else "absent", facet, value=said)

    def constraint(self, constraint: Constraint, schema: Schema, last: str = "or") -> str:
        """Return a hard wish in words: "at most 120 minutes", "no horror", "comedy or drama"."""
        facet = schema.facet(constraint.facet) or Facet(constraint.facet, "category")
        if facet.kind == "number":
            return self._number_wish(facet, constraint)
        value = constraint.value
        words = value if isinstance(value, tuple) else (value,)
        said = self.join([self.one_value(str(v)) for v in words], last)
        if lists_numbers(facet):
            return self._counted(facet, said)
        if self.language == "en" and said.lower() in DEGREES:
            said = f"{said} {self.facet(facet).lower()}"
        if self.language == "en" and constraint.op == "!=" and is_told_of(facet, said):
            return f"not {said}"  # "not toxic to pets"
        return self._wish(self._worded_key(facet, constraint.op), facet, value=said)

    def _counted(self, facet: Facet, said: str) -> str:
        """Return a number without a unit with what it counts: "6 players", "age at most 5"."""
        label = self.facet(facet)
        plural = label.endswith("s") and said.isdigit()
        return f"{said} {label}" if plural else f"{label} {said}"

    def _worded_key(self, facet: Facet, op: str) -> str:
        if facet.kind == "people":
            if op == "!=":
                return "people_not"
            if facet.name in _AUTHORS:
                return "people_by"
            if facet.name in _MAKERS:
                return "people_director"
            return "people_cast" if facet.name in _PERFORMERS else "named"
        if facet.kind == "tags":
            return "=" if op == "=" else "avoid"
        return facet.name if facet.name in ("language", "country") and op == "=" else op

    def _number_wish(self, facet: Facet, constraint: Constraint) -> str:
        value, year = constraint.value, facet.unit == "year"
        if isinstance(value, tuple) and len(value) == 2:
            low, high = (self.value(facet, _number(v)) for v in value)
            key = "year_between" if year else "between"
            return self._wish(key, facet, low=low.split(" ")[0], high=high)
        name = {"=": "eq", "!=": "ne", ">=": "ge", "<=": "le", "~": "near"}[constraint.op]
        if constraint.strict and not year:
            name = {"ge": "gt", "le": "lt"}.get(name, name)
        if constraint.op == "!=":
            key = "number_ne"
        elif year:
            key = f"year_{name}"
        else:
            key = "number_eq" if name == "eq" else name
        said = self._wish(key, facet, value=handy(self.value(facet, _number(value))))
        bare = not facet.unit and "{facet}" not in self.tables["wish"][key]
        return self._counted(facet, said) if bare else said

    def relative(self, relative: Relative, schema: Schema) -> str:
        """Return a superlative wish in words; empty for other directions."""
        facet = schema.facet(relative.facet)
        if facet is None or relative.direction not in ("min", "max"):
            return ""
        return self._wish(relative.direction, facet)

    def wish(self, key: str, **fields: str) -> str:
        """Return a wish that is no constraint, by its key: similar, avoid."""
        return str(self.tables["wish"][key].format(**fields))

    def _wish(self, key: str, facet: Facet, **fields: str) -> str:
        return str(self.tables["wish"][key].format(facet=self.facet(facet), **fields))


def is_told_of(facet: Facet, said: str) -> bool:
    """Tell whether a yes says what an item is rather than what it has: "toxic to pets"."""
    return facet.name in FLAGGED and form(said.lower().split(" ")[0]) == "adjective"


@lru_cache
def phrases(language: str) -> Phrases:
    """Return the wordings of a language; English where there are none."""
    name = language if language in LANGUAGES else "en"
    text = (files("bot.voice") / "phrases" / f"{name}.toml").read_text(encoding="utf-8")
    return Phrases(name, tomllib.loads(text))


def capital(text: str) -> str:
    """Return a text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def _number(value: object) -> Fact:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else None
