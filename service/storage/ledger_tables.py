"""The tables of the ledgers and what their columns hold, whatever database they are in.

Exports name them so, and what copies ledgers goes by this list. What is no ledger (indexes, subscribers, SQLite's own
tables) is not here; a test says when a table or column of the schema is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "integer", "real", "boolean", "instant", "json"]
LedgerRow = dict[str, Any]  # by column; instants as text of fixed width, JSON columns as values


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it stands in a line."""

    name: str
    kind: Kind
    is_optional: bool = False  # may be null


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the store, with the columns that name its rows in order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _columns(**kinds: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, kind.rstrip("?"), kind.endswith("?"))  # type: ignore[arg-type]  # the kinds below
        for name, kind in kinds.items()
    )


# In an order in which every row comes after those it refers to.
TABLES: Final = (
    Table("settings", ("name",), _columns(name="text", value="text")),
    Table(
        "feeds",
        ("id",),
        _columns(
            id="text",
            url="text",
            title="text",
            lang="text?",
            pole="text?",
            source="text",
            state="text",
            etag="text?",
            last_modified="text?",
            body_hash="text?",
            last_attempt_at="instant?",
            last_success_at="instant?",
            first_success_at="instant?",
            next_poll_at="instant?",
            next_poll_reason="text",
            failures="integer",
            error_class="text?",
            error="text?",
            entries_seen="integer",
            polls="integer",
            host="text",
            hints="json",
            failing_since_at="instant?",
            moved_to="text?",
            moved_since_at="instant?",
            items_per_day="real",
        ),
    ),
    Table(
        "outages",
        ("feed_id", "began_at"),
        _columns(feed_id="text", began_at="instant", ended_at="instant?", error_class="text", error="text"),
    ),
    Table(
        "entries",
        ("seq",),
        _columns(
            seq="integer",
            entry_id="text",
            revision="integer",
            feed_id="text",
            title="text",
            summary="text",
            url="text?",
            outlet="text?",
            lang="text?",
            pole="text?",
            published_at="instant?",
            date_only="boolean",
            clamped="boolean",
            first_seen_at="instant",
            seen_at="instant",
            backlog="boolean",
        ),
    ),
    Table(
        "entry_heads",
        ("entry_id",),
        _columns(
            entry_id="text",
            feed_id="text",
            revision="integer",
            content_hash="text",
            search_text="text",
            first_seen_at="instant",
            backlog="boolean",
        ),
    ),
    Table("entry_keys", ("feed_id", "key"), _columns(feed_id="text", key="text", entry_id="text")),
    Table("cursors", ("name",), _columns(name="text", seq="integer")),
    Table(
        "decisions",
        ("story", "entry_id", "revision"),
        _columns(
            story="text",
            entry_id="text",
            revision="integer",
            entry_seq="integer",
            relevant="boolean",
            score="real",
            outcome="text",
            threads="json",
            reasons="json",
            mentions="json",
            type="text?",
            delta="text?",
            development="text?",
            duplicate_of="text?",
            origin="text?",
            novelty="real?",
            decided_at="instant",
            rules_version="text",
            trace="text?",
            compared_seq="integer?",
        ),
    ),
    Table(
        "developments",
        ("id",),
        _columns(
            id="text",
            story="text",
            threads="json",
            title="text",
            lang="text?",
            line="text",
            first_entry="text",
            first_at="instant",
            last_at="instant",
            reports="integer",
            outlets="json",
            origins="json",
        ),
    ),
    Table(
        "deltas",
        ("seq",),
        _columns(
            seq="integer",
            id="text",
            story="text",
            type="text",
            lang="text?",
            score="real",
            created_at="instant",
            threads="json",
            entities="json",
            payload="json",
        ),
    ),
    Table("facts", ("seq",), _columns(seq="integer", id="text", story="text", delta="text", payload="json")),
    Table(
        "judgements",
        ("story", "entry_id"),
        _columns(
            story="text", entry_id="text", revision="integer", relevant="boolean", note="text", judged_at="instant"
        ),
    ),
    Table(
        "regroupings",
        ("seq",),
        _columns(
            seq="integer",
            id="text",
            story="text",
            kind="text",
            development="text",
            target="text",
            entries="json",
            note="text",
            ordered_at="instant",
        ),
    ),
    Table(
        "opinions",
        ("delta", "model"),
        _columns(
            delta="text",
            model="text",
            outcome="text",
            verdict="json?",
            error="text?",
            attempts="integer",
            next_attempt_at="instant?",
            asked_at="instant",
        ),
    ),
    Table("opinion_days", ("day",), _columns(day="text", requests="integer")),
    Table(
        "story_versions", ("story",), _columns(story="text", version="integer", judged="integer", compared="integer")
    ),
    Table(
        "stories",
        ("id",),
        _columns(id="text", source="text", document="text", followed="boolean", changed_at="instant"),
    ),
)
# Tables whose `seq` is never given out twice: the next position outlives the rows.
POSITIONED: Final = ("entries", "deltas", "facts")
