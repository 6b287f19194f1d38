"""Settings: the Telegram bot."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from linkdesk.auth.policy import Role
from linkdesk.config import values
from linkdesk.config.setting import Setting, SettingsGroup
from tool_specs.declaration.localized import Localized


class TelegramSettings(SettingsGroup):
    """The Telegram bot."""

    telegram_token: Annotated[
        Annotated[SecretStr, AfterValidator(values.telegram_token)] | None,
        Setting(
            what=Localized(en="The bot's token, from @BotFather.", ru="Токен бота от @BotFather."),
            form=Localized(
                en="the token that @BotFather gave you, such as 123456:ABC-DEF",
                ru="токен от @BotFather, например 123456:ABC-DEF",
            ),
            example="123456:ABC-DEF",
            blank=True,
        ),
    ] = None
    staff: Annotated[
        Mapping[int, Role],
        NoDecode,
        BeforeValidator(values.staff),
        Setting(
            what=Localized(
                en="Who may use the bot from the start. Others are let in with /invite.",
                ru="Кто может пользоваться ботом с самого начала. Остальных приглашают командой /invite.",
            ),
            form=Localized(
                en="Telegram ids with roles, such as 1001:admin,1002:editor (viewer, editor, admin)",
                ru="номера в Telegram с ролями, например 1001:admin,1002:editor (viewer, editor, admin)",
            ),
            example="1001:admin,1002:editor",
        ),
    ] = Field(default_factory=dict[int, Role])
    admin_chat: Annotated[
        int | None,
        Setting(
            what=Localized(
                en="The chat where the bot reports its own failures; /status there shows the number.",
                ru="Чат, в котором бот сообщает о собственных сбоях; номер покажет команда /status в этом чате.",
            ),
            form=Localized(
                en="the number of a Telegram chat, such as -1001234567890 (ask the bot /status there)",
                ru="номер чата в Telegram, например -1001234567890 (его покажет /status в этом чате)",
            ),
            example="-1001234567890",
        ),
    ] = None
    news_every: Annotated[
        int,
        Field(ge=15, le=3600),
        Setting(
            what=Localized(
                en="How many seconds pass between two checks of the bookings while a chat wants notifications.",
                ru="Раз в сколько секунд проверять бронирования, пока хотя бы один чат ждёт уведомлений.",
            ),
            form=Localized(
                en="seconds between two checks, from 15 to 3600",
                ru="сколько секунд между двумя проверками, от 15 до 3600",
            ),
            example="60",
        ),
    ] = 60
    telegram_api: Annotated[
        str,
        AfterValidator(values.telegram_api),
        Setting(
            what=Localized(
                en="Another Bot API server: the address before /bot<token>.",
                ru="Другой сервер Bot API: адрес до /bot<токен>.",
            ),
            form=Localized(
                en="an https:// address (http:// only for this computer)",
                ru="адрес, который начинается с https:// (http:// только для этого же компьютера)",
            ),
            example="https://api.telegram.org",
        ),
    ] = "https://api.telegram.org"
