"""`concierge index-faq`: what it says, and what it leaves behind."""

import sys
from pathlib import Path

import pytest

from bot import cli
from bot.desk.faq import FILE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("CONCIERGE_HOME", str(folder))
    return folder


def index(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["concierge", "index-faq", str(path)])
    return cli.run()


def test_a_file_is_taken_in_and_bad_rows_are_told(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("question,answer\nHow long?,Two days.\nHow much?,\n", encoding="utf-8")
    assert index(path, monkeypatch) == 0
    out, err = capsys.readouterr()
    assert "1 answers" not in out and out.startswith("1 answer, 1 left out")
    assert "faq.csv, line 3: left out: no answer" in err
    assert (home / FILE).is_file()


def test_a_wrong_file_leaves_the_faq_before_in_place(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good, wrong = tmp_path / "faq.md", tmp_path / "faq.csv"
    good.write_text("# Delivery\nTwo days.\n", encoding="utf-8")
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    assert index(good, monkeypatch) == 0
    before = (home / FILE).read_bytes()
    assert index(wrong, monkeypatch) == 2
    assert "expected the columns question and answer" in capsys.readouterr().err
    assert (home / FILE).read_bytes() == before
