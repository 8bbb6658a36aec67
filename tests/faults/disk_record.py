"""What a process asked of the disk, in order: its writing system calls on some files, recorded by strace.

strace needs no privileges to follow a process it starts itself. With `-D` the process started is the one recorded, so
it can be signalled as always. Nothing is lost by recording only a few files: a test applies the whole record and
compares the result with the files themselves.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

_CALLS: Final = (
    "openat,open,creat,lseek,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
)
_LONGEST_WRITE: Final = 1 << 20
_LINE = re.compile(r"(?P<pid>\d+) +(?P<at>\d+\.\d+) (?P<rest>.*)", re.DOTALL)
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>")
_DONE = re.compile(
    r"(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)(?:<[^>]*>)?(?: \w+ \([^)]*\))? <(?P<took>[\d.]+)>$",
    re.DOTALL,
)
_DESCRIPTOR = re.compile(r"\d+<((?:\\x[0-9a-f]{2})*)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')

Kind = Literal["create", "write", "truncate", "sync", "rename", "remove"]


@dataclass(frozen=True, slots=True)
class DiskCall:
    """One call that changes a file, or waits until it is safe."""

    kind: Kind
    path: str
    begun_at: float  # by the clock of `time.time`
    offset: int = 0  # of a write; the new size of a truncation
    content: bytes = b""
    target: str = ""  # of a renaming


def strace(record: Path, files: Sequence[Path]) -> tuple[str, ...]:
    """Return what to put before a command so that its calls on these files and folders are recorded."""
    of = [part for file in files for part in ("-P", str(file))]
    how = ["-D", "-f", "-ttt", "-T", "-y", "-xx", "-s", str(_LONGEST_WRITE), "--seccomp-bpf", "-e", f"trace={_CALLS}"]
    return ("strace", *how, *of, "-o", str(record), "--")


@cache
def why_not() -> str | None:
    """Say why no process can be recorded here, None where one can. Containers may forbid it."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record"
        try:
            tried = subprocess.run(
                [*strace(record, [Path(folder)]), "true"], capture_output=True, text=True, check=False, timeout=30
            )
        except FileNotFoundError:
            return None  # another matter: see `programs.needs`
        except subprocess.TimeoutExpired:
            return "strace starts nothing here"
        until = time.monotonic() + 30
        while time.monotonic() < until and not tried.returncode:
            if record.exists() and " +++ " in record.read_text(encoding="ascii"):
                return None
            time.sleep(0.02)
        return f"strace may not record here ({tried.stderr.strip()})"


def has_ended(record: Path, pid: int) -> bool:
    """Say whether the end of a process stands in its record: strace writes a little later than the process ends."""
    with record.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 4096))
        last = file.read().splitlines()
    return any(line.startswith(b"%d " % pid) and b" +++ " in line for line in last)


def calls(record: Iterable[str]) -> Iterator[DiskCall]:
    """Read a record: the calls that succeeded, in the order in which they ended."""
    begun: dict[str, tuple[str, str]] = {}  # by process: when, and the first half of a line
    places: dict[str, int] = {}  # by file: where a plain write goes
    for line in record:
        found = _LINE.match(line.rstrip("\n"))
        if found is None:
            continue
        pid, at, rest = found["pid"], found["at"], found["rest"]
        if rest.endswith(_UNFINISHED):
            begun[pid] = at, rest.removesuffix(_UNFINISHED)
            continue
        if resumed := _RESUMED.match(rest):
            at, first = begun.pop(pid)
            rest = first + rest[resumed.end() :]
        done = _DONE.match(rest)
        if done is not None and int(done["result"]) >= 0:
            yield from _call(done["call"], done["arguments"], int(done["result"]), float(at), places)


def _call(name: str, arguments: str, result: int, at: float, places: dict[str, int]) -> Iterator[DiskCall]:
    descriptors = [_text(each) for each in _DESCRIPTOR.findall(arguments)]
    strings = [(bytes.fromhex(text.replace("\\x", "")), cut) for text, cut in _STRING.findall(arguments)]
    numbers = [int(each) for each in re.findall(r", (-?\d+)(?=,|$)", arguments)]
    match name:
        case "openat" | "open" | "creat":
            path = strings[0][0].decode()
            if "O_CREAT" in arguments or name == "creat":
                yield DiskCall("create", path, at)
            if "O_TRUNC" in arguments or name == "creat":
                yield DiskCall("truncate", path, at)
        case "pwrite64":
            yield DiskCall("write", descriptors[0], at, numbers[-1], _whole(strings[0])[:result])
        case "lseek":
            places[descriptors[0]] = result
        case "write":  # of an SQLite that was built without pwrite
            path = descriptors[0]
            yield DiskCall("write", path, at, places.get(path, 0), _whole(strings[0])[:result])
            places[path] = places.get(path, 0) + result
        case "ftruncate":
            yield DiskCall("truncate", descriptors[0], at, numbers[-1])
        case "fsync" | "fdatasync":
            yield DiskCall("sync", descriptors[0], at)
        case "rename" | "renameat" | "renameat2":
            yield DiskCall("rename", strings[0][0].decode(), at, target=strings[1][0].decode())
        case "unlink" | "unlinkat":
            yield DiskCall("remove", strings[0][0].decode(), at)
        case _:
            raise AssertionError(name)


def _text(hexed: str) -> str:
    return bytes.fromhex(hexed.replace("\\x", "")).decode()


def _whole(string: tuple[bytes, str]) -> bytes:
    content, cut = string
    assert not cut, "a write is longer than what is recorded of it"
    return content


def now() -> float:
    """Return the time by the clock of the record."""
    return time.time()
