"""The composition root: builds every part from the settings and hands them to the facade.

What takes long is made on threads of its own while the caller goes on; nothing is built at
import. Knows every part and does nothing itself.
"""

import importlib
from typing import TYPE_CHECKING

import langsmith

from bot.concierge import Concierge, Parts
from bot.desk.service_desk import ServiceDesk
from bot.llm.base import LLM
from bot.running.loading import Later
from bot.running.logs import TurnLog
from bot.running.sessions import open_sessions
from bot.running.watching import Watch
from bot.settings import Settings
from bot.shelves.catalogs import Catalogs
from bot.shelves.trackers import trained_tracker
from ranking.tracker import InterestTracker
from retrieval.embedding import Encoder

if TYPE_CHECKING:
    from bot.running.tracing import Tracer


def build(
    settings: Settings | None = None, progress: bool = False, preload: bool = True
) -> Concierge:
    """Return the bot for some settings, at once; its heavy parts are being loaded.

    Parameters
    ----------
    settings
        By default those of the environment.
    progress
        Whether indexing shows a progress bar.
    preload
        Whether to begin to load the heavy parts now, rather than when they are needed.

    Raises
    ------
    StoreError
        If the state folder cannot be used. Errors of a part that loads come when it is needed.
    """
    chosen = settings or Settings()
    if not chosen.langsmith:
        # LangGraph would send every talk away where LANGSMITH_TRACING happens to be set.
        langsmith.configure(enabled=False)
    sessions = open_sessions(chosen.home)
    libraries = Later("libraries", _import_libraries)

    def encoder_of() -> Encoder:
        libraries.get()
        return _encoder(chosen)

    def llm_of() -> LLM:
        libraries.get()
        return _llm(chosen)

    encoder: Later[Encoder] = Later("encoder", encoder_of)
    llm: Later[LLM] = Later("LLM", llm_of)
    tracker: Later[InterestTracker] = Later("interest tracker", _tracker)
    catalogs = Catalogs(chosen.home, encoder.get, progress)

    tracer = _tracer(chosen)
    watchers: tuple[Watch, ...] = (TurnLog(chosen.log_text), *((tracer,) if tracer else ()))

    def close() -> None:
        catalogs.close()
        if tracer:
            tracer.close()
        if llm.ready:
            end = getattr(llm.get(), "close", None)
            if callable(end):
                end()

    def trained(catalog: str) -> InterestTracker | None:
        return trained_tracker(chosen.home, catalog, encoder.get().name)

    desk = ServiceDesk(chosen.home, encoder.get)
    parts = Parts(
        llm,
        tracker,
        catalogs,
        sessions,
        trained,
        catalogs.forget,
        desk,
        watchers=watchers,
        close=close,
    )
    bot = Concierge(chosen, parts)
    for part in (llm, encoder, tracker) if preload else ():
        part.start()
    return bot


def _import_libraries() -> None:
    """Import what several parts need, on one thread.

    Imports hold the interpreter, so threads gain nothing; and libraries that import each other in
    circles can be seen half made when two threads import them at once.
    """
    for name in ("torch", "chromadb", "transformers", "sentence_transformers"):
        importlib.import_module(name)


def _encoder(settings: Settings) -> Encoder:
    from retrieval.embedding import SentenceEncoder

    _limit_threads(settings)
    return SentenceEncoder(settings.encoder)


def _llm(settings: Settings) -> LLM:
    from bot.llm import build as build_llm

    _limit_threads(settings)
    return build_llm(settings.llm, settings.quantize, settings.home)


def _tracker() -> InterestTracker:
    from ranking.checkpoint import load_tracker

    return load_tracker()


def _tracer(settings: Settings) -> "Tracer | None":
    if not settings.traces:
        return None
    from bot.running.tracing import Tracer

    return Tracer(settings.traces)


def _limit_threads(settings: Settings) -> None:
    if settings.threads:
        import torch

        torch.set_num_threads(settings.threads)
