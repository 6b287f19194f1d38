"""Buttons under the answer to a change: undo, and the card in Bitrix24."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.conversation.buttons import Button
from bot.conversation.session import Reply
from linkdesk.model.outcome import Done, Outcome, RecordDone
from tool_specs.declaration.localized import Localized

UNDO: Final = Localized(en="Undo", ru="Отменить")
OPEN: Final = Localized(en="Open in Bitrix24", ru="Открыть в Битрикс24")


def with_undo_button(reply: Reply, came: Sequence[Outcome], host: str | None) -> Reply:
    """Add the buttons that undo a change and open its card.

    Args:
        reply: the answer; one that asks something has its own buttons.
        came: what came of the requests.
        host: the portal's; None where it has no address for people.
    """
    done = [one for one in came if isinstance(one, Done | RecordDone) and one.change_id]
    if len(done) != 1 or reply.card is not None:
        return reply
    (one,) = done
    buttons = [Button(UNDO.to(reply.language), data=f"u:{one.change_id}")] if _comes_back(one) else []
    refs = [*one.plan.added, *one.plan.removed] if isinstance(one, Done) else []
    if refs and host:
        buttons.append(Button(OPEN.to(reply.language), url=f"https://{host}{refs[0].card}"))
    return replace(reply, buttons=(*reply.buttons, *buttons))


def _comes_back(done: Done | RecordDone) -> bool:
    """Return whether it can be undone: the portal gives no record back that is gone or became another."""
    if isinstance(done, Done):
        return True
    before, after = done.plan.before, done.plan.after
    return after is not None and (before is None or type(before) is type(after))
