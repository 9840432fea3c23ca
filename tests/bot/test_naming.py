"""Names: who and what is meant, and when a close name means someone else."""

import pytest

from bot.shelves.shelf import FILMS, Shelf
from bot.understanding.naming import person, titled
from retrieval.types import Facet, Item, Schema


def works(*titles: str) -> Shelf:
    """Return a shelf of films with these titles; the title is the id."""
    return Shelf(FILMS, [Item(t, t, "", {"director": ("Joel Coen", "Ethan Coen")}) for t in titles])


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("argo", "Fargo"),
        ("Annie", "Annie Hall"),
        ("Casino", "Casino Royale"),
        ("Wall Street", "The Wolf of Wall Street"),
        ("A Ghost Story", "A Chinese Ghost Story"),
        ("Mama", "Y Tu Mamá También"),
    ],
)
def test_a_title_that_only_looks_alike_is_another_title(words: str, title: str):
    assert titled(words, works(title)) == ()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("the fellowship of the ring", "The Lord of the Rings: The Fellowship of the Ring"),
        ("Kill Bill", "Kill Bill: Vol. 1"),
        ("Evil Dead", "Evil Dead II"),
        ("eternal sunshine", "Eternal Sunshine of the Spotless Mind"),
        ("spiderman", "Spider-Man"),
        ("remember the titian", "Remember the Titans"),
        ("birdman", "Birdman or (The Unexpected Virtue of Ignorance)"),
    ],
)
def test_a_title_may_be_half_or_misspelt(words: str, title: str):
    assert titled(words, works(title, "Alien")) == (title,)


def test_a_part_of_a_products_name_means_the_plainest_one():
    names = ("Apple iPhone 13 Pro Max", "Apple iPhone 13", "Apple iPhone 13 mini")
    schema = Schema("phones", (Facet("brand", "category"),))
    shelf = Shelf(schema, [Item(n, n, "", {"brand": "Apple"}) for n in names])
    assert titled("iphone 13", shelf) == ("Apple iPhone 13",)


def test_a_shared_first_name_is_not_enough():
    assert person("Tom Skerrit", Shelf()) == ("cast", "Tom Skerritt")
    assert person("Tom Waits", Shelf()) is None
    assert person("Tom Hawks", Shelf()) == ("cast", "Tom Hanks")


def test_brothers_are_found_by_their_surname():
    assert person("the Coen brothers", works("Fargo"), "director") in {
        ("director", "Joel Coen"),
        ("director", "Ethan Coen"),
    }
