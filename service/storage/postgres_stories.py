"""The kept stories in PostgreSQL. The caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.storage.rows import kept_story_from, kept_story_params

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.core.model import KeptStory
    from service.storage.postgres_connections import Connection


async def stories(db: Connection) -> list[KeptStory]:
    """Return the kept stories by id."""
    return [kept_story_from(row) async for row in await db.execute("SELECT * FROM stories ORDER BY id")]


async def save_stories(db: Connection, changed: Sequence[KeptStory]) -> None:
    """Keep stories in place of those with the same ids; in order, so that two who do it never wait for each other."""
    await db.cursor().executemany(
        """
        INSERT INTO stories (id, source, document, followed, changed_at)
        VALUES (%(id)s, %(source)s, %(document)s, %(followed)s, %(changed_at)s)
        ON CONFLICT (id) DO UPDATE SET
            source = excluded.source,
            document = excluded.document,
            followed = excluded.followed,
            changed_at = excluded.changed_at
        """,
        [kept_story_params(story) for story in sorted(changed, key=lambda story: story.id)],
    )
