"""The core's version moves when its code decides otherwise; words, weights and stories have digests of their own.

A hash of the sources would move with every comment. So decisions on a frozen story, lexicon and set of items are
compared with those of the last version. What deltas a follow-up leads to has its own tests; here only whether it is one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from builders import an_entry

from service.core.rules import CORE_VERSION, Rules
from service.loading.item_files import read_items
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story
from service.loading.weight_file import load_weights

FROZEN = Path(__file__).parent.parent / "data" / "frozen"
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def _digest_of_decisions() -> str:
    lexicon = load_lexicon(FROZEN / "lexicon")
    story = read_story(FROZEN / "frozen.yaml", lexicon)
    rules = Rules.of([story], lexicon, load_weights(FROZEN / "weights.yaml"))
    told = []
    for item in read_items(FROZEN / "items.jsonl"):
        at = item.published_at or NOON
        entry = an_entry(
            title=item.title, summary=item.summary, lang=item.lang, published_at=at, first_seen_at=at, seen_at=at
        )
        match = rules.match(story, entry)
        told.append((item.id, match.outcome.value, match.score, match.threads, [r.feature for r in match.reasons]))
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=8).hexdigest()


def test_code_that_decides_otherwise_has_another_version() -> None:
    versions = [line.split() for line in (FROZEN / "decisions.txt").read_text(encoding="utf-8").splitlines()]
    digest = _digest_of_decisions()

    assert len({version for version, _ in versions}) == len(versions)
    assert versions[-1] == [CORE_VERSION, digest], (
        "the core decides otherwise than before on frozen items. If that is meant, raise CORE_VERSION in "
        f"service/core/rules.py and add the line '<version> {digest}' to tests/data/frozen/decisions.txt"
    )
