"""MCP prompts: ready-made requests, in the person's language, for the model to carry out.

Arguments are inserted into the text as one short line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from mcp.types import GetPromptResult, PromptMessage, TextContent
from mcp.types import Prompt as ListedPrompt
from mcp.types import PromptArgument as ListedArgument

from linkdesk.errors.base import Problem, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import mcp as protocol_errors
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.localized import LANGUAGES, Language, Localized

LANGUAGE_ARGUMENT: Final = "language"
MAX_ARGUMENT_LENGTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of a prompt; `default` is used if the person leaves it empty."""

    name: str
    what: Localized
    default: Localized | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt; its text has the arguments in braces."""

    name: str
    title: Localized
    what: Localized
    text: Localized
    arguments: tuple[Argument, ...]
    tools: frozenset[str]
    """The tools that it needs."""


LANGUAGE_SPEC: Final = Argument(
    name=LANGUAGE_ARGUMENT,
    what=Localized(en="Language of the conversation: en or ru.", ru="Язык разговора: en или ru."),
)
_DAY: Final = Localized(en="Day such as 2026-11-21", ru="День, например 2026-11-21")

PROMPTS: Final = (
    Prompt(
        name="link_todays_bookings",
        title=Localized(en="Link today's bookings to their deals", ru="Привязать сегодняшние брони к сделкам"),
        what=Localized(
            en="Finds the day's bookings without a deal, looks for each client's deal, and links what you agree to.",
            ru="Находит брони дня без сделки, подбирает сделку каждого клиента и привязывает то, с чем вы согласны.",
        ),
        text=Localized(
            en="""\
Link the bookings of {date} to their deals in Bitrix24.

1. Call list_bookings for that day with with_links and with_clients.
2. For each booking without a deal, look for the client's deals: find_crm_items with the client's phone, email or name.
3. Show me a table: booking, time, client, the deal you would link, and why. If there is no deal or more than one, say \
so and ask me; never guess.
4. Link only the pairs I agree to, using set_booking_links with mode add.
5. Tell me what was linked, what was already linked and what is left, and any side effects that the answers mention.
Answer in English.""",
            ru="""\
Привяжи бронирования за {date} к их сделкам в Битрикс24.

1. Вызови list_bookings за этот день с with_links и with_clients.
2. Для каждого бронирования без сделки найди сделки клиента: find_crm_items по телефону, почте или имени клиента.
3. Покажи мне таблицу: бронирование, время, клиент, какую сделку ты бы привязал и почему. Если подходящей сделки нет \
или их несколько, скажи об этом и спроси; не угадывай.
4. Привяжи только те пары, с которыми я соглашусь: set_booking_links в режиме add.
5. Скажи, что привязано, что уже было привязано и что осталось, и что ещё изменилось, если об этом сказано в ответах.
Отвечай по-русски.""",
        ),
        arguments=(Argument(name="date", what=_DAY, default=Localized(en="today", ru="сегодня")), LANGUAGE_SPEC),
        tools=frozenset({"list_bookings", "find_crm_items", "set_booking_links"}),
    ),
    Prompt(
        name="clean_up_deal_links",
        title=Localized(en="Clean up the links of a deal", ru="Навести порядок в связях сделки"),
        what=Localized(
            en="Shows where a deal is linked, and removes the links you name.",
            ru="Показывает, к чему привязана сделка, и убирает связи, которые вы назовёте.",
        ),
        text=Localized(
            en="""\
Clean up the links of the deal {deal} in Bitrix24.

1. Find out which deal it is: if this is not a number, find it with find_crm_items, and ask me if there are several.
2. Call list_bookings with this deal to see the bookings it is linked to.
3. Show them to me with time, client and other deals, and say which links look wrong: another client's booking, one \
long past, a second one at the same time. If you are not sure, say so.
4. Remove only the links I name, one by one, with unset_booking_links. Do not use all: true.
5. Tell me what was removed, with each change_id: undo_change restores it.
Answer in English.""",
            ru="""\
Наведи порядок в связях сделки {deal} в Битрикс24.

