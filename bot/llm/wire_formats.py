"""The two wire formats of models: request bodies, and tool calls in answers. Pure.

Sources: https://platform.openai.com/docs/api-reference/chat and https://docs.anthropic.com/en/api/messages
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field

from bot.llm.prompt import Prompt
from bot.llm.tools import ToolChoice
from linkdesk.config.llm import Provider

MOST_ANSWERED: Final = 1024
"""Tokens; one call of a tool with a hundred items fits."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call of the model, with unchecked arguments."""

    name: str
    arguments: object


@dataclass(frozen=True, slots=True)
class Answer:
    """The tool calls of an answer, and its tokens if reported."""

    calls: tuple[Call, ...]
    tokens: int | None


@dataclass(frozen=True, slots=True)
class WireFormat:
    """A wire format; `read` raises `ValueError` for an invalid answer."""

    body: Callable[[str, Prompt, Sequence[ToolChoice]], dict[str, Any]]
    read: Callable[[object], Answer]


# --- OpenAI's chat completions, and whoever speaks like it ------------------------------------------------------------


class _Function(BaseModel):
    name: str
    arguments: str | dict[str, Any] | None = None


class _FunctionCall(BaseModel):
    function: _Function


class _Message(BaseModel):
    tool_calls: list[_FunctionCall] | None = None


class _Choice(BaseModel):
    message: _Message


class _Tokens(BaseModel):
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Tokens | None = None


def _completion_body(model: str, prompt: Prompt, choices: Sequence[ToolChoice]) -> dict[str, Any]:
    return {
        "model": model,
        "max_tokens": MOST_ANSWERED,
        "messages": [{"role": "system", "content": prompt.rules}, {"role": "user", "content": prompt.message}],
        "tools": [
            {
                "type": "function",
                "function": {"name": one.name, "description": one.description, "parameters": one.parameters},
            }
            for one in choices
        ],
        "tool_choice": "auto",
    }


def _read_completion(found: object) -> Answer:
    answer = _Completion.model_validate(found)
    calls = [call.function for call in answer.choices[0].message.tool_calls or []]
    usage = answer.usage
    return Answer(
        tuple(Call(call.name, _opened(call.arguments)) for call in calls),
        None if usage is None else usage.prompt_tokens + usage.completion_tokens,
    )


def _opened(arguments: str | Mapping[str, Any] | None) -> object:
    """Decode arguments given as a JSON string; an empty string means none."""
    if not isinstance(arguments, str):
        return arguments or {}
    try:
        return json.loads(arguments or "{}")
    except RecursionError:
        raise ValueError("nested too deeply") from None


# --- Anthropic's messages ---------------------------------------------------------------------------------------------


class _Block(BaseModel):
    type: str
    name: str = ""
    input: Any = None


class _Usage(BaseModel):
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)


class _Said(BaseModel):
    content: list[_Block]
    usage: _Usage | None = None


def _message_body(model: str, prompt: Prompt, choices: Sequence[ToolChoice]) -> dict[str, Any]:
    return {
        "model": model,
        "max_tokens": MOST_ANSWERED,
        "system": prompt.rules,
        "messages": [{"role": "user", "content": prompt.message}],
        "tools": [
            {"name": one.name, "description": one.description, "input_schema": one.parameters} for one in choices
        ],
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
    }


def _read_message(found: object) -> Answer:
    answer = _Said.model_validate(found)
    calls = [block for block in answer.content if block.type == "tool_use"]
    usage = answer.usage
    return Answer(
        tuple(Call(call.name, {} if call.input is None else call.input) for call in calls),
        None if usage is None else usage.input_tokens + usage.output_tokens,
    )


SHAPES: Final[Mapping[Provider, WireFormat]] = {
    Provider.OPENAI: WireFormat(_completion_body, _read_completion),
    Provider.ANTHROPIC: WireFormat(_message_body, _read_message),
}
