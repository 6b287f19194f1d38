"""Replies as a group may read them: without phone numbers and e-mail addresses of clients."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.conversation.session import Reply
from bot.rendering.markup import Text
from bot.rendering.redaction import masked
from tool_specs.declaration.localized import Localized

IN_PRIVATE: Final = Localized(
    en="Phone numbers and emails are shown in a private chat only.",
    ru="Телефоны и почту показываю только в личном чате.",
)


def for_group(reply: Reply) -> Reply:
    """Return a reply with phone numbers and e-mail addresses masked, and a remark where to read them."""
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
