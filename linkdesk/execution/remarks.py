"""What else there is to say of a write that worked."""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.localized import Localized

ANSWER_LOST: Final = Localized(
    en="The answer of Bitrix24 was lost, but the change is there.",
    ru="Ответ Битрикс24 потерялся, но изменение на месте.",
)
NOT_CHECKED: Final = Localized(
    en="Bitrix24 accepted it, but it could not be read again to check.",
    ru="Битрикс24 принял изменение, но перечитать запись для проверки не удалось.",
)
SAVED_OTHERWISE: Final = Localized(
    en="Bitrix24 saved something else for: {fields}.",
    ru="Битрикс24 сохранил иначе: {fields}.",
)
