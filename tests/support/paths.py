"""Where things lie in the repository."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = ROOT / "tests" / "bot" / "nlu" / "corpus"
SUPPORT: Final = ROOT / "tests" / "support"
PROCESSES: Final = ROOT / "tests" / "crash" / "processes"
"""Programs that the tests start in order to kill them, or to run them beside each other."""
SDK: Final = ROOT / "tests" / "sdk"
