"""Numbers with what they count, as commands say them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 feed", "2 feeds"; `many` where an "s" at the end does not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"
