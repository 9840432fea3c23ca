"""Turns as OpenTelemetry traces: one span for the turn, one for each of its stages.

Needs the optional packages of `pip install concierge[traces]`; spans hold kinds and numbers, never
what people say. Written when a turn has ended, from the times that it took.
"""

from typing import Any

from bot.errors import ConciergeError
from bot.running.watching import Took

_NS = 1_000_000_000


class NoTracing(ConciergeError):
    """Traces are wanted, but the packages that send them are not installed."""


class Tracer:
    """Sends each turn to a collector, in the background; a collector that is away costs nothing.

    Parameters
    ----------
    collector
        Base address of an OTLP collector over HTTP, such as `http://localhost:4318`.

    Raises
    ------
    NoTracing
        If the packages are missing.
    """

    def __init__(self, collector: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise NoTracing(
                "expected OpenTelemetry's packages for CONCIERGE_TRACES, they are not installed; "
                "run `pip install concierge[traces]`"
            ) from error
        self._provider = TracerProvider(resource=Resource.create({"service.name": "concierge"}))
        exporter = OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("concierge")

    def __call__(self, took: Took) -> None:
        """Send a turn."""
        from opentelemetry.trace import Status, StatusCode, set_span_in_context

        begins = int(took.began_s * _NS)
        about: dict[str, Any] = {"request": took.request, "session": took.session}
        if took.reply is not None:
            about |= {"act": took.reply.act, "turn": took.reply.turn}
            about |= {"items": len(took.reply.items), "plain_reasons": took.plain}
        span = self._tracer.start_span("turn", start_time=begins, attributes=about)
        if took.failed:
            span.set_status(Status(StatusCode.ERROR, took.failed))
        ends = begins + int(took.lasted_s * _NS)
        stages = took.reply.timings_ms if took.reply else {}
        # What is not in a stage is waiting for earlier turns, before the first one.
        at = ends - int(sum(ms for name, ms in stages.items() if name != "total") / 1000 * _NS)
        for name, ms in stages.items():
            if name != "total" and ms:
                inner = set_span_in_context(span)
                stage = self._tracer.start_span(name, context=inner, start_time=at)
                at += int(ms / 1000 * _NS)
                stage.end(at)
        span.end(ends)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
