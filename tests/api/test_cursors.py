"""Cursors are opaque, and bound to list, story, filters and epoch."""

from __future__ import annotations

import base64
import hashlib

import pytest
from api.api_builders import a_site, assert_problem
from builders import MINUTE, NOON, STORY, a_decision, a_poll, an_entry
from hypothesis import given
from hypothesis import strategies as st

from service.api.cursors import ForgetfulScope, Scope
from service.core.errors import CursorGone, CursorInvalid
from service.core.model import Outcome

SCOPE = Scope(listing="deltas", story="harbour", epoch="e1", filters=(("lang", "ar"), ("thread", "bases")))


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_cursor_says_where_it_stands_and_is_safe_in_an_address(position: int) -> None:
    cursor = SCOPE.encode(position)
    assert SCOPE.decode(cursor) == position
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()


def test_the_order_of_filters_does_not_matter() -> None:
    swapped = Scope(listing="deltas", story="harbour", epoch="e1", filters=(("thread", "bases"), ("lang", "ar")))
    assert swapped.decode(SCOPE.encode(7)) == 7


@pytest.mark.parametrize(
    "other",
    [
        Scope(listing="decisions", story="harbour", epoch="e1", filters=SCOPE.filters),
        Scope(listing="deltas", story="elsewhere", epoch="e1", filters=SCOPE.filters),
        Scope(listing="deltas", story="harbour", epoch="e1", filters=(("lang", "ar"),)),
        Scope(listing="deltas", story="harbour", epoch="e1"),
    ],
)
def test_a_cursor_of_another_list_is_invalid(other: Scope) -> None:
    with pytest.raises(CursorInvalid):
        SCOPE.decode(other.encode(3))


def test_a_cursor_of_another_epoch_is_gone_and_names_the_oldest() -> None:
    restored = Scope(listing="deltas", story="harbour", epoch="e2", filters=SCOPE.filters)
    with pytest.raises(CursorGone) as gone:
        restored.decode(SCOPE.encode(9))
    assert restored.decode(gone.value.oldest_cursor) == 0


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/stories/{STORY}/deltas?order=desc&after=",
        f"/v1/stories/{STORY}/decisions?after=",
        f"/v1/stories/{STORY}/developments?after=",
        "/v1/entries?after=",
    ],
)
@pytest.mark.parametrize("position", [2**63, 2**64 - 1])
async def test_a_forged_position_that_no_store_can_count_to_is_invalid(path: str, position: int) -> None:
    async with a_site() as site:
        real = (await site.get(path.removesuffix("after="))).json()["next_cursor"]
        body = base64.urlsafe_b64decode(real + "=")[:17] + position.to_bytes(8, "big")
        forged = base64.urlsafe_b64encode(body + hashlib.blake2b(body, digest_size=4).digest()).decode().rstrip("=")

        assert_problem(await site.get(path + forged), 400, "cursor_invalid")


@given(st.text(max_size=60))
def test_garbage_is_invalid(garbage: str) -> None:
    with pytest.raises(CursorInvalid):
        SCOPE.decode(garbage)


@given(st.integers(0, 38), st.sampled_from("AZaz09-_"))
def test_a_changed_character_is_noticed(index: int, char: str) -> None:
    cursor = SCOPE.encode(12345)
    changed = cursor[:index] + char + cursor[index + 1 :]
    if changed != cursor and index != 38:  # the last character carries two unused bits
        with pytest.raises(CursorInvalid):
            SCOPE.decode(changed)


def test_a_cursor_that_retention_has_overtaken_is_gone_and_the_one_given_instead_lasts() -> None:
    before, after, later = (ForgetfulScope(scope=SCOPE, forgotten=place) for place in (3, 8, 20))
    overtaken, ahead = before.encode(5), before.encode(8)
    assert before.decode(overtaken) == 5
    assert after.decode(ahead) == 8
    with pytest.raises(CursorGone) as gone:
        after.decode(overtaken)
    assert gone.value.oldest_cursor is not None
    assert after.decode(gone.value.oldest_cursor) == 0
    paging = after.encode(5)
    assert after.decode(paging) == later.decode(paging) == 5


@pytest.mark.parametrize("path", [f"/v1/stories/{STORY}/decisions", "/v1/entries"])
async def test_a_reader_that_comes_back_after_retention_is_told_once(path: str) -> None:
    entries = [an_entry(f"guid-{number}", seen_at=NOON + number * MINUTE) for number in range(6)]
    async with a_site() as site:
        await site.store.save_poll(a_poll(*entries))
        made = [
            a_decision(entry=each.id, entry_seq=place, relevant=False, outcome=Outcome.REJECTED)
            for place, each in enumerate(entries, start=1)
        ]
        await site.store.save_matches("rules", len(entries), made)
        first = (await site.get(f"{path}?limit=1")).json()
        assert await site.store.age_out("rules", NOON + 3 * MINUTE, 10) == 3
        problem = assert_problem(await site.get(f"{path}?after={first['next_cursor']}"), 410, "cursor_gone")
        kept = (await site.get(f"{path}?after={problem['oldest_cursor']}&limit=2")).json()
        assert len(kept["items"]) == 2
        rest = (await site.get(f"{path}?after={kept['next_cursor']}")).json()
        assert (len(rest["items"]), rest["has_more"]) == (1, False)
        assert (await site.get(f"{path}?after={rest['next_cursor']}")).json()["items"] == []
