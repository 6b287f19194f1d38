"""Settings: what AI assistants get over MCP, and who may call over HTTP."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from linkdesk.auth.api_tokens import MIN_LENGTH, TokenOwner
from linkdesk.config import values
from linkdesk.config.setting import Setting, SettingsGroup
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Toolset


class AssistantSettings(SettingsGroup):
    """What AI assistants get over MCP, and who may call over HTTP."""

    toolsets: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(values.comma_separated),
        AfterValidator(values.toolsets),
        Setting(
            what=Localized(
                en="Which toolsets assistants get. Unset: links, changes and the tools that find what to link.",
                ru="Какие наборы инструментов получают ассистенты. Не задано – links, changes и инструменты, которые "
                "находят, что связывать.",
            ),
            form=Localized(
                en=f"all, or names from: {', '.join(Toolset)}",
                ru=f"all или названия из списка: {', '.join(Toolset)}",
            ),
            example="links,bookings",
        ),
    ] = ()
    tools: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(values.comma_separated),
        Setting(
            what=Localized(
                en="Single tools that assistants also get, by name; `linkdesk tools` lists them.",
                ru="Отдельные инструменты сверх наборов, по названиям; полный список даёт `linkdesk tools`.",
            ),
            form=Localized(en="names of tools, separated by commas", ru="названия инструментов через запятую"),
            example="get_crm_item,get_day_schedule",
        ),
    ] = ()
    employee: Annotated[
        Annotated[str, AfterValidator(values.employee)] | None,
        Setting(
            what=Localized(
                en="The employee on whose behalf `linkdesk serve` works when an assistant starts it. With telegram:ID, "
                "approvals are asked for in Telegram. Unset: the user of the computer.",
                ru="От имени какого сотрудника работает `linkdesk serve`, запущенный ассистентом. С telegram:НОМЕР "
                "подтверждения запрашиваются в Telegram. Не задано – пользователь компьютера.",
            ),
            form=Localized(
                en="an employee's key, such as telegram:1001 or a name",
                ru="ключ сотрудника, например telegram:1001 или имя",
            ),
            example="telegram:1001",
        ),
    ] = None
    http_tokens: Annotated[
        tuple[TokenOwner, ...],
        NoDecode,
        BeforeValidator(values.http_tokens),
        Setting(
            what=Localized(
                en="Who may call the MCP server over HTTP. Or keep tokens in the database: `linkdesk token add NAME`.",
                ru="Кто может обращаться к серверу MCP по HTTP. Токены можно хранить и в базе данных: "
                "`linkdesk token add ИМЯ`.",
            ),
            form=Localized(
                en=f"name:role:token, separated by commas; roles are viewer, editor and admin, a token has at "
                f"least {MIN_LENGTH} characters, and no token is listed twice",
                ru=f"имя:роль:токен через запятую; роли: viewer, editor, admin; в токене не меньше {MIN_LENGTH} "
                "знаков, и ни один не повторяется",
            ),
            example="",
        ),
    ] = Field(default=(), repr=False)
