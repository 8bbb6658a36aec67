"""The public feed files of the shared material: other projects' test suites, read from their archive."""

from __future__ import annotations

import os
import re
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared_material import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator

ARCHIVE = SHARED / "suites" / "public-feeds.tar.gz"
RAW_POLLS = SHARED / "corpus" / "raw-polls.tar.gz"
ALL = bool(os.environ.get("AFTERMATH_TEST_ALL_FEEDS"))  # `make suites`: every file, some minutes
_HEADER = re.compile(rb"^\s*Header:\s*([A-Za-z-]+):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SuiteFile:
    """One file with the headers its suite wants it to be sent with."""

    name: str
    body: bytes
    headers: dict[str, str]


def suite_files(every: int) -> Iterator[SuiteFile]:
    """Yield every n-th file of the archive, or all of them in the long form."""
    with tarfile.open(ARCHIVE) as archive:
        members = [member for member in archive if member.isfile()]
        for member in members if ALL else members[::every]:
            handle = archive.extractfile(member)
            assert handle is not None
            body = handle.read()
            asked = {key.decode().lower(): value.decode("latin-1") for key, value in _HEADER.findall(body[:4000])}
            kept = {"content-type": asked["content-type"]} if "content-type" in asked else {}
            yield SuiteFile(member.name, body, kept)


def raw_polls(feeds: int, polls: int) -> Iterator[tuple[str, list[bytes]]]:
    """Yield feeds with their first polls in order; in the long form all feeds with five times as many polls."""
    groups: dict[str, list[tuple[str, bytes]]] = {}
    with tarfile.open(RAW_POLLS) as archive:
        for member in archive:
            if member.isfile() and not member.name.endswith((".jsonl", ".md")):
                handle = archive.extractfile(member)
                assert handle is not None
                groups.setdefault(member.name.split("/")[0], []).append((member.name, handle.read()))
    names = sorted(groups)
    for name in names if ALL else names[:: max(1, len(names) // feeds)]:
        bodies = [body for _, body in sorted(groups[name])]
        yield name, bodies[: polls * 5 if ALL else polls]
