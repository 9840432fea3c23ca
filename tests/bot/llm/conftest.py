import pytest
from stub_endpoint import Stub
from tiny_models import CHATML, save

from bot.llm.base import Hint, ReasonBrief, Situation
from retrieval.types import Constraint, Facet, Schema

BOOKS = Schema(
    name="books",
    item="book",
    items="books",
    facets=(
        Facet("genre", "category", values=("comedy", "crime", "fantasy", "romance")),
        Facet("pages", "number", unit="pages", less=("shorter",), more=("longer",)),
        Facet("author", "people", description="who wrote it"),
        Facet("theme", "tags"),
    ),
)
TEXT = "more like the second one, but shorter, FUNNY and by pratchett; no romance please"


@pytest.fixture(scope="session")
def books():
    return BOOKS


@pytest.fixture(scope="session")
def situation():
    return Situation(
        schema=BOOKS,
        text=TEXT,
        said="Here are two.",
        state=(Constraint("genre", "=", ("crime", "fantasy")), Constraint("pages", "<=", 300.0)),
        shown=("The Moonstone", "Gone Girl"),
        hints=(
            Hint(TEXT.index("FUNNY"), TEXT.index("FUNNY") + 5, "genre", "comedy"),
            Hint(TEXT.index("pratchett"), TEXT.index("pratchett") + 9, "author", "Terry Pratchett"),
        ),
    )


@pytest.fixture(scope="session")
def brief():
    return ReasonBrief(
        title="Mr. Norrell",
        item="book",
        met=(("genre", "fantasy"), ("pages", "782 pages")),
        wish=("magic",),
        liked=("Gone Girl",),
        facts=(("author", "Susanna Clarke"),),
        text="Two magicians quarrel over English magic.",
    )


@pytest.fixture
def stub():
    with Stub() as server:
        yield server


@pytest.fixture(scope="session")
def qwen3(tmp_path_factory):
    return save(tmp_path_factory.mktemp("qwen3"), "qwen3", CHATML)


@pytest.fixture(scope="session")
def llama(tmp_path_factory):
    return save(tmp_path_factory.mktemp("llama"), "llama", None)
