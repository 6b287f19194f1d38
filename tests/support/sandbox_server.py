"""A sandbox served over a socket, for other processes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from linkdesk.sandbox.app import Sandbox


@contextmanager
def sandbox_on_socket(sandbox: Sandbox) -> Iterator[str]:
    taken = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(sandbox, log_config=None, lifespan="off"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}{sandbox.webhook_path}"
    finally:
        running.should_exit = True
        thread.join()
