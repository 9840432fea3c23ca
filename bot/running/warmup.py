"""Getting ready: the facade is built in stages on a thread while the port is already open.

Knows the order of the stages and their state; `stages` says what they are for a bot that is built
from settings.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import NotReady

if TYPE_CHECKING:
    from bot.concierge import Concierge
    from bot.settings import Settings

State = Literal["waiting", "loading", "done", "failed"]
_log = logging.getLogger("concierge.start")


@dataclass(frozen=True)
class Stage:
    """One step: `run` gets the facade so far (None in the first step) and returns it."""

    name: str
    run: "Callable[[Concierge | None], Concierge]"


class Warmup:
    """Runs the stages once, in order, and holds the facade when all are done.

    Parameters
    ----------
    stages
        The steps; the first returns the facade that the others get.
    changed
        Called on the loading thread with a stage's name and state whenever it changes.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        changed: Callable[[str, State], None] = lambda name, state: None,
    ) -> None:
        self._stages = tuple(stages)
        self._changed = changed
        self._states: dict[str, State] = {stage.name: "waiting" for stage in stages}
        self._concierge: Concierge | None = None
        self._built = threading.Event()
        self._finished = threading.Event()
        self.error: Exception | None = None

    @classmethod
    def done(cls, concierge: "Concierge") -> "Warmup":
        """Return a warm-up that is over, around a facade that is ready."""
        over = cls(())
        over._concierge = concierge
        over._built.set()
        over._finished.set()
        return over

    @property
    def states(self) -> dict[str, State]:
        """Return each stage's state, in the order of the stages."""
        return dict(self._states)

    @property
    def ready(self) -> bool:
        """Tell whether everything is loaded."""
        return self._finished.is_set() and self.error is None

    @property
    def concierge(self) -> "Concierge":
        """Return the facade.

        Raises
        ------
        NotReady
            If it is still loading or could not be loaded.
        """
        if not self.ready or self._concierge is None:
            raise NotReady(self.missing())
        return self._concierge

    def missing(self) -> str:
        """Return what is not there yet, and why, in a sentence."""
        if self.error is not None:
            failed = next((n for n, state in self._states.items() if state == "failed"), "start")
            return f"Could not load: {failed}. The operator finds the cause in the log."
        missing = [name for name, state in self._states.items() if state != "done"]
        return f"Still loading: {', '.join(missing) or 'the last step'}. Please try again."

    def run(self) -> None:
        """Run the stages; an error of one ends the warm-up and is kept in `error`."""
        built: Concierge | None = None
        try:
            for stage in self._stages:
                if stage is self._stages[-1] and built is not None:
                    self._concierge = built
                    self._built.set()
                self._move(stage.name, "loading")
                built = stage.run(built)
                self._move(stage.name, "done")
            self._concierge = built
        except Exception as error:  # noqa: BLE001 - the outermost face of the loading thread
            self.error = error
            failed = next((n for n, s in self._states.items() if s == "loading"), "start")
            _log.debug("could not load %s", failed, exc_info=error)
            self._move(failed, "failed")
        finally:
            self._built.set()
            self._finished.set()

    def wait_built(self) -> "Concierge | None":
        """Wait until only the last step is left, and return the facade; None if it failed.

        What only needs the facade can be made meanwhile.
        """
        self._built.wait()
        return self._concierge if self.error is None else None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the warm-up is over; tell whether it is."""
        return self._finished.wait(timeout_s)

    def close(self) -> None:
        """Close the facade, if there is one."""
        if self._concierge is not None:
            self._concierge.close()

    def _move(self, name: str, state: State) -> None:
        self._states[name] = state
        self._changed(name, state)


def stages(settings: "Settings", progress: bool = False) -> tuple[Stage, ...]:
    """Return the steps from settings to a bot that has run one turn.

    Parameters
    ----------
    settings
        What the operator chose.
    progress
        Whether indexing shows a progress bar.
    """

    def build(_: "Concierge | None") -> "Concierge":
        from bot.app import build

        return build(settings, progress)

    def then(
        load: "Callable[[Concierge], object]",
    ) -> "Callable[[Concierge | None], Concierge]":
        def run(concierge: "Concierge | None") -> "Concierge":
            if concierge is None:
                raise RuntimeError("expected the facade of the first step, got none")
            load(concierge)
            return concierge

        return run

    return (
        Stage("state", build),
        Stage("language model", then(lambda bot: bot.llm)),
        Stage("catalogue", then(lambda bot: bot.catalogs[settings.catalog])),
        Stage("first turn", then(dry_turn)),
    )


def dry_turn(concierge: "Concierge") -> None:
    """Run one turn over the usual catalogue and forget it, so that the first real one is fast.

    An LLM that does not answer now is no reason not to start: `/ready` tells it until it does.
    """
    from bot.llm.errors import ModelUnavailable

    schema = concierge.catalogs[concierge.settings.catalog].schema
    talk = concierge.open()
    try:
        concierge.warm()
        concierge.turn(talk.id, next(iter(schema.openings), schema.items))
    except ModelUnavailable as error:
        concierge.pulse.failed(error)
        _log.warning("the language model does not answer: %s", error)
    finally:
        concierge.delete(talk.id)
