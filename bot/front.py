"""The front of the bot, put together: the door, the office behind it, and the reception that calls them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from telegram import Bot

from bot.conversation import Conversation
from bot.delivery import Delivery
from bot.door import Door
from bot.limits import Limits
from bot.linking import Linking
from bot.menus import Menus
from bot.news.deal_button import DealButton
from bot.news.newsroom import Newsroom
from bot.news.switchboard import Switchboard
from bot.offers import Offers
from bot.office import Office
from bot.reception import Reception
from bot.staff_list import StaffList
from bot.status import Status
from bot.welcome import Welcome
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
