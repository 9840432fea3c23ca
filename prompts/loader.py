"""Load prompt templates and worked examples, one file each, from this package.

A template is Markdown with `$name` gaps; `examples` are JSON lines. Knows nothing of catalogues,
dialogues or models: what goes into the gaps, and whether it can be trusted, is its caller's matter.

```
PromptError
├── UnknownPrompt   no file of that name
└── BadFill         the values given are not those that the template asks for
```
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template as _Gaps
from typing import Any

_NAME = re.compile(r"[a-z][a-z_]*")


class PromptError(Exception):
    """The base of every error that this package raises on purpose."""


class UnknownPrompt(PromptError):
    """There is no prompt file of that name."""


class BadFill(PromptError):
    """Values are missing for a template's gaps, or have no gap."""


@dataclass(frozen=True)
class Template:
    """A prompt with gaps.

    Parameters
    ----------
    name
        The file's name without its ending.
    text
        The template's text; `$word` is a gap, `$$` a dollar sign.
    """

    name: str
    text: str

    @property
    def gaps(self) -> frozenset[str]:
        """The names of the gaps."""
        return frozenset(_Gaps(self.text).get_identifiers())

    def fill(self, **values: str) -> str:
        """Return the text with every gap filled.

        Values are put in as they are: a `$` in a value opens no further gap.

        Raises
        ------
        BadFill
            If a gap has no value or a value no gap.
        """
        if values.keys() != self.gaps:
            raise BadFill(
                f"expected values for {sorted(self.gaps)} in prompt {self.name!r}, "
                f"came {sorted(values)}; give each gap of prompts/{self.name}.md one value"
            )
        return _Gaps(self.text).substitute(values)


@cache
def load(name: str) -> Template:
    """Return the template `name`.md, without the line break at its end.

    Raises
    ------
    UnknownPrompt
        If there is no such file.
    """
    return Template(name, _read(f"{name}.md", name).rstrip("\n"))


@cache
def text(name: str) -> str:
    """Return the plain file `name`.txt as it is.

    Raises
    ------
    UnknownPrompt
        If there is no such file.
    """
    return _read(f"{name}.txt", name)


@cache
def examples(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the worked examples of `name`.jsonl, in the file's order.

    Raises
    ------
    UnknownPrompt
        If there is no such file.
    """
    lines = _read(f"{name}.jsonl", name).splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


def _read(file: str, name: str) -> str:
    folder = files("prompts")
    if not _NAME.fullmatch(name) or not folder.joinpath(file).is_file():
        known = sorted(f.name for f in folder.iterdir() if f.name.endswith(file[len(name) :]))
        raise UnknownPrompt(f"expected one of {known} in prompts/, came {file!r}; check the name")
    return folder.joinpath(file).read_text(encoding="utf-8")
