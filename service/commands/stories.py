"""story list, story check: what is followed, and whether a story file is sound."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from service.commands.setup import rules_of, settings_of
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story


def register(commands: Any) -> None:
    """Add the commands of this file."""
    story = commands.add_parser("story", help="what is followed; check a story file")
    verbs = story.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="the stories followed")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)
    check = verbs.add_parser("check", help="validate a story file")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check)


def _list(args: argparse.Namespace) -> int:
    rules = rules_of(settings_of().stories)
    if args.json:
        rows = [
            {"id": s.id, "title": s.title, "as_of": s.as_of.isoformat(), "threads": [t.id for t in s.threads]}
            for s in rules.stories.values()
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for story in rules.stories.values():
        threads = ", ".join(thread.id for thread in story.threads)
        print(f"{story.id}  {story.title}  (since {story.as_of:%Y-%m-%d}; threads: {threads})")
    return 0


def _check(args: argparse.Namespace) -> int:
    story = read_story(args.file, load_lexicon())
    languages = {lang for entity in story.entities for lang in entity.names}
    print(
        f"{args.file}: story {story.id} is sound: {len(story.entities)} entities in {len(languages)} languages, "
        f"{len(story.threads)} threads, {len(story.facts)} facts"
    )
    return 0
