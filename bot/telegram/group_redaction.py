"""What a group is not shown: phone numbers and e-mail addresses of clients. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.conversation.session import Reply
from bot.rendering.markup import Text
from tool_specs.declaration.localized import Localized

HIDDEN: Final = "•••"
IN_PRIVATE: Final = Localized(
    en="Phone numbers and e-mails are shown in a private chat only.",
    ru="Телефоны и почту показываю только в личном чате.",
)

_EMAIL: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE: Final = re.compile(
    r"\+\d(?:[\s().‑-]{0,2}\d){6,14}"  # with its country
    r"|(?<![\w/#№])[78][\s(‑-]{0,2}\d{3}[\s)‑-]{0,2}\d{3}[\s‑-]?\d{2}[\s‑-]?\d{2}(?!\d)"  # as Russians write it
    r"|(?<![\w/#№])\(?\d{3}\)?[\s‑-]\d{3}[\s‑-]\d{2}[\s‑-]?\d{2}(?!\d)"  # without the country
    r"|(?<![\w/#№])(?:\d{11,15}|9\d{9})(?!\w)",  # ten digits that are too large for the number of a record
)


def masked(text: str) -> str:
    """Hide phone numbers, but for the last two digits, and e-mail addresses."""
    return _PHONE.sub(lambda phone: f"{HIDDEN}{phone[0][-2:]}", _EMAIL.sub(HIDDEN, text))


def for_group(reply: Reply) -> Reply:
    """Give an answer as a group may read it; where something is hidden it is said where to read it."""
    if reply.of_ourselves:
        return reply
    if reply.picture is not None:
        reply = replace(reply, picture=replace(reply.picture, masked=True))
    reply = replace(reply, buttons=tuple(replace(one, label=masked(one.label)) for one in reply.buttons))
    text = masked(reply.text)
    if text == reply.text:
        return reply
    remark = Text.of(IN_PRIVATE.to(reply.language))
    return replace(reply, text=f"{text}\n{remark.plain}", html=f"{masked(reply.html)}\n{remark.html}")
