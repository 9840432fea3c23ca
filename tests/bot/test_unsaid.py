import pytest

from bot.voice.unsaid import unsaid
from retrieval.types import Facet, Item, Schema

SCHEMA = Schema("cameras", (Facet("price", "number", unit="USD"),), item="camera", items="cameras")
CAMERA = Item("a7", "Sony a7 IV", "Good for weddings; the screen turns fully.", {"price": 2499})


@pytest.mark.parametrize(
    "text",
    ["how many megapixels does it have", "is it waterproof?", "does the Sony have bluetooth"],
)
def test_what_no_word_of_the_item_speaks_of_is_unsaid(text: str) -> None:
    assert unsaid(text, CAMERA, SCHEMA)


@pytest.mark.parametrize(
    "text",
    ["what is it like?", "is it any good for a wedding", "does the screen turn", "tell me more"],
)
def test_what_it_speaks_of_or_nothing_in_particular_is_not(text: str) -> None:
    assert not unsaid(text, CAMERA, SCHEMA)
