"""poll: one polling round, in this process or, where a service holds the store, by that service."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from service.commands.event_loop import run_service
from service.commands.logs import start_logging
from service.commands.running_service import holder_of
from service.commands.setup import opened_store, settings_of
from service.core.errors import StoreLocked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from service.core.rules import Rules
    from service.ports import Clock, Store
    from service.settings import Settings
    from service.steering import Plan

_LOOK_S: Final = 0.2  # between looks at the store
_PATIENCE_S: Final = 60.0  # beyond a fetch's own time limit, without any progress
_REFUSED: Final = frozenset({404, 409})  # deleted meanwhile, or to be left alone


def register(commands: Any) -> None:
    """Add the command of this file."""
    poll = commands.add_parser("poll", help="one polling round over the due feeds, then exit")
    poll.add_argument("--all", action="store_true", help="ignore due times (not a running back-off)")
    poll.add_argument("--json", action="store_true", help="print the summary as JSON")
    add_backfill(poll)
    poll.set_defaults(run=_poll)


def add_backfill(command: argparse.ArgumentParser) -> None:
    """Add the option that makes old news of a new feed count."""
    command.add_argument(
        "--backfill",
        action="store_true",
        help="publish also what a feed's first poll brings from more than a week ago (else it is context)",
    )


def _poll(args: argparse.Namespace) -> int:
    from service.app import SystemClock
    from service.steering import read_plan

    settings, clock = settings_of(), SystemClock()
    start_logging(settings.log_format, settings.log_level if settings.log_level != "info" else "warning")
    plan = read_plan(settings)
    try:
        summary = run_service(_polled_here(settings, plan, clock, everything=args.all, backfill=args.backfill))
    except StoreLocked as locked:
        if args.backfill:
            raise StoreLocked(
                f"{locked.message}; a running service publishes old news of new feeds if it was itself started with "
                "--backfill",
                locked.address,
            ) from locked
        address, token = holder_of(settings, locked, what="the polls")
        sys.stderr.write(f"the store is in use; polled by {address}\n")
        summary = run_service(_polled_there(settings, plan, clock, address, token, everything=args.all))
    if args.json:
        print(json.dumps(summary))
    else:
        feeds, entries = summary["feeds"], summary["entries"]
        assert isinstance(feeds, dict)
        assert isinstance(entries, dict)
        print(
            f"{feeds['polled']} feeds polled ({feeds['not_modified']} not modified, {feeds['failed']} failed), "
            f"{entries['new']} new entries, {entries['revised']} revised, "
            f"{summary['matches']} matches, {summary['deltas']} deltas"
        )
    return 0


async def _polled_here(
    settings: Settings, plan: Plan, clock: Clock, *, everything: bool, backfill: bool
) -> dict[str, object]:
    """Poll, match and compare in this process; forget what is due to be forgotten."""
    from service.polling.retention import forget
    from service.steering import Steering
    from service.worker import opened_poller, poll_round

    async with opened_store(settings.store) as store:
        steering = Steering(plan, store, clock, writes=True)
        await steering.begin()
        async with opened_poller(settings, steering.rules, store, clock, backfill=backfill) as poller:
            summary = await poll_round(poller, everything=everything)
            if settings.retention_days:
                keep = timedelta(days=settings.retention_days)
                await forget(store, lambda: steering.rules.cursor, clock, keep)
            return summary


async def _polled_there(
    settings: Settings, plan: Plan, clock: Clock, address: str, token: str, *, everything: bool
) -> dict[str, object]:
    """Have the service that holds the store poll, and wait until it has done so and judged what came."""
    from service.client import Client, ProblemReceived
    from service.polling.rounds import Round
    from service.steering import Steering

    async with opened_store(settings.store, read_only=True) as store, Client(address, token=token) as client:
        steering = Steering(plan, store, clock, writes=False)
        await steering.begin()
        begun = await Round.begin(store, clock.now(), everything=everything)
        asked: list[str] = []
        for feed_id in begun.feeds:
            try:
                await client.send("POST", f"/v1/feeds/{feed_id}/poll")
            except ProblemReceived as problem:
                if problem.status not in _REFUSED:
                    raise
            else:
                asked.append(feed_id)

        async def unpolled() -> int:
            return len(asked) - len({feed.id for feed in await begun.polled()} & set(asked))

        async def unjudged() -> int:
            return await _unjudged(store, steering.rules)

        for left in (unpolled, unjudged):
            await _until_none(left, settings.fetch_timeout_s + _PATIENCE_S)
        return await begun.summary()


async def _until_none(left: Callable[[], Awaitable[int]], patience_s: float) -> None:
    """Wait until nothing is left, or so long that nothing has become of it."""
    least, since = sys.maxsize, time.monotonic()
    while (count := await left()) and time.monotonic() - since < patience_s:
        if count < least:
            least, since = count, time.monotonic()
        await asyncio.sleep(_LOOK_S)


async def _unjudged(store: Store, rules: Rules) -> int:
    """Return how many entries wait to be matched or compared; thousands count as one thousand."""
    waiting = len(await store.unmatched_entries(rules.cursor, 1000))
    for story in rules.stories:
        waiting += len(await store.pending(story, 1000))
    return waiting
