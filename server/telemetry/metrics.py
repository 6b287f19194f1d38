"""Prometheus metrics: calls by name and outcome, and their durations."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response

from linkdesk.runtime.instrumentation import Operation, OperationKind

DURATION_BUCKETS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, under_way: Callable[[], int]) -> None:
        """Register the metrics; `under_way` counts the writes in progress."""
        self.registry = CollectorRegistry()
        self._calls = {
            kind: Counter(f"linkdesk_{kind}_calls", said, [kind, "outcome"], registry=self.registry)
            for kind, said in (
                (OperationKind.TOOL, "Tool calls by tool and outcome"),
                (OperationKind.PORTAL, "Portal requests by method and outcome"),
            )
        }
        self._seconds = {
            kind: Histogram(
                f"linkdesk_{kind}_seconds", said, [kind], buckets=DURATION_BUCKETS_S, registry=self.registry
            )
            for kind, said in (
                (OperationKind.TOOL, "Duration of tool calls"),
                (OperationKind.PORTAL, "Duration of portal requests"),
            )
        }
        waiting = Gauge("linkdesk_writes_under_way", "Writes in progress", registry=self.registry)
        waiting.set_function(under_way)

    @contextmanager
    def watch(self, seen: Operation) -> Generator[None]:
        """Count a call and its duration when it has ended."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._calls[seen.kind].labels(seen.name, seen.outcome).inc()
            self._seconds[seen.kind].labels(seen.name).observe(time.perf_counter() - begun)

    async def render(self, _request: Request) -> Response:
        """Answer in the Prometheus text format."""
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})
