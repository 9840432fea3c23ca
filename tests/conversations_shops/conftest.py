"""Scripts over real shops' data, which is not in the project: played where it was indexed."""

from pathlib import Path

import pytest

from bot.scripted.plugin import ScriptItem
from bot.settings import Settings
from retrieval.items import folder_of


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    home, here = Settings().home, Path(__file__).parent
    for item in items:
        if not isinstance(item, ScriptItem) or here not in item.path.parents:
            continue
        name = item.written.script.catalog
        if name and not folder_of(home, name).is_dir():
            item.add_marker(
                pytest.mark.skip(f"index the data first: concierge index … --name {name}")
            )
