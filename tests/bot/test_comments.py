"""Comments are read into events, in batches, each of them once."""

from collections.abc import Sequence
from pathlib import Path

from bot.comments import BATCH, Comment, CommentReader, Told
from bot.llm.base import Situation
from bot.llm.fake import FakeLLM
from bot.reading import Added, Reading
from bot.shelves.shelf import FILMS
from ranking.types import EventKind

NOTHING = Reading(act="recommend")


class ByFirstWord:
    """A judge that goes by the first word, and counts what it was asked."""

    def __init__(self, name: str = "by first word") -> None:
        self.name, self.asked = name, 0

    def of(self, comments: Sequence[str]) -> tuple[EventKind, ...]:
        self.asked += len(comments)
        kinds: dict[str, EventKind] = {"good": "liked", "bad": "disliked"}
        return tuple(kinds.get(comment.split()[0], "mentioned") for comment in comments)


def reader(llm: FakeLLM, cache: Path, judge: ByFirstWord | None = None) -> CommentReader:
    return CommentReader(llm, judge or ByFirstWord(), FILMS, cache)


def test_the_judge_tells_the_verdict_and_the_llm_the_aspects(tmp_path: Path) -> None:
    added = Added(facet="genres", op="=", text="comedy")
    reading = Reading(act="recommend", add=(added, added), asks=("year",), wish=("great acting",))
    (one,) = reader(FakeLLM(readings=[reading]), tmp_path).read([Comment("Alien", "good one")])
    assert one == Told("liked", ("genres", "year", "great acting"))


def test_a_comment_is_read_as_a_message_of_somebody_shown_that_item(tmp_path: Path) -> None:
    llm = FakeLLM(readings=[NOTHING])
    reader(llm, tmp_path).read([Comment("Alien", "good one")])
    assert [(s.shown, s.text) for s in llm.situations] == [(("Alien",), "good one")]


def test_every_comment_of_a_batch_gets_its_own_verdict_and_aspects(tmp_path: Path) -> None:
    llm = FakeLLM(readings=lambda s: Reading(act="recommend", wish=(s.text[-1],)))
    comments = [Comment("Alien", text) for text in ("good a", "bad b", "so c")]
    assert reader(llm, tmp_path).read(comments) == (
        Told("liked", ("a",)),
        Told("disliked", ("b",)),
        Told("mentioned", ("c",)),
    )


def test_no_comment_is_read_twice_not_even_by_another_process(tmp_path: Path) -> None:
    comments = [Comment("Alien", "good"), Comment("Alien", "good"), Comment("Heat", "bad")]
    first, judge = FakeLLM(readings=[NOTHING] * 2), ByFirstWord()
    expected = (Told("liked"), Told("liked"), Told("disliked"))
    assert reader(first, tmp_path, judge).read(comments) == expected
    assert len(first.situations) == judge.asked == 2
    assert reader(FakeLLM(), tmp_path).read(comments) == expected


def test_what_another_llm_or_another_judge_read_is_not_taken_over(tmp_path: Path) -> None:
    comment = [Comment("Alien", "good")]
    reader(FakeLLM(readings=[NOTHING]), tmp_path).read(comment)
    other = FakeLLM(readings=[Reading(act="recommend", wish=("tension",))])
    other.name = "another"
    assert reader(other, tmp_path).read(comment) == (Told("liked", ("tension",)),)
    judge = ByFirstWord("another")
    reader(FakeLLM(readings=[NOTHING]), tmp_path, judge).read(comment)
    assert judge.asked == 1


def test_a_line_that_a_kill_cut_off_costs_that_line_only(tmp_path: Path) -> None:
    comments = [Comment("Alien", "good"), Comment("Alien", "bad")]
    reader(FakeLLM(readings=[NOTHING] * 2), tmp_path).read(comments)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text()[:-20])
    again = FakeLLM(readings=[NOTHING])
    assert reader(again, tmp_path).read(comments) == (Told("liked"), Told("disliked"))
    assert len(again.situations) == 1
    assert reader(FakeLLM(), tmp_path).read(comments) == (Told("liked"), Told("disliked"))


def test_many_comments_go_in_batches(tmp_path: Path) -> None:
    calls: list[int] = []

    class Counting(FakeLLM):
        def read(self, situations: "list[Situation]") -> tuple[Reading, ...]:
            calls.append(len(situations))
            return super().read(situations)

    many = [Comment("Alien", str(n)) for n in range(2 * BATCH + 3)]
    reader(Counting(readings=lambda _: NOTHING), tmp_path).read(many)
    assert calls == [BATCH, BATCH, 3]
