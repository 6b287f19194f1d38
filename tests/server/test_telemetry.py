"""What the process lets others watch: numbers for Prometheus and spans for OpenTelemetry, without anything secret."""

from __future__ import annotations

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.errors.base import NotConfigured
from linkdesk.runtime.instrumentation import observing
from server.telemetry.setup import start_telemetry
from server.telemetry.traces import export_spans
from tests.support.http_env import ANNA, BEARER, LINK_CALL, TOKENS, open_http_env
from tests.support.mcp_client import connected
from tests.support.mcp_messages import INITIALIZE
from tests.support.mcp_process import start_stdio_server
from tests.support.sandbox_env import open_sandbox_env
from tests.support.servers import client_with


async def test_calls_are_counted_by_tool_and_outcome_for_those_with_a_token() -> None:
    async with open_http_env(metrics=True) as env, client_with(ANNA, env.url) as client:
        await client.call_tool(*LINK_CALL)
        await client.call_tool("get_booking", {"booking_id": 998})
        await client.call_tool("a_name_that_was_made_up", {})
        assert (await env.http.get("/metrics")).status_code == 401
        shown = await env.http.get("/metrics", headers=BEARER)
    assert shown.headers["content-type"].startswith("text/plain")
    for line in (
        'linkdesk_tool_calls_total{outcome="ok",tool="set_booking_links"} 1.0',
        'linkdesk_tool_calls_total{outcome="booking_not_found",tool="get_booking"} 1.0',
        'linkdesk_tool_calls_total{outcome="unknown_tool",tool="unknown"} 1.0',
        'linkdesk_portal_calls_total{outcome="ok",portal="booking.v1.booking.externalData.set"} 1.0',
        'linkdesk_tool_seconds_count{tool="set_booking_links"} 1.0',
        "linkdesk_writes_under_way 0.0",
    ):
        assert line in shown.text
    assert "made_up" not in shown.text


async def test_numbers_are_shown_only_where_they_are_switched_on() -> None:
    async with open_http_env() as env:
        assert (await env.http.get("/metrics", headers=BEARER)).status_code == 404


async def test_a_call_and_its_requests_to_the_portal_are_one_trace_without_anything_secret() -> None:
    exporter = InMemorySpanExporter()
    with export_spans(exporter) as traces, observing(traces.watch):
        async with open_sandbox_env() as sandbox_env, connected(sandbox_env.desk) as client:
            await client.call_tool(*LINK_CALL)
            await client.call_tool("get_booking", {"booking_id": "secret words"})
            secret = sandbox_env.sandbox.webhook_path
    spans = [span for span in exporter.get_finished_spans() if span.name.startswith(("tool ", "portal "))]
    (call,) = [span for span in spans if span.name == "tool set_booking_links"]
    requests = [span for span in spans if span.name == "portal booking.v1.booking.externalData.set"]
    assert call.context is not None
    assert [span.context.trace_id for span in requests if span.context] == [call.context.trace_id]
    assert call.attributes == {"linkdesk.tool": "set_booking_links", "linkdesk.outcome": "ok"}
    (wrong,) = [span for span in spans if span.name == "tool get_booking"]
    assert (wrong.attributes or {})["linkdesk.outcome"] == "bad_arguments"
    told = "".join(span.to_json() for span in spans)
    assert "secret words" not in told
    assert secret not in told


def test_calls_on_standard_input_and_output_are_traced_too() -> None:
    heard: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        where = f"http://127.0.0.1:{collector.server_address[1]}"
        env = {**os.environ, "LINKDESK_TRACES": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": where}
        with start_stdio_server("--sandbox", env=env) as spoken:
            spoken.ask("initialize", INITIALIZE)
            spoken.call("list_booking_links", {"booking_id": 14})
            assert spoken.end()[0] == 0
        collector.shutdown()
    assert {path for path, _ in heard} == {"/v1/traces"}
    told = b"".join(body for _, body in heard)
    assert b"tool list_booking_links" in told
    assert b"portal batch" in told


@pytest.mark.parametrize(("setting", "library"), [("metrics", "prometheus_client"), ("traces", "opentelemetry.sdk")])
async def test_a_library_that_is_missing_is_named(setting: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name
        for name in sys.modules
        if name.startswith((library, "server.telemetry.metrics", "server.telemetry.traces"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    async with open_sandbox_env() as sandbox_env:
        desk: Desk = sandbox_env.desk
        with (
            pytest.raises(NotConfigured) as told,
            start_telemetry(Settings.model_validate({"http_tokens": TOKENS, setting: True}), desk),
        ):
            pass
    assert f"LINKDESK_{setting.upper()}" in told.value.sentence.en
    assert "make setup" in told.value.sentence.ru
