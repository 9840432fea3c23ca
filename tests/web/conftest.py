"""A bot of fakes behind the page's handlers: twelve films, no weights."""

from collections.abc import Iterator

import pytest

from bot import trial
from bot.concierge import Concierge
from bot.web.handlers import Chat


@pytest.fixture(scope="module")
def concierge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Concierge]:
    """Give a bot whose state lives for one test module."""
    bot = trial.build(tmp_path_factory.mktemp("home"))
    yield bot
    bot.close()


@pytest.fixture(scope="module")
def chat(concierge: Concierge) -> Chat:
    """Give the handlers of a page over that bot."""
    return Chat(concierge)
