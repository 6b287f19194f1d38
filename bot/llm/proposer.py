"""The configured model, asked about one message at a time."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import structlog

from bot.llm.budget import Budget
from bot.llm.client import NoAnswerError, ask
from bot.llm.grounding import message_of
from bot.llm.prompt import prompt_of
from bot.llm.proposal import ModelProposal, ProposalStatus
from bot.llm.tools import offered_tools, tool_choices
from bot.llm.verdict import Question, judge
from bot.llm.wire_formats import MOST_ANSWERED, SHAPES
from bot.nlu.message_text import cleaned, is_readable
from bot.nlu.result import Certainty, Understood
from linkdesk.auth.policy import Actor, Policy
from linkdesk.config.llm import Llm
from linkdesk.config.settings import Settings
from tool_specs.declaration.localized import Language

log = structlog.stdlib.get_logger()

MOST_TEXT: Final = 2000
"""A longer message is not sent."""
BYTES_A_TOKEN: Final = 3
"""As few as it may be, so that what is not told is not counted too low."""


class LlmProposer:
    """Asks the model what a message means; failures are logged and yield no proposal."""

    def __init__(
        self,
        llm: Llm,
        policy: Policy | None = None,
        *,
        portal_host: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the settings; no connection is opened before the first message.

        Args:
            llm: the model.
            policy: what the installation allows: other tools are not even offered.
            portal_host: the host that pasted addresses of cards have to have; None for any.
            transport: in place of the network.
        """
        self._llm = llm
        self._policy = policy or Policy()
        self._portal_host = portal_host
        self._transport = transport
        self._spending = Budget(llm.limits)

    @classmethod
    def opened(
        cls, settings: Settings, portal_host: str | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> LlmProposer | None:
        """Return the model that is set, or None.

        Raises:
            NotConfigured: it is half set.
        """
        llm = settings.llm()
        return None if llm is None else cls(llm, settings.policy(), portal_host=portal_host, transport=transport)

    async def propose(self, text: str, actor: Actor, now: datetime, zone: str, language: Language) -> ModelProposal:
        """Propose a request for a message that the reader could not read; never raises.

        Sent are the message, the language, the day and time with its zone, and the tools that the person may use;
        nothing of the CRM, and nothing of who they are.

        Args:
            text: the message, as it was written.
            actor: who wrote it: for what they may use, and for the limits.
            now: the present time, by which the limits count too; without an offset it is that of the zone.
            zone: the business's time zone.
            language: the one to ask back in.
        """
        nothing = Understood(text, language, certainty=Certainty.GUESSED)
        here = ZoneInfo(zone)
        now = now.replace(tzinfo=here) if now.tzinfo is None else now.astimezone(here)
        sent = cleaned(text)
        if not sent or len(sent) > MOST_TEXT or not is_readable(sent):
            return ModelProposal(nothing, ProposalStatus.NOT_SENT)
        said = message_of(sent, now)
        if self._portal_host and said.hosts - {self._portal_host.lower()}:
            return ModelProposal(nothing, ProposalStatus.NOT_SENT)
        tools = offered_tools(self._policy, actor, writes=not said.no_order)
        body = SHAPES[self._llm.provider].body(
            self._llm.model, prompt_of(sent, now, zone, language), tool_choices(tools)
        )
        return await self._asked(Question(nothing, said, tools, self._portal_host), body, actor, now)

    async def _asked(self, asked: Question, body: dict[str, Any], actor: Actor, now: datetime) -> ModelProposal:
        taken = len(json.dumps(body, ensure_ascii=False).encode()) // BYTES_A_TOKEN + MOST_ANSWERED
        if (limit := self._spending.take(actor.who, now, taken)) is not None:
            log.info("model.not_asked", limit=limit, actor=actor.name)
            return ModelProposal(asked.nothing, ProposalStatus.LIMIT)
        try:
            found = await ask(self._llm, body, self._transport)
        except NoAnswerError as error:
            # A refused key, a model that is not there or a server that is away: it will be so a moment later too.
            self._spending.rest(now)
            log.warning("model.no_answer", why=str(error), host=self._llm.host, hint=_hint(error))
            return ModelProposal(asked.nothing, ProposalStatus.FAILED)
        try:
            answer = SHAPES[self._llm.provider].read(found)
        except ValueError:
            log.warning("model.unreadable", host=self._llm.host, hint=_UNREADABLE)
            return ModelProposal(asked.nothing, ProposalStatus.FAILED)
        if answer.tokens is not None:
            self._spending.settle(now, taken=taken, cost=answer.tokens)
        proposal = judge(asked, answer.calls)
        tool = proposal.understood.tool
        log.info(
            "model.answered",
            came=proposal.came.value,
            tool=tool.name() if tool else None,
            tokens=answer.tokens,
            actor=actor.name,
        )
        return proposal


_UNREADABLE: Final = "what answers there speaks another form: check LINKDESK_LLM_PROVIDER and LINKDESK_LLM_URL"
_HINTS: Final = {
    401: "the key is not accepted: check LINKDESK_LLM_KEY",
    403: "the key is not accepted: check LINKDESK_LLM_KEY",
    404: "no such address or model: check LINKDESK_LLM_URL and LINKDESK_LLM_MODEL",
    429: "the provider's own limit is reached",
}


def _hint(error: NoAnswerError) -> str:
    return _HINTS.get(error.status, "`linkdesk doctor` says whether the model answers")
