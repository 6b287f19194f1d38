"""Draw the pictures of docs/schedule-*.png from the sandbox's data: `python docs/schedule.py`.

The sandbox's week is drawn at a fixed hour, so that the pictures change only where the drawing does.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
