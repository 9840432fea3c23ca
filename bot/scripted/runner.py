"""Runs scripts: a fresh conversation each, step by step, to its end whatever fails on the way.

Knows neither how a bot is reached nor how a run is reported.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.scripted.checks import failures
from bot.scripted.fields import reference
from bot.scripted.form import Feedback, Turn
from bot.scripted.moment import Failure, Held, Moment
from bot.scripted.parsing import Written
from bot.scripted.stock import Stock, Stocks
from bot.scripted.talkers import Talker
from bot.types import Recommendation, Reply

_log = logging.getLogger("concierge.scripted")


@dataclass(frozen=True)
class Taken:
    """A step that was taken.

    `number` counts steps from 1; `moment` is None for feedback, which is answered by nothing.
    """

    number: int
    line: int
    moment: Moment | None
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a script came to.

    Parameters
    ----------
    written
        The script.
    taken
        The steps taken, in order.
    error
        What ended the talk before its end; empty where nothing did.
    checked
        Whether the catalogue was at hand, so that claims could be checked.
    seconds
        How long it took.
    """

    written: Written
    taken: tuple[Taken, ...] = ()
    error: str = ""
    checked: bool = True
    seconds: float = 0.0

    @property
    def failed(self) -> tuple[Taken, ...]:
        """Return the steps that do not come to what they must."""
        return tuple(step for step in self.taken if step.failures)

    @property
    def passed(self) -> bool:
        """Tell whether all is as it must be."""
        return not self.failed and not self.error

    @property
    def expected(self) -> bool:
        """Tell whether it came out well, or is known not to."""
        return self.passed or self.written.script.known is not None


class Stage:
    """Where scripts are played: a bot to talk to and what is known of its catalogues.

    Parameters
    ----------
    talker
        The bot.
    stocks
        The catalogues' facts, as far as they are at hand.
    catalog
        The catalogue of scripts that name none.
    """

    def __init__(self, talker: Talker, stocks: Stocks, catalog: str) -> None:
        self.talker, self.stocks, self.default = talker, stocks, catalog

    def catalog(self, written: Written) -> str:
        """Return the name of a script's catalogue."""
        return written.script.catalog or self.default

    def play(self, written: Written) -> Outcome:
        """Play one script in a conversation of its own; an error ends it and is told."""
        begun = time.perf_counter()
        name = self.catalog(written)
        taken: list[Taken] = []
        error = ""
        stock: Stock | None = None
        try:
            stock = self.stocks.get(name)
            session = self.talker.open(name, f"{name}/{written.file.name}")
            try:
                for step in _Play(written, self.talker, session, stock).steps():
                    taken.append(step)
            finally:
                self.talker.close(session)
        except Exception as raised:  # noqa: BLE001 - one script must not end the others
            _log.debug("%s ended early", written.file, exc_info=raised)
            error = f"{type(raised).__name__}: {raised}"
        seconds = time.perf_counter() - begun
        return Outcome(written, tuple(taken), error, stock is not None, seconds)

    def play_all(self, scripts: Sequence[Written], parallel: int = 1) -> Iterator[Outcome]:
        """Play scripts, `parallel` at a time; yield the outcomes in the scripts' order."""
        if parallel <= 1:
            yield from map(self.play, scripts)
            return
        pool = ThreadPoolExecutor(parallel, thread_name_prefix="script")
        try:
            yield from pool.map(self.play, scripts)
        finally:
            pool.shutdown(cancel_futures=True)


class _Play:
    """One script being played: the talk so far."""

    def __init__(self, written: Written, talker: Talker, session: str, stock: Stock | None) -> None:
        self._written, self._talker, self._session = written, talker, session
        self._now = start(stock)

    def steps(self) -> Iterator[Taken]:
        """Take one step after the other."""
        for n, step in enumerate(self._written.script.turns):
            line = self._written.line("turns", n)
            if isinstance(step, Turn):
                moment = self._say(step.user)
                yield Taken(n + 1, line, moment, failures(step.expect, moment))
            else:
                yield Taken(n + 1, line, None, tuple(self._mark(step)))

    def _say(self, text: str) -> Moment:
        begun = time.perf_counter()
        reply = self._talker.say(self._session, text)
        latency_ms = (time.perf_counter() - begun) * 1000
        self._now = follow(self._now, text, reply, self._talker.held(self._session), latency_ms)
        return self._now

    def _mark(self, step: Feedback) -> Iterator[Failure]:
        """Give feedback; yield a failure where the item that it names is not there."""
        mark = step.feedback
        id_ = self._marked(mark.item)
        if id_ is None:
            shown = ", ".join(i.title for i in last_shown(self._now)) or "nothing"
            yield Failure("feedback.item", mark.item, f"{shown} shown last")
            return
        self._talker.feedback(self._session, id_, mark.kind)

    def _marked(self, item: str) -> str | None:
        """Return the id of the item that feedback is on."""
        found, shown = reference(item), last_shown(self._now)
        if found is not None:
            return shown[found[1]].id if -len(shown) <= found[1] < len(shown) else None
        stock = self._now.stock
        named = stock.ids(item) if stock else ()
        ids = [i.id for i in shown if i.title == item or i.id in named]
        return next(iter((*ids, *named)), None)


def follow(before: Moment, text: str, reply: Reply, held: Held, latency_ms: float = 0.0) -> Moment:
    """Return the moment after another one: what was shown and said is carried on."""
    said = (*before.said, before.text) if before.text else before.said
    return Moment(text, reply, held, before.after(), said, latency_ms, before.stock)


def last_shown(moment: Moment) -> tuple[Recommendation, ...]:
    """Return the items last shown when a turn is over."""
    after = moment.after()
    return after[-1].items if after else ()


def start(stock: Stock | None) -> Moment:
    """Return the moment before the first turn."""
    return Moment("", Reply("", "smalltalk", 0), stock=stock)
