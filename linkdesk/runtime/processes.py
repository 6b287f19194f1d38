"""Names of processes, as stored in leased rows, and whether such a process is still alive."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Final

WORKER: Final = f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(4)}"
"""The name of this process."""


def is_dead(worker: str) -> bool:
    """Return whether a process of this machine is certainly dead; those of other machines never are."""
    host, _, rest = worker.partition(":")
    number = rest.partition(":")[0]
    if worker == WORKER or host != WORKER.partition(":")[0] or not number.isdecimal() or os.name != "posix":
        return False
    if int(number) == os.getpid():
        return True  # an earlier process had our process id
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
