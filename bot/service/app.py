"""The HTTP application: routes, problems, limits, and the place of the web page.

Made from a warm-up, so that the port can open before the models are loaded.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from fastapi import FastAPI

from bot.service import limits, problems
from bot.service.catalog_routes import router as catalogs
from bot.service.place import Place
from bot.service.routes import router
from bot.warmup import Warmup

if TYPE_CHECKING:
    from bot.concierge import Concierge

PageBuilder = Callable[["Concierge"], FastAPI]


def create(
    warmup: Warmup,
    build_page: PageBuilder | None = None,
    opened: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    warmup
        What loads the facade; whoever runs the application runs it, on a thread.
    build_page
        Makes the web page from the facade, on a worker thread; None leaves the page out.
    opened
        Called on the event loop when the page, too, is there.
    """
    place = Place()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            if build_page is not None:
                tasks.start_soon(_open_page, warmup, build_page, place, opened)
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
    app.include_router(router)
    app.include_router(catalogs)
    if build_page is not None:
        app.mount("", place)
    app.add_middleware(limits.BodyLimit)
    app.add_middleware(limits.SafeHeaders)
    return app


async def _open_page(
    warmup: Warmup, build_page: PageBuilder, place: Place, opened: Callable[[], None]
) -> None:
    """Build the page when the facade is there, and run it until the service ends."""
    concierge = await anyio.to_thread.run_sync(warmup.wait_built, abandon_on_cancel=True)
    if concierge is None:
        return
    page = await anyio.to_thread.run_sync(build_page, concierge)
    await anyio.to_thread.run_sync(warmup.wait, abandon_on_cancel=True)
    if not warmup.ready:
        return
    async with page.router.lifespan_context(page):
        place.fill(page)
        opened()
        await anyio.sleep_forever()
