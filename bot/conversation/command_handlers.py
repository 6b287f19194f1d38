"""Dispatch of slash commands: each declared command goes to the method that is marked as its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias, TypeVar

from bot.commands.command import Audience, CommandTable, Scope
from bot.conversation.command_request import CommandRequest
from bot.conversation.session import Reply
from tool_specs.declaration.localized import Localized

Handler: TypeAlias = Callable[[CommandRequest], Awaitable[Reply]]
_Method = TypeVar("_Method", bound=Callable[[Any, CommandRequest], Awaitable[Reply]])

TELEGRAM_ONLY: Final = Localized(
    en="This command works only in the Telegram bot.", ru="Эта команда работает только в боте Telegram."
)
PRIVATE_ONLY: Final = Localized(
    en="Send this command to me in a private chat.", ru="Отправьте эту команду мне в личный чат."
)
GROUP_ONLY: Final = Localized(
    en="Send this command in the group it is for.", ru="Отправьте эту команду в той группе, к которой она относится."
)
NOT_FOR_ROLE: Final[Mapping[Audience, Localized]] = {
    Audience.ADMINS: Localized(
        en="Only a Linkdesk administrator can use this command. Nothing was changed.",
        ru="Эта команда доступна только администратору Linkdesk. Ничего не изменено.",
    ),
    Audience.EDITORS: Localized(
        en="You have view-only access: this command is for editors. Nothing was changed.",
        ru="У вас доступ только на просмотр, эта команда для редакторов. Ничего не изменено.",
    ),
}
_ATTRIBUTE: Final = "_handled_command"


class UnknownCommandError(LookupError):
    """A method handles a command that is not declared."""


def handles(command: str) -> Callable[[_Method], _Method]:
    """Mark a method as the handler of a declared command."""

    def mark(method: _Method) -> _Method:
        setattr(method, _ATTRIBUTE, command)
        return method

    return mark


class CommandHandlers:
    """The handlers of one conversation."""

    def __init__(self, table: CommandTable) -> None:
        """Take the declared commands."""
        self.table: Final = table
        self._handlers: dict[str, Handler] = {}

    def register(self, *services: object) -> None:
        """Add the marked methods of these objects; a later handler takes the place of an earlier one.

        Raises:
            UnknownCommandError: a method is marked for a command that is not in the table.
        """
        for service in services:
            for command, handler in _handlers_of(service):
                if command not in self.table:
                    message = f"/{command} has a handler, but is not declared: add it to bot/commands/table.py"
                    raise UnknownCommandError(message)
                self._handlers[command] = handler

    def missing(self) -> list[str]:
        """Return the declared commands that no handler was registered for."""
        return [one.name for one in self.table if not one.forms and one.name not in self._handlers]

    async def run(self, name: str, request: CommandRequest) -> Reply:
        """Carry out a command, or say who may use it and where.

        Raises:
            Trouble: the handler could not do it.
        """
        command, handler = self.table[name], self._handlers.get(name)
        group = not request.place.private
        if handler is None:
            return request.reply(TELEGRAM_ONLY)
        if not command.admits(request.person.role, group=group):
            fewer = command.audience_in_groups if group else None
            return request.reply(NOT_FOR_ROLE[fewer or command.audience])
        if not command.scope.includes(group=group):
            return request.reply(GROUP_ONLY if command.scope is Scope.GROUP else PRIVATE_ONLY)
        return await handler(request)


def _handlers_of(service: object) -> Iterator[tuple[str, Handler]]:
    for name in dir(type(service)):
        command = getattr(getattr(type(service), name, None), _ATTRIBUTE, None)
        if command is not None:
            yield command, getattr(service, name)
