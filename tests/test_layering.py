"""Imports between our packages run one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("bot", "prompts", "ranking", "retrieval")
ALLOWED = {
    "retrieval": {"retrieval"},
    "prompts": {"prompts"},
    "ranking": {"ranking", "retrieval.types"},
    "bot": {"bot", "prompts", "ranking", "retrieval"},
}
# Training and measuring need item texts and their vectors; the ranking itself does not.
TRAINING = {"retrieval.embedding", "retrieval.catalog"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def allowed(package: str, path: Path, module: str) -> bool:
    if package == "ranking" and module in TRAINING:
        source = path.read_text(encoding="utf-8")
        return "argparse" in source or path.name in ("sources.py", "train.py", "evaluate.py")
    return any(module == a or module.startswith(f"{a}.") for a in ALLOWED[package])


@pytest.mark.parametrize("package", OURS)
def test_imports_run_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for module in imports(path)
        if module.split(".")[0] in OURS and not allowed(package, path, module)
    ]
    assert not wrong


@pytest.mark.parametrize("package", OURS)
def test_no_relative_imports_leave_a_package(package: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert not wrong
