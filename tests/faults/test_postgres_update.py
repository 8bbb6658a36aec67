"""An update while the service runs: replicas of a former version and of this one share a database, both ways.

Part of `make faults` where git holds the former version: the newest tag, or OLDER=commit. That a former version's writes
fit the schema of today is part of the suite (tests/storage/test_released_databases.py), as it needs no former code.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults.postgres_replicas import READY_S, all_ready, assert_truth, paged, replica, rows, settled, truth_site
from journeys.service_process import ROOT, Service, until

if TYPE_CHECKING:
    from faults.postgres_replicas import TruthSite
    from postgres_server import Databases

_SETTLE_S = 90.0
_POLLS = 40


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def former_version() -> str:
    """Return the commit of the version before this one."""
    if named := os.environ.get("OLDER"):
        return named
    try:
        tags = _git("tag", "--list", "v[0-9]*", "--sort=-v:refname").decode().split()
    except (OSError, subprocess.CalledProcessError):
        tags = []
    if not tags:
        pytest.skip("no former version is tagged here; name one with OLDER=commit")
    return tags[0]


def unpacked(commit: str, folder: Path) -> Path:
    """Put the code of a commit into a folder."""
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=_git("archive", commit, "service"), check=True)
    return folder / "service"


def of_version(code: Path, service: Service) -> Service:
    """Have a replica run the code of another version: `-m service` finds what lies in its folder first."""
    (service.folder / "service").symlink_to(code)
    return service


async def test_replicas_of_two_versions_lose_nothing_and_tell_nothing_twice(
    tmp_path: Path, postgres: Databases
) -> None:
    commit = former_version()
    code = unpacked(commit, tmp_path / "former")
    with postgres.blank_database() as url:
        async with truth_site(8) as site:
            former = [of_version(code, replica(tmp_path, f"former-{n}", url, site)) for n in range(2)]
            present = [replica(tmp_path, f"present-{n}", url, site) for n in range(2)]
            try:
                for each in former:  # the schema is theirs
                    await each.start()
                    await all_ready([each])
                await _polled(site)
                steps = {row["name"] for row in await rows(url, "SELECT name FROM migrations")}
                for old, new in zip(former, present, strict=True):
                    await new.start()
                    await all_ready([new])
                    await _polled(site)
                    assert await paged(new) != []
                    assert await old.end(signal.SIGTERM) == 0
                added = {row["name"] for row in await rows(url, "SELECT name FROM migrations")} - steps
                await former[0].start()  # and back: the former version over the schema of this one
                await all_ready(former[:1])
                for each in present:
                    assert await each.end(signal.SIGTERM) == 0
                await _polled(site)
                await present[0].start()
                await all_ready(present[:1])
                site.grows = False
                await settled(url, site, _SETTLE_S)
                seen = [await paged(each) for each in (former[0], present[0])]
                for each in (former[0], present[0]):
                    assert await each.end(signal.SIGTERM) == 0
            finally:
                for each in (*former, *present):
                    if each.process is not None:
                        await each.end(signal.SIGKILL)
            count = await assert_truth(url, site)
    print(f"{commit} beside this version: {count} deltas, {len(site.links)} items, steps added while both ran: {added}")
    assert seen[0] == seen[1]
    assert len(seen[0]) == count > 0
    for each in (*former, *present):
        assert "Traceback" not in each.log


async def _polled(site: TruthSite) -> None:
    """Wait until the feeds were asked for many times more."""
    asked = len(site.asked)

    async def often() -> bool:
        return len(site.asked) >= asked + _POLLS

    await until(often, READY_S)
