"""Help, read off the declared methods: nothing here names a command that is not declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.forms import COMMANDS, COMMANDS_OF_WORD, examples_of, forms_of, words_of
from bot.wording import Text, filled, joined
from tool_specs.said import Language, Said
from tool_specs.words import fold

NEW_LINE: Final = "\n"

_HELLO: Final = Said(
    en="Linkdesk links deals and clients to bookings and waitlist entries, and activities to CRM cards.",
    ru="Linkdesk связывает сделки и клиентов с бронированиями и листом ожидания, а дела с карточками CRM.",
)
_START: Final = Said(en="For example: {example}. All commands: /help", ru="Например: {example}. Все команды: /help")
_MORE: Final = Said(
    en="More about one: /help link. Language: /lang ru. A waiting question is answered by yes or no.",
    ru="Подробнее о команде: /help link. Язык: /lang en. На вопрос бота отвечают «да» или «нет».",
)
_ALSO: Final = Said(en="Also understood: {words}.", ru="Другие слова: {words}.")
_SEVERAL: Final = Said(
    en="Several numbers: 1, 2 and 3, or 20-22. In place of a number, a card's address from Bitrix24.",
    ru="Несколько номеров: 1, 2 и 3 или 20-22. Вместо номера годится адрес карточки из Битрикс24.",
)
_ALL: Final = Said(
    en="“all” in place of the numbers takes every one of them, once you agree.",
    ru="«все» вместо номеров убирает все сразу, после вашего согласия.",
)
_REPLACE: Final = Said(
    en="“replace” at the end leaves only the ones you name, once you agree to what goes.",
    ru="«заменить» в конце оставляет только названные, после вашего согласия.",
)
_DAYS: Final = Said(
    en="Without a day: today. One day, or the first and the last, as in {example}",
    ru="Без даты: сегодня. Можно указать день или первый и последний, например {example}",
)
_WITH_TYPE: Final = Said(
    en="A type of card may come first: {example}. Phone numbers and emails are found too.",
    ru="Первым можно назвать тип карточки: {example}. Ищет и по телефону или почте.",
)
_NO_SUCH: Final = Said(en="There is no command “{word}”.", ru="Команды «{word}» нет.")

LANGUAGE_IS: Final = Said(
    en="I answer in the language of your message. To choose one: /lang en or /lang ru.",
    ru="Отвечаю на языке сообщения. Выбрать язык: /lang ru или /lang en.",
)
LANGUAGE_SET: Final = Said(en="From now on I answer in English.", ru="Теперь отвечаю по-русски.")
LANGUAGE_UNKNOWN: Final = Said(
    en="I speak English and Russian: /lang en or /lang ru.",
    ru="Я говорю по-русски и по-английски: /lang ru или /lang en.",
)
LANGUAGE_NAMES: Final[dict[str, Language | None]] = {
    **dict.fromkeys(("en", "english", "английский"), "en"),
    **dict.fromkeys(("ru", "russian", "русский"), "ru"),
    **dict.fromkeys(("auto", "авто"), None),
}


def start(language: Language) -> Text:
    """Say hello: what this is, and one thing to try."""
    example = examples_of("link")[0].to(language)
    return joined([Text.of(_HELLO.to(language)), filled(_START.to(language), example=example)], NEW_LINE)


def about(topic: str, language: Language) -> Text:
    """Give help: the list of commands, or all about one of them."""
    word = fold(topic.strip().lstrip("/"))
    if not word:
        return joined(_overview(language), NEW_LINE)
    commands = [command for command in COMMANDS_OF_WORD.get(word, ()) if command in COMMANDS]
    if not commands:
        unknown = filled(_NO_SUCH.to(language), word=word[:40])
        return joined([unknown, *_overview(language)], NEW_LINE)
    return joined((line for command in commands for line in _details(command, language)), NEW_LINE)


def _overview(language: Language) -> Iterator[Text]:
    yield Text.of(_HELLO.to(language))
    for command in COMMANDS:
        yield _example(examples_of(command)[0].to(language), forms_of(command)[0].method.title.to(language))
    yield Text.of(_MORE.to(language))


def _details(command: str, language: Language) -> Iterator[Text]:
    forms = forms_of(command)
    for form in forms:
        yield _example(form.example(language), form.method.title.to(language))
    others = sorted(words_of(command) - {command})
    yield filled(_ALSO.to(language), words=", ".join([f"/{command}", *others]))
    for form in forms:
        if form.days or form.kind:
            yield filled((_DAYS if form.days else _WITH_TYPE).to(language), example=form.example(language, whole=True))
    if forms[0].takes_list:
        yield Text.of(_SEVERAL.to(language))
    if forms[0].takes_all:
        yield Text.of(_ALL.to(language))
    if forms[0].takes_replace:
        yield Text.of(_REPLACE.to(language))


def _example(example: str, title: str) -> Text:
    """Show a command to tap or type, and what it does."""
    return filled("{example}: {title}", example=example, title=f"{title[:1].lower()}{title[1:]}")


def menu(language: Language) -> list[tuple[str, str]]:
    """Give the commands for Telegram's menu, which takes Latin letters only, with what they do."""
    said = [(command, forms_of(command)[0].method.title.to(language)) for command in COMMANDS]
    return [*said, ("help", Said(en="All commands", ru="Все команды").to(language)), ("lang", _LANG.to(language))]


_LANG: Final = Said(en="Language of the answers", ru="Язык ответов")
