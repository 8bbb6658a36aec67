"""The kept stories in SQLite. Functions on a connection; the caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.storage.rows import kept_story_from, kept_story_params

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from service.core.model import KeptStory


def stories(db: Database) -> list[KeptStory]:
    """Return the kept stories by id."""
    return [kept_story_from(row) for row in db.execute("SELECT * FROM stories ORDER BY id")]


def save_stories(db: Database, changed: Sequence[KeptStory]) -> None:
    """Keep stories in place of those with the same ids."""
    db.conn.executemany(
        """
        INSERT INTO stories (id, source, document, followed, changed_at)
        VALUES (:id, :source, :document, :followed, :changed_at)
        ON CONFLICT (id) DO UPDATE SET
            source = excluded.source,
            document = excluded.document,
            followed = excluded.followed,
            changed_at = excluded.changed_at
        """,
        [kept_story_params(story) for story in changed],
    )
