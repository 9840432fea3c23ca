"""The HTTP application: its layers, its routers, and the place of the web page.

Made from a warm-up, so that the port can open before the models are loaded.
"""

import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from bot.desk import router as desk
from bot.running.warmup import Warmup
from bot.service import catalog_routes, completions, limits, problems, routes, state_routes
from bot.service.door import Door, Policy
from bot.service.expiry import expire_for_ever
from bot.service.place import Place

if TYPE_CHECKING:
    from bot.concierge import Concierge

PageBuilder = Callable[["Concierge"], FastAPI]
# Threads for requests that are no turns, so that they never wait for those that are.
_SPARE_THREADS = 24
_BESIDE = 10  # added niceness of what is done beside the turns
# One line for each part of the HTTP interface.
ROUTERS = (
    state_routes.router,
    routes.router,
    completions.router,
    desk.router,
    catalog_routes.router,
)


def create(
    warmup: Warmup,
    build_page: PageBuilder | None = None,
    opened: Callable[[], None] = lambda: None,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    origins: Sequence[str] = (),
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    warmup
        What loads the facade; whoever runs the application runs it, on a thread.
    build_page
        Makes the web page from the facade, on a worker thread; None leaves the page out.
    opened
        Called on the event loop when everything is there.
    policy
        Who may come in; by default everyone.
    origins
        Origins of web pages elsewhere that may call the interface; by default none.
    """
    place = Place()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_attend, warmup, build_page, place, opened)
            yield
            tasks.cancel_scope.cancel()

    # Their assets come from elsewhere, hence no documentation pages.
    app = FastAPI(
        title="Concierge",
        description="A conversational recommendation service.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.warmup = warmup
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    if build_page is not None:
        app.mount("", place)
    # The last one added is the outermost.
    app.add_middleware(Door, policy=policy)
    app.add_middleware(limits.BodyLimit)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
            expose_headers=["Location", "Retry-After", "X-Request-Id"],
        )
    app.add_middleware(limits.Outermost)
    return app


async def _attend(
    warmup: Warmup, build_page: PageBuilder | None, place: Place, opened: Callable[[], None]
) -> None:
    """Do what goes on beside the requests: build the page, make room for turns, forget."""
    concierge = await anyio.to_thread.run_sync(warmup.wait_built, abandon_on_cancel=True)
    if concierge is None:
        return
    threads = anyio.to_thread.current_default_thread_limiter()
    threads.total_tokens = concierge.settings.turns_at_once + _SPARE_THREADS
    page = await anyio.to_thread.run_sync(build_page, concierge) if build_page else None
    await anyio.to_thread.run_sync(warmup.wait, abandon_on_cancel=True)
    if not warmup.ready:
        return
    async with contextlib.AsyncExitStack() as running:
        if page is not None:
            await running.enter_async_context(page.router.lifespan_context(page))
            place.fill(page)
        opened()
        threading.Thread(target=_load_others, args=(concierge,), daemon=True).start()
        await expire_for_ever(concierge)


def _load_others(concierge: "Concierge") -> None:
    """Load the other catalogues beside the turns, which go first."""
    if sys.platform == "linux":  # where threads have a priority of their own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BESIDE)
    concierge.warm_others()
