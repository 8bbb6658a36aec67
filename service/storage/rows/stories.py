"""The stories as they are kept."""

from __future__ import annotations

from service.core.model import KeptStory
from service.storage.rows.values import Params, Row, instant_from, instant_text


def kept_story_params(story: KeptStory) -> Params:
    """Return the columns of a kept story."""
    return {
        "id": story.id,
        "source": story.source,
        "document": story.document,
        "followed": story.followed,
        "changed_at": instant_text(story.changed_at),
    }


def kept_story_from(row: Row) -> KeptStory:
    """Return the kept story of a row."""
    return KeptStory(
        id=row["id"],
        source=row["source"],
        document=row["document"],
        followed=bool(row["followed"]),
        changed_at=instant_from(row["changed_at"]),
    )
