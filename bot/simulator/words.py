"""The wordings of simulated people, filled in. The wordings are data (`people.toml`)."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any

from bot.voice.phrasing import capital
from retrieval.words import plain_words


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """Return the sections of `people.toml`."""
    text = (files("bot.simulator") / "people.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(random: Random, section: str, key: str = "default", **fields: str) -> str:
    """Return one wording of a section, drawn at random and filled in.

    A field `name` may also be written `{Name}`, which begins with a capital.
    """
    options: Sequence[str] = tables()[section][key]
    both = {**fields, **{name.capitalize(): capital(text) for name, text in fields.items()}}
    return random.choice(options).format(**both)


def key_of(section: str, *keys: str) -> str:
    """Return the first of the keys that a section has, else `default`."""
    return next((key for key in keys if key in tables()[section]), "default")


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Return every word that the wordings themselves hold, folded."""
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)
        else:
            found.update(plain_words(str(value)))

    walk(tables())
    return frozenset(found)
