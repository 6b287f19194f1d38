"""Opening what the news are kept in, and telling whether the portal may bring events."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from linkdesk.bootstrap.desk import SANDBOX
from linkdesk.config.settings import Settings
from linkdesk.events.store import NewsStore
from linkdesk.events.webhooks import Events
from linkdesk.portal.application import Application
from linkdesk.storage.lazy_events import LateNews
from linkdesk.storage.url import store_address


def opening_store(settings: Settings, *, sandbox: bool = False) -> LateNews:
    """Give the store of the news, which is opened at its first use.

    Raises:
        NotConfigured: the portal or the address of the database is wrong.
    """
    address = store_address(settings.database.get_secret_value() if settings.database else None, sandbox=sandbox)
    origin = SANDBOX if sandbox else settings.origin()

    def opened() -> AbstractAsyncContextManager[NewsStore]:
        from linkdesk.storage.events import opened_news_store  # noqa: PLC0415 - the store is loaded where it is needed

        return opened_news_store(address, origin)

    return LateNews(opened)


def events_of(settings: Settings) -> Events | None:
    """Give what binds events; None where the portal brings none: to a webhook's owner, or to no address.

    Raises:
        NotConfigured: no portal is set.
    """
    if settings.public_url is None or not isinstance(settings.connection(), Application):
        return None
    return Events(settings.public_url)
