"""Fit the weights from the corpus and write them beside the reader.

With --check, only compare what they were fitted from with what is there now; with --repeat, fit twice and compare the
results with each other and with the weights that are there.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

from bot.nlu.features import features_of, outline_of
from bot.nlu.readings import NONE
from bot.nlu.sentence import analyze
from bot.nlu.tokenizer import cleaned
from bot.nlu.training.augmentation import Example, examples_of, small_talk, variants_of
from bot.nlu.training.fitting import Sample, fit
from bot.nlu.weights import FILE, Weights

NLU: Final = Path(__file__).parents[1]
CORPUS: Final = NLU.parents[1] / "tests" / "bot" / "nlu" / "corpus"
FITTED_FROM: Final = tuple(CORPUS / f"{language}.jsonl" for language in ("en", "ru"))
SEED: Final = 7
PROCESSES: Final = 2
ALIKE: Final = 0.998
"""The share of samples whose best reading has to be the same on every machine."""


def sources() -> str:
    """Hash what the weights depend on: the corpus, the features and how they are fitted."""
    code = [*sorted((NLU / "training").glob("*.*")), NLU / "features.py", NLU / "readings.py", NLU / "weights.py"]
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


def training_samples() -> list[Sample]:
    """Take the corpus and its variants apart."""
    examples = examples_of(FITTED_FROM)
    examples += small_talk(examples[0].now)
    return samples_of([*examples, *variants_of(examples, SEED)])


def main(arguments: Sequence[str]) -> str | None:
    """Fit and write, check, or repeat; return what is wrong."""
    if "--check" in arguments:
        stale = "The weights of plain language were fitted from another corpus or other code: make train"
        return None if kept().sources == sources() else stale
    samples = training_samples()
    fitted = fit(samples, sources())
    if "--repeat" in arguments:
        return _differs(fitted, samples)
    target = Path(arguments[0]) if arguments else NLU / FILE
    target.write_bytes(fitted.to_json())
    print(f"{target}: {target.stat().st_size} bytes")  # noqa: T201 - the command's answer
    return None


@cache
def kept() -> Weights:
    """Read the weights that come with the program."""
    return Weights.from_json((NLU / FILE).read_bytes())


def _differs(fitted: Weights, samples: Sequence[Sample]) -> str | None:
    """Tell what came out differently; another machine may round a weight in another way, but ranks the same."""
    if fit(samples, sources()).to_json() != fitted.to_json():
        return "Fitting twice from the same samples gave different weights"
    asking = [sample for sample in samples if sample.reading != NONE]
    same = sum(best_of(fitted, sample) == best_of(kept(), sample) for sample in asking)
    print(f"{same} of {len(asking)} samples have the same best reading")  # noqa: T201 - the command's answer
    return None if same >= ALIKE * len(asking) else "The weights that are there rank differently: make train"


def best_of(fitted: Weights, sample: Sample) -> int:
    """Return the place of the likeliest reading."""
    scores = fitted.scores(sample.features, sample.outline).readings
    return scores.index(max(scores))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
