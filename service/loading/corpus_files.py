"""A corpus folder: items.jsonl and labels.jsonl (CONTRACT §6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.core.errors import Invalid
from service.core.items import Item
from service.loading.item_files import read_items
from service.loading.text_files import read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people say of an item: 2 a follow-up, 1 in passing or disputed, 0 off the story."""

    relevant: int
    threads: frozenset[str]
    development: str | None
    duplicate_group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Labelled items."""

    items: tuple[Item, ...]
    labels: dict[str, Label]


def joined(corpora: Sequence[Corpus]) -> Corpus:
    """Return several corpora as one."""
    return Corpus(
        items=tuple(item for corpus in corpora for item in corpus.items),
        labels={item: label for corpus in corpora for item, label in corpus.labels.items()},
    )


def read_corpus(folder: Path, all_threads: frozenset[str]) -> Corpus:
    """Read a corpus folder.

    Args:
        folder: Holds items.jsonl (or items.jsonl.gz) and labels.jsonl.
        all_threads: What the label "both" means.

    Raises:
        Invalid: A file is missing or a line is bad.
    """
    path = next((folder / name for name in ("items.jsonl", "items.jsonl.gz") if (folder / name).exists()), None)
    if path is None:
        raise Invalid(f"{folder}: holds no items.jsonl")
    labels: dict[str, Label] = {}
    label_path = folder / "labels.jsonl"
    lines = read_text(label_path).split("\n")  # a text may hold other ends of lines
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            thread = row.get("thread")
            labels[row["id"]] = Label(
                relevant=int(row["relevant"]),
                threads=all_threads if thread == "both" else frozenset([thread] if thread else []),
                development=row.get("development"),
                duplicate_group=row.get("duplicate_group"),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            remedy = 'a label is {"id", "relevant": 0|1|2, "thread", "development"}'
            raise Invalid(f"{label_path}:{number}: {error!r}; {remedy}") from error
    return Corpus(items=tuple(read_items(path)), labels=labels)
