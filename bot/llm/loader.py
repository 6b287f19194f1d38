"""The optional model, loaded only where one is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.llm.proposer import LlmProposer
    from linkdesk.config.settings import Settings


def load_proposer(settings: Settings, portal_host: str | None) -> LlmProposer | None:
    """Return the proposer of the model that is set; without one return None and load nothing.

    Args:
        settings: those of the installation.
        portal_host: the host that pasted addresses of cards have to have; None for any.

    Raises:
        NotConfigured: it is half set.
    """
    if settings.llm() is None:
        return None
    from bot.llm.proposer import LlmProposer

    return LlmProposer.opened(settings, portal_host)
