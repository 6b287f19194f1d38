"""Paths within the repository."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = ROOT / "tests" / "bot" / "nlu" / "corpus"
SUPPORT: Final = ROOT / "tests" / "support"
PROCESSES: Final = ROOT / "tests" / "crash" / "processes"
"""Programs that tests run concurrently or kill."""
SDK: Final = ROOT / "tests" / "sdk"
