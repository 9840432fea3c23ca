"""What turns count up to, as Prometheus reads it. One registry for each bot, none is global.

Labels are kinds that this project names (acts, stages, errors), never words of people.
"""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.llm.base import LLM
from bot.llm.tally import Tally
from bot.running.loading import Later
from bot.running.watching import Took

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_EDGES_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 30.0, 60.0)


class Meter:
    """Counts turns.

    Parameters
    ----------
    running
        How many turns run now.
    llm
        The language model; its queue and its tokens are read where it tells them.
    """

    def __init__(self, running: Callable[[], int], llm: Later[LLM]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Now(running, llm))
        on = self._registry
        self._turns = Counter("concierge_turns", "Turns answered, by act", ["act"], registry=on)
        self._failed = Counter(
            "concierge_turn_failures", "Turns that failed, by error", ["error"], registry=on
        )
        self._lasted = Histogram(
            "concierge_turn_seconds", "Whole turns", buckets=_EDGES_S, registry=on
        )
        self._stages = Histogram(
            "concierge_stage_seconds", "Stages of turns", ["stage"], buckets=_EDGES_S, registry=on
        )
        self._items = Counter("concierge_items", "Items recommended", registry=on)
        self._plain = Counter(
            "concierge_fallback_reasons",
            "Reasons put together from facts because the language model gave no true one",
            registry=on,
        )
        self._rejected = Counter(
            "concierge_grounding_failures",
            "Sentences of the language model that were not said because facts do not bear them",
            registry=on,
        )

    def turn(self, took: Took) -> None:
        """Count a turn."""
        if took.reply is None:
            self._failed.labels(took.failed).inc()
            return
        self._turns.labels(took.reply.act).inc()
        self._lasted.observe(took.lasted_s)
        for stage, ms in took.reply.timings_ms.items():
            if stage != "total":
                self._stages.labels(stage).observe(ms / 1000)
        self._items.inc(len(took.reply.items))
        self._plain.inc(took.plain)
        self._rejected.inc(took.rejected)

    def text(self) -> bytes:
        """Return everything counted in Prometheus' text format."""
        return generate_latest(self._registry)


class _Now(Collector):
    """What is so at the moment of asking."""

    def __init__(self, running: Callable[[], int], llm: Later[LLM]) -> None:
        self._running, self._llm = running, llm

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "concierge_turns_running", "Turns that run or wait", self._running()
        )
        llm = self._llm.get() if self._llm.ready else None
        waiting = getattr(llm, "waiting", 0)
        yield GaugeMetricFamily(
            "concierge_llm_waiting", "Requests that wait for the language model", waiting
        )
        tokens = CounterMetricFamily(
            "concierge_llm_tokens", "Tokens read and written by the language model", labels=["kind"]
        )
        tally = getattr(llm, "tally", None)
        for kind, count in tally.counts() if isinstance(tally, Tally) else ():
            tokens.add_metric([kind], count)
        yield tokens
