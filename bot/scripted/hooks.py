"""What a `conftest.py` may say to the pytest plugin."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.concierge import Concierge


@pytest.hookspec(firstresult=True)
def pytest_concierge(config: pytest.Config) -> "Concierge | None":
    """Return the bot that scripted conversations talk to; it is closed when pytest ends.

    Called once, before the first script. Without it the bot is made from the settings of the
    environment (`CONCIERGE_*`).
    """
