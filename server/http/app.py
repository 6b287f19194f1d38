"""The one HTTP app of a process: MCP with all it needs, and the routes that other packages add."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
from mcp.server.auth.routes import build_resource_metadata_url
from mcp.server.request_state import RequestStateSecurity
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import RequestBodyLimitMiddleware, TransportSecuritySettings
from pydantic import AnyHttpUrl, SecretStr
from starlette.applications import Starlette
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, request_response
from starlette.types import ASGIApp

from linkdesk.auth.policy import Actor, Face, local_user
from linkdesk.bootstrap.routes import RouteContext, open_routes
from linkdesk.bootstrap.stores import database_address
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.application import Application
from linkdesk.storage.api_tokens import ApiTokens
from linkdesk.storage.database import Database
from server.auth.bearer import BearerVerifier, http_caller
from server.elicitation.elicit import FindApprover
from server.elicitation.telegram import open_approver_lookup
from server.http.health import (
    HEALTH_PATH,
    READY_PATH,
    Check,
    Readiness,
    database_answers,
    in_sequence,
    portal_accepts_credentials,
    portal_answers,
    probe_routes,
)
from server.http.host_check import HostCheckMiddleware, allowed_hosts
from server.http.shutdown import ShutdownSignal
from server.mcp_app import build_server
from server.telemetry.setup import start_telemetry
from tool_specs.recipes.changes_and_plans import Whoami

if TYPE_CHECKING:
    from server.oauth.wiring import AuthorizationServer

MCP_PATH: Final = "/mcp"
METRICS_PATH: Final = "/metrics"
MAX_BODY_BYTES: Final = 4 * 1024 * 1024
RETRY_S: Final = 5


@dataclass(frozen=True, slots=True)
class AppContext:
    """What the app is built on."""

    settings: Settings
    desk: Desk
    host: str
    """Where the process listens."""
    url: str
    """Our own address without a path, as clients know it."""
    scopes: Sequence[str] | None = None
    """The permissions of the connection, where everybody shares one."""
    sandbox: bool = False
    leaving: ShutdownSignal | None = None


@asynccontextmanager
async def open_app(around: AppContext) -> AsyncGenerator[ASGIApp]:
    """Open the store and the routes of others, and give the app; its own lifespan runs the protocol's sessions.

    Raises:
        NotConfigured: the store, or what another package's routes need, cannot be used.
    """
    settings = around.settings
    address = database_address(settings, sandbox=around.sandbox)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(await Database.open(address))
        context = RouteContext(settings, around.desk, around.url, sandbox=around.sandbox)
        others = await stack.enter_async_context(open_routes(context))
        sign_in = await _sign_in(around, store, stack)
        reach = await stack.enter_async_context(open_approver_lookup(settings, sandbox=around.sandbox))
        verifier = BearerVerifier(settings.http_tokens, ApiTokens(store), sign_in.verify if sign_in else None)
        checks: list[Check] = [database_answers(store)]
        if not around.sandbox:
            checks.append(in_sequence(portal_answers(settings.origin()), *_credentials_check(around)))
        routes = [*probe_routes(Readiness(checks)), *(sign_in.routes if sign_in else ()), *others]
        if (metrics := stack.enter_context(start_telemetry(settings, around.desk))) is not None:
            # Who may call may count: what it shows is nobody else's business.
            routes.append(Route(METRICS_PATH, authenticated(request_response(metrics.show), verifier)))
        yield _app(around, verifier, routes, reach, signs_in=sign_in is not None)


def _credentials_check(around: AppContext) -> Iterator[Check]:
    """Check the way in that everybody shares; where each employee has their own, there is none to check."""
    if isinstance(around.settings.connection(), WebhookAddress):
        actor = Actor(local_user(), Face.MCP)
        yield portal_accepts_credentials(lambda: around.desk.do(Whoami(), actor))


async def _sign_in(around: AppContext, store: Database, stack: AsyncExitStack) -> AuthorizationServer | None:
    """Let employees sign in with Bitrix24, where the portal is entered so and we know our own address."""
    if around.sandbox or around.settings.public_url is None:
        return None
    connection = around.settings.connection()
    if not isinstance(connection, Application):
        return None
    from server.oauth.wiring import open_authorization_server  # noqa: PLC0415 - loaded only where employees sign in

    return await stack.enter_async_context(
        open_authorization_server(around.settings, connection, store, around.desk, resource=f"{around.url}{MCP_PATH}")
    )


def _app(
    around: AppContext, verifier: BearerVerifier, routes: Sequence[BaseRoute], reach: FindApprover, *, signs_in: bool
) -> ASGIApp:
    settings = around.settings
    server = build_server(
        around.desk,
        settings,
        http_caller,
        around.scopes,
        reach,
        request_state=request_state(settings.secret_key),
        ending=around.leaving.begun if around.leaving else anyio.sleep_forever,
    )
    manager = StreamableHTTPSessionManager(
        app=server.protocol,
        stateless=settings.stateless,
        max_request_body_size=MAX_BODY_BYTES,
        # Ours stands in front of every route, and is never off.
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    resource = AnyHttpUrl(f"{around.url}{MCP_PATH}")
    protocol: ASGIApp = StreamableHTTPASGIApp(manager)
    if around.leaving is not None:
        protocol = around.leaving.ending_streams(protocol)
    guarded = authenticated(protocol, verifier, build_resource_metadata_url(resource))
    app = Starlette(
        routes=[
            Route(MCP_PATH, guarded),
            Route(f"{MCP_PATH}/", guarded),
            *(() if signs_in else (_metadata_route(resource),)),
            *routes,
        ],
        exception_handlers={Trouble: _store_unavailable},
        lifespan=lambda _app: manager.run(),
    )
    app.router.redirect_slashes = False
    hosts = allowed_hosts(around.host, settings.public_url)
    return HostCheckMiddleware(RequestBodyLimitMiddleware(app, MAX_BODY_BYTES), hosts, probes=(HEALTH_PATH, READY_PATH))


def authenticated(app: ASGIApp, verifier: BearerVerifier, metadata: AnyHttpUrl | None = None) -> ASGIApp:
    """Put a route behind the bearer token: without one it answers 401 and says where to get one."""
    required = RequireAuthMiddleware(app, [], metadata)
    return AuthenticationMiddleware(AuthContextMiddleware(required), BearerAuthBackend(verifier))


def request_state(key: SecretStr | None) -> RequestStateSecurity:
    """Seal what clients carry between rounds: by keys that replicas share, or by one of this process."""
    names = [part.strip() for part in (key.get_secret_value() if key else "").split(",") if part.strip()]
    if not names:
        return RequestStateSecurity.ephemeral()
    return RequestStateSecurity(keys=[_derive_key(name) for name in names])


def _derive_key(name: str) -> bytes:
    """Make a key for this one purpose."""
    return HKDF(SHA256(), 32, salt=None, info=b"linkdesk request state").derive(name.encode())


def _metadata_route(resource: AnyHttpUrl) -> Route:
    """Describe the resource to clients where nobody signs in: its tokens are given out by a person.

    Source: RFC 9728, where authorization servers may be left out; the SDK's own model asks for one.
    """

    async def metadata(_request: Request) -> Response:
        shown = {"resource": str(resource), "resource_name": "Linkdesk", "bearer_methods_supported": ["header"]}
        return JSONResponse(shown, headers={"Cache-Control": "public, max-age=3600"})

    path = AnyHttpUrl(str(build_resource_metadata_url(resource))).path or ""
    return Route(path, metadata, methods=["GET"])


async def _store_unavailable(_request: Request, error: Exception) -> Response:
    """Say that the store does not answer: nobody can be let in meanwhile."""
    said = error.what.en if isinstance(error, Trouble) else "Linkdesk cannot answer now."
    return JSONResponse({"error": said}, 503, {"Retry-After": str(RETRY_S)})
