"""From settings to a running bot, with a word to whoever waits: for the command line only.

Progress goes to standard error: a bar in a terminal, nothing in a pipe.
"""

import importlib
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from tqdm import tqdm

from bot.running.logs import write_to_stderr
from bot.running.warmup import State, Warmup, stages
from bot.settings import Settings
from bot.shelves.catalogs import Catalogs

if TYPE_CHECKING:
    from bot.concierge import Concierge
    from bot.service.door import Policy

# A bar that would be gone at once only flickers.
_BAR_DELAY_S = 0.5


@contextmanager
def ready(settings: Settings, turn: bool = True) -> "Iterator[Concierge]":
    """Give a bot that is loaded, and close it at the end.

    Parameters
    ----------
    settings
        What the operator chose.
    turn
        Whether to run a first turn for practice, too.

    Raises
    ------
    Exception
        Whatever keeps a part from loading.
    """
    check_catalog(settings)
    _hush_libraries()
    steps = stages(settings, progress=sys.stderr.isatty())
    with _bar(len(steps[: None if turn else -1])) as bar:
        warmup = Warmup(steps[: None if turn else -1], lambda name, state: _show(bar, name, state))
        warmup.run()
    if warmup.error is not None:
        raise warmup.error
    try:
        yield warmup.concierge
    finally:
        warmup.close()


def serve(settings: Settings) -> None:
    """Serve the web chat and the HTTP interface until the process is told to end.

    Raises
    ------
    Unguarded
        If others could reach it and there is no API key.
    PortTaken
        If the address cannot be had.
    Exception
        Whatever keeps a part from loading.
    """
    from bot.service import server

    check_catalog(settings)
    policy = _policy(settings, server.is_loopback(settings.host))
    listener = server.listen(settings.host, settings.port)
    address = server.address_of(listener)  # a stop may close the listener before it is said
    write_to_stderr(settings)
    _hush_libraries()
    threading.Thread(target=importlib.import_module, args=("gradio",), daemon=True).start()
    steps = stages(settings, progress=sys.stderr.isatty())
    with _bar(len(steps) + 1) as bar:
        warmup = Warmup(steps, lambda name, state: _show(bar, name, state))

        def opened() -> None:
            bar.update(bar.total - bar.n)
            bar.close()
            sys.stdout.write(f"Concierge is ready: {address} (Ctrl-C ends it)\n")
            sys.stdout.flush()

        from bot.service.app import create
        from bot.web.page import build

        shown = settings.page == "on" or (settings.page == "auto" and policy.local)
        page = build if shown else None
        application = create(warmup, page, opened, policy, settings.origins)
        server.run(application, warmup, listener, settings.turn_limit_s)


def _policy(settings: Settings, local: bool) -> "Policy":
    from bot.errors import Unguarded
    from bot.running.keys import Keys
    from bot.service.door import Policy

    keys = Keys(settings.home)
    if not local and not keys.all() and not settings.without_keys:
        raise Unguarded(
            f"expected an API key before listening to other machines on {settings.host}, there is "
            "none; make one with `concierge keys add NAME`, or let everyone in with --without-keys"
        )
    guarded = not local and not settings.without_keys
    return Policy(keys, guarded, local, settings.rate_key, settings.rate_address)


def _hush_libraries() -> None:
    """Keep to errors what libraries tell of their own set-up, such as kernels they lack."""
    for name in ("bitsandbytes", "transformers", "sentence_transformers", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)


def check_catalog(settings: Settings) -> None:
    """Fail at once, before anything is loaded, where the catalogue does not exist.

    Raises
    ------
    UnknownCatalog
        Naming those that exist.
    """
    known = Catalogs(settings.home, _no_encoder)
    if settings.catalog not in known:
        known[settings.catalog]


def _no_encoder() -> NoReturn:
    raise RuntimeError("expected no catalogue to be opened here")


def _bar(steps: int) -> tqdm:
    return tqdm(
        total=steps,
        desc="Starting",
        bar_format="{desc:<28} {bar:24} {n_fmt}/{total_fmt} {elapsed}",
        file=sys.stderr,
        leave=False,
        disable=not sys.stderr.isatty(),
        delay=_BAR_DELAY_S,
    )


def _show(bar: tqdm, name: str, state: State) -> None:
    if state == "loading":
        bar.set_description_str(f"Loading {name}")
    elif state == "done":
        bar.update(1)
