"""Every reason of a decision is told in words that an editor understands."""

from __future__ import annotations

import pytest

from service.core.deltas.telling import EDITOR
from service.core.matching.meanings import found_by, meaning
from service.core.model import Reason


def test_a_reason_of_another_version_is_shown_by_its_name() -> None:
    assert meaning("names_a_comet") == "names a comet"


@pytest.mark.parametrize(
    ("feature", "text", "told"),
    [
        ("pattern_title", "bases: Tartus + ships", "Tartus + ships (in the title)"),
        ("core_in_title", "Assad", "Assad (the title names whom or what the story is about)"),
        (EDITOR, "Other base: Tobruk", "Other base: Tobruk (an editor's word)"),
    ],
)
def test_what_a_report_was_found_by_is_told_without_the_name_of_the_thread(feature: str, text: str, told: str) -> None:
    assert found_by(Reason(feature=feature, weight=1.0, text=text)) == told
