"""Settings: what may be done, by whom, and what waits for an approval."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from linkdesk.auth.allowlist import TYPE_NAMES, AllowList
from linkdesk.auth.policy import Confirm
from linkdesk.config import values
from linkdesk.config.setting import ON_OR_OFF, Setting, SettingsGroup
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Toolset


class PermissionSettings(SettingsGroup):
    """What may be done, by whom, and what waits for an approval."""

    confirm: Annotated[
        Confirm,
        Setting(
            what=Localized(
                en="What waits for a person's approval: changes that remove more than was named (destructive), every "
                "write (writes), or nothing (never).",
                ru="Что ждёт подтверждения человека: изменения, которые удаляют больше названного (destructive), "
                "любая запись (writes) или ничего (never).",
            ),
            form=Localized(en="never, destructive or writes", ru="never, destructive или writes"),
            example="destructive",
        ),
    ] = Confirm.DESTRUCTIVE
    read_only: Annotated[
        bool,
        Setting(
            what=Localized(
                en="1 refuses every write, wherever it is asked for.",
                ru="1 – запрещает любую запись, откуда бы ни пришла просьба.",
            ),
            form=ON_OR_OFF,
            example="0",
        ),
    ] = False
    allow: Annotated[
        Mapping[str, AllowList],
        NoDecode,
        BeforeValidator(values.allow_lists),
        Setting(
            what=Localized(
                en="Who may use what: a role or an employee's key, toolsets joined by +, and after @ the kinds of "
                "records. Unset: whatever the role allows. Once a list is set, everybody whom no list names is "
                "refused, except administrators.",
                ru="Кому что доступно: роль или ключ сотрудника, наборы инструментов через +, а после @ виды записей. "
                "Не задано – всё, что позволяет роль. Если задан хоть один список, всем, кого в списках нет, кроме "
                "администраторов, отказывают.",
            ),
            form=Localized(
                en="lists such as viewer:links+bookings,editor:all@booking+deal: a role or an employee's key, toolsets "
                f"({', '.join(Toolset)} or all), and after @ the kinds of records ({', '.join(TYPE_NAMES)}, "
                "or a smart process's number)",
                ru="списки вида viewer:links+bookings,editor:all@booking+deal: роль или ключ сотрудника, наборы "
                f"({', '.join(Toolset)} или all), а после @ виды записей ({', '.join(TYPE_NAMES)} "
                "или номер смарт-процесса)",
            ),
            example="viewer:links+bookings,editor:all@booking+waitlist+deal",
        ),
    ] = Field(default_factory=dict[str, AllowList])
