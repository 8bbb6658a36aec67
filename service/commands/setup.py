"""What commands need to begin: settings, rules, a store. Warnings go to standard error."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from service.core.errors import Invalid, NotFound
from service.core.instants import in_utc
from service.core.model import Story
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_stories
from service.loading.weight_file import load_weights
from service.semantic import load_encoder
from service.settings import Settings, read_settings
from service.storage.opening import OpenedStore, open_store


def settings_of(**overrides: object) -> Settings:
    """Read the settings of this process."""
    settings, warnings = read_settings(os.environ, **overrides)
    for warning in warnings:
        sys.stderr.write(f"warning: {warning}\n")
    return settings


def rules_of(folder: Path, *, semantic: bool = False) -> Rules:
    """Read the stories of a folder and compile the rules; `semantic` as in the settings.

    Raises:
        Invalid: A file cannot be used, or the encoder is wanted and not installed.
    """
    lexicon = load_lexicon()
    encode = load_encoder() if semantic else None
    return Rules.of(list(read_stories(folder, lexicon).values()), lexicon, load_weights(), encode)


def story_of(rules: Rules, story_id: str | None) -> Story:
    """Return the story of an id; the only one where none is named.

    Raises:
        NotFound: There is no such story.
        Invalid: None is named and there are several.
    """
    if story_id is None:
        if len(rules.stories) == 1:
            return next(iter(rules.stories.values()))
        raise Invalid(f"which story? name one with --story: {', '.join(rules.stories)}")
    try:
        return rules.stories[story_id]
    except KeyError:
        known = ", ".join(rules.stories)
        raise NotFound(f"no story {story_id!r}; there are: {known} (AFTERMATH_STORIES names their folder)") from None


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened_store(place: str, *, read_only: bool = False) -> AsyncIterator[OpenedStore]:
    """Open a store (`Settings.store`) for the length of a block."""
    store = await open_store(place, read_only=read_only, now=utc_now)
    try:
        yield store
    finally:
        await store.close()


def instant(text: str) -> datetime:
    """Return the instant of an option; a date alone is its midnight, UTC."""
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 date or instant") from error
