"""What each setting should look like, and the words of the sentence about one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from linkdesk.auth.allowlist import OF_TYPE
from linkdesk.auth.api_tokens import SHORTEST
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Toolset

_KEY: Final = r"[A-Za-z0-9_-]{43}="

SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "client_id": re.compile(r"[A-Za-z0-9._-]{1,100}"),
    "client_secret": re.compile(r"[!-~]{4,200}"),
    "database": re.compile(r"sqlite(\+aiosqlite)?://.*|postgres(ql)?(\+psycopg)?://\S+"),
    "llm_key": re.compile(r"[!-~]{1,500}"),
    "llm_model": re.compile(r"[!-~]{1,200}"),
    "redis": re.compile(r"(rediss?://[^\s/]|unix://)\S+"),
    "secret_key": re.compile(rf"{_KEY}(\s*,\s*{_KEY})*"),
}

EXPECTED: Final[Mapping[str, Localized]] = {
    "telegram_token": Localized(
        en="the token that @BotFather gave you, such as 123456:ABC-DEF",
        ru="токен от @BotFather, например 123456:ABC-DEF",
    ),
    "telegram_api": Localized(
        en="an https:// address (http:// only for this machine)",
        ru="адрес, который начинается с https:// (http:// только для этой же машины)",
    ),
    "admin_chat": Localized(
        en="the number of a Telegram chat, such as -1001234567890 (ask the bot /status there)",
        ru="номер чата в Telegram, например -1001234567890 (его покажет /status в этом чате)",
    ),
    "staff": Localized(
        en="Telegram ids with roles, such as 1001:admin,1002:editor (viewer, editor, admin)",
        ru="номера в Telegram с ролями, например 1001:admin,1002:editor (viewer, editor, admin)",
    ),
    "allow": Localized(
        en="lists such as viewer:links+bookings,editor:all@booking+deal: a role or an employee's key, toolsets "
        f"({', '.join(Toolset)} or all), and after @ the kinds of records ({', '.join(OF_TYPE)})",
        ru="списки вида viewer:links+bookings,editor:all@booking+deal: роль или ключ сотрудника, наборы "
        f"({', '.join(Toolset)} или all), а после @ виды записей ({', '.join(OF_TYPE)})",
    ),
    "http_tokens": Localized(
        en=f"name:role:token, separated by commas; roles are viewer, editor and admin, a token has at least {SHORTEST} "
        "characters, and none stands there twice",
        ru=f"имя:роль:токен через запятую; роли: viewer, editor, admin; в токене не меньше {SHORTEST} знаков, "
        "и ни один не повторяется",
    ),
    "stateless": Localized(en="1 or 0", ru="1 или 0"),
    "metrics": Localized(en="1 or 0", ru="1 или 0"),
    "traces": Localized(en="1 or 0", ru="1 или 0"),
    "confirm": Localized(en="never, destructive or writes", ru="never, destructive или writes"),
    "read_only": Localized(en="1 or 0", ru="1 или 0"),
    "toolsets": Localized(
        en=f"all, or names from: {', '.join(Toolset)}",
        ru=f"all или названия из списка: {', '.join(Toolset)}",
    ),
    "rate": Localized(
        en="requests a second and the size of the bucket, such as 2/50",
        ru="число запросов в секунду и размер корзины, например 2/50",
    ),
    "news_every": Localized(
        en="seconds between two looks at the bookings, from 15 to 3600",
        ru="сколько секунд между двумя проверками бронирований, от 15 до 3600",
    ),
    "lang": Localized(en="en or ru", ru="en или ru"),
    "timezone": Localized(en="a name such as Europe/Moscow", ru="название, например Europe/Moscow"),
    "database": Localized(
        en="such as sqlite:///linkdesk.sqlite3 or postgresql://USER:PASSWORD@HOST/DATABASE",
        ru="например sqlite:///linkdesk.sqlite3 или postgresql://USER:PASSWORD@HOST/DATABASE",
    ),
    "redis": Localized(en="such as redis://HOST:6379/0", ru="например redis://HOST:6379/0"),
    "secret_key": Localized(
        en="a key made with `linkdesk key`; several are separated by commas, the newest first",
        ru="ключ, созданный командой `linkdesk key`; несколько ключей пишутся через запятую, новый первым",
    ),
    "client_id": Localized(
        en="the application's id from its settings in Bitrix24", ru="код приложения из его настроек в Битрикс24"
    ),
    "client_secret": Localized(
        en="the application's key from its settings in Bitrix24",
        ru="ключ приложения из его настроек в Битрикс24",
    ),
    "oauth_url": Localized(
        en="an https:// address of a token endpoint (http:// only for this machine)",
        ru="адрес сервера токенов, который начинается с https:// (http:// только для этой же машины)",
    ),
    "public_url": Localized(
        en="our own address from outside, https://HOST without a path (http:// only for this machine)",
        ru="наш собственный адрес снаружи, https://HOST без пути (http:// только для этой же машины)",
    ),
    "employee": Localized(
        en="an employee's key, such as telegram:1001 or a name",
        ru="ключ сотрудника, например telegram:1001 или имя",
    ),
    "llm_provider": Localized(en="openai or anthropic", ru="openai или anthropic"),
    "llm_url": Localized(
        en="an https:// address such as https://HOST/v1 (http:// only for this machine and its own network)",
        ru="адрес вида https://HOST/v1 (http:// только для этой же машины и своей сети)",
    ),
    "llm_model": Localized(en="the name of a model, without spaces", ru="название модели, без пробелов"),
    "llm_key": Localized(
        en="the key of the model's provider, without spaces", ru="ключ поставщика модели, без пробелов"
    ),
    "llm_limits": Localized(
        en="any of person:30,all:200,seconds:20,tokens:2500000, each 1 or more (calls of one person and of all in a "
        "day, at most 120 seconds, tokens in a day)",
        ru="что-то из person:30,all:200,seconds:20,tokens:2500000, каждое не меньше 1 (обращений одного человека и "
        "всех за день, не больше 120 секунд, токенов за день)",
    ),
    "log": Localized(en="info or debug, with json or console", ru="info или debug, вместе с json или console"),
}
