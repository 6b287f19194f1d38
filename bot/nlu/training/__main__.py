"""Fit the weights from the corpus and write them beside the reader.

With --check, only compare what they were fitted from with what is there now.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from bot.nlu.features import features_of, outline_of
from bot.nlu.sentence import analyze
from bot.nlu.tokenizer import cleaned
from bot.nlu.training.augmentation import Example, examples_of, variants_of
from bot.nlu.training.fitting import Sample, fit
from bot.nlu.weights import FILE, Weights

NLU: Final = Path(__file__).parents[1]
CORPUS: Final = NLU.parents[1] / "tests" / "bot" / "nlu" / "corpus"
FITTED_FROM: Final = tuple(CORPUS / f"{language}.jsonl" for language in ("en", "ru"))
SEED: Final = 7
PROCESSES: Final = 2


def sources() -> str:
    """Hash what the weights depend on: the corpus, the features and how they are fitted."""
    code = [*sorted((NLU / "training").glob("*.py")), NLU / "features.py", NLU / "readings.py", NLU / "weights.py"]
    digest = hashlib.sha256()
    for path in (*FITTED_FROM, *code):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def sample_of(example: Example) -> Sample:
    """Take an example apart."""
    sentence = analyze(cleaned(example.text), example.now)
    return Sample(features_of(sentence), outline_of(sentence), example.reading)


def samples_of(examples: Sequence[Example]) -> list[Sample]:
    """Take examples apart, in their order."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        return list(pool.map(sample_of, examples, chunksize=200))


def train() -> Weights:
    """Fit the weights from the corpus and its variants."""
    examples = examples_of(FITTED_FROM)
    return fit(samples_of([*examples, *variants_of(examples, SEED)]), sources())


def main(arguments: Sequence[str]) -> str | None:
    """Fit and write, or compare; return what is wrong."""
    if "--check" in arguments:
        fitted = Weights.from_json((NLU / FILE).read_bytes())
        stale = "The weights of plain language were fitted from another corpus or other code: make train"
        return None if fitted.sources == sources() else stale
    written = train().to_json()
    target = Path(arguments[0]) if arguments else NLU / FILE
    target.write_bytes(written)
    print(f"{target}: {len(written)} bytes")  # noqa: T201 - the command's answer
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
