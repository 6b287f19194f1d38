"""Linking an employee's Bitrix24 account: from the browser to Telegram, never the other way.

An address sent from a chat could be passed on, and whoever finished the sign-in there would be linked to the chat that
asked. So the signed-in page gives a code, and the Telegram account that brings it is shown what it would be linked to.
"""

from __future__ import annotations

from typing import Final

from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.session import Reply
from bot.rendering.markup import Text, bounded, filled
from bot.staff.confirmations import Confirmations
from linkdesk.accounts.portal_accounts import HANDOVER_PREFIX, Handover, PortalAccounts
from tool_specs.declaration.localized import Localized

SIGN_IN: Final = Localized(
    en="Open this page, sign in to Bitrix24 there, and follow its link back to me: {url}",
    ru="Откройте эту страницу, войдите там в Битрикс24 и вернитесь ко мне по ссылке на ней: {url}",
)
NO_PAGE: Final = Localized(
    en="There is no sign-in page yet: ask your administrator to set LINKDESK_PUBLIC_URL, or to "
    "run linkdesk signin --as {who} together with you.",
    ru="Страницы для входа пока нет: попросите администратора задать LINKDESK_PUBLIC_URL или выполнить вместе с вами "
    "linkdesk signin --as {who}.",
)
NOBODY_SIGNS_IN: Final = Localized(
    en="There is nothing to sign in to: everyone here works with the permissions of the webhook's owner.",
    ru="Входить никуда не нужно: здесь все работают с правами владельца вебхука.",
)
CARD: Final = Localized(
    en="Link your Telegram to {person} on {portal}? I will then work with that person's permissions.",
    ru="Связать ваш Telegram с сотрудником портала {portal}: {person}? Тогда я буду работать для вас с его правами.",
)
LINKED: Final = Localized(
    en="Linked: I now work for you as {person} on {portal}. To undo this: /logout",
    ru="Готово: теперь я работаю для вас с правами сотрудника {person} на {portal}. Отменить: /logout",
)
NOT_LINKED: Final = Localized(
    en="Nothing was linked; the sign-in was discarded.", ru="Ничего не связано, вход отменён."
)
GONE: Final = Localized(
    en="This sign-in has expired; nothing was linked. Start again: /signin",
    ru="Этот вход устарел, ничего не связано. Начните заново: /signin",
)
USED: Final = Localized(
    en="This link has already been used or is older than ten minutes. Start again: /signin",
    ru="Эта ссылка уже использована или ей больше десяти минут. Начните заново: /signin",
)
LOGGED_OUT: Final = Localized(
    en="You are signed out of Bitrix24 here. You can still use the bot; to sign in again: /signin",
    ru="Вы вышли из Битрикс24. Доступ к боту остался; войти снова: /signin",
)
NOT_LOGGED_IN: Final = Localized(
    en="You are not signed in to Bitrix24 here. To sign in: /signin",
    ru="Вы не входили в Битрикс24. Войти: /signin",
)


class AccountLinking:
    """Links and unlinks Bitrix24 accounts."""

    def __init__(self, accounts: PortalAccounts | None, confirmations: Confirmations) -> None:
        """Take the accounts (None where a webhook serves everybody) and the confirmations."""
        self._accounts = accounts
        self._confirmations = confirmations

    @handles("signin")
    async def sign_in(self, request: CommandRequest) -> Reply:
        """Return the address of the sign-in page."""
        if self._accounts is None:
            return request.reply(NOBODY_SIGNS_IN)
        if not self._accounts.start_url:
            return request.reply(NO_PAGE, who=request.person.actor.who)
        return request.reply(SIGN_IN, url=self._accounts.start_url)

    @handles("logout")
    async def log_out(self, request: CommandRequest) -> Reply:
        """Forget the person's sign-in."""
        if self._accounts is None:
            return request.reply(NOBODY_SIGNS_IN)
        return request.reply(LOGGED_OUT if await self._accounts.forget(request.person.actor.who) else NOT_LOGGED_IN)

    async def begin(self, request: CommandRequest) -> Reply | None:
        """Redeem a handover code and ask whether to link; None where it is no such code."""
        accounts = self._accounts
        if accounts is None or not request.arguments.startswith(HANDOVER_PREFIX):
            return None
        handover = await accounts.take(request.arguments.strip())
        if handover is None:
            return request.reply(USED)

        async def settle(agreed: bool) -> Reply:  # noqa: FBT001 - a yes or a no
            return await self._settle(accounts, handover, request, agreed=agreed)

        confirmation = self._confirmations.put(request.person.conversation_key, settle)
        card = _about(CARD, accounts, handover, request)
        return Reply(card.plain, card.html, request.language, card=confirmation)

    async def _settle(
        self, accounts: PortalAccounts, handover: Handover, request: CommandRequest, *, agreed: bool
    ) -> Reply:
        if not agreed:
            await accounts.drop(handover)
            return request.reply(NOT_LINKED)
        if not await accounts.link(handover, request.person.actor.who):
            return request.reply(GONE)
        return request.reply(_about(LINKED, accounts, handover, request))


def _about(said: Localized, accounts: PortalAccounts, handover: Handover, request: CommandRequest) -> Text:
    """Fill in the person and the portal; the name comes from the portal and is untrusted."""
    host = accounts.origin.partition("://")[2]
    return filled(said.to(request.language), person=Text.strong(bounded(handover.person)), portal=host)
