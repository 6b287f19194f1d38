"""Build the HTTP app of a process: the MCP endpoint, sign-in, health probes and the routes of other packages."""

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
    """The collaborators and addresses that the app is built from."""

    settings: Settings
    desk: Desk
    host: str
    """The host name or address that the process listens on."""
    url: str
    """The public base URL, without a path."""
    scopes: Sequence[str] | None = None
    """The scopes of the portal connection, if all callers share one; None if they are unknown or differ."""
    sandbox: bool = False
    shutdown: ShutdownSignal | None = None


@asynccontextmanager
async def open_app(context: AppContext) -> AsyncGenerator[ASGIApp]:
    """Open the database and all routes, and build the app, whose lifespan runs the MCP sessions.

    Raises:
        NotConfigured: the database, or something that another package's routes need, cannot be used.
    """
    settings = context.settings
    address = database_address(settings, sandbox=context.sandbox)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(await Database.open(address))
        route_context = RouteContext(settings, context.desk, context.url, sandbox=context.sandbox)
        other_routes = await stack.enter_async_context(open_routes(route_context))
        authorization = await _open_authorization(context, store, stack)
        find_approver = await stack.enter_async_context(open_approver_lookup(settings, sandbox=context.sandbox))
        verifier = BearerVerifier(
            settings.http_tokens, ApiTokens(store), authorization.verify if authorization else None
        )
        checks: list[Check] = [database_answers(store)]
        if not context.sandbox:
            checks.append(in_sequence(portal_answers(settings.origin()), *_credentials_check(context)))
        routes = [*probe_routes(Readiness(checks)), *(authorization.routes if authorization else ()), *other_routes]
        if (metrics := stack.enter_context(start_telemetry(settings, context.desk))) is not None:
            # Metrics need the same token as tool calls: tool names and call counts are not public.
            routes.append(Route(METRICS_PATH, authenticated(request_response(metrics.render), verifier)))
        yield _app(context, verifier, routes, find_approver, has_authorization=authorization is not None)


def _credentials_check(context: AppContext) -> Iterator[Check]:
    """Yield the check of the shared webhook; with credentials per employee there is nothing to check."""
    if isinstance(context.settings.connection(), WebhookAddress):
        actor = Actor(local_user(), Face.MCP)
        yield portal_accepts_credentials(lambda: context.desk.do(Whoami(), actor))


async def _open_authorization(
    context: AppContext, store: Database, stack: AsyncExitStack
) -> AuthorizationServer | None:
    """Open the authorization server if the portal is reached through an application and a public URL is set."""
    if context.sandbox or context.settings.public_url is None:
        return None
    connection = context.settings.connection()
    if not isinstance(connection, Application):
        return None
    from server.oauth.wiring import open_authorization_server  # noqa: PLC0415 - loaded only where employees sign in

    return await stack.enter_async_context(
        open_authorization_server(
            context.settings, connection, store, context.desk, resource=f"{context.url}{MCP_PATH}"
        )
    )


def _app(
    context: AppContext,
    verifier: BearerVerifier,
    routes: Sequence[BaseRoute],
    find_approver: FindApprover,
    *,
    has_authorization: bool,
) -> ASGIApp:
    settings = context.settings
    server = build_server(
        context.desk,
        settings,
        http_caller,
        context.scopes,
        find_approver,
        request_state=request_state(settings.secret_key),
        wait_for_shutdown=context.shutdown.wait if context.shutdown else anyio.sleep_forever,
    )
    manager = StreamableHTTPSessionManager(
        app=server.protocol,
        stateless=settings.stateless,
        max_request_body_size=MAX_BODY_BYTES,
        # HostCheckMiddleware covers every route and cannot be switched off.
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    resource = AnyHttpUrl(f"{context.url}{MCP_PATH}")
    protocol: ASGIApp = StreamableHTTPASGIApp(manager)
    if context.shutdown is not None:
        protocol = context.shutdown.close_streams_on_shutdown(protocol)
    guarded = authenticated(protocol, verifier, build_resource_metadata_url(resource))
    app = Starlette(
        routes=[
            Route(MCP_PATH, guarded),
            Route(f"{MCP_PATH}/", guarded),
            *(() if has_authorization else (_metadata_route(resource),)),
            *routes,
        ],
        exception_handlers={Trouble: _store_unavailable},
        lifespan=lambda _app: manager.run(),
    )
    app.router.redirect_slashes = False
    hosts = allowed_hosts(context.host, settings.public_url)
    return HostCheckMiddleware(RequestBodyLimitMiddleware(app, MAX_BODY_BYTES), hosts, probes=(HEALTH_PATH, READY_PATH))


def authenticated(app: ASGIApp, verifier: BearerVerifier, metadata: AnyHttpUrl | None = None) -> ASGIApp:
    """Require a bearer token for a route; without one it answers 401 with the address of the metadata."""
    required = RequireAuthMiddleware(app, [], metadata)
    return AuthenticationMiddleware(AuthContextMiddleware(required), BearerAuthBackend(verifier))


def request_state(key: SecretStr | None) -> RequestStateSecurity:
    """Build the protection of request state: with the shared keys of all replicas, or with a key of this process."""
    names = [part.strip() for part in (key.get_secret_value() if key else "").split(",") if part.strip()]
    if not names:
        return RequestStateSecurity.ephemeral()
    return RequestStateSecurity(keys=[_derive_key(name) for name in names])


def _derive_key(name: str) -> bytes:
    """Derive a key for sealing request state only."""
    return HKDF(SHA256(), 32, salt=None, info=b"linkdesk request state").derive(name.encode())


def _metadata_route(resource: AnyHttpUrl) -> Route:
    """Build the protected-resource metadata route for installations without OAuth, whose tokens an admin hands out.

    RFC 9728 makes `authorization_servers` optional, but the SDK's model requires it.
    """

    async def metadata(_request: Request) -> Response:
        shown = {"resource": str(resource), "resource_name": "Linkdesk", "bearer_methods_supported": ["header"]}
        return JSONResponse(shown, headers={"Cache-Control": "public, max-age=3600"})

    path = AnyHttpUrl(str(build_resource_metadata_url(resource))).path or ""
    return Route(path, metadata, methods=["GET"])


async def _store_unavailable(_request: Request, error: Exception) -> Response:
    """Answer 503: the database that tokens are verified against is down."""
    said = error.what.en if isinstance(error, Trouble) else "Linkdesk is temporarily unavailable."
    return JSONResponse({"error": said}, 503, {"Retry-After": str(RETRY_S)})
