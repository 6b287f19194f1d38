"""Settings: language and time zone."""

from typing import Annotated

from pydantic import AfterValidator

from linkdesk.config import values
from linkdesk.config.setting import Setting, SettingsGroup
from tool_specs.declaration.localized import Language, Localized


class LanguageSettings(SettingsGroup):
    """Language and time zone."""

    lang: Annotated[
        Language | None,
        Setting(
            what=Localized(
                en="The language to answer in where nothing else tells it.",
                ru="Язык ответов, когда его нельзя определить иначе.",
            ),
            form=Localized(en="en or ru", ru="en или ru"),
            example="en",
        ),
    ] = None
    timezone: Annotated[
        Annotated[str, AfterValidator(values.time_zone)] | None,
        Setting(
            what=Localized(
                en="The business's time zone. Unset: the computer's.",
                ru="Часовой пояс организации. Не задан – часовой пояс компьютера.",
            ),
            form=Localized(en="a name such as Europe/Moscow", ru="название, например Europe/Moscow"),
            example="Europe/Moscow",
        ),
    ] = None
