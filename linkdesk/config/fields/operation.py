"""Settings: where data is kept, and how the processes are run and watched."""

from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from linkdesk.config import values
from linkdesk.config.setting import ON_OR_OFF, Setting, SettingsGroup
from tool_specs.declaration.localized import Localized

_KEY: Final = r"[A-Za-z0-9_-]{43}="


class OperationSettings(SettingsGroup):
    """Where data is kept, and how the processes are run and watched."""

    database: Annotated[
        Annotated[SecretStr, values.secret_like(r"sqlite(\+aiosqlite)?://.*|postgres(ql)?(\+psycopg)?://\S+")] | None,
        Setting(
            what=Localized(
                en="The database for sign-ins, changes, plans and messages. Unset: SQLite in your data folder.",
                ru="База данных: входы, изменения, планы и сообщения. Не задана – SQLite в папке данных пользователя.",
            ),
            form=Localized(
                en="an address such as sqlite:///linkdesk.sqlite3 or postgresql://USER:PASSWORD@HOST/DATABASE",
                ru="адрес, например sqlite:///linkdesk.sqlite3 или postgresql://USER:PASSWORD@HOST/DATABASE",
            ),
            example="postgresql://USER:PASSWORD@HOST/DATABASE",
        ),
    ] = None
    redis: Annotated[
        Annotated[SecretStr, values.secret_like(r"(rediss?://[^\s/]|unix://)\S+")] | None,
        Setting(
            what=Localized(
                en="Redis, which several processes on one portal need so that they wait for each other's writes.",
                ru="Redis: нужен, когда с одним порталом работают несколько процессов, чтобы они не записывали "
                "одновременно.",
            ),
            form=Localized(en="an address such as redis://HOST:6379/0", ru="адрес, например redis://HOST:6379/0"),
            example="redis://127.0.0.1:6379/0",
        ),
    ] = None
    secret_key: Annotated[
        Annotated[SecretStr, values.secret_like(rf"{_KEY}(\s*,\s*{_KEY})*")] | None,
        Setting(
            what=Localized(
                en="The key that stored tokens are encrypted with; `linkdesk key` makes one. To change it, put the new "
                "key first and leave the old one after a comma.",
                ru="Ключ, которым шифруются сохранённые токены; создаётся командой `linkdesk key`. Чтобы сменить ключ, "
                "поставьте новый первым, а старый оставьте через запятую.",
            ),
            form=Localized(
                en="a key made with `linkdesk key`; several are separated by commas, the newest first",
                ru="ключ, созданный командой `linkdesk key`; несколько ключей пишутся через запятую, новый первым",
            ),
            example="",
        ),
    ] = None
    log: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(values.comma_separated),
        AfterValidator(values.log_words),
        Setting(
            what=Localized(
                en="How much is logged, and in what format. Logs go to standard error with secrets masked.",
                ru="Насколько подробно и в каком виде вести журнал. Он пишется в стандартный поток ошибок, "
                "секреты скрыты.",
            ),
            form=Localized(en="info or debug, with json or console", ru="info или debug, вместе с json или console"),
            example="info",
        ),
    ] = ("info",)
    stateless: Annotated[
        bool,
        Setting(
            what=Localized(
                en="1 keeps no HTTP sessions, for several replicas over one PostgreSQL; all need the same SECRET_KEY.",
                ru="1 – HTTP без сессий, для нескольких копий над одной базой PostgreSQL; SECRET_KEY у всех один.",
            ),
            form=ON_OR_OFF,
            example="0",
        ),
    ] = False
    metrics: Annotated[
        bool,
        Setting(
            what=Localized(
                en="1 shows metrics for Prometheus at /metrics. Needs the library prometheus-client, which "
                "`make setup` installs.",
                ru="1 – метрики для Prometheus по адресу /metrics. Нужна библиотека prometheus-client; её "
                "устанавливает `make setup`.",
            ),
            form=ON_OR_OFF,
            example="0",
        ),
    ] = False
    traces: Annotated[
        bool,
        Setting(
            what=Localized(
                en="1 sends traces to OTEL_EXPORTER_OTLP_ENDPOINT. Needs the library opentelemetry-sdk, which "
                "`make setup` installs.",
                ru="1 – отправляет трассировку на OTEL_EXPORTER_OTLP_ENDPOINT. Нужна библиотека "
                "opentelemetry-sdk; её устанавливает `make setup`.",
            ),
            form=ON_OR_OFF,
            example="0",
        ),
    ] = False
