"""Finding the Telegram account of a person whose client does not support elicitation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from linkdesk.accounts.portal_accounts import BOT_NAME
from linkdesk.accounts.staff import INSTALLATION, StaffStore
from linkdesk.accounts.telegram_accounts import TelegramAccounts
from linkdesk.auth.policy import Actor
from linkdesk.bootstrap.signin import portal_accounts
from linkdesk.bootstrap.stores import in_memory, open_staff
from linkdesk.config.settings import Settings
from linkdesk.errors.base import Trouble
from linkdesk.text.sanitize import one_line
from server.elicitation.elicit import FindApprover, find_nobody

log = structlog.stdlib.get_logger()

MAX_NAME_LENGTH: Final = 80


@asynccontextmanager
async def open_approver_lookup(settings: Settings, *, sandbox: bool) -> AsyncGenerator[FindApprover]:
    """Open the lookup of approvers; it finds nobody without a bot or without a database shared with it.

    Raises:
        NotConfigured: the database URL is invalid.
    """
    if in_memory(settings, sandbox=sandbox) or not settings.may_have_bot:
        yield find_nobody
        return
    async with open_staff(settings, sandbox=sandbox) as people:
        yield _telegram_lookup(settings, people, sandbox=sandbox)


def _telegram_lookup(settings: Settings, people: StaffStore, *, sandbox: bool) -> FindApprover:
    accounts = TelegramAccounts(people, settings.staff, None if sandbox else portal_accounts(settings))

    async def reach(actor: Actor) -> str | None:
        try:
            if settings.telegram_token is None and await people.setting(INSTALLATION, BOT_NAME) is None:
                # No bot has ever used this database, so nobody would deliver the question.
                return None
            account = await accounts.find(actor.who)
        except Trouble as trouble:
            # If the lookup fails, the call is refused as if the person had no account.
            log.warning("telegram.person_not_looked_up", code=trouble.failure.code)
            return None
        return None if account is None else f"{one_line(account.name or actor.name, MAX_NAME_LENGTH)}, in Telegram"

    return reach
