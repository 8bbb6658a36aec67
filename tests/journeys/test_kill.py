"""Killed ten times in the middle of work, the service loses nothing, tells nothing twice and comes back quickly.

`make faults` has it killed 200 times while 20 feeds churn (KILLS=, FEEDS=).
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from churn import ChurningSite, Ledger, deltas_read, match_cursor, revisions_by_url, run_undisturbed
from journeys.service_process import Service, command, until, write_opml
from journeys.small_story import story_folder
from news_site import NewsSite
from patience import patient

_SEED = 20241208
_KILLS = int(os.environ.get("KILLS", "10"))
_FEEDS = int(os.environ.get("FEEDS", "8"))
_LATE = frozenset(
    {0, 3, 7}
)  # of ten kills, those once the service answers; the others come of the first polls, often before that
_BACK_WITHIN_S = 60.0 if _KILLS > 10 else 15.0  # many kills leave long documents to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What ten kills left behind, and what undisturbed runs make of the same."""

    site: ChurningSite
    ledger: Ledger
    clean: Ledger
    replayed: list[dict[str, Any]]
    replay_input: list[dict[str, Any]]
    starts_s: list[float]
    kills: list[bool]  # whether each kill met a living process
    api_deltas: list[dict[str, Any]]
    log: str


async def _killed(folder: Path) -> Outcome:
    chance = random.Random(_SEED)
    site = ChurningSite(random.Random(_SEED), datetime.now(UTC))
    async with NewsSite() as server:
        paths = [f"/{number}.xml" for number in range(_FEEDS)]
        for path in paths:
            server.answer(path, site.feed)
        feeds = write_opml(folder / "feeds.opml", [server.url(path) for path in paths])
        stories = story_folder(folder)
        service = Service(folder=folder, settings={"feeds": feeds, "stories": stories, "poll_max_interval_s": 2})
        starts_s: list[float] = []
        kills: list[bool] = []
        for number in range(_KILLS):
            await service.start()
            if number % 10 not in _LATE:
                site.on_request.clear()
                async with asyncio.timeout(patient(_BACK_WITHIN_S)):
                    await site.on_request.wait()
            else:
                starts_s.append(await service.ready(_BACK_WITHIN_S))
            # The moment of the kill is what is random here; there is no condition to wait for.
            await asyncio.sleep(chance.uniform(0.0, 1.0))
            kills.append(await service.end(signal.SIGKILL) == -signal.SIGKILL)
        await service.start()
        try:
            starts_s.append(await service.ready(_BACK_WITHIN_S))
            site.is_frozen = True
            final = {item.link: item.title for items in site.shown.values() for item in items}

            async def is_settled() -> bool:
                ledger = await asyncio.to_thread(Ledger.of, folder / "aftermath.db")
                cursor = await asyncio.to_thread(match_cursor, folder / "aftermath.db")
                pending = [d for d in ledger.decisions if d["outcome"] == "pending"]
                return ledger.newest() == final and not pending and cursor == ledger.entries[-1]["seq"]

            await until(is_settled, 40.0 + _KILLS)
            api_deltas = await deltas_read(service)
        finally:
            assert await service.end(signal.SIGTERM) == 0
        ledger = Ledger.of(folder / "aftermath.db")
        replay_input, replayed = await asyncio.to_thread(run_undisturbed, folder, ledger, stories)
        clean_folder = folder / "clean"
        clean_folder.mkdir()
        done = await asyncio.to_thread(command, clean_folder, "poll", "--all", "--json", feeds=feeds, stories=stories)
        assert done.returncode == 0, done.stderr
        return Outcome(
            site=site,
            ledger=ledger,
            clean=Ledger.of(clean_folder / "aftermath.db"),
            replayed=replayed,
            replay_input=replay_input,
            starts_s=starts_s,
            kills=kills,
            api_deltas=api_deltas,
            log=service.log,
        )


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return asyncio.run(_killed(tmp_path_factory.mktemp("killed")))


def test_every_kill_met_a_working_service(outcome: Outcome) -> None:
    assert outcome.kills == [True] * _KILLS
    assert len(outcome.ledger.entries) > 100
    assert len(outcome.ledger.deltas) > 5