1. Выясни, о какой сделке речь: если это не номер, найди её через find_crm_items; если их несколько, спроси меня.
2. Вызови list_bookings с этой сделкой, чтобы увидеть, к каким бронированиям она привязана.
3. Покажи их: время, клиент, другие сделки. Скажи, какие связи похожи на ошибку: бронирование другого клиента, давно \
прошедшее, второе на то же время. Если не уверен, так и скажи.
4. Убирай только те связи, которые я назову, по одной: unset_booking_links. Не используй all: true.
5. Скажи, что убрано, и назови change_id каждого изменения: по нему undo_change всё вернёт.
Отвечай по-русски.""",
        ),
        arguments=(
            Argument(name="deal", what=Localized(en="Id or name of the deal.", ru="Номер или название сделки.")),
            LANGUAGE_SPEC,
        ),
        tools=frozenset({"list_bookings", "find_crm_items", "unset_booking_links"}),
    ),
    Prompt(
        name="who_comes",
        title=Localized(en="Who is coming tomorrow", ru="Кто придёт завтра"),
        what=Localized(
            en="The day's bookings in order: when, who, to whom, for which deal, and what is missing.",
            ru="Брони дня по порядку: когда, кто, к кому, по какой сделке и чего не хватает.",
        ),
        text=Localized(
            en="""\
Who is coming on this day: {date}?

Call list_bookings for it with with_links and with_clients; if the answer has a cursor, keep reading to the end. Give \
me a table sorted by time: time, client, resource, deal. Below it, list the bookings without a client and those \
without a deal. Change nothing. Answer in English.""",
            ru="""\
Кто придёт в этот день: {date}?

Вызови list_bookings за этот день с with_links и with_clients; если в ответе есть cursor, дочитай до конца. Дай \
таблицу по порядку времени: время, клиент, ресурс, сделка. Под ней перечисли бронирования без клиента и без сделки. \
Ничего не меняй. Отвечай по-русски.""",
        ),
        arguments=(Argument(name="date", what=_DAY, default=Localized(en="tomorrow", ru="завтра")), LANGUAGE_SPEC),
        tools=frozenset({"list_bookings"}),
    ),
)


class Prompts:
    """The prompts of one server: those whose tools are offered."""

    def __init__(self, offered: Iterable[str], language: Language = "en") -> None:
        """Select the prompts that the offered tools can carry out; `language` is the default."""
        tools = frozenset(offered)
        self._language: Language = language
        self.all: Final = tuple(prompt for prompt in PROMPTS if prompt.tools <= tools)

    def listed(self) -> list[ListedPrompt]:
        """List the prompts in the protocol's form."""
        return [
            ListedPrompt(
                name=prompt.name,
                title=prompt.title.to(self._language),
                description=prompt.what.to(self._language),
                arguments=[
                    ListedArgument(
                        name=argument.name,
                        description=argument.what.to(self._language),
                        required=argument.default is None and argument is not LANGUAGE_SPEC,
                    )
                    for argument in prompt.arguments
                ],
            )
            for prompt in self.all
        ]

    def get(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult:
        """Render a prompt.

        Raises:
            Trouble: there is no such prompt, or the arguments are wrong; it lists every problem.
        """
        prompt = next((prompt for prompt in self.all if prompt.name == name), None)
        if prompt is None:
            raise Trouble(
                protocol_errors.UNKNOWN_PROMPT,
                {"prompts": ", ".join(prompt.name for prompt in self.all) or "-"},
            )
        given = {key: text for key, value in arguments.items() if (text := one_line(value, MAX_ARGUMENT_LENGTH))}
        if problems := tuple(_problems(prompt, given)):
            raise Trouble(own_errors.BAD_ARGUMENTS, problems=problems)
        language = cast("Language", given.get(LANGUAGE_ARGUMENT, self._language))
        facts = {argument.name: given.get(argument.name, argument.default or "") for argument in prompt.arguments}
        content = TextContent(type="text", text=prompt.text.format_map(facts).to(language))
        return GetPromptResult(
            description=prompt.what.to(language), messages=[PromptMessage(role="user", content=content)]
        )


def _problems(prompt: Prompt, given: Mapping[str, str]) -> Iterable[Problem]:
    known = [argument.name for argument in prompt.arguments]
    for argument in prompt.arguments:
        if argument.default is None and argument is not LANGUAGE_SPEC and argument.name not in given:
            yield Problem(argument.name, Localized(en="is required", ru="нужно указать"))
    for name in given:
        if name not in known:
            said = Localized(
                en=f"is not an argument of this prompt; it takes: {', '.join(known)}",
                ru=f"не является аргументом этого промпта; можно указать: {', '.join(known)}",
            )
            yield Problem(one_line(name, MAX_ARGUMENT_LENGTH), said)
    if given.get(LANGUAGE_ARGUMENT, "en") not in LANGUAGES:
        yield Problem(LANGUAGE_ARGUMENT, Localized(en="must be one of: en, ru", ru="нужно одно из значений: en, ru"))
