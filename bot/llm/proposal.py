"""A model's proposal, in the reader's form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.nlu.result import Understood


class ProposalStatus(StrEnum):
    """Status of a proposal; all but the first two leave the reader's answer unchanged."""

    REQUEST = "request"
    QUESTION = "question"
    NO_REQUEST = "no_request"
    """The model says that nothing is asked for."""
    UNFIT = "unfit"
    """What it answered cannot be used."""
    FAILED = "failed"
    """It did not answer."""
    LIMIT = "limit"
    """It was not asked: a limit is reached, or it failed a moment ago."""
    NOT_SENT = "not_sent"
    """It was not asked: the message is none to send."""


@dataclass(frozen=True, slots=True)
class ModelProposal:
    """A request or a question that the model proposes, or nothing useful.

    A request's arguments are those of the tool, checked by it, and descriptions as the reader's: they have to be looked
    up. Its certainty is `guessed`.
    """

    understood: Understood
    came: ProposalStatus

    @property
    def helps(self) -> bool:
        """Whether there is something to go on with; otherwise the reader's own answer stands."""
        return self.came in {ProposalStatus.REQUEST, ProposalStatus.QUESTION}
