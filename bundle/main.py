"""The entry of the bundle: installs Linkdesk beside itself, every file checked by its hash, and serves.

Run by `uv run` with whatever Python that finds, so it needs nothing but the standard library. Standard output belongs
to the protocol. What is installed stays: the next start goes straight to serving.
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
"""How a host leaves a setting that nobody filled in."""


def python() -> Path:
    """Name the Python of what is installed."""
    return RUNTIME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install() -> None:
    """Install what the bundle pins, unless that is done.

    Raises:
        subprocess.CalledProcessError: it could not be installed; uv has said why.
    """
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    uv = os.environ.get("UV", "uv")
    subprocess.run(
        [uv, "venv", "--quiet", "--allow-existing", "--python", ">=3.11", str(RUNTIME)], check=True, stdout=sys.stderr
    )
    # "sync" takes a lock: two hosts that start at once do not disturb each other.
    command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python()), REQUIREMENTS.name]
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=HERE)
    STAMP.write_text(wanted, encoding="ascii")


def settings() -> dict[str, str]:
    """Give the environment without the settings that were left empty."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith("LINKDESK_") and (not value.strip() or value.startswith(UNFILLED)))
    }


def main() -> int:
    """Install and serve."""
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
