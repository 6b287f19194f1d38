"""OpenTelemetry traces: a span for each tool call and each portal request.

The exporter is configured by OpenTelemetry's own variables, such as OTEL_EXPORTER_OTLP_ENDPOINT.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

from linkdesk.runtime.instrumentation import Operation, OperationKind

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

SUCCESSFUL = frozenset({"ok", "asks"})


class Traces:
    """Creates spans with names and outcomes, but without error texts, which may hold customer data."""

    def __init__(self, tracer: Tracer) -> None:
        """Store the tracer."""
        self._tracer = tracer

    @contextmanager
    def watch(self, seen: Operation) -> Generator[None]:
        """Record a span around a call."""
        kind = SpanKind.CLIENT if seen.kind is OperationKind.PORTAL else SpanKind.INTERNAL
        with self._tracer.start_as_current_span(
            f"{seen.kind} {seen.name}", kind=kind, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            finally:
                span.set_attribute(f"linkdesk.{seen.kind}", seen.name)
                span.set_attribute("linkdesk.outcome", seen.outcome)
                if seen.outcome not in SUCCESSFUL:
                    span.set_status(Status(StatusCode.ERROR))


@contextmanager
def export_spans(exporter: SpanExporter | None = None) -> Generator[Traces]:
    """Export spans as OpenTelemetry's variables say; flush the remaining ones at the end."""
    provider = TracerProvider(resource=Resource.create({"service.name": "linkdesk"}))
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    try:
        yield Traces(provider.get_tracer("linkdesk", version("linkdesk")))
    finally:
        provider.shutdown()
