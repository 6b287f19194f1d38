"""HTTP routes that share one app: each package registers its own in the entry-point group `linkdesk.routes`.

An entry names a function that takes a `RouteContext` and returns an asynchronous context manager of routes:

    @asynccontextmanager
    async def routes(context: RouteContext) -> AsyncGenerator[Sequence[BaseRoute]]:
        async with open_bot(context.desk, context.settings) as bot:
            yield [Route("/telegram", bot.take, methods=["POST"])]

What it opens lives as long as the server. What is not configured yields no routes. The server admits requests to our
own hosts only, with bodies of at most 4 MiB; each route authorizes its callers itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from linkdesk.config.settings import Settings
from linkdesk.desk import Desk

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

GROUP: Final = "linkdesk.routes"


class RouteSettings(Protocol):
    """The part of `RouteContext` that most routes need."""

    @property
    def settings(self) -> Settings:
        """The settings of the installation."""
        ...

    @property
    def sandbox(self) -> bool:
        """Whether the portal is the sandbox in this process: nobody signs in to it, and it sends no events."""
        ...


@dataclass(frozen=True, slots=True)
class RouteContext:
    """What routes may use; everything stays open while they are served."""

    settings: Settings
    desk: Desk
    url: str
    """Our own base URL: LINKDESK_PUBLIC_URL, else where this process listens."""
    sandbox: bool = False


RouteMaker: TypeAlias = "Callable[[RouteContext], AbstractAsyncContextManager[Sequence[BaseRoute]]]"


@asynccontextmanager
async def open_routes(context: RouteContext) -> AsyncGenerator[list[BaseRoute]]:
    """Open the routes of every package in the order of their entry points' names, and close them in reverse.

    Raises:
        NotConfigured: a setting that one of them needs is wrong.
    """
    routes: list[BaseRoute] = []
    async with AsyncExitStack() as stack:
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
            maker: RouteMaker = point.load()
            routes += await stack.enter_async_context(maker(context))
        yield routes
