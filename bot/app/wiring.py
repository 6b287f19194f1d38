"""The front of the bot, put together: the door, the office behind it, and the reception that calls them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from telegram import Bot

from bot.app.dispatcher import Reception
from bot.app.menus import Menus
from bot.app.status import Status
from bot.conversation.service import Conversation
from bot.notifications.command import Switchboard
from bot.notifications.deal_button import DealButton
from bot.notifications.sources import Newsroom
from bot.staff.account_linking import Linking
from bot.staff.confirmations import Offers
from bot.staff.handlers import Office
from bot.staff.invitations import Welcome
from bot.staff.members import StaffList
from bot.telegram.access import Door
from bot.telegram.rate_limit import Limits
from bot.telegram.sender import Delivery
from linkdesk.accounts.portal_accounts import Accounts
from linkdesk.accounts.staff import MemoryPeople, People
from linkdesk.auth.policy import Role


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who may use the bot and with whose rights, and the clock that limits and questions go by, in seconds."""

    people: People = field(default_factory=MemoryPeople)
    accounts: Accounts | None = None
    """None where everybody works with the rights of one webhook."""
    portal: str = "Bitrix24"
    """What the portal is called to somebody new."""
    clock: Callable[[], float] = time.monotonic


def reception_of(  # noqa: PLR0913 - the collaborators, each named
    conversation: Conversation,
    delivery: Delivery,
    bot: Bot,
    *,
    staff: Mapping[int, Role],
    staffing: Staffing,
    newsroom: Newsroom,
    status: Status | None = None,
) -> Reception:
    """Put the reception of one bot together.

    Args:
        conversation: answers what is about records.
        delivery: says the answers.
        bot: has the menus and the name.
        staff: Telegram ids that may use the bot whatever the store says, with their roles.
        staffing: the others.
        newsroom: has the news of bookings, and the chats that are told.
        status: tells administrators how the bot is.
    """
    people, offers, menus = staffing.people, Offers(staffing.clock), Menus(bot)
    door = Door(people, staff, Limits(staffing.clock))
    staff_list = StaffList(people, staff, staffing.accounts, menus.of)
    welcome = Welcome(people, staffing.portal, lambda: bot.username, menus.of)
    office = Office(
        conversation,
        people=people,
        offers=offers,
        staff_list=staff_list,
        welcome=welcome,
        linking=Linking(staffing.accounts, offers),
        switchboard=Switchboard(conversation, newsroom),
    )
    deals = DealButton(conversation, newsroom.log)
    return Reception(conversation, door, office, delivery, deals, status=status, clock=staffing.clock)
