"""The portal's users: `user.*`. Ids are text, keys in upper case, truth is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.crm_filter import filter_rows, sort_rows
from linkdesk.sandbox.paging import counted_page
from linkdesk.sandbox.parameters import INTEGER
from linkdesk.sandbox.php_array import values_of
from linkdesk.sandbox.store import User
from tool_specs.declaration.wire import Json

OF_ALL_SCOPES: Final = frozenset({"ID", "ACTIVE", "NAME", "LAST_NAME", "WORK_POSITION", "USER_TYPE"})
OWN: Final = frozenset({"sort", "order", "filter", "admin_mode", "select", "image_resize", "start"})
"""The method's own parameters; all others are filters."""


def current(call: Call) -> Json:
    """Answer `user.current`."""
    return _shown(call, call.user)


def find(call: Call) -> Json:
    """Answer `user.get`; filters may also stand at the top, and unknown ones change nothing."""
    given = call.params
    inner: Json = given.get("filter")
    conditions = {name: value for name, value in given.items() if name not in OWN}
    if isinstance(inner, dict):
        conditions |= cast("Mapping[str, Json]", inner)
    rows = [_shown(call, user) for user in call.store.users.values()]
    found = filter_rows(rows, {name.upper(): value for name, value in conditions.items()}, None)
    if isinstance(given.get("sort"), str):
        found = sort_rows(found, {given["sort"].upper(): given.get("order", "ASC")}, None)
    columns = values_of(given.get("select")) or ["*"]
    start = str(given.get("start", 0))
    return counted_page(
        [{name: value for name, value in row.items() if "*" in columns or name in columns} for row in found],
        None,
        int(start) if INTEGER.fullmatch(start) else 0,
    )


def _shown(call: Call, user: User) -> dict[str, Json]:
    """Return the fields that the scope opens: all with `user`, the name and little more with its smaller sisters."""
    fields: dict[str, Json] = {
        "ID": str(user.id),
        "ACTIVE": True,
        "NAME": user.name,
        "LAST_NAME": user.last_name,
        "SECOND_NAME": "",
        "EMAIL": user.email,
        "TIME_ZONE": "",
        "IS_ONLINE": "Y" if user is call.user else "N",
        "PERSONAL_GENDER": "",
        "WORK_POSITION": "",
        "UF_DEPARTMENT": [1],
        "USER_TYPE": "employee" if user.intranet else "extranet",
    }
    if "user" in call.access.scopes:
        return fields
    return {name: value for name, value in fields.items() if name in OF_ALL_SCOPES}


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of users."""
    yield "user.current", current
    yield "user.get", find
