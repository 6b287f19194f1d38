"""The portal's state in a file, so that it survives a restart: the store, webhooks' secrets, what was granted."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from linkdesk.sandbox.authorization import Authorization
from linkdesk.sandbox.store import Store


class State(BaseModel):
    """What is kept."""

    version: Literal[1] = 1
    secrets: dict[int, str] = Field(default_factory=dict[int, str])
    """Of the webhooks, by user."""
    authorization: Authorization = Field(default_factory=Authorization)
    store: Store


class StateFileError(Exception):
    """The file cannot be used; the text is a sentence for people."""


def read_state(path: Path) -> State | None:
    """Read what was kept; None when nothing was.

    Raises:
        StateFileError: the file is something else.
    """
    try:
        return State.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise StateFileError(f"{path} cannot be read: {problem.strerror}.") from problem
    except ValidationError as problem:
        raise StateFileError(f"{path} is not a sandbox state file; name another file.") from problem


def write_state(path: Path, state: State) -> None:
    """Keep a state: the old file is there until the new one is whole. Nobody else may read it, for the secrets.

    Raises:
        StateFileError: nothing can be written there.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(state.model_dump_json(by_alias=True).encode())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise StateFileError(f"{path} cannot be written: {problem.strerror}.") from problem
