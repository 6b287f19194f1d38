"""Settings: the optional language model."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from linkdesk.config import values
from linkdesk.config.llm import LlmLimits, Provider
from linkdesk.config.setting import Setting, SettingsGroup
from tool_specs.declaration.localized import Localized


class LlmSettings(SettingsGroup):
    """The optional language model."""

    llm_provider: Annotated[
        Provider | None,
        Setting(
            what=Localized(
                en="The API that the model's address speaks. Unset: no model is used, and nothing is sent anywhere.",
                ru="Протокол, который понимает адрес модели. Не задан – модели нет, и никуда ничего не отправляется.",
            ),
            form=Localized(en="openai or anthropic", ru="openai или anthropic"),
            example="openai",
        ),
    ] = None
    llm_url: Annotated[
        Annotated[str, AfterValidator(values.llm_url)] | None,
        Setting(
            what=Localized(
                en="The model's address: a provider, a gateway, or a server of your own.",
                ru="Адрес модели: поставщика, шлюза или собственного сервера.",
            ),
            form=Localized(
                en="an https:// address such as https://HOST/v1 (http:// only for this computer and its own network)",
                ru="адрес вида https://HOST/v1 (http:// только для этого же компьютера и своей сети)",
            ),
            example="http://127.0.0.1:11434/v1",
        ),
    ] = None
    llm_model: Annotated[
        Annotated[str, values.text_like(r"[!-~]{1,200}")] | None,
        Setting(
            what=Localized(en="The model's name.", ru="Название модели."),
            form=Localized(en="the name of a model, without spaces", ru="название модели, без пробелов"),
            example="qwen3:8b",
        ),
    ] = None
    llm_key: Annotated[
        Annotated[SecretStr, values.secret_like(r"[!-~]{1,500}")] | None,
        Setting(
            what=Localized(
                en="The provider's key. Leave it out for a server that needs none.",
                ru="Ключ поставщика. Не нужен, если сервер работает без ключа.",
            ),
            form=Localized(
                en="the key of the model's provider, without spaces", ru="ключ поставщика модели, без пробелов"
            ),
            example="",
        ),
    ] = None
    llm_limits: Annotated[
        LlmLimits,
        NoDecode,
        BeforeValidator(values.llm_limits),
        Setting(
            what=Localized(
                en="How much the model may be used: calls for one person and for everybody in a day, seconds for an "
                "answer, tokens in a day.",
                ru="Сколько можно пользоваться моделью: обращений одного человека и всех за день, секунд на ответ, "
                "токенов за день.",
            ),
            form=Localized(
                en="any of person:30,all:200,seconds:20,tokens:2500000, each 1 or more: calls for one person and for "
                "everybody in a day, seconds for an answer (at most 120), tokens in a day",
                ru="что-то из person:30,all:200,seconds:20,tokens:2500000, каждое не меньше 1: обращений одного "
                "человека и всех за день, секунд на ответ (не больше 120), токенов за день",
            ),
            example="person:30,all:200,seconds:20,tokens:2500000",
        ),
    ] = LlmLimits()
