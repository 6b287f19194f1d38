"""Setting up metrics and traces, each if it is switched on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.errors.base import missing_library
from linkdesk.runtime.instrumentation import observing

if TYPE_CHECKING:
    from server.telemetry.metrics import Metrics


@contextmanager
def start_telemetry(settings: Settings, desk: Desk) -> Generator[Metrics | None]:
    """Start metrics and tracing as the settings say; yield the metrics, or None if they are off.

    Raises:
        NotConfigured: a required library is not installed.
    """
    with ExitStack() as stack:
        metrics = _metrics(desk) if settings.metrics else None
        if metrics is not None:
            stack.enter_context(observing(metrics.watch))
        if settings.traces:
            stack.enter_context(_tracing())
        yield metrics


def _metrics(desk: Desk) -> Metrics:
    try:
        from server.telemetry.metrics import Metrics  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise missing_library("LINKDESK_METRICS", "prometheus-client") from None
    return Metrics(lambda: desk.pending_writes)


@contextmanager
def _tracing() -> Generator[None]:
    try:
        from server.telemetry.traces import export_spans  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise missing_library("LINKDESK_TRACES", "opentelemetry-sdk") from None
    with export_spans() as traces, observing(traces.watch):
        yield
