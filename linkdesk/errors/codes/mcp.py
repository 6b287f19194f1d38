"""Errors of the MCP server apart from tools: unknown resource addresses, prompts and error codes.

The string below an entry says which facts its placeholders need, if it has any.
"""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Localized

UNKNOWN_ADDRESS: Final = Failure(
    code="unknown_address",
    what=Localized(en="There is nothing to read at this address.", ru="По этому адресу ничего нет."),
    next=Localized(en="Use an address such as: {addresses}.", ru="Бывают такие адреса: {addresses}."),
)
"""Needs `addresses`."""
UNKNOWN_PROMPT: Final = Failure(
    code="unknown_prompt",
    what=Localized(en="There is no such prompt here.", ru="Такого готового запроса здесь нет."),
    next=Localized(en="Use one of these prompts: {prompts}.", ru="Воспользуйтесь одним из этих: {prompts}."),
)
"""Needs `prompts`."""
UNKNOWN_ERROR_CODE: Final = Failure(
    code="unknown_error_code",
    what=Localized(
        en="Linkdesk does not know an error with the code {given}.", ru="Ошибки с кодом {given} Linkdesk не знает."
    ),
    next=Localized(
        en="Check the code; see also: {near}.",
        ru="Проверьте код; смотрите также: {near}.",
    ),
)
"""Needs `given` and `near`."""

PROTOCOL: Final[tuple[Failure, ...]] = (UNKNOWN_ADDRESS, UNKNOWN_PROMPT, UNKNOWN_ERROR_CODE)
"""Every entry above."""
