"""Names of the roles, and the words people write for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import Localized

ROLES: Final[Mapping[Role, Localized]] = {
    Role.VIEWER: Localized(en="viewer", ru="наблюдатель"),
    Role.EDITOR: Localized(en="editor", ru="редактор"),
    Role.ADMIN: Localized(en="administrator", ru="администратор"),
}
ROLE_OF_WORD: Final[Mapping[str, Role]] = {
    **{role.value: role for role in Role},
    **dict.fromkeys(("administrator", "админ", "администратор", "администратором"), Role.ADMIN),
    **dict.fromkeys(("редактор", "редактором"), Role.EDITOR),
    **dict.fromkeys(("наблюдатель", "наблюдателем", "просмотр", "reader"), Role.VIEWER),
}
"""How people write a role, in small letters."""
