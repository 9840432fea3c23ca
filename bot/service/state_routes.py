"""What operators ask: alive, ready, how much of what. Never waits for a turn."""

import logging
import threading
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.concierge import Concierge
from bot.errors import NotReady
from bot.running.meter import MEDIA_TYPE
from bot.running.warmup import Warmup, dry_turn
from bot.service.problems import Problem, problem_of
from bot.service.routes import PROBLEMS

router = APIRouter()
_log = logging.getLogger("concierge.service")


@router.get("/health")
async def health() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "ok"}


@router.get("/ready", responses=PROBLEMS)
async def ready(request: Request) -> Response:
    """Tell whether turns can be taken, what is still loading, and which part fails."""
    warmup: Warmup = request.app.state.warmup
    if not warmup.ready:
        waiting = problem_of(NotReady(warmup.missing()))
        return replace(waiting, extra={"stages": warmup.states}).response()
    concierge = warmup.concierge
    failing = concierge.pulse.failing
    if failing:
        if concierge.pulse.due():
            threading.Thread(target=_try_again, args=(concierge,), daemon=True).start()
        detail = f"The {failing} does not answer. It is tried again until it does."
        extra = {"stages": warmup.states, "failing": failing}
        return Problem(503, "failing", "Part failing", detail, retry_s=5, extra=extra).response()
    return JSONResponse({"status": "ready", "stages": warmup.states})


@router.get("/metrics", responses=PROBLEMS)
async def metrics(request: Request) -> Response:
    """Return what was counted, for Prometheus."""
    warmup: Warmup = request.app.state.warmup
    return Response(warmup.concierge.meter.text(), media_type=MEDIA_TYPE)


def _try_again(concierge: Concierge) -> None:
    """Run a turn for practice, which notes whether it worked."""
    try:
        dry_turn(concierge)
    except Exception as error:  # noqa: BLE001 - the outermost face of this thread
        _log.warning("still failing: %s", type(error).__name__)
