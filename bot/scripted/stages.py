"""Stages made: a bot of this process, or a server, with the catalogues' facts that are at hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.concierge import Concierge
from bot.scripted.runner import Stage
from bot.scripted.stock import Stock, Stocks, stock_of_file, stock_of_index
from bot.scripted.talkers import Here
from bot.settings import Settings
from retrieval.catalog import BUNDLED, bundled_path


def here(concierge: Concierge) -> Stage:
    """Return a stage for a bot of this process; whoever made the bot closes it."""
    stocks = Stocks(lambda name: stock_of_index(concierge.catalogs[name]))
    return Stage(Here(concierge), stocks, concierge.settings.catalog)


@contextmanager
def there(url: str, settings: Settings, files: Stocks | None = None) -> Iterator[Stage]:
    """Give a stage for a server, by default with the facts of the bundled catalogues."""
    from bot.scripted.remote import There

    server = There(url)
    try:
        yield Stage(server, files or of_files(), settings.catalog)
    finally:
        server.disconnect()


def of_files(named: Sequence[Path] = ()) -> Stocks:
    """Return the catalogues whose files are at hand: those named, and the bundled ones.

    Raises
    ------
    CatalogError
        If one of those named cannot be read.
    """
    own = {stock.schema.name: stock for stock in map(stock_of_file, named)}

    def find(name: str) -> Stock | None:
        if name in own or name not in BUNDLED:
            return own.get(name)
        return stock_of_file(bundled_path(name))

    return Stocks(find)
