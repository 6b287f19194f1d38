"""The settings of an installation, from environment variables with the prefix `LINKDESK_` or a file `.env`.

A wrong setting is rejected with one sentence that names it and never repeats a secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from linkdesk.auth.policy import Policy
from linkdesk.config.fields.assistants import AssistantSettings
from linkdesk.config.fields.language import LanguageSettings
from linkdesk.config.fields.llm import LlmSettings
from linkdesk.config.fields.operation import OperationSettings
from linkdesk.config.fields.permissions import PermissionSettings
from linkdesk.config.fields.portal import PortalSettings
from linkdesk.config.fields.telegram import TelegramSettings
from linkdesk.config.llm import Llm, incomplete_model
from linkdesk.config.setting import PREFIX, Setting, SettingsGroup, variable
from linkdesk.errors.base import NotConfigured
from linkdesk.portal.address import EXAMPLE, WebhookAddress
from linkdesk.portal.application import (
    LOCAL_URL,
    Application,
    conflicting_connections,
    incomplete_application,
    is_bare_origin,
    origin_of,
)
from tool_specs.declaration.localized import Localized

GROUPS: Final[Mapping[type[SettingsGroup], Localized]] = {
    PortalSettings: Localized(en="The portal", ru="Портал"),
    PermissionSettings: Localized(en="What may be done, and by whom", ru="Что можно делать и кому"),
    TelegramSettings: Localized(en="The Telegram bot", ru="Бот в Telegram"),
    AssistantSettings: Localized(en="AI assistants", ru="ИИ-ассистенты"),
    LanguageSettings: Localized(en="Language and time", ru="Язык и время"),
    LlmSettings: Localized(en="The optional language model", ru="Языковая модель (необязательно)"),
    OperationSettings: Localized(en="Storage and operation", ru="Хранение данных и эксплуатация"),
}
"""The classes that declare the fields, with their headings, in the order of the docs."""


class Settings(
    PortalSettings,
    PermissionSettings,
    TelegramSettings,
    AssistantSettings,
    LanguageSettings,
    LlmSettings,
    OperationSettings,
):
    """The settings of one installation, and what follows from several of them together."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=False,
    )

    def policy(self) -> Policy:
        """Return the permissions of the installation."""
        return Policy(confirm=self.confirm, read_only=self.read_only, allow=self.allow)

    def zone(self) -> str:
        """Return the business's time zone: as set, else the machine's if it has a name, else UTC."""
        return self.timezone or machine_zone()

    def address(self) -> WebhookAddress:
        """Return the portal's webhook address.

        Raises:
            NotConfigured: there is none, or it is no webhook address.
        """
        if self.portal is None:
            raise NotConfigured(
                Localized(
                    en=f"No portal is set: put your webhook's address into LINKDESK_PORTAL ({EXAMPLE}), "
                    "or add --sandbox to try Linkdesk on a made-up portal.",
                    ru=f"Портал не задан: впишите адрес вебхука в LINKDESK_PORTAL ({EXAMPLE}) "
                    "или добавьте --sandbox, чтобы попробовать Linkdesk на учебном портале.",
                ),
            )
        return WebhookAddress.parse(self.portal.get_secret_value())

    def origin(self) -> str:
        """Return the portal's origin, without any secret.

        Raises:
            NotConfigured: there is none.
        """
        return self.connection().origin

    def connection(self) -> WebhookAddress | Application:
        """Return how to reach the portal: a webhook for everybody, or the application to sign in through.

        Raises:
            NotConfigured: neither is set, both are, or the application is incomplete.
        """
        bare = self.portal is not None and is_bare_origin(self.portal.get_secret_value())
        if self.portal is None or not (bare or self.client_id or self.client_secret):
            return self.address()
        origin = origin_of(self.portal.get_secret_value())
        if not bare or origin is None:
            raise conflicting_connections()
        given = {"client_id": self.client_id, "client_secret": self.client_secret, "secret_key": self.secret_key}
        if self.client_id is None or self.client_secret is None or self.secret_key is None:
            raise incomplete_application([variable(name) for name, value in given.items() if value is None])
        return Application(
            origin=origin,
            client_id=self.client_id,
            client_secret=self.client_secret,
            token_url=self.oauth_url,
            public_url=self.public_url or LOCAL_URL,
        )

    def llm(self) -> Llm | None:
        """Return the language model, or None; the key is optional, as local servers need none.

        Raises:
            NotConfigured: its settings are incomplete.
        """
        provider, url, model = self.llm_provider, self.llm_url, self.llm_model
        if provider is None or url is None or model is None:
            needed = {"llm_provider": provider, "llm_url": url, "llm_model": model}
            given = self.model_fields_set & {*needed, "llm_key", "llm_limits"}
            if not any(getattr(self, name) is not None for name in given):
                return None
            raise incomplete_model([variable(name) for name, value in needed.items() if value is None])
        return Llm(provider, url, model, self.llm_key, self.llm_limits)

    @property
    def may_have_bot(self) -> bool:
        """Return whether a bot may work with this database, even if its token is set elsewhere."""
        return self.telegram_token is not None or bool(self.staff) or self.employee is not None

    def bot_id(self) -> int:
        """Return the id of the bot, with which its token begins.

        Raises:
            NotConfigured: there is none.
        """
        return int(self.token().get_secret_value().partition(":")[0])

    def token(self) -> SecretStr:
        """Return the bot's token.

        Raises:
            NotConfigured: there is none.
        """
        if self.telegram_token is None:
            raise NotConfigured(
                Localized(
                    en="No bot is set: put the token that @BotFather gave you into LINKDESK_TELEGRAM_TOKEN.",
                    ru="Бот не задан: впишите токен от @BotFather в LINKDESK_TELEGRAM_TOKEN.",
                ),
            )
        return self.telegram_token


def machine_zone() -> str:
    """Return the machine's time zone; UTC where its name is unknown."""
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = str(Path("/etc/localtime").resolve()).rpartition("zoneinfo/")[2]
    for name in (named, linked):
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(name).key if name else "UTC"
    return "UTC"


def declaration_of(field: str) -> Setting:
    """Return the texts of a setting.

    Raises:
        LookupError: the field declares none.
    """
    for declared in Settings.model_fields[field].metadata:
        if isinstance(declared, Setting):
            return declared
    raise LookupError(field)


def load_settings() -> Settings:
    """Load the settings.

    Raises:
        NotConfigured: one of them is wrong; the error says what it should be.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = list(dict.fromkeys(str(problem["loc"][0]) for problem in error.errors() if problem["loc"]))
    except (OSError, UnicodeDecodeError):
        names = []
    raise _wrong_settings(names)


def _wrong_settings(names: list[str]) -> NotConfigured:
    if not names:
        return NotConfigured(
            Localized(
                en="The file .env cannot be read: make sure that it is text in UTF-8.",
                ru="Файл .env не читается: проверьте, что это текст в UTF-8.",
            ),
        )
    wrong = [(variable(name), declaration_of(name).form) for name in names]
    return NotConfigured(
        Localized(
            en=" ".join(f"{name} is wrong: it should be {form.en}." for name, form in wrong),
            ru=" ".join(f"Настройка {name} неверна; ожидается: {form.ru}." for name, form in wrong),
        ),
    )
