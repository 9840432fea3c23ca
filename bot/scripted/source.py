"""YAML read with its line numbers, as YAML 1.2 has it: `no`, `12:30` and `=` are plain words.

Duplicate keys, tags and anchors are mistakes. Knows nothing of what a script may say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.scripted.mistakes import BrokenScript, Mistake

_MAX_BYTES = 1_000_000
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, object] = {
    "": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Source:
    """A YAML file as plain data, and the place of each part of it."""

    file: Path
    data: Any
    root: yaml.Node | None

    def line(self, place: Sequence[str | int], key: bool = False) -> int:
        """Return the line of a part, from 1; of the deepest part on the way if it is not there.

        Parameters
        ----------
        place
            Keys and indexes from the root.
        key
            Whether the line of its last key is meant instead of its value's.
        """
        node, line = self.root, 1
        for depth, step in enumerate(place):
            if isinstance(node, yaml.MappingNode):
                pair = next((p for p in node.value if p[0].value == str(step)), None)
                if pair is None:
                    break
                node = pair[1]
                if key and depth == len(place) - 1:
                    node = pair[0]
            elif isinstance(node, yaml.SequenceNode):
                if not isinstance(step, int) or not 0 <= step < len(node.value):
                    break
                node = node.value[step]
            else:
                break
            line = node.start_mark.line + 1
        return line


def read_source(file: Path) -> Source:
    """Read a YAML file.

    Raises
    ------
    BrokenScript
        If it cannot be read, is no UTF-8 or no YAML, or holds duplicate keys, tags or anchors.
    """
    try:
        raw = file.read_bytes()
        if len(raw) > _MAX_BYTES:
            raise _broken(file, 0, "a file below 1 MB", f"{len(raw):,} bytes", "split it")
        text = raw.decode("utf-8-sig")
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise _broken(file, 0, "a readable file", got, "check its name and permissions") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _broken(file, line, "UTF-8 text", "other bytes", "save the file as UTF-8") from error
    return Source(file, *_parsed(file, text))


def _parsed(file: Path, text: str) -> tuple[Any, yaml.Node | None]:
    try:
        _no_anchors(file, text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        remedy = "mend the indentation, or put text with : # { [ > ! & * in quotes"
        raise _broken(file, line, "YAML", error.problem or "something else", remedy) from error
    except RecursionError as error:
        raise _broken(file, 1, "a few levels", "very many", "take out brackets") from error
    except yaml.YAMLError as error:
        got = " ".join(str(error).split())
        raise _broken(file, 1, "YAML", got, "remove what is no plain text") from error
    mistakes: list[Mistake] = []
    data = _value(root, file, mistakes) if root is not None else None
    if mistakes:
        raise BrokenScript(mistakes)
    return data, root


def _no_anchors(file: Path, text: str) -> None:
    # An alias of an alias can stand for more data than any memory holds.
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            line = event.start_mark.line + 1 if event.start_mark else 1
            got = f"the anchor {anchor!r}"
            raise _broken(file, line, "plain values", got, "write the text in full or in quotes")


def _value(node: yaml.Node, file: Path, mistakes: list[Mistake]) -> Any:  # noqa: ANN401
    """Return a node as plain data; what cannot be is added to the mistakes."""
    line = node.start_mark.line + 1
    # A tag that was written, not found out; the composer fills in only those of YAML itself.
    if not node.tag.startswith("tag:yaml.org,2002:"):
        remedy = "put text that begins with ! in quotes"
        mistakes.append(Mistake(file, line, "plain values", f"the tag {node.tag!r}", remedy))
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, file, mistakes) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file, mistakes)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, file: Path, mistakes: list[Mistake]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "a list or mapping"
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            mistakes.append(Mistake(file, line, "a word as key", name, "put text in quotes"))
        elif name in found:
            remedy = "join the two or rename one"
            mistakes.append(Mistake(file, line, "each key once", f"{name} again", remedy))
        found[name] = _value(value, file, mistakes)
    return found


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    if getattr(node, "style", None) is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _broken(file: Path, line: int, expected: str, got: str, remedy: str) -> BrokenScript:
    return BrokenScript([Mistake(file, line, expected, got, remedy)])
