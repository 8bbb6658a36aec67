"""The SQLite schema, as numbered steps that lead to it: one file per step.

Forward only: a released step is never edited, a change is a new step at the end, and each says why it exists.
Steps run in one transaction each, on the writer's thread, when the store is opened for writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from service.storage.migrations.m0001_feeds_and_entries import m0001_feeds_and_entries
from service.storage.migrations.m0002_judgements import m0002_judgements
from service.storage.migrations.m0003_epoch import m0003_epoch
from service.storage.migrations.m0004_feedback import m0004_feedback
from service.storage.migrations.m0005_compared import m0005_compared
from service.storage.migrations.m0006_retention import m0006_retention
from service.storage.migrations.m0007_subscribers import m0007_subscribers
from service.storage.migrations.m0009_polling import m0009_polling
from service.storage.migrations.m0011_stories import m0011_stories
from service.storage.migrations.m0012_regroupings import m0012_regroupings
from service.storage.migrations.m0013_opinions import m0013_opinions

if TYPE_CHECKING:
    from sqlite_utils import Database

# The one list of steps, in order. A new step is one more line here.
STEPS = (
    m0001_feeds_and_entries,
    m0002_judgements,
    m0003_epoch,
    m0004_feedback,
    m0005_compared,
    m0006_retention,
    m0007_subscribers,
    m0009_polling,
    m0011_stories,
    m0012_regroupings,
    m0013_opinions,
)
MIGRATIONS = Migrations("aftermath")
for _step in STEPS:
    MIGRATIONS()(_step)


def migrate(db: Database) -> None:
    """Bring the schema up to date; does nothing when it is."""
    MIGRATIONS.apply(db)


def missing_steps(db: Database) -> list[str]:
    """Return the names of the steps this file still needs. Reads only."""
    return [step.name for step in MIGRATIONS.pending(db)]


def unknown_steps(db: Database) -> list[str]:
    """Return the names of steps that only a newer version of the service knows. Reads only."""
    known = {step.__name__ for step in STEPS}
    return [step.name for step in MIGRATIONS.applied(db) if step.name not in known]


def newest_step(db: Database) -> str | None:
    """Return the name of the step a file was brought to last, None for a file without any. Reads only."""
    applied = [step.name for step in MIGRATIONS.applied(db)]
    return applied[-1] if applied else None
