"""From files to scripts: every mistake with its file and line.

Knows no catalogue and runs nothing.
"""

import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.scripted import SUFFIX
from bot.scripted.errors import NoScripts
from bot.scripted.fields import shown
from bot.scripted.form import Feedback, Script, Turn
from bot.scripted.mistakes import BrokenScript, Mistake, one_of, use_instead, where
from bot.scripted.source import Source, read_source

_STEPS: dict[str, type[BaseModel]] = {"step:turn": Turn, "step:feedback": Feedback}
_EXPECTED = {
    "string_type": ("text", "write words"),
    "int_type": ("a whole number", "write digits"),
    "int_from_float": ("a whole number", "write digits without a point"),
    "float_type": ("a number", "write digits"),
    "bool_type": ("true or false", "write one of the two, without quotes"),
    "tuple_type": ("a list", "put it in square brackets"),
    "dict_type": ("a mapping of facets to tests", "write it as {genres: {has: comedy}}"),
}


@dataclass(frozen=True)
class Written:
    """A script and where it is written."""

    script: Script
    source: Source

    @property
    def file(self) -> Path:
        """Return the script's file."""
        return self.source.file

    def line(self, *place: str | int) -> int:
        """Return the line of a part, from 1."""
        return self.source.line(place)


def gather(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the script files that paths name, each once, folders searched and sorted.

    Raises
    ------
    NoScripts
        If a path does not exist, or a folder holds no script.
    """
    found: dict[Path, None] = {}
    for path in paths:
        files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not files or not path.exists():
            got = "a folder without one" if path.is_dir() else "nothing"
            raise NoScripts(
                f"expected scripts at {path}, got {got}; name a file or a folder of *{SUFFIX}"
            )
        found.update(dict.fromkeys(files))
    return tuple(found)


def read_script(file: Path) -> Written:
    """Read one script.

    Raises
    ------
    BrokenScript
        With every mistake of its form, in the order of their lines.
    """
    source = read_source(file)
    if not isinstance(source.data, dict):
        remedy = "begin with `name: …` and `turns:`"
        got = shown(source.data)
        raise BrokenScript([Mistake(file, 1, "a mapping with name and turns", got, remedy)])
    try:
        return Written(Script.model_validate(source.data), source)
    except ValidationError as error:
        found = sorted((_mistake(source, e) for e in error.errors()), key=lambda m: m.line)
        raise BrokenScript(found) from error


def read_scripts(files: Iterable[Path]) -> tuple[tuple[Written, ...], tuple[Mistake, ...]]:
    """Read scripts; return those that are sound, and the mistakes of the others."""
    sound: list[Written] = []
    mistakes: list[Mistake] = []
    for file in files:
        try:
            sound.append(read_script(file))
        except BrokenScript as error:
            mistakes.extend(error.mistakes)
    return tuple(sound), tuple(mistakes)


def _mistake(source: Source, error: ErrorDetails) -> Mistake:
    place = [p for p in error["loc"] if not (isinstance(p, str) and p in _STEPS)]
    expected, got, remedy = _said(error)
    line = source.line(place, key=error["type"] == "extra_forbidden")
    return Mistake(source.file, line, expected, got, remedy, where(place))


def _said(error: ErrorDetails) -> tuple[str, str, str]:
    """Return what was expected, what came, and the remedy."""
    kind, context, got = error["type"], error.get("ctx", {}), shown(error["input"])
    if kind == "form":
        return context["expected"], context["got"], context["remedy"]
    if kind == "extra_forbidden":
        key, known = str(error["loc"][-1]), _keys(_model_at(error["loc"][:-1]))
        return one_of(known), f"the key {key!r}", use_instead(key, known)
    if kind == "missing":
        return f"the key {error['loc'][-1]}", "none", "add it"
    if kind == "model_type":
        known = _keys(_model_at(error["loc"]))
        return f"a mapping with {one_of(known)}", got, "indent its keys below it"
    if kind == "literal_error":
        return str(context["expected"]), got, "write one of those"
    return _expected(kind, error["msg"], got)


def _expected(kind: str, message: str, got: str) -> tuple[str, str, str]:
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        return expected, got, remedy
    told = message[:1].lower() + message[1:]
    return told.removeprefix("input should be "), got, "change the value"


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(place: Sequence[str | int]) -> type[BaseModel]:
    """Return the model of a part of a script."""
    model: type[BaseModel] = Script
    for step in place:
        if isinstance(step, str) and step in _STEPS:
            model = _STEPS[step]
            continue
        fields = {f.alias or n: f for n, f in model.model_fields.items()}
        if isinstance(step, str) and step in fields:
            model = _model_in(fields[step].annotation) or model
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts = typing.get_args(annotation)
    return next((m for part in parts if (m := _model_in(part))), None)
