"""The scripts talk to a bot with the real weights and a home of its own, made once."""

from tempfile import TemporaryDirectory

import pytest

from bot.concierge import Concierge


@pytest.hookimpl(optionalhook=True)
def pytest_concierge(config: pytest.Config) -> Concierge:
    from bot.running.starting import ready
    from bot.settings import Settings

    home = TemporaryDirectory(prefix="concierge-")
    config.add_cleanup(home.cleanup)
    stack = ready(Settings(home=home.name, catalog="movies"))
    concierge = stack.__enter__()
    config.add_cleanup(lambda: stack.__exit__(None, None, None))
    concierge.warm("electronics")
    return concierge
