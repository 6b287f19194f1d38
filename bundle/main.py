"""The entry point of the bundle: installs Linkdesk next to itself, verifying hashes, and starts the server.

It is run by `uv run` with any Python, so it uses the standard library only. Standard output belongs to the protocol.
The installation is kept, so later starts are fast.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
RUNTIME = HERE / "runtime"
STAMP = RUNTIME / "installed"
SERVE = "from linkdesk.cli.main import main; main()"
UNFILLED = "${"
"""How a placeholder begins that the host left unfilled."""


def python() -> Path:
    """Return the path of the installed environment's Python."""
    return RUNTIME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install() -> None:
    """Install the pinned packages unless they are installed already.

    Raises:
        subprocess.CalledProcessError: the installation failed; uv has printed why.
    """
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    uv = os.environ.get("UV", "uv")
    subprocess.run(
        [uv, "venv", "--quiet", "--allow-existing", "--python", ">=3.11", str(RUNTIME)], check=True, stdout=sys.stderr
    )
    # "sync" locks the environment, so hosts that start at the same time do not interfere.
    command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python()), REQUIREMENTS.name]
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=HERE)
    STAMP.write_text(wanted, encoding="ascii")


def settings() -> dict[str, str]:
    """Return the environment without empty settings."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith("LINKDESK_") and (not value.strip() or value.startswith(UNFILLED)))
    }


def main() -> int:
    """Install Linkdesk and start the server."""
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"Linkdesk could not be installed: {problem}", file=sys.stderr)
        return 1
    command = [str(python()), "-I", "-c", SERVE, "serve", *sys.argv[1:]]
    if os.name != "nt":
        os.execve(command[0], command, settings())  # noqa: S606 - our own program, without a shell
    return subprocess.run(command, check=False, env=settings()).returncode


if __name__ == "__main__":
    sys.exit(main())
