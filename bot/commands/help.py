"""Help and menus, derived from the table of commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.commands.command import Command, CommandTable
from bot.commands.forms import CommandForm, examples_of
from bot.commands.table import COMMANDS
from bot.nlu.lexicon_data.command_words import TO_REPLACE
from bot.rendering.markup import Text, filled, joined
from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.text import fold

NEW_LINE: Final = "\n"

_HELLO: Final = Localized(
    en="Linkdesk links deals and clients to bookings and waitlist entries, and activities to CRM cards.",
    ru="Linkdesk связывает сделки и клиентов с бронированиями и листом ожидания, а дела — с карточками CRM.",
)
_START: Final = Localized(
    en="For example: {example}. All commands: /help", ru="Например: {example}. Все команды: /помощь или /help"
)
_MORE: Final = Localized(
    en="More about a command: /help link. About an error: /explain. Language: /lang en, /lang "
    "ru, /lang auto. When the bot asks a question, answer yes or no.",
    ru="Подробнее о команде: /помощь связать. Об ошибке: /поясни. Язык: /lang ru, /lang en, "
    "/lang auto. На вопрос бота ответьте «да» или «нет».",
)
_ALSO: Final = Localized(en="Also understood: {words}.", ru="Можно и так: {words}.")
_SEVERAL: Final = Localized(
    en="Several numbers: 1, 2 and 3, or 20-22. Instead of a number, you can paste a card's address from Bitrix24.",
    ru="Несколько номеров: 1, 2 и 3 или 20-22. Вместо номера годится адрес карточки из Битрикс24.",
)
_ALL: Final = Localized(
    en="“all” instead of the numbers removes all of them, after you confirm.",
    ru="«все» вместо номеров убирает все сразу, после подтверждения.",
)
_REPLACE: Final = Localized(
    en="“replace” at the end keeps only the ones you name, after you confirm.",
    ru="«заменить» в конце оставляет только названные, после подтверждения.",
)
_DAYS: Final = Localized(
    en="Without a date: today. You can give one day, or the first and the last, for example {example}",
    ru="Без даты: сегодня. Можно указать день или первый и последний, например {example}",
)
_WITH_TYPE: Final = Localized(
    en="You can put the type first: {example}. Phone numbers and emails are searched too.",
    ru="Сначала можно указать тип карточки: {example}. Ищет и по телефону или почте.",
)
_NO_SUCH: Final = Localized(en="There is no command “{word}”.", ru="Команды «{word}» нет.")


def start(language: Language) -> Text:
    """Render the greeting: what the bot does, and one thing to try."""
    example = examples_of("link")[0].to(language)
    return joined([Text.of(_HELLO.to(language)), filled(_START.to(language), example=example)], NEW_LINE)


def about(
    topic: str,
    language: Language,
    role: Role = Role.EDITOR,
    *,
    table: CommandTable = COMMANDS,
    telegram: bool = False,
) -> Text:
    """Write the help: the list of the commands that a role may use, or all about one of them.

    Args:
        topic: a word for a command; empty for the list.
        language: the language of the help.
        role: whose commands are listed.
        table: the commands there are.
        telegram: whether the commands that work in Telegram only are listed too.
    """
    word = fold(topic.strip().lstrip("/"))
    if not word:
        return joined(_overview(language, role, table, telegram=telegram), NEW_LINE)
    # Of several words the first may be the command: "/help bind activity".
    commands = table.of_word.get(word) or table.of_word.get(word.split()[0].lstrip("/")) or ()
    if not commands:
        unknown = filled(_NO_SUCH.to(language), word=word[:40])
        return joined([unknown, *_overview(language, role, table, telegram=telegram)], NEW_LINE)
    return joined((line for name in commands for line in _details(table[name], language)), NEW_LINE)


def _overview(language: Language, role: Role, table: CommandTable, *, telegram: bool) -> Iterator[Text]:
    yield Text.of(_HELLO.to(language))
    for command in table:
        if command.forms and command.audience.includes(role):
            yield _example(command.forms[0].example(language), command.title.to(language))
    for command in table if telegram else ():
        if command.telegram_only and command.audience.includes(role):
            yield _example(f"/{command.name}", command.title.to(language))
    yield Text.of(_MORE.to(language))


def _details(command: Command, language: Language) -> Iterator[Text]:
    if not command.forms:
        yield Text.of(command.help.to(language))
        return
    for form in command.forms:
        yield _example(form.example(language), form.title.to(language))
    if others := _other_words(command, language):
        yield filled(_ALSO.to(language), words=", ".join(others))
    yield from _remarks(command.forms, language)


def _remarks(forms: Sequence[CommandForm], language: Language) -> Iterator[Text]:
    for form in forms:
        if form.days or form.kind:
            yield filled((_DAYS if form.days else _WITH_TYPE).to(language), example=form.example(language, whole=True))
    if forms[0].takes_list:
        yield Text.of(_SEVERAL.to(language))
    if forms[0].takes_all:
        yield Text.of(_ALL.to(language))
    if forms[0].takes_replace:
        yield Text.of(_REPLACE.to(language))


def _other_words(command: Command, language: Language) -> Sequence[str]:
    named = {fold(form.word("ru")) for form in command.forms} | {command.name}
    return [word for word in sorted(command.all_words - named - TO_REPLACE) if word.isascii() == (language == "en")]


def _example(example: str, title: str) -> Text:
    """Show a command to tap or type, and what it does."""
    return filled("{example}: {title}", example=example, title=f"{title[:1].lower()}{title[1:]}")


def menu(
    language: Language, role: Role = Role.EDITOR, *, group: bool = False, table: CommandTable = COMMANDS
) -> list[tuple[str, str]]:
    """Return the commands for Telegram's menu, with their titles.

    Args:
        language: the language of the titles.
        role: whose menu it is.
        group: whether it is the menu of a group.
        table: the commands there are.
    """
    listed = [command for command in table if command.in_menu and command.is_listed(role, group=group)]
    return [(command.name, command.title.to(language)) for command in listed]
