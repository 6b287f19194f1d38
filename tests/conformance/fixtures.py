"""What the official conformance suite asks a server to have, put on ours: tools, resources and prompts with set names.

Names, arguments and texts are the suite's, and stand in its description of each scenario. Nothing of it is part of the
product: what is tested is the stack beneath.
"""

from __future__ import annotations

import base64
import json
from typing import Annotated, Any, Final

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from mcp.types import (
    AudioContent,
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field

from server.mcp_app import LinkdeskServer

Ctx = Context[Any, Any]
PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV: Final = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
IMAGE: Final = ImageContent(type="image", data=PNG, mime_type="image/png")
MISSING_CAPABILITY: Final = -32021
MODERN: Final = "2026-07-28"


def text(words: str) -> TextContent:
    return TextContent(type="text", text=words)


def embedded(uri: str, mime_type: str, words: str) -> EmbeddedResource:
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=mime_type, text=words))


# What a server sends


def test_simple_text() -> str:
    """Answer with text."""
    return "This is a simple text response for testing."


def test_image_content() -> list[ImageContent]:
    """Answer with an image."""
    return [IMAGE]


def test_audio_content() -> list[AudioContent]:
    """Answer with a sound."""
    return [AudioContent(type="audio", data=WAV, mime_type="audio/wav")]


def test_embedded_resource() -> list[EmbeddedResource]:
    """Answer with a resource."""
    return [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")]


def test_multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
    """Answer with several kinds of content."""
    data = json.dumps({"test": "data", "value": 123})
    resource = embedded("test://mixed-content-resource", "application/json", data)
    return [text("Multiple content types test:"), IMAGE, resource]


def test_error_handling() -> str:
    """Fail."""
    raise ToolError("This tool intentionally returns an error for testing")


async def test_tool_with_logging(context: Ctx) -> str:
    """Log three times."""
    for step in ("started", "processing data", "completed"):
        await context.log("info", f"Tool {step}")
    return "Logged."


async def test_tool_with_progress(context: Ctx) -> str:
    """Report progress three times."""
    for done in (0, 50, 100):
        await context.report_progress(done, 100, f"Completed step {done} of 100")
    return "Done."


# What a server asks, in the older era: while the call waits


async def test_sampling(prompt: str, context: Ctx) -> str:
    """Ask the client's model."""
    message = SamplingMessage(role="user", content=text(prompt))
    result = await context.session.create_message(messages=[message], max_tokens=100)
    return f"LLM response: {result.content.text if isinstance(result.content, TextContent) else ''}"


class Response(BaseModel):
    response: str = Field(description="User's response")


async def asked(context: Ctx, message: str, schema: type[BaseModel]) -> str:
    result = await context.elicit(message, schema)
    content = result.data.model_dump_json() if result.action == "accept" else "{}"
    return f"action={result.action}, content={content}"


async def test_elicitation(message: str, context: Ctx) -> str:
    """Ask the person."""
    return f"User response: {await asked(context, message, Response)}"


class Defaults(BaseModel):
    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: Annotated[str, Field(json_schema_extra={"enum": ["active", "inactive", "pending"]})] = "active"
    verified: bool = True


async def test_elicitation_sep1034_defaults(context: Ctx) -> str:
    """Ask the person with a default for each kind of field."""
    return f"Elicitation completed: {await asked(context, 'Please provide user information', Defaults)}"


def titled(*names: str) -> list[dict[str, str]]:
    return [{"const": name, "title": f"{name.title()} Option"} for name in names]


NAMES: Final = ["option1", "option2", "option3"]


class Enums(BaseModel):
    untitledSingle: Annotated[str, Field(json_schema_extra={"enum": [*NAMES]})]  # noqa: N815 - the suite's names
    titledSingle: Annotated[str, Field(json_schema_extra={"oneOf": [*titled(*NAMES)]})]  # noqa: N815
    legacyEnum: Annotated[  # noqa: N815
        str, Field(json_schema_extra={"enum": [*NAMES], "enumNames": ["One", "Two", "Three"]})
    ]
    untitledMulti: Annotated[  # noqa: N815
        list[str], Field(json_schema_extra={"items": {"type": "string", "enum": [*NAMES]}})
    ]
    titledMulti: Annotated[list[str], Field(json_schema_extra={"items": {"anyOf": [*titled(*NAMES)]}})]  # noqa: N815


async def test_elicitation_sep1330_enums(context: Ctx) -> str:
    """Ask the person with each kind of choice."""
    return f"Elicitation completed: {await asked(context, 'Please select options', Enums)}"


# What a server asks, in the newer era: the call is answered with questions, and made again with their answers


def form(message: str, **properties: str) -> ElicitRequest:
    schema: Any = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": [*properties],
    }
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def sample(words: str) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=text(words))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=100))


NAME: Final = form("What is your name?", name="string")
CAPITAL: Final = sample("What is the capital of France?")


def rounds(context: Ctx, state: str | None = None, **requests: Any) -> InputRequiredResult | str:  # noqa: ANN401
    """Ask these; once all are answered, say the answers."""
    answers = context.input_responses or {}
    if not requests.keys() <= answers.keys():
        return InputRequiredResult(input_requests=requests, request_state=state)
    if state is not None and context.request_state != state:
        raise MCPError(-32602, "The state is not the one that was given.")
    said = {name: answers[name].model_dump(mode="json", exclude_none=True) for name in requests}
    return f"state-ok {json.dumps(said)}"


