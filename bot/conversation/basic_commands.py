"""The commands about the conversation itself: help, language, and what the bot is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.commands import help as command_help
from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.plain_language_plan import explain_reading
from bot.conversation.session import Reply
from bot.rendering.markup import Text
from linkdesk.auth.policy import Face
from linkdesk.errors.lookup_text import explain_for_chat
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.text import fold

if TYPE_CHECKING:
    from bot.conversation.service import Conversation

NO_MORE: Final = Localized(en="There is nothing more to show.", ru="Больше показывать нечего.")
LANGUAGE_IS: Final = Localized(
    en="I answer in the language of your message. To choose one: /lang en or /lang ru; to undo: /lang auto.",
    ru="Отвечаю на языке сообщения. Выбрать язык: /lang ru или /lang en; отменить выбор: /lang auto.",
)
LANGUAGE_SET: Final = Localized(
    en="From now on I answer in English. To undo: /lang auto.",
    ru="Теперь отвечаю по-русски. Отменить: /lang auto.",
)
LANGUAGE_UNKNOWN: Final = Localized(
    en="I speak English and Russian: /lang en, /lang ru or /lang auto.",
    ru="Я говорю по-русски и по-английски: /lang ru, /lang en или /lang auto.",
)
_LANGUAGE_OF_WORD: Final[dict[str, Language | None]] = {
    **dict.fromkeys(("en", "eng", "english", "in english", "английский", "англ", "по-английски"), "en"),
    **dict.fromkeys(("ru", "rus", "russian", "in russian", "русский", "рус", "по-русски"), "ru"),
    **dict.fromkeys(("auto", "авто"), None),
}


def is_language(words: str) -> bool:
    """Return whether the words name a language of ours, or the automatic choice."""
    return _key(words) in _LANGUAGE_OF_WORD


def language_named(words: str) -> Language | None:
    """Return the language that the words name; None for the automatic choice."""
    return _LANGUAGE_OF_WORD[_key(words)]


def _key(words: str) -> str:
    return fold(words).strip(" .!")


class BasicCommands:
    """Handlers of the commands that work in every face."""

    def __init__(self, conversation: Conversation) -> None:
        """Take the conversation that the commands are about."""
        self._conversation = conversation

    @handles("help")
    async def help(self, request: CommandRequest) -> Reply:
        """List the commands, or explain one."""
        person = request.person
        return request.reply(
            command_help.about(
                request.arguments,
                request.language,
                person.role,
                table=self._conversation.commands.table,
                telegram=person.face is Face.TELEGRAM,
            )
        )

    @handles("start")
    async def start(self, request: CommandRequest) -> Reply:
        """Introduce the bot, with one thing to try."""
        return request.reply(command_help.start(request.language))

    @handles("lang")
    async def lang(self, request: CommandRequest) -> Reply:
        """Set the language of the answers, or say which there are."""
        memory, language = self._conversation.memory(request.person), request.language
        if is_language(request.arguments):
            memory.chosen = language_named(request.arguments)
            language = memory.chosen or language
        elif _key(request.arguments):
            return request.reply(LANGUAGE_UNKNOWN)
        said = LANGUAGE_IS if memory.chosen is None else LANGUAGE_SET
        text = Text.of(said.to(language))
        return Reply(text.plain, text.html, language)

    @handles("why")
    async def why(self, request: CommandRequest) -> Reply:
        """Explain how the last sentence was understood."""
        return request.reply(explain_reading(self._conversation.memory(request.person).why, request.language))

    @handles("explain")
    async def explain(self, request: CommandRequest) -> Reply:
        """Explain an error by its code, or the last one."""
        code = request.arguments or self._conversation.memory(request.person).failed
        return request.reply(Text.of(explain_for_chat(code, request.language)))

    @handles("stop")
    async def stop(self, request: CommandRequest) -> Reply:
        """Stop what runs for the person."""
        return await self._conversation.stop(request.person)

    @handles("more")
    async def more(self, request: CommandRequest) -> Reply:
        """Show the rest of the last list; `/more NAME` is more about a command."""
        if request.arguments:
            return await self.help(request)
        more = self._conversation.memory(request.person).more
        return request.reply(NO_MORE) if more is None else await self._conversation.do([more], request.session)
