"""Commands about the staff and their accounts: who may come in, as what, with whose rights, and in which groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from telegram import Chat as TelegramChat
from telegram import User

from bot.commands import help as guide
from bot.commands.parser import Reading, Requests, Talk, read
from bot.commands.staff_table import OFFICE, ROLES
from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply
from bot.conversation.yes_no import yes_or_no
from bot.notifications.command import NotificationCommand
from bot.rendering.dispatch import render_error
from bot.rendering.markup import Text, filled
from bot.staff.account_linking import AccountLinking
from bot.staff.confirmations import Confirmations
from bot.staff.invitations import Invitations
from bot.staff.members import Members
from bot.telegram.access import LANGUAGE
from bot.telegram.command_request import CommandRequest
from linkdesk.accounts.staff import Chat, People
from linkdesk.auth.allowlist import OF_TOOLSET
from linkdesk.auth.policy import Role
from linkdesk.errors.base import Trouble
from tool_specs.declaration.localized import Language, Localized, join_with_commas
from tool_specs.declaration.method import Toolset
from tool_specs.declaration.text import fold
from tool_specs.recipes.changes_and_plans import Whoami

ADMINS_ONLY: Final = Localized(
    en="Only an administrator of Linkdesk may do this. Nothing was changed.",
    ru="Это может только администратор Linkdesk. Ничего не изменено.",
)
IN_PRIVATE: Final = Localized(
    en="Write this to me in private, please.", ru="Напишите это мне, пожалуйста, в личный чат."
)
IN_GROUP: Final = Localized(
    en="Write this in the group that it is about.", ru="Напишите это в той группе, о которой речь."
)
ALLOWED: Final = Localized(en="I answer in this group from now on.", ru="Теперь я отвечаю в этой группе.")
ALLOWED_ONLY: Final = Localized(
    en="I answer in this group from now on, about: {toolsets}.",
    ru="Теперь я отвечаю в этой группе, только про: {toolsets}.",
)
NO_SUCH_TOOLSET: Final = Localized(
    en="I do not know “{word}”. Name some of: {known}. Nothing was changed.",
    ru="Не знаю, что такое «{word}». Можно назвать: {known}. Ничего не изменено.",
)
DISALLOWED: Final = Localized(en="I no longer answer in this group.", ru="Больше я в этой группе не отвечаю.")
NOT_ALLOWED_ANYWAY: Final = Localized(
    en="I did not answer in this group anyway.", ru="Я и так не отвечаю в этой группе."
)
ME: Final = Localized(
    en="You are {name}, {number} in Telegram; role: {role}; employee: {who}.",
    ru="Вы: {name}, номер в Telegram {number}; роль: {role}; сотрудник: {who}.",
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

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        conversation: Conversation,
        *,
        people: People,
        confirmations: Confirmations,
        members: Members,
        invitations: Invitations,
        account_linking: AccountLinking,
        notification_command: NotificationCommand,
    ) -> None:
        """Take the conversation, the staff, what waits for a yes, and those that do the single commands."""
        self._conversation = conversation
        self._people = people
        self._confirmations = confirmations
        self._account_linking = account_linking
        self._invitations = invitations
        self._commands: Mapping[str, Callable[[CommandRequest], Awaitable[Reply]]] = {
            "invite": invitations.invite,
            "people": members.people,
            "signin": account_linking.sign_in,
            "logout": account_linking.log_out,
            "notify": notification_command.notify,
            "allow": self._allow,
            "disallow": self._disallow,
        }

    async def say(self, text: str, person: Person, chat: TelegramChat, topic: int | None = None) -> Reply | None:
        """Answer a message that is the office's; None where it is the conversation's."""
        confirmation, agreed = self._confirmations.at(person.conversation_key), yes_or_no(text)
        if confirmation is not None and agreed is not None:
            return await self.settle(person, confirmation.id, agreed=agreed)
        reading = read(text)
        if not isinstance(reading, Talk | Requests):
            return None
        asked = CommandRequest(person, chat, self._conversation.language(person), _rest(reading), topic)
        try:
            return await self._answer(reading, text, asked)
        except Trouble as trouble:
            said = render_error(trouble, asked.language, write=False)
            return asked.reply(said)

    async def settle(self, person: Person, confirmation_id: str, *, agreed: bool) -> Reply | None:
        """Answer a question of the office's; None where this is none of them."""
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
        """Remember the message of a question of the office's; False where this is none of them."""
        return self._confirmations.shown(confirmation_id, message)

    async def greet(self, user: User, text: str) -> Reply | None:
        """Let a stranger in who brings an invitation; None for everybody else."""
        return await self._invitations.enter(user, text)

    async def _answer(self, reading: Reading, text: str, asked: CommandRequest) -> Reply | None:
        match reading:
            case Requests((Whoami(),)):
                return await self._whoami(text, asked)
            case Talk("lang", rest):
                return await self._speak(text, rest, asked)
            case Talk("start", rest) if rest and asked.private:
                return await self._account_linking.begin(asked) or await self._invitations.again(asked)
            case Talk(command, _) if command in OFFICE:
                return await self._command(command, replace(asked, language=self._tongue(text, asked)))
            case _:
                return None

    async def _command(self, command: str, asked: CommandRequest) -> Reply:
        office = OFFICE[command]
        if office.admin and asked.person.role is not Role.ADMIN:
            return asked.reply(ADMINS_ONLY)
        if office.group is asked.private and not office.anywhere:
            return asked.reply(IN_GROUP if office.group else IN_PRIVATE)
        return await self._commands[command](asked)

    def _tongue(self, text: str, asked: CommandRequest) -> Language:
        return self._conversation.language_of(text, asked.person)

    async def _whoami(self, text: str, asked: CommandRequest) -> Reply:
        """Say who the person is here, and then whose rights they have on the portal."""
        language, person = self._tongue(text, asked), asked.person
        here = filled(
            ME.to(language),
            name=Text.strong(person.name.partition(" ")[2] or person.name),
            number=str(person.user),
            role=ROLES[person.role].to(language),
            who=person.actor.who,
        )
        there = await self._conversation.say(text, person)
        return replace(there, text=f"{here.plain}\n{there.text}", html=f"{here.html}\n{there.html}")

    async def _speak(self, text: str, rest: str, asked: CommandRequest) -> Reply:
        """Remember the language that a person chose, wherever they write next."""
        wanted, person = fold(rest).strip(" .!"), asked.person
        if wanted in guide.LANGUAGE_NAMES:
            chosen = guide.LANGUAGE_NAMES[wanted]
            await self._people.choose(person.actor.who, LANGUAGE, chosen)
            person = replace(person, chosen=chosen)
        return await self._conversation.say(text, person)

    async def _allow(self, asked: CommandRequest) -> Reply:
        words = [fold(word) for word in asked.rest.replace(",", " ").replace("+", " ").split()]
        unknown = [word for word in words if word not in _TOOLSET_OF_WORD]
        if unknown:
            return asked.reply(NO_SUCH_TOOLSET, word=unknown[0][:40], known=", ".join(Toolset))
        toolsets = frozenset(_TOOLSET_OF_WORD[word] for word in words) or None
        title, who = asked.chat.title or "", asked.person.actor.who
        await self._people.allow(Chat(id=asked.chat.id, title=title, toolsets=toolsets, allowed_by=who))
        if toolsets is None:
            return asked.reply(ALLOWED)
        named = join_with_commas([OF_TOOLSET[toolset] for toolset in Toolset if toolset in toolsets])
        return asked.reply(ALLOWED_ONLY, toolsets=named.to(asked.language))

    async def _disallow(self, asked: CommandRequest) -> Reply:
        was = await self._people.disallow(asked.chat.id)
        return asked.reply(DISALLOWED if was else NOT_ALLOWED_ANYWAY)


def is_about_the_group(text: str) -> bool:
    """Tell whether a command allows a group or ends that, so that it is heard where nothing else is."""
    reading = read(text)
    return isinstance(reading, Talk) and reading.command in OFFICE and OFFICE[reading.command].group


def _rest(reading: Reading) -> str:
    return reading.rest if isinstance(reading, Talk) else ""
