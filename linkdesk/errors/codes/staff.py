"""Errors about staff: forbidden requests, and an unavailable staff store."""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

NOT_ALLOWED: Final = Failure(
    code="not_allowed",
    what=Localized(
        en="You are not allowed to use this in Linkdesk: {what}.",
        ru="В Linkdesk вам это не разрешено: {what}.",
    ),
    next=Localized(
        en="Ask the Linkdesk administrator to allow it, or ask a colleague who has access.",
        ru="Попросите администратора Linkdesk разрешить или обратитесь к коллеге, которому это можно.",
    ),
    call="Tell the person that they are not allowed to use this; only their administrator can allow it.",
    who=Who.ADMIN,
)
"""Needs `what`."""
NOT_ALLOWED_IN_CHAT: Final = Failure(
    code="not_allowed_here",
    what=Localized(
        en="This is not allowed in this chat: {what}.",
        ru="В этом чате это не разрешено: {what}.",
    ),
    next=Localized(
        en="Message the bot privately, or ask the administrator to allow it here: /allow",
        ru="Напишите боту в личном чате или попросите администратора разрешить это здесь: /allow",
    ),
    call="Tell the person that this is not allowed in this chat.",
)
"""Needs `what`."""
PEOPLE_NOT_KEPT: Final = Failure(
    code="people_not_kept",
    what=Localized(
        en="The staff list cannot be read. {reason}",
        ru="Список сотрудников недоступен. {reason}",
    ),
    next=Localized(
        en="Ask the administrator to check the database.",
        ru="Попросите администратора проверить базу данных.",
    ),
    who=Who.ADMIN,
)
"""Needs `reason`."""

PEOPLE: Final[tuple[Failure, ...]] = (NOT_ALLOWED, NOT_ALLOWED_IN_CHAT, PEOPLE_NOT_KEPT)
"""Every entry above, for the tests and for documentation."""
