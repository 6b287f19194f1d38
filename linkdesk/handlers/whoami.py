"""Show whose rights Linkdesk acts with, and which permissions are missing."""

from __future__ import annotations

from typing import Any, cast

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import RequestContext
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import Named, WhoamiView
from tool_specs.methods.basic import ListScopes
from tool_specs.methods.user import OwnProfile, Profile
from tool_specs.recipes.changes_and_plans import Whoami

NEEDED = ("booking", "crm", "user")


async def whoami(context: RequestContext, method: Whoami) -> ReadResult:
    """Read the portal's current user and the granted permissions."""
    me, scopes = await context.portal.batch([Profile(), ListScopes()])
    for answer in (me, scopes):
        if isinstance(answer, PortalError):
            raise answer
    return ReadResult(asked=method, shown=_view(me, scopes))


def _view(me: Any, scopes: Any) -> WhoamiView:  # noqa: ANN401 - answers of a batch
    profile, given = cast("OwnProfile", me), cast("list[str]", scopes)
    return WhoamiView(
        user=Named(id=profile.id, name=profile.label or None),
        admin=profile.admin,
        timezone=profile.timezone or None,
        scopes=sorted(given),
        missing_scopes=[scope for scope in NEEDED if scope not in given],
    )
