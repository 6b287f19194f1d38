"""Help, read off the declared methods: nothing here names a command that is not declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.commands.staff_table import OFFICE
from bot.commands.table import COMMANDS, COMMANDS_OF_WORD, TALK, effect_of, examples_of, forms_of, words_of
from bot.nlu.lexicon_data.command_words import TO_REPLACE
from bot.rendering.markup import Text, filled, joined
from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Effect
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
    en="More about one: /help link. About an error: /explain. Language: /lang ru, /lang en, /lang auto. A waiting"
    " question is answered by yes or no.",
    ru="Подробнее о команде: /помощь связать. Об ошибке: /поясни. Язык: /lang ru, /lang en, /lang auto. На вопрос"
    " бота отвечают «да» или «нет».",
)
_ALSO: Final = Localized(en="Also understood: {words}.", ru="Можно и так: {words}.")
_SEVERAL: Final = Localized(
    en="Several numbers: 1, 2 and 3, or 20-22. In place of a number, a card's address from Bitrix24.",
    ru="Несколько номеров: 1, 2 и 3 или 20-22. Вместо номера годится адрес карточки из Битрикс24.",
)
_ALL: Final = Localized(
    en="“all” in place of the numbers takes every one of them, once you agree.",
    ru="«все» вместо номеров убирает все сразу, после вашего согласия.",
)
_REPLACE: Final = Localized(
    en="“replace” at the end leaves only the ones you name, once you agree to what goes.",
    ru="«заменить» в конце оставляет только названные, после вашего согласия.",
)
_DAYS: Final = Localized(
    en="Without a day: today. One day, or the first and the last, as in {example}",
    ru="Без даты: сегодня. Можно указать день или первый и последний, например {example}",
)
_WITH_TYPE: Final = Localized(
    en="A type of card may come first: {example}. Phone numbers and emails are found too.",
    ru="Первым можно назвать тип карточки: {example}. Ищет и по телефону или почте.",
)
_NO_SUCH: Final = Localized(en="There is no command “{word}”.", ru="Команды «{word}» нет.")

_TALK: Final[Mapping[str, Localized]] = {
    "help": Localized(
        en="/help: all commands; /help link: more about one.",
        ru="/помощь: все команды; /помощь связать: подробнее об одной.",
    ),
    "start": Localized(en="/start: what this is, and one thing to try.", ru="/старт: что это и с чего начать."),
    "lang": Localized(
        en="/lang en, /lang ru: the language of the answers; /lang auto: the language of your message.",
        ru="/lang ru, /lang en: язык ответов; /lang auto: отвечать на языке сообщения.",
    ),
    "why": Localized(
        en="/why: how your last sentence was understood.",
        ru="/почему: как понято ваше последнее сообщение.",
    ),
    "stop": Localized(
        en="/stop: ends a long piece of work; what is begun is finished.",
        ru="/стоп: прерывает долгую работу; начатое завершается.",
    ),
    "more": Localized(en="/more: the rest of a long list.", ru="/ещё: продолжение длинного списка."),
    "explain": Localized(
        en="/explain CODE: what an error means, and who can put it right; /explain alone: the last error.",
        ru="/поясни КОД: что значит ошибка и кто её исправит; просто /поясни: о последней ошибке.",
    ),
    **{command: office.help for command, office in OFFICE.items()},
}

IN_TELEGRAM_ONLY: Final = Localized(
    en="This command is for the Telegram bot.", ru="Эта команда работает только в боте Telegram."
)

LANGUAGE_IS: Final = Localized(
    en="I answer in the language of your message. To choose one: /lang en or /lang ru; /lang auto ends that.",
    ru="Отвечаю на языке сообщения. Выбрать язык: /lang ru или /lang en; отменить выбор: /lang auto.",
)
LANGUAGE_SET: Final = Localized(
    en="From now on I answer in English. To end that: /lang auto.",
    ru="Теперь отвечаю по-русски. Отменить: /lang auto.",
)
LANGUAGE_UNKNOWN: Final = Localized(
    en="I speak English and Russian: /lang en, /lang ru or /lang auto.",
    ru="Я говорю по-русски и по-английски: /lang ru, /lang en или /lang auto.",
)
LANGUAGE_NAMES: Final[dict[str, Language | None]] = {
    **dict.fromkeys(("en", "eng", "english", "in english", "английский", "англ", "по-английски"), "en"),
    **dict.fromkeys(("ru", "rus", "russian", "in russian", "русский", "рус", "по-русски"), "ru"),
    **dict.fromkeys(("auto", "авто"), None),
}


def start(language: Language) -> Text:
    """Say hello: what this is, and one thing to try."""
    example = examples_of("link")[0].to(language)
    return joined([Text.of(_HELLO.to(language)), filled(_START.to(language), example=example)], NEW_LINE)


def about(topic: str, language: Language, role: Role = Role.EDITOR, *, telegram: bool = False) -> Text:
    """Give help: the list of the commands that a role has, or all about one of them."""
    word = fold(topic.strip().lstrip("/"))
    if not word:
        return joined(_overview(language, role, telegram=telegram), NEW_LINE)
    # Of several words the first may be the command: "/help bind activity".
    commands = COMMANDS_OF_WORD.get(word) or COMMANDS_OF_WORD.get(word.split()[0].lstrip("/")) or ()
    if not commands:
        unknown = filled(_NO_SUCH.to(language), word=word[:40])
        return joined([unknown, *_overview(language, role, telegram=telegram)], NEW_LINE)
    return joined((line for command in commands for line in _details(command, language)), NEW_LINE)


def _overview(language: Language, role: Role, *, telegram: bool) -> Iterator[Text]:
    yield Text.of(_HELLO.to(language))
    for command in commands_of(role):
        yield _example(examples_of(command)[0].to(language), forms_of(command)[0].title.to(language))
    for command, office in OFFICE.items() if telegram else ():
        if office.shown(role, group=False) or office.shown(role, group=True):
            yield _example(f"/{command}", office.title.to(language))
    yield Text.of(_MORE.to(language))


def commands_of(role: Role) -> list[str]:
    """Give the commands about records that a role may use."""
    return [command for command in COMMANDS if role is not Role.VIEWER or effect_of(command) is Effect.READ]


def _details(command: str, language: Language) -> Iterator[Text]:
    if command in TALK:
        yield Text.of(_TALK[command].to(language))
        return
    forms = forms_of(command)
    for form in forms:
        yield _example(form.example(language), form.title.to(language))
    if others := _other_words(command, language):
        yield filled(_ALSO.to(language), words=", ".join(others))
    for form in forms:
        if form.days or form.kind:
            yield filled((_DAYS if form.days else _WITH_TYPE).to(language), example=form.example(language, whole=True))
    if forms[0].takes_list:
        yield Text.of(_SEVERAL.to(language))
    if forms[0].takes_all:
        yield Text.of(_ALL.to(language))
    if forms[0].takes_replace:
        yield Text.of(_REPLACE.to(language))


def _other_words(command: str, language: Language) -> Sequence[str]:
    """Give the other words of a command that are of the language."""
    named = {fold(form.word(language)) for form in forms_of(command)}
    return [word for word in sorted(words_of(command) - named - TO_REPLACE) if word.isascii() == (language == "en")]


def _example(example: str, title: str) -> Text:
    """Show a command to tap or type, and what it does."""
    return filled("{example}: {title}", example=example, title=f"{title[:1].lower()}{title[1:]}")


def menu(
    language: Language, role: Role = Role.EDITOR, *, group: bool = False, office: bool = False
) -> list[tuple[str, str]]:
    """Give the commands for Telegram's menu, which takes Latin letters only, with what they do.

    Args:
        language: of the texts.
        role: whose commands.
        group: for a group, where what is said in private is left out.
        office: with the commands about the staff and their accounts.
    """
    said = [(command, forms_of(command)[0].title.to(language)) for command in commands_of(role)]
    said += [(command, title.to(language)) for command, title in _MENU.items()]
    for command, one in OFFICE.items() if office else ():
        if one.shown(role, group=group):
            said.append((command, one.title.to(language)))
    return said


_MENU: Final[Mapping[str, Localized]] = {
    "explain": Localized(en="What an error means", ru="Что значит ошибка"),
    "help": Localized(en="All commands", ru="Все команды"),
    "lang": Localized(en="Language of the answers", ru="Язык ответов"),
}
