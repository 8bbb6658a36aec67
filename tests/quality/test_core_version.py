"""The core's version moves when its code decides otherwise; words, weights and stories have digests of their own.

A hash of the sources would move with every comment. So decisions on a frozen story, lexicon and set of items are
compared with those of the last version.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from service.commands.setup import opened_store
from service.core.rules import CORE_VERSION, Rules
from service.loading.item_files import read_items
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story
from service.loading.weight_file import load_weights
from service.replay import replay

FROZEN = Path(__file__).parent.parent / "data" / "frozen"
# Ids depend on `rules_version` itself, and what happened to an item is told without them.
_TOLD = ("id", "relevant", "score", "threads", "outcome", "type", "origin", "reasons")


async def _digest_of_decisions() -> str:
    lexicon = load_lexicon(FROZEN / "lexicon")
    story = read_story(FROZEN / "frozen.yaml", lexicon)
    rules = Rules.of([story], lexicon, load_weights(FROZEN / "weights.yaml"))
    async with opened_store(":memory:") as store:
        replayed = await replay(read_items(FROZEN / "items.jsonl"), story=story, rules=rules, store=store)
    lines = [row.line() for row in replayed.items]
    told = [{key: line.get(key) for key in _TOLD} for line in lines]
    changes = [[(change.fact, change.stance, change.after) for change in delta.changes] for delta in replayed.deltas]
    text = json.dumps([told, changes], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


async def test_code_that_decides_otherwise_has_another_version() -> None:
    versions = [line.split() for line in (FROZEN / "decisions.txt").read_text(encoding="utf-8").splitlines()]
    digest = await _digest_of_decisions()

    assert len({version for version, _ in versions}) == len(versions)
    assert versions[-1] == [CORE_VERSION, digest], (
        "the core decides otherwise than before on frozen items. If that is meant, raise CORE_VERSION in "
        f"service/core/rules.py and add the line '<version> {digest}' to tests/data/frozen/decisions.txt"
    )
