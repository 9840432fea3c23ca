"""Scripts over twelve films and a language model that reads from a queue or spots words."""

from pathlib import Path

import pytest

from bot import trial
from bot.scripted.parsing import read_script
from bot.scripted.stock import Stock
from bot.shelves.shelf import FILMS, Shelf, films


@pytest.fixture(scope="session")
def stock():
    shelf = Shelf(FILMS)
    return Stock(shelf.schema, films(), shelf.values)


@pytest.fixture
def script(tmp_path):
    """Write a script from the text of its turns, or from a whole text, and read it."""

    def write(text, name="one.chat.yaml"):
        whole = text if "turns:" in text else f"name: one\ncatalog: films\nturns:\n{text}"
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(whole, encoding="utf-8")
        return read_script(file)

    return write


@pytest.fixture
def bot(tmp_path_factory):
    """Build a bot of fakes; by default one that spots the catalogue's words."""
    made = []

    def build(llm=None):
        made.append(trial.build(Path(tmp_path_factory.mktemp("home")), llm))
        return made[-1]

    yield build
    for one in made:
        one.close()
