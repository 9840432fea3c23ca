"""Scripts over made-up shops: an export each, played where it was indexed as it is."""

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
            export = f"tests/conversations_own/{name}/…"
            reason = f"index its export first: concierge index {export} --name {name}"
            item.add_marker(pytest.mark.skip(reason))
