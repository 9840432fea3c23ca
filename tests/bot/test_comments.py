"""Comments are read into events, in batches, each of them once."""

from pathlib import Path

import pytest

from bot.comments import BATCH, Comment, CommentReader, Told, told
from bot.llm.base import Situation
from bot.llm.fake import FakeLLM
from bot.reading import Added, Reading
from bot.shelves.shelf import FILMS

LIKED = Reading(act="recommend", likes=("#1",))


def reader(llm: FakeLLM, cache: Path) -> CommentReader:
    return CommentReader(llm, FILMS, cache)


@pytest.mark.parametrize(
    ("reading", "kind"),
    [
        (LIKED, "liked"),
        (Reading(act="accept", refers=("#1",)), "mentioned"),
        (Reading(act="recommend", dislikes=("#1",)), "disliked"),
        (Reading(act="recommend", avoid=("battery",)), "disliked"),
        (Reading(act="answer", asks=("year",)), "mentioned"),
        (Reading(act="recommend", likes=("#1",), dislikes=("#1",)), "mentioned"),
        (Reading(act="recommend", likes=("#1",), asks=("year",)), "mentioned"),
        (Reading(act="recommend", seen=("#1",)), "mentioned"),
    ],
)
def test_a_verdict_is_what_is_said_for_or_against_and_a_question_is_none(
    reading: Reading, kind: str
) -> None:
    assert told(reading).kind == kind


def test_aspects_are_facets_and_free_words_each_once() -> None:
    added = Added(facet="genres", op="=", text="comedy")
    reading = Reading(act="recommend", add=(added, added), asks=("year",), wish=("great acting",))
    assert told(reading).aspects == ("genres", "year", "great acting")


def test_a_comment_is_read_as_a_message_of_somebody_shown_that_item(tmp_path: Path) -> None:
    llm = FakeLLM(readings=[LIKED] * 2)
    (one,) = reader(llm, tmp_path).read([Comment("Alien", "Loved it")])
    assert one == Told("liked")
    assert all(s.shown == ("Alien",) and s.text.endswith("Loved it") for s in llm.situations)


def test_readings_that_contradict_each_other_are_no_verdict() -> None:
    dislike, nothing = Reading(act="recommend", dislikes=("#1",)), Reading(act="recommend")
    assert told(LIKED, dislike).kind == "mentioned"
    assert told(nothing, dislike).kind == "disliked"


def test_every_comment_of_a_batch_gets_its_own_two_readings(tmp_path: Path) -> None:
    dislike = Reading(act="recommend", dislikes=("#1",))
    llm = FakeLLM(readings=lambda s: LIKED if s.text.endswith("good") else dislike)
    comments = [Comment("Alien", text) for text in ("good", "bad", "so good")]
    kinds = [one.kind for one in reader(llm, tmp_path).read(comments)]
    assert kinds == ["liked", "disliked", "liked"]


def test_no_comment_is_read_twice_not_even_by_another_process(tmp_path: Path) -> None:
    comments = [Comment("Alien", "Loved it"), Comment("Alien", "Loved it"), Comment("Heat", "Meh")]
    dislike = Reading(act="recommend", dislikes=("#1",))
    first = FakeLLM(readings=[LIKED, dislike] * 2)
    expected = (Told("liked"), Told("liked"), Told("disliked"))
    assert reader(first, tmp_path).read(comments) == expected
    assert len(first.situations) == 4
    assert reader(FakeLLM(), tmp_path).read(comments) == expected


def test_what_another_llm_read_is_not_taken_over(tmp_path: Path) -> None:
    reader(FakeLLM(readings=[LIKED] * 2), tmp_path).read([Comment("Alien", "Loved it")])
    other = FakeLLM(readings=[Reading(act="recommend")] * 2)
    other.name = "another"
    assert reader(other, tmp_path).read([Comment("Alien", "Loved it")]) == (Told("mentioned"),)


def test_a_line_that_a_kill_cut_off_costs_that_line_only(tmp_path: Path) -> None:
    comments = [Comment("Alien", "a"), Comment("Alien", "b")]
    reader(FakeLLM(readings=[LIKED] * 4), tmp_path).read(comments)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text()[:-20])
    again = FakeLLM(readings=[Reading(act="recommend", dislikes=("#1",))] * 2)
    assert reader(again, tmp_path).read(comments) == (Told("liked"), Told("disliked"))
    assert reader(FakeLLM(), tmp_path).read(comments) == (Told("liked"), Told("disliked"))


def test_many_comments_go_in_batches(tmp_path: Path) -> None:
    calls: list[int] = []

    class Counting(FakeLLM):
        def read(self, situations: "list[Situation]") -> tuple[Reading, ...]:
            calls.append(len(situations))
            return super().read(situations)

    many = [Comment("Alien", str(n)) for n in range(2 * BATCH + 3)]
    reader(Counting(readings=lambda _: LIKED), tmp_path).read(many)
    assert calls == [2 * BATCH, 2 * BATCH, 6]
