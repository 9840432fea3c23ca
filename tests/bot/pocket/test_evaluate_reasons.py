"""The measure of reasons, with a model that reads from a queue."""

from bot.llm.fake import FakeLLM
from bot.pocket.evaluate_reasons import catalogue_item, summary, write
from retrieval.types import Facet, Item, Schema

SCHEMA = Schema(
    "films",
    (Facet("genres", "category", values=("comedy",)), Facet("runtime", "number", "minutes")),
    item="film",
    items="films",
)
BIG = Item("big", "Big", "A boy grows up.", {"genres": ("comedy",), "runtime": 104})
ROW = {
    "id": "1",
    "title": "Big",
    "met": [["genres", "comedy"]],
    "wish": [],
    "liked": [],
    "facts": [["runtime", "104 minutes"]],
}


class NoNames:
    def mentions(self, text):
        return ()


def test_a_case_is_written_checked_and_counted():
    true = FakeLLM((), lambda brief, n: ("A comedy that runs 104 minutes.",))
    false = FakeLLM((), lambda brief, n: ("It runs 9 minutes.",))
    written = [write(ROW, BIG, SCHEMA, NoNames(), llm) for llm in (true, false)]
    assert [w.reason.generated for w in written] == [True, False]
    found = summary(written)
    assert (found.n, found.false, found.fallbacks, found.openings) == (2, 0, 1, 2)


def test_of_two_items_with_one_title_the_one_with_the_facts_is_meant():
    other = Item("big-2", "Big", "", {"genres": ("comedy",), "runtime": 90})
    assert catalogue_item(ROW, (other, BIG)) is BIG
    assert catalogue_item(ROW | {"title": "Small"}, (other, BIG)) is None
