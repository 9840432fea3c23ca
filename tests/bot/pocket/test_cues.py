import pytest

from bot.llm.base import Hint, Situation
from bot.pocket.settling import settle
from bot.reading import Added, Reading
from retrieval.types import Facet, Schema

FILMS = Schema(
    "films",
    (
        Facet("genres", "category", values=("war", "comedy")),
        Facet("country", "category", values=("Germany",)),
        Facet("language", "category", values=("German",)),
        Facet("director", "people"),
        Facet("cast", "people"),
    ),
)


def settled(text: str, words: str, read: str, op: str, *known: str) -> Added:
    at = text.index(words)
    hints = tuple(Hint(at, at + len(words), facet, words) for facet in known)
    reading = Reading(act="recommend", add=(Added(facet=read, op=op, text=words),))
    (one,) = settle(Situation(FILMS, text, hints=hints), reading).add
    return one


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("something by Eastwood", "director"),
        ("directed by Eastwood please", "director"),
        ("a western with Eastwood", "cast"),
        ("starring Eastwood", "cast"),
        ("Eastwood执导的", "director"),
    ],
)
def test_words_beside_a_person_say_the_part(text: str, facet: str) -> None:
    wrong = "cast" if facet == "director" else "director"
    assert settled(text, "Eastwood", wrong, "=", "director", "cast").facet == facet


def test_a_person_known_for_one_part_keeps_it() -> None:
    assert settled("by Eastwood", "Eastwood", "cast", "=", "cast").facet == "cast"


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("a german film", "country"),
        ("in german", "language"),
        ("german-language films", "language"),
        ("where they speak german", "language"),
        ("something german", "country"),
    ],
)
def test_words_beside_a_nationality_say_what_it_is_of(text: str, facet: str) -> None:
    wrong = "country" if facet == "language" else "language"
    assert settled(text, "german", wrong, "=", "country", "language").facet == facet


@pytest.mark.parametrize(
    ("text", "words", "read", "op"),
    [
        ("other than german", "german", "=", "!="),
        ("films where he is not in a war", "war", "=", "!="),
        ("anything but war", "war", "=", "!="),
        ("no war", "war", "=", "!="),
        ("why not a war film", "war", "=", "="),
        ("not just war", "war", "=", "="),
        ("a war film", "war", "!=", "="),
        ("不要战争 war", "war", "!=", "!="),
    ],
)
def test_words_beside_a_value_say_whether_it_is_wanted(
    text: str, words: str, read: str, op: str
) -> None:
    known = "country" if words == "german" else "genres"
    assert settled(text, words, known, read, known).op == op
