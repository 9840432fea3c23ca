"""The poisoned catalogue, indexed once, and a bot that sells it."""

import pytest
from poisoned_shop import Shop, open_index

from retrieval.embedding import HashEncoder


@pytest.fixture(scope="session")
def poisoned_index(tmp_path_factory):
    yield from open_index(tmp_path_factory.mktemp("poisoned"), HashEncoder())


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory, poisoned_index):
    shop = Shop(tmp_path_factory.mktemp("shop"), poisoned_index)
    yield shop
    shop.bot.close()


@pytest.fixture
def shop(open_shop):
    """A bot in a new conversation."""
    open_shop.queue.clear()
    open_shop.fake.briefs.clear()
    open_shop.fake.situations.clear()
    open_shop.open()
    return open_shop
