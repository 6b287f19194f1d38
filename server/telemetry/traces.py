"""Traces for OpenTelemetry: a span for each call of a tool and each request to the portal.

Where they go is set as OpenTelemetry sets it, with OTEL_EXPORTER_OTLP_ENDPOINT and the like.
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
    """Makes spans; they hold names and outcomes, and no error's own words."""

    def __init__(self, tracer: Tracer) -> None:
        """Take what makes them."""
        self._tracer = tracer

    @contextmanager
    def watch(self, seen: Operation) -> Generator[None]:
        """Span one thing."""
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
    """Send spans to where OpenTelemetry's own settings say; what is left is sent at the end."""
    provider = TracerProvider(resource=Resource.create({"service.name": "linkdesk"}))
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    try:
        yield Traces(provider.get_tracer("linkdesk", version("linkdesk")))
    finally:
        provider.shutdown()
