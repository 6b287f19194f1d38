"""Settings: how the portal is reached."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from linkdesk.config import values
from linkdesk.config.setting import Setting, SettingsGroup
from linkdesk.portal.address import EXAMPLE
from linkdesk.portal.application import TOKEN_URL
from linkdesk.portal.rate import Rate
from tool_specs.declaration.localized import Localized


class PortalSettings(SettingsGroup):
    """How the portal is reached."""

    portal: Annotated[
        SecretStr | None,
        Setting(
            what=Localized(
                en="The portal: the address of an inbound webhook. With a local application, the portal's address "
                "alone: https://HOST. Plain http is for this computer only.",
                ru="Портал: адрес входящего вебхука. С локальным приложением – только адрес портала, https://HOST. "
                "Обычный http – только для этого же компьютера.",
            ),
            form=Localized(en=f"a webhook's address such as {EXAMPLE}", ru=f"адрес вебхука, например {EXAMPLE}"),
            example=EXAMPLE,
            blank=True,
        ),
    ] = None
    client_id: Annotated[
        Annotated[str, values.text_like(r"[A-Za-z0-9._-]{1,100}")] | None,
        Setting(
            what=Localized(
                en="The local application's id. With it, each employee signs in and works with their own rights.",
                ru="Код локального приложения. С ним каждый сотрудник входит сам и работает со своими правами.",
            ),
            form=Localized(
                en="the application's id from its settings in Bitrix24", ru="код приложения из его настроек в Битрикс24"
            ),
            example="local.0123456789abcdef",
        ),
    ] = None
    client_secret: Annotated[
        Annotated[SecretStr, values.secret_like(r"[!-~]{4,200}")] | None,
        Setting(
            what=Localized(en="The local application's key.", ru="Ключ локального приложения."),
            form=Localized(
                en="the application's key from its settings in Bitrix24",
                ru="ключ приложения из его настроек в Битрикс24",
            ),
            example="",
        ),
    ] = None
    oauth_url: Annotated[
        str,
        AfterValidator(values.oauth_url),
        Setting(
            what=Localized(
                en="Where sign-in tokens are exchanged and refreshed. Change it only if Bitrix24 tells you to.",
                ru="Где выдаются и обновляются токены входа. Меняйте, только если так указано в Битрикс24.",
            ),
            form=Localized(
                en="an https:// address of a token endpoint (http:// only for this computer)",
                ru="адрес сервера токенов, который начинается с https:// (http:// только для этого же компьютера)",
            ),
            example=TOKEN_URL,
        ),
    ] = TOKEN_URL
    public_url: Annotated[
        Annotated[str, AfterValidator(values.public_url)] | None,
        Setting(
            what=Localized(
                en="The address at which Linkdesk is reached from outside: for sign-in in a browser, for assistants "
                "over HTTP, for Telegram's webhook and for events from the portal.",
                ru="Адрес, по которому Linkdesk доступен снаружи: для входа в браузере, ассистентов по HTTP, вебхука "
                "Telegram и событий портала.",
            ),
            form=Localized(
                en="our own address from outside, https://HOST without a path (http:// only for this computer)",
                ru="наш собственный адрес снаружи, https://HOST без пути (http:// только для этого же компьютера)",
            ),
            example="https://linkdesk.example.com",
        ),
    ] = None
    rate: Annotated[
        Rate,
        NoDecode,
        BeforeValidator(values.rate),
        Setting(
            what=Localized(
                en="How fast the portal may be called: requests a second and the size of the bucket. Enterprise plans "
                "allow 5/250.",
                ru="Как часто можно обращаться к порталу: запросов в секунду и размер корзины. На тарифе "
                "«Энтерпрайз» – 5/250.",
            ),
            form=Localized(
                en="requests a second and the size of the bucket, such as 2/50",
                ru="число запросов в секунду и размер корзины, например 2/50",
            ),
            example="2/50",
        ),
    ] = Rate()
