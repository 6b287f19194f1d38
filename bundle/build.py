"""Build the MCPB bundle `dist/linkdesk.mcpb`, and `dist/server.json` for the MCP registry; run by `make bundle`.

The bundle holds our wheel and the pinned versions and hashes of `requirements-run.lock`, but no third-party packages,
so one file serves every system. The host's uv installs them at the first start, from the index configured on that
machine. Builds are reproducible.

Source: MANIFEST.md of modelcontextprotocol/mcpb, and the registry's format of `server.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from server.tools.selection import select_tools

ROOT: Final = Path(__file__).parents[1]
ENTRY: Final = "main.py"
LOCK: Final = "requirements-run.lock"
MANIFEST_VERSION: Final = "0.4"
"""The first version that supports servers run by uv."""
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The modification time of every file in the archive, fixed for reproducible builds."""
USER_CONFIG: Final[Mapping[str, Mapping[str, Any]]] = {
    "portal": {
        "type": "string",
        "title": "Webhook address",
        "description": "The address of an inbound webhook of your Bitrix24 with the permissions booking, crm and user: "
        "https://HOST/rest/USER/SECRET/. Keep it secret like a password.",
        "sensitive": True,
        "required": True,
    },
    "read_only": {
        "type": "boolean",
        "title": "Read only",
        "description": "Offer read-only tools and refuse every change.",
        "default": False,
    },
    "toolsets": {
        "type": "string",
        "title": "Toolsets",
        "description": "Toolsets to offer, separated by commas: links, changes, bookings, waitlist, resources, crm; "
        "or all.",
        "default": "",
    },
    "lang": {
        "type": "string",
        "title": "Language",
        "description": "The language of questions and prompts: en or ru.",
        "default": "en",
    },
    "timezone": {
        "type": "string",
        "title": "Time zone",
        "description": "The time zone of the business, such as Europe/Moscow; empty: that of this computer.",
        "default": "",
    },
}
"""The questions the host asks its user; each answer becomes the setting of the same name."""


def manifest(project: Mapping[str, Any]) -> dict[str, Any]:
    """Build the bundle's manifest."""
    return {
        "manifest_version": MANIFEST_VERSION,
        "name": project["name"],
        "display_name": "Linkdesk",
        "version": project["version"],
        "description": project["description"],
        "author": {"name": project["authors"][0]["name"]},
        "license": project["license"],
        "keywords": ["bitrix24", "crm", "bookings"],
        "server": {
            "type": "uv",
            "entry_point": ENTRY,
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--no-project", "--python", project["requires-python"], f"${{__dirname}}/{ENTRY}"],
                "env": {f"LINKDESK_{key.upper()}": f"${{user_config.{key}}}" for key in USER_CONFIG},
            },
        },
        # The default tools; the setting "toolsets" offers others.
        "tools": [{"name": tool.name(), "description": tool.description()} for tool in select_tools()],
        "tools_generated": True,
        "prompts_generated": True,
        "compatibility": {
            "platforms": ["darwin", "win32", "linux"],
            "runtimes": {"python": project["requires-python"]},
        },
        "user_config": USER_CONFIG,
    }


def pyproject(project: Mapping[str, Any]) -> str:
    """Build the bundle's pyproject.toml, which the format requires although the entry point installs by hash."""
    return (
        f'[project]\nname = "linkdesk-bundle"\nversion = "{project["version"]}"\n'
        f'requires-python = "{project["requires-python"]}"\ndependencies = []\n\n[tool.uv]\npackage = false\n'
    )


def server_json(template: Mapping[str, Any], project: Mapping[str, Any], url: str, digest: str) -> dict[str, Any]:
    """Build the registry's `server.json` with the bundle at its URL."""
    package = {
        "registryType": "mcpb",
        "identifier": url,
        "version": project["version"],
        "fileSha256": digest,
        "transport": {"type": "stdio"},
    }
    return {**template, "version": project["version"], "packages": [package]}


def built_wheel(folder: Path) -> Path:
    """Build our wheel with the installed hatchling, without network access."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    (wheel,) = folder.glob("*.whl")
    return wheel


def files(project: Mapping[str, Any], wheel: Path) -> dict[str, bytes]:
    """Return the content of the bundle by file name."""
    content = wheel.read_bytes()
    ours = f"./{wheel.name} --hash=sha256:{hashlib.sha256(content).hexdigest()}\n"
    return {
        "manifest.json": (json.dumps(manifest(project), ensure_ascii=False, indent=2) + "\n").encode(),
        "pyproject.toml": pyproject(project).encode(),
        "requirements.txt": (ROOT / LOCK).read_bytes() + ours.encode(),
        ENTRY: (Path(__file__).with_name(ENTRY)).read_bytes(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        wheel.name: content,
    }


def write(path: Path, content: Mapping[str, bytes]) -> None:
    """Write the archive reproducibly."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)


def main() -> None:
    """Build the files and print their paths."""
    parser = argparse.ArgumentParser(description="Build the MCPB bundle.")
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="the folder to write to")
    parser.add_argument("--url", help="where the bundle will be downloaded from: writes server.json too")
    options = parser.parse_args()
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    options.to.mkdir(parents=True, exist_ok=True)
    bundle = options.to / "linkdesk.mcpb"
    with tempfile.TemporaryDirectory() as folder:
        write(bundle, files(project, built_wheel(Path(folder))))
    print(bundle)
    if options.url:
        template: dict[str, Any] = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
        digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
        told = server_json(template, project, options.url, digest)
        path = options.to / "server.json"
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
