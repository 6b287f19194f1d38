"""The repositories that sign-ins are stored in."""

from __future__ import annotations

from dataclasses import dataclass

from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.storage.signin_attempts import Attempts
from linkdesk.storage.signin_handovers import Handovers
from linkdesk.storage.staff import StoredStaff


@dataclass(frozen=True, slots=True)
class SigninStore:
    """What is stored for one portal's sign-ins."""

    tokens: PortalTokens
    attempts: Attempts
    handovers: Handovers
    people: StoredStaff
