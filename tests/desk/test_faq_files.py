"""FAQ files: what is taken in, what is left out and why."""

from pathlib import Path

import pytest

from bot.desk.faq_file import Entry, read_faq
from bot.errors import FaqError


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_with_any_usual_delimiter(tmp_path: Path, mark: str) -> None:
    rows = (("Question", "Answer"), ("How long?", "Two days."), ("How much?", "Nothing."))
    path = written(tmp_path, "faq.csv", "\ufeff" + "\r\n".join(mark.join(row) for row in rows))
    entries, bad = read_faq(path)
    assert entries[0] == Entry("How long?", ("How long?",), "Two days.")
    assert len(entries) == 2 and not bad


def test_a_name_and_other_ways_to_ask_are_taken_where_given(tmp_path: Path) -> None:
    text = "name,question,also,answer\nReturns,How do I return it?,Send it back | Give it back,So."
    entries, _ = read_faq(written(tmp_path, "faq.csv", text))
    questions = ("How do I return it?", "Send it back", "Give it back")
    assert entries == (Entry("Returns", questions, "So."),)


def test_headings_with_text_are_entries_and_sections_are_not(tmp_path: Path) -> None:
    text = "# Help\n\n## Delivery\nTwo days.\n\n```\n# no heading\n```\n## Returns ##\n30 days.\n"
    entries, bad = read_faq(written(tmp_path, "faq.md", text))
    assert [e.name for e in entries] == ["Delivery", "Returns"]
    assert "# no heading" in entries[0].answer and entries[1].answer == "30 days."
    assert not bad


def test_bad_rows_are_told_with_their_line_and_the_rest_goes_in(tmp_path: Path) -> None:
    text = f"question,answer\na,1\nb,\n,2\nA,3\nc,{'x' * 5000}\nd,4\n"
    entries, bad = read_faq(written(tmp_path, "faq.csv", text))
    assert [e.name for e in entries] == ["a", "d"]
    assert [(b.line, b.reason.split(" ")[0]) for b in bad] == [
        (3, "no"),
        (4, "no"),
        (5, "the"),
        (6, "expected"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("faq.csv", b"q,a\n1,2\n", "columns question and answer, got a, q"),
        ("faq.csv", b"", "columns question and answer, got nothing"),
        ("faq.csv", b"question,answer\n", "got none"),
        ("faq.md", b"just words\n", "got none"),
        ("faq.csv", b"question,answer\n\xff\xfe,1\n", "UTF-8, got byte 0xff at 16"),
        ("faq.csv", b"\x89PNG\r\n\x1a\n\x00", "UTF-8"),
    ],
)
def test_a_file_that_is_no_faq_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FaqError, match=said) as caught:
        read_faq(path)
    assert ";" in str(caught.value)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(FaqError, match=r"nothing\.csv.*No such file"):
        read_faq(tmp_path / "nothing.csv")
