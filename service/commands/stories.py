"""story list, check, words, draft: what is followed, whether a file is sound, and what helps to write one."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.commands.counted import counted
from service.commands.setup import instant, opened_store, settings_of, utc_now
from service.core.errors import Invalid, InvalidDocument, ServiceError, place_text
from service.loading.lexicon_files import load_lexicon
from service.loading.story_documents import story_of_text
from service.loading.story_faults import doubts
from service.loading.story_files import read_stories, read_story
from service.loading.text_files import read_text
from service.loading.yaml_files import line_of, repeated_key
from service.storage.opening import is_missing

if TYPE_CHECKING:
    from service.core.language.lexicon import Lexicon
    from service.core.model import Story


def register(commands: Any) -> None:
    """Add the commands of this file."""
    story = commands.add_parser("story", help="what is followed; check a story file, or draft one")
    verbs = story.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="the stories followed")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)
    check = verbs.add_parser("check", help="validate a story file")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check)
    words = verbs.add_parser("words", help="what a slot of a story file may name besides its entities")
    words.set_defaults(run=_words)
    draft = verbs.add_parser("draft", help="a first story file from an article's text, to be reviewed; fetches nothing")
    draft.add_argument("article", type=Path, metavar="ARTICLE.txt", help="plain text in UTF-8")
    draft.add_argument("--url", help="where the article was published")
    draft.add_argument("--title", help="its headline; default: the first line, if that is one")
    draft.add_argument("--outlet", help="who published it")
    draft.add_argument("--published", type=instant, help="when; news before that is none (default: now)")
    draft.add_argument("--lang", help="its language; default: guessed from the text")
    draft.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    draft.set_defaults(run=_draft)


def _list(args: argparse.Namespace) -> int:
    settings, lexicon = settings_of(), load_lexicon()
    files = read_stories(settings.stories, lexicon)
    sent = [story for story in asyncio.run(_sent(settings.store, lexicon)) if story.id not in files]  # a file wins
    if args.json:
        rows = [
            {
                "id": s.id,
                "title": s.title,
                "as_of": s.as_of.isoformat(),
                "threads": [t.id for t in s.threads],
                "source": "file" if s.id in files else "api",
            }
            for s in (*files.values(), *sent)
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for story in (*files.values(), *sent):
        threads = ", ".join(thread.id for thread in story.threads)
        where = "" if story.id in files else "; added over the API"
        print(f"{story.id}  {story.title}  (since {story.as_of:%Y-%m-%d}; threads: {threads}{where})")
    return 0


async def _sent(place: str, lexicon: Lexicon) -> list[Story]:
    """Return the stories that were added over the API; a store that cannot be read is said, and lists none."""
    try:
        if await asyncio.to_thread(is_missing, place):
            return []
        async with opened_store(place, read_only=True) as store:
            kept = await store.stories()
    except ServiceError as error:
        sys.stderr.write(f"warning: stories added over the API are not listed: {error.message}\n")
        return []
    found = []
    for each in kept:
        if each.source == "api" and each.followed:
            try:
                found.append(story_of_text(each.document, lexicon))
            except InvalidDocument as error:
                sys.stderr.write(f"warning: story {each.id} of the store is left out: {error.message}\n")
    return found


def _check(args: argparse.Namespace) -> int:
    lexicon = load_lexicon()
    try:
        story = read_story(args.file, lexicon)
    except Invalid as error:
        _tell_others(args.file, error.__cause__)
        raise
    repeated = repeated_key(read_text(args.file))
    if repeated is not None:
        key, line = repeated
        raise Invalid(f"{args.file}:{line}: key {key!r} is there twice, and only the last counts; join them")
    for doubt in doubts(story, lexicon):
        sys.stderr.write(f"warning: {args.file}: {doubt}\n")
    if args.file.stem != story.id:
        sys.stderr.write(f"warning: {args.file}: to be followed its name must be {story.id}.yaml\n")
    languages = {lang for entity in story.entities for lang in entity.names}
    added = sum(len(phrases) for by_lang in story.more_words.values() for phrases in by_lang.values())
    print(
        f"{args.file}: story {story.id} is sound: {counted(len(story.entities), 'entity', 'entities')} in "
        f"{counted(len(languages), 'language')}, {counted(len(story.threads), 'thread')}, "
        f"{counted(len(story.facts), 'fact')}, {counted(len(story.words), 'word class', 'word classes')} of its own, "
        f"{counted(added, 'phrase')} added to general ones"
    )
    return 0


def _tell_others(path: Path, cause: BaseException | None) -> None:
    """Print the faults of a file beside the first, which the command ends with."""
    if isinstance(cause, InvalidDocument):
        text = read_text(path)
        for place, message in cause.faults[1:]:
            sys.stderr.write(f"{path}:{line_of(text, place)}: {place_text(place)}: {message}\n")


def _words(_: argparse.Namespace) -> int:
    lexicon = load_lexicon()
    general = lexicon.subject_actions
    kinds = [each for each in lexicon.subjects if each in lexicon.kinds]
    rows = {
        "what happens": [f"{each} ({lexicon.actions[each].noun})" for each in lexicon.actions],
        "what happens in stories of any kind": [f"{each} ({general[each].noun})" for each in general],
        "what it is about": [each for each, group in lexicon.groups.items() if group == "concept"],
        "subjects": [each for each in lexicon.subjects if each not in general and each not in kinds],
        "kinds of things": kinds,
        "what is counted": sorted(lexicon.units),
    }
    for title, names in rows.items():
        print(f"{title}: {', '.join(names)}")
    print(
        f"They have words in {', '.join(lexicon.languages)}; "
        "a story may give its own under `words`, and more for the classes of the lexicon under `more_words`."
    )
    return 0


def _draft(args: argparse.Namespace) -> int:
    from service.core.drafting.draft import Article, draft_story
    from service.core.urls import safe_link
    from service.loading.draft_files import draft_text, load_name_words, read_article, story_id_of

    if args.url is not None and safe_link(args.url) is None:
        raise Invalid(f"--url: {args.url!r} is no http or https address")
    lexicon, words = load_lexicon(), load_name_words()
    if args.lang is not None and args.lang not in lexicon.words:
        raise Invalid(f"--lang: {args.lang!r} has no words; there are: {', '.join(lexicon.languages)}")
    published_at = args.published or utc_now().replace(microsecond=0)
    article = Article(
        text=read_article(args.article),
        title=args.title or "",
        outlet=args.outlet or "",
        lang=args.lang,
        published_at=published_at,
    )
    draft = draft_story(article, lexicon, words)
    told = None if draft.day is None else datetime(draft.day.year, draft.day.month, draft.day.day, tzinfo=UTC)
    told = told if told is not None and told <= utc_now() else None  # no article is from tomorrow
    text = draft_text(
        draft,
        lexicon,
        story_id=story_id_of(draft, args.output),
        outlet=article.outlet or draft.agency,
        url=args.url,
        published_at=args.published or told or published_at,
        dated="option" if args.published else "text" if told else None,
    )
    if args.output is None:
        print(text, end="")
        return 0
    if args.output.exists():
        raise Invalid(f"{args.output}: is there already; a draft replaces nothing")
    try:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{args.output}: cannot be written ({error.strerror})") from error
    print(
        f"{args.output}: {counted(len(draft.entities), 'entity', 'entities')}, "
        f"{counted(len(draft.patterns), 'pattern')}, {counted(len(draft.facts), 'fact')}; "
        "review it, its notes say what"
    )
    return 0
