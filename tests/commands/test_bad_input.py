"""Bad input to a command: one clear line that names the object and the remedy, and nothing is changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands.calling import Call, Done
from journeys.service_process import command, write_opml
from journeys.small_story import FOLLOW_UP, SMALL_STORY, story_folder, write_story

ROOT = Path(__file__).resolve().parents[2]


def _one_line(done: Done, code: int = 2) -> str:
    assert (done.code, done.out) == (code, ""), done
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err
    return done.err


def test_a_small_story_file_is_enough(call: Call, tmp_path: Path) -> None:
    file = write_story(tmp_path / "stories")

    assert "is sound" in call("story", "check", file).out
    assert [row["id"] for row in json.loads(call("story", "list", "--json", stories=file.parent).out)] == ["harbour"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("threads:", "threats: []\nthreads:", "threats: unknown key"),
        ("as_of: 2025", "as_of: soon # 2025", "as_of: "),
        ("as_of: 2025", "as_of: 9999-12-31T23:00:00-02:00 # 2025", "as_of: "),
        ("role: core", "role: hero", "entities[0].role: "),
        ("id: crews", "id: Crews!", "threads[0].id: "),
        ("[navy, withdraw]", "[navy, unheard-of]", "threads[0].belongs[0][1]: 'unheard-of' is neither"),
        ("thread: crews", "thread: ships", "facts[0].thread: unknown thread 'ships'"),
        ("id: harbour\n", "id: port\n", "id: must be the file's name"),
    ],
)
def test_a_bad_story_file_is_named_with_its_line_and_place(
    call: Call, tmp_path: Path, old: str, new: str, place: str
) -> None:
    file = write_story(tmp_path / "stories", old, new)
    line = SMALL_STORY[: SMALL_STORY.index(old)].count("\n") + 1

    said = _one_line(call("story", "list", stories=file.parent))

    assert said.startswith(f"{file}:{line}: {place}")
    if "file's name" not in place:
        assert _one_line(call("story", "check", file)) == said


@pytest.mark.parametrize("body", [b"", b"- a\n- list\n", b"a: [1\nb: 2\n", b"\xff\xfe\x00"])
def test_what_is_no_story_file_at_all_is_said_in_one_line(call: Call, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "harbour.yaml"
    file.write_bytes(body)

    assert str(file) in _one_line(call("story", "check", file))


def test_what_has_none_of_the_keys_is_told_each_in_a_line(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "harbour.yaml"
    file.write_bytes(b"a: &x [*x]\n")

    done = call("story", "check", file)

    assert done.code == 2
    assert {line.split(" ")[1] for line in done.err.splitlines()} >= {"id:", "title:"}
    assert all(line.startswith(f"{file}:") for line in done.err.splitlines())


def test_a_folder_with_one_bad_story_changes_nothing(tmp_path: Path) -> None:
    file = write_story(tmp_path / "stories", "role: core", "role: hero")

    done = command(tmp_path, "poll", "--json", stories=file.parent, feeds=write_opml(tmp_path / "f.opml", []))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{file}:")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "aftermath.db").exists()


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ('<opml version="2.0">\n<body>\n<outline>\n</body></opml>', 4, "not well-formed XML"),
        ("<rss>\n</rss>", 1, "the root is <rss>"),
        ("<opml><body><outline text='nothing'/></body></opml>", 1, "no outline with an xmlUrl"),
        ("", 1, "not well-formed XML"),
    ],
)
def test_a_bad_opml_file_is_named_with_its_line_and_adds_nothing(
    call: Call, tmp_path: Path, body: str, line: int, words: str
) -> None:
    good = write_opml(tmp_path / "good.opml", ["https://news.example/one.xml"])
    assert call("feeds", "import", good).code == 0
    bad = tmp_path / "bad.opml"
    bad.write_text(body, encoding="utf-8")
    before = call("feeds", "list", "--json").out

    said = _one_line(call("feeds", "import", bad))

    assert said.startswith(f"{bad}:{line}: ")
    assert words in said
    assert call("feeds", "list", "--json").out == before


def test_an_entity_bomb_is_no_opml(call: Call, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.opml"
    bomb.write_text('<!DOCTYPE opml [<!ENTITY a "aaaa">]><opml><body>&a;</body></opml>', encoding="utf-8")

    assert "declares entities" in _one_line(call("feeds", "import", bomb))


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 2, "title": "a number"}',
        '{"id": "2"}',
        '{"id": "2", "title": "t", "published": "yesterday"}',
        '{"id": "2", "title": "t", "published": "0001-01-01T00:00:00+14:00"}',
        "not JSON",
        "[]",
    ],
)
def test_a_bad_item_line_is_named_and_nothing_is_stored(call: Call, tmp_path: Path, line: str) -> None:
    items, store, out = tmp_path / "items.jsonl", tmp_path / "replayed.db", tmp_path / "decisions.jsonl"
    items.write_text(f'{{"id": "1", "title": "{FOLLOW_UP}", "published": "2025-01-01"}}\n{line}\n', encoding="utf-8")

    stories = story_folder(tmp_path)
    replay = ("replay", items, "--story", "harbour", "--decisions", out, "--database-url", f"sqlite:///{store}")
    said = _one_line(call(*replay, stories=stories))

    assert said.startswith(f"{items}:2: ")
    assert "an item is {" in said
    assert not store.exists()
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "many"),
        ("port", "70000"),
        ("poll_min_interval_s", "0"),
        ("allow_private_networks", "10.0.0.0/99"),
        ("database_url", "mysql://elsewhere"),
        ("public_base_url", "news.example"),
        ("log_level", "loud"),
        ("config", "/nowhere/settings.toml"),
    ],
)
def test_a_bad_setting_is_named(call: Call, name: str, value: str) -> None:
    assert _one_line(call("config", **{name: value})).startswith(f"AFTERMATH_{name.upper()}: ")


def test_an_unknown_setting_is_a_warning(call: Call) -> None:
    done = call("config", prot="8081")

    assert done.code == 0
    assert done.err.startswith("warning: AFTERMATH_PROT is no setting")


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "none.jsonl", "--story", "harbour"),
        ("replay", ".", "--story", "harbour"),
        ("eval", "nowhere"),
        ("story", "check", "none.yaml"),
        ("feeds", "import", "none.opml"),
    ],
    ids=" ".join,
)
def test_a_file_that_cannot_be_read_is_named(call: Call, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = _one_line(call(*arguments, stories=story_folder(tmp_path)))

    assert any(said.startswith(f"{argument}: ") for argument in arguments)


def test_an_unknown_story_is_a_failure_that_lists_the_known_ones(call: Call, tmp_path: Path) -> None:
    stories = story_folder(tmp_path)

    assert "harbour" in _one_line(call("explain", "--story", "port", "--title", "x", stories=stories), code=1)


def test_a_store_that_cannot_be_written_is_a_failure(call: Call) -> None:
    said = _one_line(call("migrate", database_url="sqlite:////proc/nowhere/aftermath.db"), code=1)

    assert "AFTERMATH_DATABASE_URL" in said


def test_a_bad_label_line_is_named(call: Call, tmp_path: Path) -> None:
    stories = story_folder(tmp_path)
    (tmp_path / "items.jsonl").write_text('{"id": "a", "title": "t"}\n', encoding="utf-8")
    (tmp_path / "labels.jsonl").write_text('{"id": "a", "relevant": "much"}\n', encoding="utf-8")

    assert _one_line(call("eval", tmp_path, stories=stories)).startswith(f"{tmp_path / 'labels.jsonl'}:1: ")


def test_a_python_without_the_dependencies_is_told_where_they_are() -> None:
    bare = [sys.executable, "-S", "-m", "service", "story", "list"]  # without its packages
    done = subprocess.run(bare, capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": os.environ["PATH"]})
    assert "make install" in _one_line(Done(done.returncode, done.stdout, done.stderr), 1)


def test_a_draft_makes_the_folder_it_is_asked_for_and_takes_the_name_of_its_file(call: Call, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(
        "Bridge closed\n\nThe Varn bridge was closed on Monday, mayor Ida Holm said in Varn.\n", encoding="utf-8"
    )
    file = tmp_path / "my-stories" / "my-story.yaml"

    assert call("story", "draft", article, "-o", file).code == 0
    assert "story my-story is sound" in call("story", "check", file).out
