"""`webhooks`, as an operator calls it: what did not arrive is seen and sent again, also while the service runs."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from builders import NOON, STORY
from contract.test_subscribers import a_delivery, a_webhook
from journeys.service_process import free_port

from service.app import SystemClock, listening
from service.commands.cli import main
from service.settings import Settings
from service.storage.sqlite import SqliteStore
from service.worker import offline_pipeline

if TYPE_CHECKING:
    from pathlib import Path

    from service.core.rules import Rules


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a webhook whose receiver was gone."""
    file = tmp_path / "ledger.db"

    async def fill() -> None:
        store = await SqliteStore.open(file, now=lambda: NOON)
        await store.subscribers.add_webhook(a_webhook())
        for number, state in ((1, "dead"), (2, "dead"), (3, "delivered")):
            delivery = a_delivery(delta=f"d-{number}", seq=number, state=state, attempts=9, error="answered 410")
            await store.subscribers.save_delivery(delivery)
        await store.subscribers.disable_webhook("w-1", "the receiver answered that it is gone (410)")
        await store.close()

    asyncio.run(fill())
    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("AFTERMATH_ADMIN_TOKEN", "s3same")
    return file


def listed(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, int]]:
    capsys.readouterr()
    assert main(["webhooks", "list", "--json"]) == 0
    return [(each["state"], each["waiting"], each["dead"]) for each in json.loads(capsys.readouterr().out)]


@pytest.mark.usefixtures("file")
def test_what_was_given_up_is_seen_and_sent_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["webhooks", "list"]) == 0
    out = capsys.readouterr().out
    assert f"w-1  {STORY}  disabled: the receiver answered" in out
    assert "0 waiting, 2 given up" in out
    assert "whsec" not in out
    assert main(["webhooks", "deliveries", "w-1"]) == 0
    out = capsys.readouterr().out
    assert "d-1  9 attempts" in out
    assert "2 dead" in out
    assert main(["webhooks", "deliveries", "w-1", "--json", "--state", "delivered"]) == 0
    assert [each["delta"] for each in json.loads(capsys.readouterr().out)] == ["d-3"]
    assert main(["webhooks", "resend", "w-1"]) == 1
    assert "webhooks enable w-1" in capsys.readouterr().err
    assert main(["webhooks", "enable", "w-1"]) == 0
    assert listed(capsys) == [("active", 0, 2)]
    assert main(["webhooks", "resend", "w-1"]) == 0
    assert "2 deliveries will be sent again" in capsys.readouterr().out
    assert listed(capsys) == [("active", 2, 0)]
    assert main(["webhooks", "enable", "w-9"]) == 1
    assert "there is no webhook 'w-9'" in capsys.readouterr().err


def test_without_a_store_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    for arguments in (["list"], ["deliveries", "w-1"], ["resend", "w-1"], ["enable", "w-1"]):
        assert main(["webhooks", *arguments]) == 1
        assert "does not exist yet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


async def test_a_running_service_does_it_itself(file: Path, rules: Rules, capsys: pytest.CaptureFixture[str]) -> None:
    store, clock = await SqliteStore.open(file, now=lambda: datetime.now(UTC)), SystemClock()
    try:
        judge = offline_pipeline(rules, store, clock).record
        settings = Settings.model_validate(
            {"database_url": f"sqlite:///{file}", "port": free_port(), "admin_token": "s3same", "feeds": file}
        )
        async with listening(settings, rules, store, clock, ticker=None, demo=False, judge=judge):
            assert await asyncio.to_thread(main, ["webhooks", "enable", "w-1", "--resend"]) == 0
        said = capsys.readouterr()
        assert "sent to http://127.0.0.1" in said.err
        assert "2 deliveries will be sent again" in said.out
        assert [each.disabled for each in await store.subscribers.webhooks()] == [None]
        assert len(await store.subscribers.deliveries("w-1", 0, 9, "waiting")) == 2
    finally:
        await store.close()
