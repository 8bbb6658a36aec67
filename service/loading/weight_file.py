"""The matcher's weights: reviewable numbers in service/lexicon/weights.yaml.

`prior` is what a person set before seeing any label; `weights` is what `train` made of it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from service.core.errors import Invalid
from service.loading.lexicon_files import LEXICON_FOLDER

WEIGHT_FILE = LEXICON_FOLDER / "weights.yaml"


_HEAD = """\
# How much each feature of an item counts in the decision whether it follows up on a story, in log-odds; the sum's
# logistic function is the score. `prior` is set by hand; `weights` are learned around it by
#   python -m service train CORPUS_DIR... --write
# What a feature means: service/core/matching/meanings.py.
"""


@lru_cache(maxsize=4)
def load_weights(path: Path = WEIGHT_FILE, part: str = "weights") -> dict[str, float]:
    """Read the weights, or their priors with `part="prior"`.

    Raises:
        Invalid: The file is no mapping of names to numbers.
    """
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {str(name): float(value) for name, value in table[part].items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"{path}: must hold `weights:` with a number for each feature ({error})") from error


def write_weights(weights: dict[str, float], path: Path = WEIGHT_FILE) -> None:
    """Write learned weights, keeping the priors."""
    prior = load_weights(path, "prior")
    lines = [_HEAD, "prior:\n"]
    lines += [f"  {name}: {value:g}\n" for name, value in prior.items()]
    lines.append("weights:\n")
    lines += [f"  {name}: {weights.get(name, value):g}\n" for name, value in prior.items()]
    path.write_text("".join(lines), encoding="utf-8")
    load_weights.cache_clear()
