"""The streamable HTTP transport: app, host check, health probes, uvicorn and shutdown."""
