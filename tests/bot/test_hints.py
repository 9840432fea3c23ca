from bot.llm.base import Hint
from bot.understanding.hints import hints
from retrieval.embedding import HashEncoder
from retrieval.meaning import WordVectors
from retrieval.types import Facet, Item, Schema
from retrieval.values import ValueIndex

SCHEMA = Schema("films", (Facet("genres", "category", values=("science fiction", "comedy")),))
ITEMS = (
    Item("alien", "Alien", "", {"genres": ("science fiction",)}),
    Item("big", "Big", "", {"genres": ("comedy",)}),
)


def _hints(text: str) -> tuple[Hint, ...]:
    values = ValueIndex(SCHEMA, ITEMS, WordVectors(HashEncoder()))
    return hints(text, values, {"alien": "Alien", "big": "Big"}.get)  # type: ignore[arg-type]


def test_values_and_titles_are_hinted_at_their_place() -> None:
    assert _hints("a comedy like Alien") == (
        Hint(2, 8, "genres", "comedy"),
        Hint(14, 19, None, "Alien"),
    )


def test_a_chinese_word_is_hinted_by_its_english() -> None:
    assert _hints("我想看一部科幻电影")[0] == Hint(5, 7, "genres", "science fiction")


def test_words_that_the_catalogue_lacks_give_no_hint() -> None:
    assert _hints("西部片 or a western") == ()
