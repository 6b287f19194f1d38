"""Wiring of the dispatcher: access control, staff handlers and the commands they carry out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.app.dispatcher import Dispatcher
from bot.app.menus import Menus
from bot.app.status import Status
from bot.conversation.service import Conversation
from bot.notifications.command import NotificationCommand
from bot.notifications.deal_button import DealButton
from bot.notifications.sources import NotificationSources
from bot.staff.account_linking import AccountLinking
from bot.staff.confirmations import Confirmations
from bot.staff.handlers import StaffHandlers
from bot.staff.invitations import Invitations
from bot.staff.members import Members
from bot.telegram.access import AccessControl
from bot.telegram.rate_limit import RateLimiter
from bot.telegram.sender import Sender
from linkdesk.accounts.portal_accounts import PortalAccounts
from linkdesk.accounts.staff import MemoryStaffStore, StaffStore
from linkdesk.auth.policy import Role


@dataclass(frozen=True, slots=True)
class StaffAccess:
    """Who may use the bot and with whose permissions; the clock, in seconds, is for rate limits and expiry."""

    people: StaffStore = field(default_factory=MemoryStaffStore)
    accounts: PortalAccounts | None = None
    """None where everybody works with the rights of one webhook."""
    portal: str = "Bitrix24"
    """What the portal is called to somebody new."""
    clock: Callable[[], float] = time.monotonic


def dispatcher_of(  # noqa: PLR0913 - the collaborators, each named
    conversation: Conversation,
    sender: Sender,
    menus: Menus,
    username: Callable[[], str],
    *,
    staff: Mapping[int, Role],
    staff_access: StaffAccess,
    sources: NotificationSources,
    status: Status,
) -> Dispatcher:
    """Wire the dispatcher of one bot and register its command handlers.

    Args:
        conversation: answers what is about records.
        sender: sends the answers.
        menus: Telegram's menus of commands.
        username: returns the name of the bot, once it is known.
        staff: Telegram ids that may use the bot whatever the store says, with their roles.
        staff_access: the others.
        sources: has the news of bookings, and the chats that are told.
        status: tells administrators how the bot is.
    """
    people, confirmations = staff_access.people, Confirmations(staff_access.clock)
    access = AccessControl(people, staff, RateLimiter(staff_access.clock))
    invitations = Invitations(people, staff_access.portal, username, menus.set_for)
    account_linking = AccountLinking(staff_access.accounts, confirmations)
    staff_handlers = StaffHandlers(
        conversation,
        people=people,
        confirmations=confirmations,
        invitations=invitations,
        account_linking=account_linking,
    )
    conversation.commands.register(
        status,
        Members(people, staff, staff_access.accounts, menus.set_for),
        NotificationCommand(conversation, sources),
        account_linking,
        invitations,
        staff_handlers,
    )
    deals = DealButton(conversation, sources.log)
    return Dispatcher(conversation, access, staff_handlers, sender, deals, clock=staff_access.clock)
