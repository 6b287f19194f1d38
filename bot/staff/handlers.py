"""Commands about the staff: language, groups, redeeming links, and confirmations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from telegram import User

from bot.commands.parser import Requests
from bot.conversation.basic_commands import is_language, language_named
from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.incoming import Incoming
from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply
from bot.rendering.dispatch import render_error
from bot.rendering.markup import Text, filled
from bot.staff.account_linking import AccountLinking
from bot.staff.confirmations import Confirmations
from bot.staff.invitations import Invitations
from bot.staff.roles import ROLES
from bot.telegram.access import LANGUAGE
from linkdesk.accounts.staff import Chat, StaffStore
from linkdesk.auth.allowlist import TOOLSET_NAMES
from linkdesk.errors.base import Trouble
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Toolset
from tool_specs.declaration.text import fold
from tool_specs.recipes.changes_and_plans import Whoami

ALLOWED: Final = Localized(en="I now answer in this group.", ru="Теперь я отвечаю в этой группе.")
ALLOWED_ONLY: Final = Localized(
    en="I now answer in this group, only about: {toolsets}.",
    ru="Теперь я отвечаю в этой группе, только про: {toolsets}.",
)
NO_SUCH_TOOLSET: Final = Localized(
    en="I don't know “{word}”. You can use: {known}. Nothing was changed.",
    ru="Не знаю, что такое «{word}». Можно назвать: {known}. Ничего не изменено.",
)
DISALLOWED: Final = Localized(en="I no longer answer in this group.", ru="Больше я в этой группе не отвечаю.")
NOT_ALLOWED_ANYWAY: Final = Localized(
    en="I wasn't answering in this group anyway.", ru="Я и так не отвечаю в этой группе."
)
ME: Final = Localized(
    en="You are {name}, Telegram ID {number}; role: {role}; employee: {who}.",
    ru="Вы: {name}, Telegram ID {number}; роль: {role}; сотрудник: {who}.",
)

_TOOLSET_OF_WORD: Final[Mapping[str, Toolset]] = {
    **{toolset.value: toolset for toolset in Toolset},
    "связи": Toolset.LINKS,
    "журнал": Toolset.CHANGES,
    "брони": Toolset.BOOKINGS,
    "бронирования": Toolset.BOOKINGS,
    "ожидание": Toolset.WAITLIST,
    "ресурсы": Toolset.RESOURCES,
    "карточки": Toolset.CRM,
}


class StaffHandlers:
    """Answers what is about the staff; everything else is the conversation's."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        people: StaffStore,
        confirmations: Confirmations,
        invitations: Invitations,
        account_linking: AccountLinking,
    ) -> None:
        """Take the conversation, the staff, the questions that wait, and what codes in links are redeemed by."""
        self._conversation = conversation
        self._people = people
        self._confirmations = confirmations
        self._account_linking = account_linking
        self._invitations = invitations

    async def answer(self, incoming: Incoming) -> Reply | None:
        """Answer a message about the staff; None for anything else."""
        waiting = self._confirmations.at(incoming.person.conversation_key)
        if waiting is not None and incoming.agreed is not None:
            return await self.settle(incoming.person, waiting.id, agreed=incoming.agreed)
        match incoming.reading:
            case Requests((Whoami(),)):
                return await self._whoami(incoming)
            case _:
                return None

    async def settle(self, person: Person, confirmation_id: str, *, agreed: bool) -> Reply | None:
        """Settle a question about the staff; None where no such question waits."""
        confirmation = self._confirmations.claim(person.conversation_key, confirmation_id)
        if confirmation is None:
            return None
        try:
            return replace(await confirmation.settle(agreed), closes=confirmation.id, strip=confirmation.message)
        except Trouble as trouble:
            language = self._conversation.language(person)
            said = render_error(trouble, language, write=False)
            return Reply(said.plain, said.html, language, closes=confirmation.id, strip=confirmation.message)

    def shown(self, confirmation_id: str, message: int) -> bool:
        """Remember the message of a question about the staff; return False where no such question waits."""
        return self._confirmations.shown(confirmation_id, message)

    async def greet(self, user: User, text: str) -> Reply | None:
        """Admit a stranger who brings an invitation; None for everybody else."""
        return await self._invitations.enter(user, text)

    async def _whoami(self, incoming: Incoming) -> Reply:
        """Render the person's account, role, and the portal rights they work with."""
        person = incoming.person
        language = self._conversation.language_of(incoming.text, person)
        here = filled(
            ME.to(language),
            name=Text.strong(person.name.partition(" ")[2] or person.name),
            number=str(person.user),
            role=ROLES[person.role].to(language),
            who=person.actor.who,
        )
        there = await self._conversation.answer(incoming)
        return replace(there, text=f"{here.plain}\n{there.text}", html=f"{here.html}\n{there.html}")

    @handles("start")
    async def start(self, request: CommandRequest) -> Reply:
        """Redeem the code of a link; without one, say what this is."""
        if request.arguments and request.place.private:
            return await self._account_linking.begin(request) or await self._invitations.again(request)
        return await self._conversation.basic_commands.start(request)

    @handles("lang")
    async def lang(self, request: CommandRequest) -> Reply:
        """Set the language of the answers, and keep it for wherever the person writes next."""
        session = request.session
        if is_language(request.arguments):
            chosen = language_named(request.arguments)
            person = replace(session.person, chosen=chosen)
            await self._people.save_setting(person.actor.who, LANGUAGE, chosen)
            session = replace(session, person=person, language=self._conversation.language(person))
        return await self._conversation.basic_commands.lang(replace(request, session=session))

    @handles("allow")
    async def allow(self, request: CommandRequest) -> Reply:
        """Let the bot answer in a group, about everything or about some toolsets."""
        words = [fold(word) for word in request.arguments.replace(",", " ").replace("+", " ").split()]
        unknown = [word for word in words if word not in _TOOLSET_OF_WORD]
        if unknown:
            return request.reply(NO_SUCH_TOOLSET, word=unknown[0][:40], known=", ".join(Toolset))
        toolsets = frozenset(_TOOLSET_OF_WORD[word] for word in words) or None
        person = request.person
        await self._people.allow_chat(
            Chat(id=person.chat, title=request.place.title, toolsets=toolsets, allowed_by=person.actor.who)
        )
        if toolsets is None:
            return request.reply(ALLOWED)
        named = join_with_commas([TOOLSET_NAMES[toolset] for toolset in Toolset if toolset in toolsets])
        return request.reply(ALLOWED_ONLY, toolsets=named.to(request.language))

    @handles("disallow")
    async def disallow(self, request: CommandRequest) -> Reply:
        """Stop answering in a group."""
        was = await self._people.disallow_chat(request.person.chat)
        return request.reply(DISALLOWED if was else NOT_ALLOWED_ANYWAY)
