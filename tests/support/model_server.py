"""A scripted language model server that speaks both wire formats and validates requests strictly."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkdesk.config.llm import Llm, LlmLimits, Provider

KEY = "planted-key-0123456789"
MODEL = "scripted-1"
TOKENS = (900, 100)
"""The token usage of every answer: input and output."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call in a model's answer."""

    name: str
    arguments: object


@dataclass
class ModelServer:
    """Answers with the next entry of its script and records the requests."""

    url: str = "http://127.0.0.1:1"
    """Its configured URL, unused within this process."""
    script: list[list[ToolCall] | Response | str] = field(default_factory=list[list[ToolCall] | Response | str])
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    models: tuple[str, ...] = (MODEL,)
    newer: bool = False
    """Whether it requires `max_completion_tokens`, as the newest models do."""

    @cached_property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self.completions, methods=["POST"]),
                Route("/v1/messages", self.messages, methods=["POST"]),
                Route("/v1/models", self.listed),
            ]
        )

    @cached_property
    def transport(self) -> httpx.ASGITransport:
        """A transport to the app within this process."""
        return httpx.ASGITransport(self.app)

    def llm(self, provider: Provider, **limits: int) -> Llm:
        """Return the settings of this model."""
        return Llm(provider, f"{self.url}/v1", MODEL, SecretStr(KEY), LlmLimits(**limits))

    @property
    def sent(self) -> dict[str, Any]:
        """The content of the last message sent."""
        content = self.bodies[-1]["messages"][-1]["content"]
        found: dict[str, Any] = json.loads(content)
        return found

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """The schemas of the tools in the last request, by name."""
        tools = [tool.get("function", tool) for tool in self.bodies[-1]["tools"]]
        return {tool["name"]: tool.get("parameters", tool.get("input_schema")) for tool in tools}

    async def completions(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return refused(401, f"Incorrect API key provided: {KEY}")
        body = await request.json()
        most = "max_completion_tokens" if self.newer else "max_tokens"
        if body.keys() != {"model", "messages", "tools", "tool_choice", most}:
            return refused(400, "unsupported", "max_tokens" if "max_tokens" in body else "other")
        assert [message["role"] for message in body["messages"]] == ["system", "user"]
        assert all(tool["type"] == "function" for tool in body["tools"])
        answer = self._next(body)
        if isinstance(answer, Response):
            return answer
        calls = [
            {
                "id": f"call_{place}",
                "type": "function",
                "function": {"name": call.name, "arguments": written(call.arguments)},
            }
            for place, call in enumerate([] if isinstance(answer, str) else answer)
        ]
        message = {"role": "assistant", "content": answer if isinstance(answer, str) else None}
        return JSONResponse(
            {
                "choices": [{"index": 0, "message": {**message, **({"tool_calls": calls} if calls else {})}}],
                "usage": {"prompt_tokens": TOKENS[0], "completion_tokens": TOKENS[1]},
            }
        )

    async def messages(self, request: Request) -> Response:
        if request.headers.get("x-api-key") != KEY or not request.headers.get("anthropic-version"):
            return refused(401, f"invalid x-api-key {KEY}")
        body = await request.json()
        assert body.keys() == {"model", "max_tokens", "system", "messages", "tools", "tool_choice"}
        assert [message["role"] for message in body["messages"]] == ["user"]
        answer = self._next(body)
        if isinstance(answer, Response):
            return answer
        blocks: list[dict[str, object]] = [
            {"type": "text", "text": answer if isinstance(answer, str) else "Let me see."}
        ]
        blocks += [
            {"type": "tool_use", "id": f"toolu_{place}", "name": call.name, "input": call.arguments}
            for place, call in enumerate([] if isinstance(answer, str) else answer)
        ]
        return JSONResponse(
            {"content": blocks, "usage": {"input_tokens": TOKENS[0], "output_tokens": TOKENS[1]}},
        )

    async def listed(self, request: Request) -> Response:
        given = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if given != KEY:
            return refused(401, "who is it?")
        return JSONResponse({"data": [{"id": name} for name in self.models]})

    def _next(self, body: dict[str, Any]) -> list[ToolCall] | Response | str:
        assert body["model"] == MODEL
        self.bodies.append(body)
        assert self.script, "the model was asked once more than expected"
        return self.script.pop(0)


def written(arguments: object) -> str:
    """Encode arguments as a JSON string, as this wire format requires; return a string unchanged."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


def refused(status: int, message: str, param: str | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "param": param}}, status_code=status)
