"""What stands of a fact after all that was told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from builders import a_delta

from service.core.facts.standing import Touch, standing
from service.core.model import Change, DeltaType

Stance = Literal["contradicts", "confirms", "develops"]

PUBLISHED, SEEN, MADE = (datetime(2024, 12, day, tzinfo=UTC) for day in (19, 20, 24))


def touches(*changes: tuple[Stance, str]) -> list[Touch]:
    return [
        Touch.of(a_delta(seq=seq), Change(fact="held", before="?", after=after, stance=stance))
        for seq, (stance, after) in enumerate(changes, start=1)
    ]


def test_an_untouched_fact_stands_as_it_was() -> None:
    stands = standing("held", "The navy is there.", [])
    assert (stands.statement, stands.was, stands.since, stands.newest) == ("The navy is there.", None, None, None)
    assert not stands.changed


def test_a_contradiction_replaces_the_statement() -> None:
    stands = standing("held", "The navy is there.", touches(("contradicts", "It left.")))
    assert (stands.statement, stands.was) == ("It left.", "The navy is there.")
    assert stands.changed


def test_what_develops_or_confirms_leaves_the_statement() -> None:
    stands = standing("held", "The navy is there.", touches(("develops", "It packs."), ("confirms", "It is there.")))
    assert stands.statement == "The navy is there."
    assert [touch.change.after for touch in stands.added] == ["It packs."]
    assert [touch.change.after for touch in stands.confirmed] == ["It is there."]


def test_a_contradiction_ends_what_was_added_before() -> None:
    stands = standing(
        "held",
        "The navy is there.",
        touches(
            ("develops", "It packs."), ("contradicts", "It left."), ("develops", "By night."), ("contradicts", "No.")
        ),
    )
    assert (stands.statement, stands.was) == ("No.", "It left.")
    assert stands.added == ()
    assert stands.newest is not None
    assert stands.newest.seq == 4


def test_what_brings_back_the_standing_statement_changes_nothing() -> None:
    stands = standing("held", "The navy is there.", touches(("contradicts", "The navy is there.")))
    assert not stands.changed


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({}, PUBLISHED),
        ({"published_at": None}, SEEN),
        ({"revision": 2}, MADE),
        ({"type": DeltaType.RETRACTION, "by": "editor"}, MADE),
        ({"type": DeltaType.NEW_DEVELOPMENT, "by": "editor"}, PUBLISHED),
    ],
    ids=["a first version", "an undated one", "a later version", "an editor's no", "an editor's yes"],
)
def test_what_came_after_the_first_version_of_a_report_is_dated_by_when_it_was_seen(
    over: dict[str, Any], at: datetime
) -> None:
    delta = a_delta(**{"published_at": PUBLISHED, "first_seen_at": SEEN, "created_at": MADE} | over)

    assert Touch.of(delta, Change(fact="held", before="?", after="It left.", stance="contradicts")).reported_at == at