def test_input_required_result_elicitation(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask the person's name."""
    return complete(rounds(context, user_name=NAME))


def test_input_required_result_sampling(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask the client's model."""
    return complete(rounds(context, capital_question=CAPITAL))


def test_input_required_result_list_roots(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask for the client's roots."""
    return complete(rounds(context, client_roots=ListRootsRequest()))


def test_input_required_result_request_state(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask to confirm, with state."""
    return complete(rounds(context, "confirming", confirm=form("Please confirm", ok="boolean")))


def test_input_required_result_tampered_state(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask to confirm, with state that must come back as it was."""
    return complete(rounds(context, "confirming", confirm=form("Please confirm", ok="boolean")))


def test_input_required_result_multiple_inputs(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask three things at once."""
    return complete(rounds(context, "three", user_name=NAME, greeting=CAPITAL, client_roots=ListRootsRequest()))


def test_input_required_result_multi_round(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask one thing after the other."""
    answers = context.input_responses or {}
    if context.request_state is None:
        first = form("Step 1: What is your name?", name="string")
        return InputRequiredResult(input_requests={"step1": first}, request_state="step 1")
    if context.request_state == "step 1":
        if "step1" not in answers:
            first = form("Step 1: What is your name?", name="string")
            return InputRequiredResult(input_requests={"step1": first}, request_state="step 1")
        second = form("Step 2: What is your favorite color?", color="string")
        return InputRequiredResult(input_requests={"step2": second}, request_state="step 2")
    return complete("Both rounds were answered.")


def test_input_required_result_capabilities(context: Ctx) -> CallToolResult | InputRequiredResult:
    """Ask only what the client can answer."""
    can = context.client_capabilities
    asks: dict[str, Any] = {}
    if can is not None and can.sampling is not None:
        asks["capital_question"] = CAPITAL
    if can is not None and can.elicitation is not None:
        asks["user_name"] = NAME
    return complete(rounds(context, **asks) if asks else "The client can answer nothing.")


def complete(answer: InputRequiredResult | str) -> CallToolResult | InputRequiredResult:
    return CallToolResult(content=[text(answer)]) if isinstance(answer, str) else answer


def test_missing_capability() -> str:
    """Need what the client does not declare."""
    data: dict[str, Any] = {"requiredCapabilities": {"sampling": {}}}
    raise MCPError(MISSING_CAPABILITY, "This tool needs the client's model.", data)


TOOLS: Final = (
    *(test_simple_text, test_image_content, test_audio_content, test_embedded_resource, test_multiple_content_types),
    *(test_error_handling, test_tool_with_logging, test_tool_with_progress, test_sampling, test_elicitation),
    *(test_elicitation_sep1034_defaults, test_elicitation_sep1330_enums, test_input_required_result_elicitation),
    *(test_input_required_result_sampling, test_input_required_result_list_roots),
    *(test_input_required_result_request_state, test_input_required_result_tampered_state),
    *(test_input_required_result_multiple_inputs, test_input_required_result_multi_round),
    *(test_input_required_result_capabilities, test_missing_capability),
)


def static_text() -> str:
    """Return text."""
    return "This is the content of the static text resource."


def static_binary() -> bytes:
    """Return an image."""
    return base64.b64decode(PNG)


def watched_resource() -> str:
    """Return text that can change."""
    return "Watched resource content"


def data_of(id: str) -> str:  # noqa: A002 - the template's variable
    """Return the data of an id."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


def test_simple_prompt() -> list[Any]:
    """Return a message."""
    return [text("This is a simple prompt for testing.")]


def test_prompt_with_arguments(arg1: str, arg2: str) -> list[Any]:
    """Return the arguments."""
    return [text(f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")]


def test_prompt_with_embedded_resource(resourceUri: str) -> list[Any]:  # noqa: N803 - the suite's name
    """Show a resource."""
    return [embedded(resourceUri, "text/plain", "Embedded resource content for testing."), text("Please process it.")]


def test_prompt_with_image() -> list[Any]:
    """Show an image."""
    return [IMAGE, text("Please analyze the image above.")]


def test_input_required_result_prompt(context: Ctx) -> Any:  # noqa: ANN401 - messages, or questions
    """Ask for a context first."""
    question = form("What context should the prompt use?", context="string")
    answer = rounds(context, user_context=question)
    return [text(answer)] if isinstance(answer, str) else answer


PROMPTS: Final = (
    *(test_simple_prompt, test_prompt_with_arguments, test_prompt_with_embedded_resource, test_prompt_with_image),
    test_input_required_result_prompt,
)


def put_on(server: LinkdeskServer) -> None:
    """Register the suite's fixtures with a server."""
    for tool in TOOLS:
        server.add_tool(tool, structured_output=False)
    server.offered = (*server.offered, *(tool.__name__ for tool in TOOLS))
    for address, mime_type, read in (
        ("test://static-text", "text/plain", static_text),
        ("test://static-binary", "image/png", static_binary),
        ("test://watched-resource", "text/plain", watched_resource),
    ):
        server.resource(address, mime_type=mime_type)(read)
    server.resource("test://template/{id}/data", description="Data of an id.", mime_type="application/json")(data_of)
    for prompt in PROMPTS:
        server.prompt()(prompt)

    async def nothing(_context: Any, _params: Any) -> EmptyResult:  # noqa: ANN401 - the SDK's
        return EmptyResult()

    # The SDK has no public way to take these.
    add = server.protocol.add_request_handler
    add("logging/setLevel", SetLevelRequestParams, nothing)
    add("resources/subscribe", SubscribeRequestParams, nothing)
    add("resources/unsubscribe", UnsubscribeRequestParams, nothing)
