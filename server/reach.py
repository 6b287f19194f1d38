"""Where a person is asked whose client cannot ask them: in Telegram, where they have an account there."""

from __future__ import annotations

from typing import Final

import structlog

from linkdesk.access import Actor
from linkdesk.errors import Trouble
from linkdesk.one_line import one_line
from linkdesk.people import People
from linkdesk.settings import Settings
from linkdesk.signin.handing_over import accounts_of
from linkdesk.telegram_accounts import TelegramAccounts
from server.asking import Reach

log = structlog.stdlib.get_logger()

LONGEST_NAME: Final = 80


def telegram_reach(settings: Settings, people: People, *, sandbox: bool) -> Reach:
    """Say where people can be asked.

    Args:
        settings: name the staff and the portal.
        people: the staff of the store.
        sandbox: beside a made-up portal nobody signs in.
    """
    accounts = TelegramAccounts(people, settings.staff, None if sandbox else accounts_of(settings))

    async def reach(actor: Actor) -> str | None:
        try:
            account = await accounts.of(actor.who)
        except Trouble as trouble:
            # Who cannot be looked up cannot be asked: the call is refused, as without an account.
            log.warning("telegram.person_not_looked_up", code=trouble.failure.code)
            return None
        return None if account is None else f"{one_line(account.name or actor.name, LONGEST_NAME)}, in Telegram"

    return reach
