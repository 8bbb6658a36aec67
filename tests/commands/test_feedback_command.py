"""`feedback`, and `eval` and `train` over what it recorded, as an operator calls them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from journeys.service_process import free_port

from service.app import SystemClock, listening
from service.commands.cli import main
from service.core.items import Item
from service.core.model import DeltaType, Outcome
from service.ports import DeltaFilter
from service.replay import REPLAY_FEED, replay
from service.settings import Settings
from service.storage.sqlite import SqliteStore
from service.worker import offline_pipeline

if TYPE_CHECKING:
    from pathlib import Path

    from service.core.rules import Rules

STORY = "assad-exit"
AT = datetime(2025, 1, 10, 10, tzinfo=UTC)
TITLES = {
    "told": "Russia withdraws all its soldiers from the Khmeimim air base",
    "missed": "Tourists return to Tartus beaches",
    "other": "Ten recipes for the weekend",
}


@dataclass(frozen=True)
class Place:
    """A store with some entries, and the environment that names it."""

    file: Path
    entries: dict[str, str]
    token: str | None = None

    def settings(self, port: int) -> Settings:
        return Settings.model_validate(
            {"database_url": f"sqlite:///{self.file}", "port": port, "admin_token": "s3same", "feeds": self.file}
        )


def opened(file: Path) -> Any:
    return SqliteStore.open(file, now=lambda: AT)


@pytest.fixture
def place(tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> Place:
    file = tmp_path / "ledger.db"

    async def fill() -> dict[str, str]:
        store = await opened(file)
        try:
            items = [
                Item(id=name, title=title, link=f"https://x.example/{name}", lang="en", published_at=AT)
                for name, title in TITLES.items()
            ]
            await replay(items, story=rules.stories[STORY], rules=rules, store=store)
            return {entry.title: entry.id for entry in await store.search_entries("", 0, 10)}
        finally:
            await store.close()

    ids = asyncio.run(fill())
    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{file}")
    for name in ("AFTERMATH_ADMIN_TOKEN", "AFTERMATH_PUBLIC_BASE_URL", "AFTERMATH_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    return Place(file, {name: ids[title] for name, title in TITLES.items()})


async def deltas_in(file: Path) -> list[tuple[DeltaType, str, str]]:
    store = await opened(file)
    try:
        return [(d.type, d.by, d.entry) for d in await store.deltas_after(STORY, 0, 10, DeltaFilter())]
    finally:
        await store.close()


def test_a_rejection_is_published_at_once_where_no_service_runs(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", place.entries["told"], "--relevant", "no", "--note", "Another base"]) == 0
    out = capsys.readouterr().out
    assert "judged not relevant in assad-exit; kept by the store" in out
    assert "decision: rejected" in out
    assert asyncio.run(deltas_in(place.file))[-1] == (DeltaType.RETRACTION, "editor", place.entries["told"])


@pytest.mark.parametrize("name", ["missed", "other"])
def test_a_near_miss_is_published(place: Place, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["feedback", place.entries[name], "--relevant", "yes", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["judgement"]["relevant"], shown["decision"]["outcome"]) == (True, "delta")
    assert len(asyncio.run(deltas_in(place.file))) == 2


def test_bad_input_is_told_in_one_line(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = place.entries["told"]
    for arguments, code, words in (
        (["e-none", "--relevant", "no"], 1, "no entry 'e-none'"),
        ([told, "--relevant", "no", "--story", "none"], 2, "no story 'none'"),
        ([told, "--relevant", "no", "--note", "x" * 1001], 2, "the limit is 1000"),
    ):
        assert main(["feedback", *arguments]) == code
        assert words in capsys.readouterr().err
    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{place.file}.none")
    assert main(["feedback", told, "--relevant", "no"]) == 1
    assert "does not exist yet" in capsys.readouterr().err
    assert not place.file.with_name(place.file.name + ".none").exists()
    with pytest.raises(SystemExit, match="2"):
        main(["feedback", told, "--relevant", "maybe"])


async def test_a_store_in_use_without_a_token_says_what_to_set(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    store = await opened(place.file)
    try:
        assert await asyncio.to_thread(main, ["feedback", place.entries["told"], "--relevant", "no"]) == 1
    finally:
        await store.close()
    line = capsys.readouterr().err
    assert "being written by process" in line
    assert "AFTERMATH_ADMIN_TOKEN" in line


async def test_a_judgement_goes_through_the_running_service(
    place: Place, rules: Rules, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.delenv("AFTERMATH_PORT", raising=False)  # the service itself says where it answers
    monkeypatch.setenv("AFTERMATH_ADMIN_TOKEN", "s3same")
    arguments = ["feedback", place.entries["told"], "--relevant", "no", "--note", "Another base"]
    clock = SystemClock()
    store = await opened(place.file)
    try:
        assert await asyncio.to_thread(main, arguments) == 1
        assert "does not answer" in capsys.readouterr().err
        pipeline = offline_pipeline(rules, store, clock)
        async with listening(place.settings(port), rules, store, clock, ticker=None, demo=False, judge=pipeline.record):
            assert await asyncio.to_thread(main, arguments) == 0
            assert "kept by the running service" in capsys.readouterr().out
            assert [each.note for each in await store.judgements(STORY)] == ["Another base"]
            monkeypatch.setenv("AFTERMATH_ADMIN_TOKEN", "wrong")
            assert await asyncio.to_thread(main, arguments) == 1
            error = capsys.readouterr().err
            assert "answered 401: writing needs the admin token" in error
            assert "wrong" not in error
        await pipeline.compare(STORY)
        decision = await store.decision(STORY, place.entries["told"])
        assert decision is not None
        assert decision.outcome is Outcome.REJECTED
    finally:
        await store.close()


def test_eval_measures_the_rules_by_judgements(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--feedback", "--json"]) == 2
    assert "holds no judgements" in capsys.readouterr().err
    for name, relevant in (("told", "no"), ("missed", "yes"), ("other", "no")):
        assert main(["feedback", place.entries[name], "--relevant", relevant]) == 0
    capsys.readouterr()
    assert main(["eval", "--feedback", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["items"] == 3
    assert report["false_alarms"] == [place.entries["told"]]
    assert report["missed"] == [place.entries["missed"]]


def test_train_learns_from_judgements(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    for name, relevant in (("told", "no"), ("missed", "yes")):
        assert main(["feedback", place.entries[name], "--relevant", relevant]) == 0
    capsys.readouterr()
    assert main(["train", "--feedback"]) == 0
    assert capsys.readouterr().out.startswith("2 items, 1 follow-ups")
    for command in ("train", "eval"):
        assert main([command]) == 2
        assert "--feedback" in capsys.readouterr().err


def test_a_judged_entry_of_a_replay_stays_judged(place: Place, rules: Rules) -> None:
    """A store that was replayed into keeps its judgements when more is replayed into it."""
    assert main(["feedback", place.entries["told"], "--relevant", "no"]) == 0

    async def more() -> list[Outcome]:
        store = await opened(place.file)
        try:
            later = AT + timedelta(hours=5)
            item = Item(
                id="later",
                title=TITLES["told"] + ", it says",
                link="https://x.example/told",
                published_at=later,
                lang="en",
            )
            await replay([item], story=rules.stories[STORY], rules=rules, store=store)
            entry = await store.entry(place.entries["told"])
            assert entry is not None
            assert (entry.feed_id, entry.revision) == (REPLAY_FEED, 2)
            return [d.outcome for n in (1, 2) if (d := await store.decision(STORY, entry.id, n))]
        finally:
            await store.close()

    assert asyncio.run(more()) == [Outcome.REJECTED, Outcome.REJECTED]
