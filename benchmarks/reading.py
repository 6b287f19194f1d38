"""Measure the plain-language reader: loading, and reading each sentence of the corpus once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.nlu.parser import read

CORPUS: Final = Path(__file__).parents[1] / "tests" / "bot" / "nlu" / "corpus"
LOADING: Final = """
import time, datetime
from bot.nlu.parser import read
start = time.process_time()
read("привяжи сделку 8 к брони 21", datetime.datetime.now(datetime.UTC))
print(time.process_time() - start)
"""


def main() -> None:
    """Print the figures in CPU time."""
    loading = subprocess.run([sys.executable, "-c", LOADING], check=True, capture_output=True, text=True).stdout
    texts = [
        json.loads(line)["text"]
        for name in ("en", "ru")
        for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    now = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
    read("привяжи deal", now)
    taken: list[float] = []
    for text in texts:
        start = time.process_time()
        read(text, now)
        taken.append(1000 * (time.process_time() - start))
    taken.sort()
    median, late = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    spent = f"median {median:.2f} ms, p99 {late:.1f} ms"
    print(f"plain language: loaded in {float(loading):.2f} s; {len(texts)} sentences, {spent}")


if __name__ == "__main__":
    main()