def test_the_service_is_back_within_seconds(outcome: Outcome) -> None:
    starts = sorted(outcome.starts_s)
    print(f"{_KILLS} kills, {_FEEDS} feeds: {len(outcome.ledger.entries)} entries, {len(outcome.ledger.deltas)} deltas")
    print(f"back after {starts[len(starts) // 2]:.2f} s in the median, {starts[-1]:.2f} s at most")
    assert max(outcome.starts_s) < patient(_BACK_WITHIN_S)


def test_no_served_item_is_missing_or_there_twice(outcome: Outcome) -> None:
    links = {item.link for items in outcome.site.shown.values() for item in items}

    assert {url for url, _ in revisions_by_url(outcome.ledger)} == links == set(outcome.site.served)
    for url, revisions in revisions_by_url(outcome.ledger):
        titles = [entry["title"] for entry in revisions]
        assert len({entry["entry_id"] for entry in revisions}) == 1, url
        assert [entry["revision"] for entry in revisions] == list(range(1, len(revisions) + 1)), url
        assert len(set(titles)) == len(titles), url
        assert set(titles) <= outcome.site.served[url], url
        if len(outcome.site.served[url]) == 1:
            assert len(titles) == 1, url


def test_every_revision_is_judged_once_and_to_the_end(outcome: Outcome) -> None:
    keys = Counter((d["story"], d["entry_id"], d["revision"]) for d in outcome.ledger.decisions)

    assert set(keys.values()) == {1}
    assert {d["outcome"] for d in outcome.ledger.decisions} <= {"delta", "repeat", "rejected", "context"}


def test_deltas_are_unique_in_order_and_each_has_its_decision(outcome: Outcome) -> None:
    seqs = [delta["seq"] for delta in outcome.ledger.deltas]
    ids = [delta["id"] for delta in outcome.ledger.deltas]
    decided = [d["delta"] for d in outcome.ledger.decisions if d["outcome"] == "delta"]

    assert seqs == sorted(set(seqs))
    assert len(set(ids)) == len(ids)
    assert sorted(decided) == sorted(ids)
    assert [delta["id"] for delta in outcome.api_deltas] == ids


def test_the_killed_runs_decided_as_one_undisturbed_run_does(outcome: Outcome) -> None:
    decided = {f"{d['entry_id']}/{d['revision']}": d for d in outcome.ledger.decisions}
    wrong = []
    for item, line in zip(outcome.replay_input, outcome.replayed, strict=True):
        found = decided.get(item["id"])
        killed = (found["outcome"], found["type"], bool(found["relevant"])) if found else ("rejected", None, False)
        if killed != (line["outcome"], line.get("type"), line["relevant"]):
            wrong.append((item["title"], killed, line["outcome"], line.get("type")))

    assert wrong == []
    assert sum(line["outcome"] == "delta" for line in outcome.replayed) == len(outcome.ledger.deltas)


def test_a_clean_poll_of_the_same_site_finds_the_same_items_relevant(outcome: Outcome) -> None:
    assert outcome.clean.newest() == outcome.ledger.newest()
    assert _relevant(outcome.ledger) == _relevant(outcome.clean)


def _relevant(ledger: Ledger) -> dict[str, float]:
    newest = {entry["entry_id"]: entry for entry in ledger.entries}
    return {
        newest[d["entry_id"]]["url"]: d["score"]
        for d in ledger.decisions
        if d["relevant"] and d["revision"] == newest[d["entry_id"]]["revision"]
    }


def test_every_development_counts_each_of_its_reports_once(outcome: Outcome) -> None:
    joined: dict[str, set[str]] = {}
    for decision in outcome.ledger.decisions:
        if decision["development"] and decision["outcome"] in {"delta", "repeat"}:
            joined.setdefault(decision["development"], set()).add(decision["entry_id"])

    assert set(joined) == {d["id"] for d in outcome.ledger.developments}
    assert {d["id"]: d["reports"] for d in outcome.ledger.developments} == {
        key: len(entries) for key, entries in joined.items()
    }


def test_a_kill_leaves_no_error_in_the_log(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.log
    assert [line for line in outcome.log.splitlines() if " error " in line] == []
