"""What a slash command is declared with, and the table that finds a command by its name or by a word for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from bot.commands.forms import COMMANDS_OF_NOUN, CommandForm
from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.text import fold


class Audience(Enum):
    """Who may use a command."""

    EVERYBODY = frozenset(Role)
    EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
    ADMINS = frozenset({Role.ADMIN})

    def includes(self, role: Role) -> bool:
        """Return whether somebody with this role may use the command."""
        return role in self.value


class Scope(Enum):
    """The chats where a command may be used."""

    ANY_CHAT = "any"
    PRIVATE_CHAT = "private"
    GROUP = "group"

    def includes(self, *, group: bool) -> bool:
        """Return whether the command may be used in a group, or in a private chat."""
        return self is Scope.ANY_CHAT or (self is Scope.GROUP) is group


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command. A method marked `@handles(name)` carries it out, unless it has `forms`: those ask for a tool."""

    name: str
    """The command in Latin letters, as in Telegram's menu."""
    words: str = ""
    """Other words for it, in both languages, separated by spaces."""
    title: Localized
    """What menus and lists say about it."""
    help: Localized
    """What `/help NAME` says about it."""
    audience: Audience = Audience.EVERYBODY
    audience_in_groups: Audience | None = None
    """Who may use it in a group, where fewer may than in private."""
    scope: Scope = Scope.ANY_CHAT
    telegram_only: bool = False
    needs_slash: bool = False
    """Whether the bare word is no command: it must not sign anybody out, or let anybody in."""
    in_menu: bool = True
    forms: tuple[CommandForm, ...] = ()
    """How a tool is asked for by it."""

    @property
    def all_words(self) -> frozenset[str]:
        """Every word for the command, as words are compared."""
        return frozenset(map(fold, (self.name, *self.words.split(), *(form.word("ru") for form in self.forms))))

    def admits(self, role: Role, *, group: bool) -> bool:
        """Return whether somebody with this role may use it in a chat of this kind."""
        audience = self.audience_in_groups if group and self.audience_in_groups is not None else self.audience
        return audience.includes(role)

    def is_listed(self, role: Role, *, group: bool) -> bool:
        """Return whether the menu of a chat of this kind shows it to somebody with this role."""
        return self.scope.includes(group=group) and self.admits(role, group=group)


class CommandTable:
    """All commands, in the order in which menus list them."""

    def __init__(self, commands: Iterable[Command]) -> None:
        """Take the commands; where a word belongs to several, what follows it decides."""
        self._commands: Final = {command.name: command for command in commands}
        words = {word for command in self for word in command.all_words}
        self.of_word: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
            {**COMMANDS_OF_NOUN, **{word: tuple(one.name for one in self if word in one.all_words) for word in words}}
        )
        """The names of the commands that a word may stand for."""

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, name: str) -> Command:
        return self._commands[name]

    def __contains__(self, name: object) -> bool:
        return name in self._commands
