"""Processes, as rows of the store name who works on them."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Final

WORKER: Final = f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(4)}"
"""This process."""


def is_dead(worker: str) -> bool:
    """Tell whether another process of this machine is surely gone; of those elsewhere that is not known."""
    host, _, rest = worker.partition(":")
    number = rest.partition(":")[0]
    if worker == WORKER or host != WORKER.partition(":")[0] or not number.isdecimal() or os.name != "posix":
        return False
    if int(number) == os.getpid():
        return True  # an earlier process had the number that is ours now
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
