"""Reading a record of system calls, and what a disk keeps of them."""

from __future__ import annotations

import random

from faults.disk_record import DiskCall, calls
from faults.losing_disk import LosingDisk


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


DB = hexed("/d/news.db")
RECORD = f"""\
11 1.000001 openat(AT_FDCWD<{hexed("/d")}>, "{DB}", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 3<{DB}> <0.000010>
11 1.000002 pwrite64(3<{DB}>, "{hexed("first")}", 5, 4096 <unfinished ...>
12 1.000003 fdatasync(4<{hexed("/d")}>) = 0 <0.000010>
11 1.000004 <... pwrite64 resumed>) = 5 <0.000100>
11 1.000005 lseek(3<{DB}>, 512, SEEK_SET) = 512 <0.000001>
11 1.000006 write(3<{DB}>, "{hexed("second")}", 6) = 6 <0.000001>
11 1.000007 pwrite64(3<{DB}>, "{hexed("none")}", 4, 0) = -1 ENOSPC (No space left on device) <0.000001>
11 1.000008 ftruncate(3<{DB}>, 600) = 0 <0.000001>
11 1.000009 fdatasync(3<{DB}>) = 0 <0.000001>
11 1.000010 unlink("{DB}") = 0 <0.000001>
12 1.000011 +++ exited with 0 +++
"""


def test_calls_come_in_the_order_in_which_they_ended_and_without_those_that_failed() -> None:
    assert list(calls(RECORD.splitlines(keepends=True))) == [
        DiskCall("create", "/d/news.db", 1.000001),
        DiskCall("sync", "/d", 1.000003),
        DiskCall("write", "/d/news.db", 1.000002, 4096, b"first"),
        DiskCall("write", "/d/news.db", 1.000006, 512, b"second"),
        DiskCall("truncate", "/d/news.db", 1.000008, 600),
        DiskCall("sync", "/d/news.db", 1.000009),
        DiskCall("remove", "/d/news.db", 1.00001),
    ]


def test_what_was_synced_stays_and_what_was_not_may_be_torn() -> None:
    old, new = b"o" * 2048, b"n" * 2048
    chance, disk, seen = random.Random(1), LosingDisk(), set()
    for call in (
        DiskCall("create", "/d/f", 0),
        DiskCall("write", "/d/f", 0, 0, old),
        DiskCall("sync", "/d/f", 0),
        DiskCall("sync", "/d", 0),
        DiskCall("write", "/d/f", 0, 0, new),
    ):
        disk.do(call)
    for _ in range(200):
        content = disk.after_cut(chance)["/d/f"]
        assert all(content[place : place + 512] in {old[:512], new[:512]} for place in range(0, 2048, 512))
        seen.add(content)
    assert {old, new} < seen  # nothing, all and parts
    assert disk.whole() == {"/d/f": new}


def test_a_file_whose_folder_was_not_synced_may_be_gone_and_a_removed_one_be_back() -> None:
    chance, disk = random.Random(1), LosingDisk()
    disk.do(DiskCall("create", "/d/f", 0))
    disk.do(DiskCall("sync", "/d/f", 0))
    assert {len(disk.after_cut(chance)) for _ in range(50)} == {0, 1}
    disk.do(DiskCall("sync", "/d", 0))
    assert {len(disk.after_cut(chance)) for _ in range(50)} == {1}
    disk.do(DiskCall("remove", "/d/f", 0))
    assert {len(disk.after_cut(chance)) for _ in range(50)} == {0, 1}
