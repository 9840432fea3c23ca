"""The twelve films and their index, embedded by the hash encoder."""

import pytest

from retrieval.embedding import HashEncoder
from retrieval.fakes import tiny_catalog
from retrieval.index import Index


@pytest.fixture(scope="session")
def catalog():
    return tiny_catalog()


@pytest.fixture(scope="session")
def index(tmp_path_factory, catalog):
    """An index that no test changes."""
    opened = Index.open("tiny", tmp_path_factory.mktemp("home"), HashEncoder(), catalog)
    yield opened
    opened.close()


@pytest.fixture
def own_index(tmp_path, catalog):
    """An index that a test may change."""
    opened = Index.open("tiny", tmp_path, HashEncoder(), catalog)
    yield opened
    opened.close()
