"""The optional model, loaded only where one is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.llm.proposer import Model
    from linkdesk.config.settings import Settings


def model_of(settings: Settings, portal_host: str | None) -> Model | None:
    """Give the model that is set; None, and nothing is loaded, where none is.

    Args:
        settings: those of the installation.
        portal_host: the host that pasted addresses of cards have to have; None for any.

    Raises:
        NotConfigured: it is half set.
    """
    if settings.llm() is None:
        return None
    from bot.llm.proposer import Model

    return Model.opened(settings, portal_host)
