"""Where a plan was asked, and whether whoever answers it is there."""

from __future__ import annotations

from typing import Final

from linkdesk.auth.policy import Actor, Face
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.plans.model import StoredPlan
from tool_specs.declaration.localized import Localized

_TELEGRAM: Final = f"{Face.TELEGRAM.value}:"
_IN_PRIVATE: Final = Localized(en="in your private chat with the bot", ru="в вашем личном чате с ботом")
_IN_A_GROUP: Final = Localized(en="in the group where it was asked", ru="в группе, где он задан")
_IN_A_CLIENT: Final = Localized(en="in the program of the assistant", ru="в программе ассистента")
_IN_A_TERMINAL: Final = Localized(en="in the terminal", ru="в терминале")


def check_place(plan: StoredPlan, actor: Actor) -> None:
    """Let a person answer where they were asked.

    Raises:
        Trouble: the question waits in another place.
    """
    # A terminal is within an assistant's reach: who answers there need not be the person.
    by_itself = plan.face is Face.MCP and actor.face is Face.CHAT
    # What an assistant asks is brought to the person alone, and not answered before others.
    in_public = plan.face is Face.MCP and _is_group(actor.place)
    if by_itself or in_public or (plan.place and actor.place and plan.place != actor.place):
        raise Trouble(plan_errors.ASKED_ELSEWHERE, {"where": _where(plan)})


def _is_group(place: str) -> bool:
    """Tell a group of Telegram by its number, which is below zero."""
    return place.startswith(f"{_TELEGRAM}-")


def _where(plan: StoredPlan) -> Localized:
    if plan.place.startswith(f"{Face.CHAT.value}:"):
        return _IN_A_TERMINAL
    if plan.place.startswith(f"{Face.MCP.value}:"):
        return _IN_A_CLIENT
    return _IN_A_GROUP if _is_group(plan.place) else _IN_PRIVATE
