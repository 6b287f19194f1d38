"""A language model of this machine that answers what it is told to, in both wire forms; it is strict about requests."""

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
"""What every answer says that it cost: read and written."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool that the model makes."""

    name: str
    arguments: object


@dataclass
class ModelServer:
    """Answers with the next of its script, and keeps what it was sent."""

    url: str = "http://127.0.0.1:1"
    """Where it is told to be; in process nobody looks there."""
    script: list[list[ToolCall] | Response | str] = field(default_factory=list[list[ToolCall] | Response | str])
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    models: tuple[str, ...] = (MODEL,)
    newer: bool = False
    """Whether it wants `max_completion_tokens`, as the newest models do."""

    @cached_property
    def app(self) -> Starlette:
        """The application: to be served, or to be called in process."""
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self.completions, methods=["POST"]),
                Route("/v1/messages", self.messages, methods=["POST"]),
                Route("/v1/models", self.listed),
            ]
        )

    @cached_property
    def transport(self) -> httpx.ASGITransport:
        """The way to it without a socket."""
        return httpx.ASGITransport(self.app)

    def llm(self, provider: Provider, **limits: int) -> Llm:
        """Give the setting that leads here."""
        return Llm(provider, f"{self.url}/v1", MODEL, SecretStr(KEY), LlmLimits(**limits))

    @property
    def sent(self) -> dict[str, Any]:
        """What the message was sent as: the last one."""
        content = self.bodies[-1]["messages"][-1]["content"]
        found: dict[str, Any] = json.loads(content)
        return found

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """The schemas of the tools that were offered last, by name."""
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
    """Write arguments as a string, as this form has it; a string stands for itself."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


def refused(status: int, message: str, param: str | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "param": param}}, status_code=status)
