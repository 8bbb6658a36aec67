"""A small story of our own, for journeys in which only the way through the service matters: it compiles in no time."""

from __future__ import annotations

from pathlib import Path

STORY = "harbour"
SMALL_STORY = """\
id: harbour
title: The navy and its harbour
as_of: 2025-01-20T00:00:00Z
article:
  headline: How the navy came to stay
  outlet: Example Post
  published: 2025-01-20T00:00:00Z
entities:
  - id: navy
    type: organization
    role: core
    names: {en: [Ruritanian navy, navy]}
  - id: strelsau
    type: facility
    role: core
    names: {en: [Strelsau harbour, Strelsau]}
  - id: admiral
    type: person
    role: core
    names: {en: [Admiral Hentzau, Hentzau]}
threads:
  - id: crews
    title: The harbour
    question: Will the navy keep its harbour?
    belongs:
      - [navy, withdraw]
      - [navy, strelsau]
      - [navy, "attack|deploy|negotiate|return|agree|meet"]
  - id: command
    title: The admiral
    question: What becomes of the admiral?
    belongs:
      - [admiral, "flee|arrest|try|extradite|return|state|deny"]
facts:
  - id: navy-stays
    thread: crews
    statement: The navy stays in Strelsau.
    actor: navy
    action: keep
    place: strelsau
    attribution: {text: two officials, origin: officials}
    changed_by:
      - {action: withdraw, with: [navy, strelsau], type: status_change, stance: contradicts, after: The navy leaves.}
      - {action: keep, with: [navy], modality: confirmed, type: confirmation, stance: confirms, after: The navy stays.}
  - id: admiral-free
    thread: command
    statement: The admiral is at large.
    actor: admiral
    attribution: {text: the admiral, origin: admiral, on_record: true}
    changed_by:
      - {action: arrest, with: [admiral], type: status_change, stance: contradicts, after: The admiral is held.}
"""
FOLLOW_UP = "Ruritanian navy withdraws from Strelsau harbour"


def write_story(folder: Path, old: str = "", new: str = "") -> Path:
    """Write the story, with at most one change, into a new folder; return its file."""
    assert old in SMALL_STORY
    folder.mkdir()
    file = folder / f"{STORY}.yaml"
    file.write_text(SMALL_STORY.replace(old, new, 1), encoding="utf-8")
    return file


def story_folder(folder: Path) -> Path:
    """Write the story into a folder `stories` below; return that."""
    return write_story(folder / "stories").parent
