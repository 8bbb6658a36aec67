"""feeds list, add, import, export: the polled feeds and their health."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.commands.counted import counted
from service.commands.running_service import all_handed_over
from service.commands.setup import opened_store, settings_of, utc_now
from service.core.errors import Invalid, NotFound, StoreLocked
from service.core.ids import feed_id
from service.core.model import POLE, FeedSpec, FeedState, FeedYield
from service.loading.opml_files import opml_of, read_opml
from service.storage.opening import is_missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from service.core.model import Feed
    from service.settings import Settings


def register(commands: Any) -> None:
    """Add the commands of this file."""
    feeds = commands.add_parser("feeds", help="the polled feeds and their health; OPML in and out")
    verbs = feeds.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="state, last success and next poll of every feed")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)
    adding = verbs.add_parser("add", help="poll a feed, or the feed of a page")
    adding.add_argument("url", metavar="URL", help="of the feed, or of a page that names it")
    adding.add_argument("--title", help="default: what the feed calls itself")
    adding.add_argument("--lang", help="default: what the feed says")
    adding.add_argument("--pole", type=_pole, help="whose view it gives, in a word of yours such as wire")
    adding.add_argument("--json", action="store_true")
    adding.set_defaults(run=_add)
    importing = verbs.add_parser("import", help="add the feeds of an OPML file")
    importing.add_argument("file", type=Path, metavar="FILE.opml")
    importing.set_defaults(run=_import)
    export = verbs.add_parser("export", help="the polled feeds as OPML")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE.opml", help="default: standard output")
    export.set_defaults(run=_export)


async def _stored(*, deleted: bool = False) -> tuple[list[Feed], Mapping[str, FeedYield]]:
    """Return the feeds of the store and their yields; before the first poll, the feeds that it will hold then."""
    settings = settings_of()
    if not await asyncio.to_thread(is_missing, settings.store):
        async with opened_store(settings.store, read_only=True) as store:
            if feeds := await store.feeds(deleted=deleted):
                return feeds, await store.feed_yields()
    async with opened_store(":memory:") as store:
        await store.sync_feeds(read_opml(settings.feeds).feeds, utc_now())
        return await store.feeds(), {}


def _pole(text: str) -> str:
    if re.fullmatch(POLE, text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no pole; use small letters, digits and hyphens")
    return text


def _list(args: argparse.Namespace) -> int:
    from service.api.pages.health_view import rate_words
    from service.api.wire_stories import FeedOut

    held, yields = asyncio.run(_stored(deleted=True))
    feeds = [feed for feed in held if feed.state is not FeedState.DELETED]
    if args.json:
        shown = [FeedOut.from_model(feed, yields.get(feed.id)) for feed in feeds]
        print(json.dumps([feed.model_dump(mode="json") for feed in shown], ensure_ascii=False))
        return 0
    for feed in feeds:
        last = feed.last_success_at.strftime("%Y-%m-%d %H:%M") if feed.last_success_at else "never"
        due = feed.next_poll_at.strftime("%Y-%m-%d %H:%M") if feed.next_poll_at else "–"
        state = f"{feed.state.value}, {feed.error_class}" if feed.error_class else feed.state.value
        print(f"{feed.title}  [{feed.lang or '?'}, {feed.pole or '?'}]  {state}")
        print(f"    {FeedOut.from_model(feed).url}")
        print(f"    last success {last}; next poll {due} ({feed.next_poll_reason})")
        if words := rate_words(feed, yields.get(feed.id, FeedYield())):
            print(f"    {words}")
        if feed.error:
            print(f"    {feed.error}")
    gone = {feed.id: feed for feed in held if feed.state is FeedState.DELETED}
    for spec in read_opml(settings_of().feeds).feeds if gone else ():
        if feed_id(spec.url) in gone:
            print(f"{gone[feed_id(spec.url)].title}: deleted by hand, so not polled, although the feeds file lists it")
    print(f"{counted(len(feeds), 'feed')}, {sum(feed.error_class is not None for feed in feeds)} failing")
    return 0


def _add(args: argparse.Namespace) -> int:
    from service.feeds.discover import FoundFeed, discover

    settings = settings_of()

    async def look() -> tuple[FoundFeed, ...]:
        from service.worker import fetcher_of

        async with fetcher_of(settings) as fetcher:
            return await discover(fetcher, args.url)

    found = asyncio.run(look())
    if len(found) > 1:
        if args.json:
            print(json.dumps({"added": False, "choices": [asdict(feed) for feed in found]}, ensure_ascii=False))
        else:
            for feed in found:
                print(_described(feed.url, feed.title, feed.lang, feed.items))
        raise NotFound(f"{args.url} names {len(found)} feeds; add the one you mean by its own address")
    (feed,) = found
    spec = FeedSpec(
        url=feed.url, title=args.title or feed.title, lang=args.lang or feed.lang, pole=args.pole, source="command"
    )

    async def write() -> bool:
        async with opened_store(settings.store) as store:
            return await store.add_feeds([spec], utc_now()) > 0

    try:
        added = asyncio.run(write())
    except StoreLocked as locked:
        added = _sent_to_service(settings, locked, [spec]) > 0
    if args.json:
        print(json.dumps({"added": added, "feed": {**asdict(feed), "id": feed_id(feed.url)}}, ensure_ascii=False))
    else:
        print(f"{'added' if added else 'already there'}: {_described(spec.url, spec.title, spec.lang, feed.items)}")
    return 0


def _sent_to_service(settings: Settings, locked: StoreLocked, specs: Sequence[FeedSpec]) -> int:
    """Have the service that holds the store add feeds; return how many it did not poll before."""

    async def polled() -> set[str]:
        async with opened_store(settings.store, read_only=True) as store:
            return {feed.id for feed in await store.feeds()}

    known = asyncio.run(polled())
    new = [spec for spec in specs if feed_id(spec.url) not in known]
    bodies: list[dict[str, object]] = [
        {"url": spec.url, "title": spec.title[:300], "lang": spec.lang, "pole": spec.pole} for spec in new
    ]
    all_handed_over(settings, locked, "POST", "/v1/feeds", bodies, what="the feeds")
    return len(new)


def _described(url: str, title: str, lang: str | None, items: int) -> str:
    return f"{title}  [{lang or '?'}]  {items} items\n    {url}"


def _import(args: argparse.Namespace) -> int:
    settings = settings_of()
    subscriptions = read_opml(args.file, source="command")

    async def main() -> int:
        async with opened_store(settings.store) as store:
            return await store.add_feeds(subscriptions.feeds, utc_now())

    try:
        added = asyncio.run(main())
    except StoreLocked as locked:
        added = _sent_to_service(settings, locked, subscriptions.feeds)
    for skipped in subscriptions.skipped:
        print(f"left out: {skipped}")
    known = len(subscriptions.feeds) - added
    print(f"{counted(added, 'feed')} added, {known} already there, {len(subscriptions.skipped)} left out")
    return 0


def _export(args: argparse.Namespace) -> int:
    text = opml_of(asyncio.run(_stored())[0], "Aftermath: polled feeds")
    if args.file is None:
        print(text, end="")
        return 0
    try:
        args.file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{args.file}: cannot be written ({error.strerror})") from error
    return 0
