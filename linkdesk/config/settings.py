"""What an installation sets: environment variables with the prefix `LINKDESK_`, or a file `.env`.

Half a setting is refused with one sentence that names the setting and never repeats a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from linkdesk.auth.allowlist import Allowed, read_lists
from linkdesk.auth.api_tokens import NAME, Bearer, bearers_in
from linkdesk.auth.policy import Confirm, Policy, Role
from linkdesk.config.llm import Llm, LlmLimits, Provider, half_a_model, is_model_address, read_limits
from linkdesk.config.messages import EXPECTED, SHAPES
from linkdesk.errors.base import NotConfigured
from linkdesk.portal.address import EXAMPLE, WebhookAddress, is_loopback
from linkdesk.portal.application import LOCAL_URL, TOKEN_URL, Application, both_set, half_set, is_bare, origin_of
from linkdesk.portal.rate import Rate
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Toolset

PREFIX: Final = "LINKDESK_"

LARGEST_TELEGRAM_ID: Final = 2**52
"""Telegram says its ids have at most 52 significant bits."""


def _words(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Every setting that is read today, as the design's table names them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    portal: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    oauth_url: str = TOKEN_URL
    public_url: str | None = None
    database: SecretStr | None = None
    redis: SecretStr | None = None
    secret_key: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_api: str = "https://api.telegram.org"
    admin_chat: int | None = None
    staff: Annotated[Mapping[int, Role], NoDecode] = Field(default_factory=dict[int, Role])
    allow: Annotated[Mapping[str, Allowed], NoDecode] = Field(default_factory=dict[str, Allowed])
    http_tokens: Annotated[tuple[Bearer, ...], NoDecode] = Field(default=(), repr=False)
    employee: str | None = None
    stateless: bool = False
    metrics: bool = False
    traces: bool = False
    confirm: Confirm = Confirm.DESTRUCTIVE
    read_only: bool = False
    toolsets: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = ()
    tools: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = ()
    rate: Annotated[Rate, NoDecode] = Rate()
    news_every: Annotated[int, Field(ge=15, le=3600)] = 60
    lang: Language | None = None
    timezone: str | None = None
    llm_provider: Provider | None = None
    llm_url: str | None = None
    llm_model: str | None = None
    llm_key: SecretStr | None = None
    llm_limits: Annotated[LlmLimits, NoDecode] = LlmLimits()
    log: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = ("info",)

    @field_validator("staff", mode="before")
    @classmethod
    def _staff(cls, value: object) -> object:
        """Read `1001:admin,1002:editor`."""
        return (
            {_telegram_id(entry): _role(entry) for entry in str(value).split(",") if entry.strip()}
            if isinstance(value, str)
            else value
        )

    @field_validator("allow", mode="before")
    @classmethod
    def _allow(cls, value: object) -> object:
        """Read `viewer:links+bookings,editor:all@booking+deal`."""
        if not isinstance(value, str):
            return value
        lists = read_lists(value)
        if lists is None:
            raise PydanticCustomError("allow", "allow")
        return lists

    @field_validator("http_tokens", mode="before")
    @classmethod
    def _http_tokens(cls, value: object) -> object:
        """Read `name:role:token,...`; of a token only its hash is kept."""
        if not isinstance(value, str):
            return value
        try:
            return bearers_in(value)
        except ValueError:
            raise PydanticCustomError("http_tokens", "http_tokens") from None

    @field_validator("employee")
    @classmethod
    def _employee(cls, value: str | None) -> str | None:
        if value is not None and not NAME.fullmatch(value.strip()):
            raise PydanticCustomError("employee", "employee")
        return value.strip() if value else None

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        head, _, tail = value.get_secret_value().strip().partition(":") if value else ("1", "", "x")
        if not (head.isascii() and head.isdigit() and tail):
            raise PydanticCustomError("token", "token")
        return SecretStr(value.get_secret_value().strip()) if value else None

    @field_validator("telegram_api")
    @classmethod
    def _api(cls, value: str) -> str:
        scheme, _, rest = value.strip().rstrip("/").partition("://")
        host = rest.partition("/")[0].rpartition(":")[0] or rest.partition("/")[0]
        if not rest or (scheme != "https" and not (scheme == "http" and is_loopback(host))):
            raise PydanticCustomError("api", "api")
        return value.strip().rstrip("/")

    @field_validator("client_id", "client_secret", "database", "redis", "secret_key", "llm_model", "llm_key")
    @classmethod
    def _shape(cls, value: SecretStr | str | None, info: ValidationInfo) -> SecretStr | str | None:
        if value is None:
            return None
        text = (value.get_secret_value() if isinstance(value, SecretStr) else value).strip()
        if not SHAPES[info.field_name or ""].fullmatch(text):
            raise PydanticCustomError("shape", "shape")
        return SecretStr(text) if isinstance(value, SecretStr) else text

    @field_validator("oauth_url")
    @classmethod
    def _oauth_url(cls, value: str) -> str:
        if origin_of(value) is None or not re.fullmatch(r"[^\s?#]+", value.strip()):
            raise PydanticCustomError("oauth_url", "oauth_url")
        return value.strip()

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str | None) -> str | None:
        if value is not None and not is_bare(value):
            raise PydanticCustomError("public_url", "public_url")
        return origin_of(value) if value else None

    @field_validator("rate", mode="before")
    @classmethod
    def _rate(cls, value: object) -> object:
        """Read `2/50`: requests that leak out a second, and the size of the bucket."""
        if not isinstance(value, str):
            return value
        found = re.fullmatch(r"\s*([0-9]{1,4}(?:\.[0-9]{1,3})?)\s*/\s*([0-9]{1,5})\s*", value)
        if found is None or float(found[1]) <= 0 or int(found[2]) < 1:
            raise PydanticCustomError("rate", "rate")
        return Rate(leak=float(found[1]), bucket=int(found[2]))

    @field_validator("llm_url")
    @classmethod
    def _llm_url(cls, value: str | None) -> str | None:
        if value is not None and not is_model_address(value.strip()):
            raise PydanticCustomError("llm_url", "llm_url")
        return value.strip().rstrip("/") if value else None

    @field_validator("llm_limits", mode="before")
    @classmethod
    def _llm_limits(cls, value: object) -> object:
        """Read `person:30,all:200,seconds:20,tokens:2500000`."""
        limits = read_limits(value) if isinstance(value, str) else value
        if limits is None:
            raise PydanticCustomError("llm_limits", "llm_limits")
        return limits

    @field_validator("toolsets")
    @classmethod
    def _toolsets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(name != "all" and name not in set(Toolset) for name in value):
            raise PydanticCustomError("toolsets", "toolsets")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise PydanticCustomError("timezone", "timezone") from None
        return value

    @field_validator("log")
    @classmethod
    def _log(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= {"info", "debug", "json", "console"}:
            raise PydanticCustomError("log", "log")
        return value

    def policy(self) -> Policy:
        """Give what the installation allows."""
        return Policy(confirm=self.confirm, read_only=self.read_only, allow=self.allow)

    def zone(self) -> str:
        """Give the business's time zone: the one set, else the machine's where it has a name, else UTC."""
        return self.timezone or machine_zone()

    def address(self) -> WebhookAddress:
        """Give the portal's address.

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
        """Name the portal, without any secret.

        Raises:
            NotConfigured: there is none.
        """
        return self.connection().origin

    def connection(self) -> WebhookAddress | Application:
        """Give the way into the portal: a webhook, which everybody uses, or the application to sign in through.

        Raises:
            NotConfigured: there is none, it is half set, or both are.
        """
        bare = self.portal is not None and is_bare(self.portal.get_secret_value())
        if self.portal is None or not (bare or self.client_id or self.client_secret):
            return self.address()
        origin = origin_of(self.portal.get_secret_value())
        if not bare or origin is None:
            raise both_set()
        given = {"CLIENT_ID": self.client_id, "CLIENT_SECRET": self.client_secret, "SECRET_KEY": self.secret_key}
        if self.client_id is None or self.client_secret is None or self.secret_key is None:
            raise half_set([f"{PREFIX}{name}" for name, value in given.items() if value is None])
        return Application(
            origin=origin,
            client_id=self.client_id,
            client_secret=self.client_secret,
            token_url=self.oauth_url,
            public_url=self.public_url or LOCAL_URL,
        )

    def llm(self) -> Llm | None:
        """Give the model that is set; None where none is. A key may be left out: servers of one's own need none.

        Raises:
            NotConfigured: it is half set.
        """
        provider, url, model = self.llm_provider, self.llm_url, self.llm_model
        if provider is None or url is None or model is None:
            needed = {"llm_provider": provider, "llm_url": url, "llm_model": model}
            given = self.model_fields_set & {*needed, "llm_key", "llm_limits"}
            if not any(getattr(self, name) is not None for name in given):
                return None
            raise half_a_model([f"{PREFIX}{name.upper()}" for name, value in needed.items() if value is None])
        return Llm(provider, url, model, self.llm_key, self.llm_limits)

    @property
    def may_have_bot(self) -> bool:
        """Tell whether people may be known in Telegram; the bot's own token may be set elsewhere."""
        return self.telegram_token is not None or bool(self.staff) or self.employee is not None

    def bot_id(self) -> int:
        """Give the number of the bot, with which its token begins.

        Raises:
            NotConfigured: there is none.
        """
        return int(self.token().get_secret_value().partition(":")[0])

    def token(self) -> SecretStr:
        """Give the bot's token.

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
    """Name the machine's time zone; UTC where it has none that is known."""
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = str(Path("/etc/localtime").resolve()).rpartition("zoneinfo/")[2]
    for name in (named, linked):
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(name).key if name else "UTC"
    return "UTC"


def _telegram_id(entry: str) -> int:
    number = entry.strip().partition(":")[0].strip()
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= LARGEST_TELEGRAM_ID):
        raise PydanticCustomError("staff", "staff")
    return int(number)


def _role(entry: str) -> Role:
    name = entry.strip().partition(":")[2].strip().lower()
    if name not in set(Role):
        raise PydanticCustomError("staff", "staff")
    return Role(name)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        NotConfigured: one of them is wrong; the sentence says what it should be.
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
    expected = [
        (f"{PREFIX}{name.upper()}", EXPECTED.get(name, Localized(en="another value", ru="другое значение")))
        for name in names
    ]
    return NotConfigured(
        Localized(
            en=" ".join(f"{name} is wrong: it should be {said.en}." for name, said in expected),
            ru=" ".join(f"Настройка {name} неверна: нужно {said.ru}." for name, said in expected),
        ),
    )
