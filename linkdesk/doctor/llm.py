"""Check that the configured language model answers, without sending a message or spending anything."""

from __future__ import annotations

from typing import Any, Final, cast

import httpx

from linkdesk.config.llm import Llm
from linkdesk.doctor.findings import MODEL, CheckState, Finding
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.localized import Localized

MAX_NAME_LENGTH: Final = 80
_SILENT: Final = Localized(en="it does not answer.", ru="не отвечает.")
_LOOK: Final = Localized(
    en="Check LINKDESK_LLM_URL and whether the model's server is running.",
    ru="Проверьте LINKDESK_LLM_URL и то, запущен ли сервер модели.",
)
_REFUSED: Final = Localized(en="the key is not accepted.", ru="ключ не принят.")
_NEW_KEY: Final = Localized(
    en="Set a valid key in LINKDESK_LLM_KEY.",
    ru="Впишите действующий ключ в LINKDESK_LLM_KEY.",
)
_NAME: Final = Localized(en="Check LINKDESK_LLM_MODEL.", ru="Проверьте LINKDESK_LLM_MODEL.")
_REFUSING: Final = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN})


async def check_llm(llm: Llm, transport: httpx.AsyncBaseTransport | None = None) -> Finding:
    """List the server's models, which costs nothing, and report where messages are sent."""
    try:
        async with httpx.AsyncClient(transport=transport, timeout=10, follow_redirects=False) as http:
            response = await http.get(llm.models, headers=llm.headers())
    except (httpx.HTTPError, httpx.InvalidURL):
        # The error itself is not told: it holds the address.
        return Finding(CheckState.WRONG, MODEL, _SILENT, _LOOK)
    if response.status_code in _REFUSING:
        return Finding(CheckState.WRONG, MODEL, _REFUSED, _NEW_KEY)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Finding(CheckState.WRONG, MODEL, _SILENT, _LOOK)
    names = _names(response)
    facts = {"model": one_line(llm.model, MAX_NAME_LENGTH), "host": llm.host}
    if names is None:
        unsure = Localized(
            en="{host} answers but does not list its models; messages that are not understood are sent there.",
            ru="{host} отвечает, но не сообщает список моделей; непонятые сообщения отправляются туда.",
        )
        return Finding(CheckState.NOTICE, MODEL, unsure.format_map(facts))
    if llm.model not in names:
        # A second name of a model, and what stands on the list's next page, work all the same.
        unknown = Localized(en="{host} has no model {model} in its list.", ru="у {host} нет в списке модели {model}.")
        return Finding(CheckState.NOTICE, MODEL, unknown.format_map(facts), _NAME)
    fine = Localized(
        en="{model} at {host}; messages that are not understood are sent there.",
        ru="{model} на {host}; непонятые сообщения отправляются туда.",
    )
    return Finding(CheckState.FINE, MODEL, fine.format_map(facts))


def _names(response: httpx.Response) -> frozenset[str] | None:
    """Return the names of the models; None where there is no list of them."""
    if not response.is_success:
        return None
    try:
        rows: Any = response.json()["data"]
        return frozenset(str(cast("dict[str, Any]", row)["id"]) for row in rows)
    except (ValueError, KeyError, TypeError):
        return None
