"""Progress bars for long work: on a terminal only, on standard error, gone when done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress(total: int, unit: str) -> Iterator[Callable[[int], None]]:
    """Show a bar for the length of a block; yield what moves it on by so many."""
    with tqdm(total=total, unit=f" {unit}", leave=False, file=sys.stderr, disable=not sys.stderr.isatty()) as bar:

        def moved(count: int) -> None:
            bar.update(count)

        yield moved
