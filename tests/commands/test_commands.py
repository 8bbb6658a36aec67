"""Every command as an operator calls it: help, exit codes, one clear line for a mistake, and what it prints.

Commands that start logging, poll or write run as processes of their own; the rest is called in this one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commands.calling import Call
from journeys.service_process import Service, command, free_port, write_opml
from journeys.small_story import FOLLOW_UP, story_folder
from news_site import Item, NewsSite
from patience import patient

from service.commands import cli
from service.commands.cli import build_parser
from service.commands.setup import opened_store
from service.core.model import KeptStory
from service.loading.lexicon_files import load_lexicon
from service.loading.opml_files import read_opml
from service.loading.story_documents import document_text
from service.loading.story_files import read_story_folder
from service.settings import BUNDLED_STORIES

COMMANDS: dict[str, tuple[str, ...]] = {
    "run": (),
    "serve": (),
    "work": (),
    "poll": (),
    "demo": (),
    "healthcheck": (),
    "replay": (),
    "eval": (),
    "train": (),
    "explain": (),
    "feedback": (),
    "story": ("list", "check", "words", "draft"),
    "feeds": ("list", "add", "import", "export"),
    "webhooks": ("list", "deliveries", "resend", "enable"),
    "migrate": (),
    "config": (),
    "write-schemas": (),
    "backup": (),
    "restore": (),
    "export": (),
    "import": (),
}
PATHS = [(name,) for name in COMMANDS] + [(name, verb) for name, verbs in COMMANDS.items() for verb in verbs]


def _parsers(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, sub in action.choices.items():
                yield name, helps.get(name, ""), sub


# --- the table of commands -----------------------------------------------------------------


def test_there_are_exactly_these_commands() -> None:
    found = {name: tuple(verb for verb, _, _ in _parsers(parser)) for name, _, parser in _parsers(build_parser())}

    assert found == COMMANDS


def test_every_command_says_what_it_does() -> None:
    silent = []
    for name, text, parser in _parsers(build_parser()):
        silent += [name] if not text else []
        silent += [f"{name} {verb}" for verb, words, _ in _parsers(parser) if not words]

    assert silent == []


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_help(call: Call, path: tuple[str, ...]) -> None:
    done = call(*path, "--help")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"usage: python -m service {' '.join(path)}")


def test_the_program_says_its_version(call: Call) -> None:
    done = call("--version")

    assert (done.code, done.out.split()[0]) == (0, "Aftermath")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("poll", "--nonsense"),
        ("poll", "more"),
        ("story",),
        ("story", "nonsense"),
        ("feeds",),
        ("feeds", "import"),
        ("feeds", "add", "http://127.0.0.1:9/feed", "--pole", "Our View"),
        ("replay", "items.jsonl"),
        ("replay", "items.jsonl", "--story", "assad-exit", "--until", "yesterday"),
        ("explain", "--story", "assad-exit"),
        ("explain", "--story", "assad-exit", "--title", "x", "--published", "yesterday"),
        ("feedback", "e-1"),
        ("feedback", "e-1", "--relevant", "perhaps"),
        ("eval",),
        ("train",),
        ("demo", "--port", "many"),
    ],
    ids=" ".join,
)
def test_bad_usage_exits_2_and_says_why(call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err.strip()
    assert "Traceback" not in done.err


# --- what commands print and do ------------------------------------------------------------


def test_explain_shows_the_decision_with_every_reason(call: Call, small: Path) -> None:
    done = call("explain", "--story", "harbour", "--title", FOLLOW_UP, "--lang", "en", stories=small)
    told = call("explain", "--story", "harbour", "--title", FOLLOW_UP, "--lang", "en", "--json", stories=small)

    row = json.loads(told.out)
    assert (done.code, done.err, told.code, told.err) == (0, "", 0, "")
    assert row["relevant"] is True
    assert row["threads"] == ["crews"]
    assert 0.5 <= row["score"] <= 1
    assert {m["surface"] for m in row["mentions"]} >= {"Ruritanian navy", "Strelsau harbour"}
    for reason in row["reasons"]:
        assert f"{reason['weight']:+8.2f}  {reason['feature']}" in done.out
    for found in row["mentions"]:
        assert FOLLOW_UP[found["start"] : found["end"]] == found["surface"]
    assert "relevant, score " in done.out
    assert "[Ruritanian navy]" in done.out


def test_explain_names_the_reason_against_an_old_or_foreign_item(call: Call, small: Path) -> None:
    old = call(
        "explain", "--story", "harbour", "--title", FOLLOW_UP, "--published", "2024-12-01", "--json", stories=small
    )
    other = call("explain", "--story", "harbour", "--title", "Ten recipes for the weekend", "--json", stories=small)

    assert json.loads(old.out)["outcome"] == "context"
    assert "before_as_of" in {reason["feature"] for reason in json.loads(old.out)["reasons"]}
    assert json.loads(other.out)["outcome"] == "rejected"
    assert [reason["feature"] for reason in json.loads(other.out)["reasons"]] == ["no_mention"]


def test_eval_prints_its_figures_as_one_json_object(call: Call, tmp_path: Path, small: Path) -> None:
    items = [
        {"id": "a", "title": FOLLOW_UP, "lang": "en", "published": "2025-02-01"},
        {"id": "b", "title": "Ten recipes for the weekend", "lang": "en", "published": "2025-02-02"},
    ]
    labels = [
        {"id": "a", "relevant": 2, "thread": "crews", "development": "leaves"},
        {"id": "b", "relevant": 0, "thread": None, "development": None},
    ]
    for name, rows in (("items", items), ("labels", labels)):
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")

    told = call("eval", tmp_path, "--json", stories=small)
    table = call("eval", tmp_path, stories=small)

    report = json.loads(told.out)
    assert (told.code, told.err, table.code) == (0, "", 0)
    assert report["items"] == 2
    assert (report["relevant"][0]["precision"], report["relevant"][0]["recall"]) == (1.0, 1.0)
    assert {"baselines", "threads_jaccard", "developments_b_cubed", "false_alarms", "missed"} <= set(report)
    assert "| relevant |" in table.out
    assert "baseline" in table.out


def test_migrate_may_be_repeated(call: Call, tmp_path: Path) -> None:
    first, second = call("migrate"), call("migrate")

    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert (tmp_path / "aftermath.db").exists()


def test_config_shows_every_setting_and_no_secret(call: Call) -> None:
    done = call("config", "--json", admin_token="s3same", port="8099")

    shown = json.loads(done.out)
    assert (shown["AFTERMATH_PORT"], shown["AFTERMATH_ADMIN_TOKEN"]) == (8099, "(set)")
    assert "s3same" not in done.out + call("config").out


def test_feeds_come_back_as_they_were_imported(call: Call, tmp_path: Path) -> None:
    urls = ["https://news.example/one.xml?a=1&b=2", "https://news.example/two.xml"]
    opml = write_opml(tmp_path / "in.opml", urls)
    export = tmp_path / "out.opml"

    first = call("feeds", "import", opml)
    again = call("feeds", "import", opml)
    exported = call("feeds", "export", export)
    printed = call("feeds", "export")

    assert (first.code, again.code, exported.code, printed.code) == (0, 0, 0, 0)
    assert first.out == "2 feeds added, 0 already there, 0 left out\n"
    assert again.out == "0 feeds added, 2 already there, 0 left out\n"
    assert {(f.url, f.title, f.lang, f.pole) for f in read_opml(export).feeds} == {
        (f.url, f.title, f.lang, f.pole) for f in read_opml(opml).feeds
    }
    assert printed.out == export.read_text(encoding="utf-8")
    assert {feed["url"] for feed in json.loads(call("feeds", "list", "--json").out)} == set(urls)


def test_before_the_first_poll_the_configured_feeds_are_listed(call: Call, tmp_path: Path) -> None:
    urls = ["https://news.example/one.xml", "https://news.example/two.xml"]
    feeds = write_opml(tmp_path / "mine.opml", urls)

    without_store = call("feeds", "list", "--json", feeds=feeds)
    assert not list(tmp_path.glob("*.db"))
    assert call("migrate", feeds=feeds).code == 0
    migrated = call("feeds", "list", "--json", feeds=feeds)

    assert {feed["url"] for feed in json.loads(without_store.out)} == set(urls)
    assert {feed["url"] for feed in json.loads(migrated.out)} == set(urls)


def test_an_outline_that_is_no_web_address_is_left_out_by_name(call: Call, tmp_path: Path) -> None:
    opml = tmp_path / "mixed.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="Good" xmlUrl="https://news.example/one.xml"/>'
        '<outline text="Bad" xmlUrl="file:///etc/passwd"/></body></opml>',
        encoding="utf-8",
    )

    done = call("feeds", "import", opml)

    assert done.code == 0
    assert "left out: Bad" in done.out
    assert done.out.endswith("1 feed added, 0 already there, 1 left out\n")


def test_story_list_and_check_name_the_bundled_story(call: Call) -> None:
    assert [row["id"] for row in json.loads(call("story", "list", "--json").out)] == ["assad-exit"]
    assert "is sound" in call("story", "check", BUNDLED_STORIES / "assad-exit.yaml").out


async def test_story_list_names_the_stories_of_the_api_too(call: Call, tmp_path: Path) -> None:
    small = story_folder(tmp_path)
    (_, file), *_ = read_story_folder(small, load_lexicon()).values()
    document = document_text(file)
    kept = [
        KeptStory(id="harbour", source="api", document=document, changed_at=datetime(2025, 6, 1, tzinfo=UTC)),
        KeptStory(
            id="hidden", source="api", document=document, changed_at=datetime(2025, 6, 1, tzinfo=UTC), followed=False
        ),
        KeptStory(id="broken", source="api", document="{}", changed_at=datetime(2025, 6, 1, tzinfo=UTC)),
    ]
    async with opened_store(str(tmp_path / "aftermath.db")) as store:
        await store.save_stories(kept)

    done = await asyncio.to_thread(call, "story", "list", "--json")
    assert [(row["id"], row["source"]) for row in json.loads(done.out)] == [("assad-exit", "file"), ("harbour", "api")]
    assert done.err.startswith("warning: story broken of the store is left out")
    assert "added over the API" in (await asyncio.to_thread(call, "story", "list")).out
    own = await asyncio.to_thread(call, "story", "list", "--json", stories=small)
    assert [(row["id"], row["source"]) for row in json.loads(own.out)] == [("harbour", "file")]


def test_story_list_does_without_a_store_that_cannot_be_read(call: Call, tmp_path: Path) -> None:
    (tmp_path / "aftermath.db").write_bytes(b"no database, but many more bytes than a header of one has" * 20)
    done = call("story", "list", "--json")
    assert [row["id"] for row in json.loads(done.out)] == ["assad-exit"]
    assert done.err.startswith("warning: stories added over the API are not listed")
    assert done.err.count("\n") == 1


async def test_poll_prints_the_summary_as_json_and_nothing_else(tmp_path: Path) -> None:
    published = datetime.now(UTC)
    stories = story_folder(tmp_path)
    async with NewsSite() as site:
        site.publish("/a.xml", [Item(FOLLOW_UP, link="https://news.example/1", published=published)])
        feeds = write_opml(tmp_path / "feeds.opml", [site.url("/a.xml"), site.url("/status/500")])
        done = [
            await asyncio.to_thread(command, tmp_path, "poll", *more, feeds=feeds, stories=stories)
            for more in (("--json",), ("--all", "--json"))
        ]

    assert [d.returncode for d in done] == [0, 0]
    assert [d.stderr for d in done] == ["", ""]
    assert json.loads(done[0].stdout) == {
        "feeds": {"polled": 2, "not_modified": 0, "failed": 1},
        "entries": {"new": 1, "revised": 0},
        "matches": 1,
        "deltas": 1,
    }
    assert done[0].stdout.count("\n") == 1
    again = json.loads(done[1].stdout)
    assert again["feeds"]["not_modified"] == 1
    assert (again["entries"], again["matches"], again["deltas"]) == ({"new": 0, "revised": 0}, 0, 0)


async def test_healthcheck_says_whether_the_service_is_ready(tmp_path: Path) -> None:
    feeds = write_opml(tmp_path / "feeds.opml", ["http://127.0.0.1:9/nobody.xml"])
    async with Service(folder=tmp_path, settings={"feeds": feeds, "stories": story_folder(tmp_path)}) as service:
        await service.ready(30.0)
        for _ in range(5):  # it waits five seconds, as containers do, which a busy machine may need
            well = await asyncio.to_thread(command, tmp_path, "healthcheck", port=service.port)
            if well.returncode == 0:
                break
    ill = await asyncio.to_thread(command, tmp_path, "healthcheck", port=free_port())

    assert (well.returncode, well.stdout, well.stderr) == (0, "ready\n", "")
    assert (ill.returncode, ill.stdout) == (1, "")
    assert ill.stderr.count("\n") == 1
    assert "is the service running?" in ill.stderr


async def test_healthcheck_fails_on_a_service_that_is_not_ready(tmp_path: Path) -> None:
    async with NewsSite() as site:
        done = await asyncio.to_thread(command, tmp_path, "healthcheck", port=site.port)

    assert done.returncode == 1
    assert "answered 404" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_traceback_shows_at_debug_level_only(tmp_path: Path) -> None:
    quiet = command(tmp_path, "healthcheck", port=free_port())
    loud = command(tmp_path, "healthcheck", port=free_port(), log_level="debug")

    assert "Traceback" not in quiet.stderr
    assert "Traceback" in loud.stderr
    assert (quiet.returncode, loud.returncode) == (1, 1)


@pytest.mark.parametrize("surprise", [KeyError("weights"), ExceptionGroup("2 tasks", [KeyError("weights")])])
def test_what_nobody_foresaw_is_one_line_too(
    surprise: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: argparse.Namespace) -> int:
        raise surprise

    class Group:
        @staticmethod
        def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
            commands.add_parser("fail").set_defaults(run=fail)

    monkeypatch.setattr(cli, "_GROUPS", (Group,))
    monkeypatch.delenv("AFTERMATH_LOG_LEVEL", raising=False)

    assert cli.main(["fail"]) == 1
    assert capsys.readouterr().err == "fail failed (KeyError: 'weights'); AFTERMATH_LOG_LEVEL=debug shows where\n"

    monkeypatch.setenv("AFTERMATH_LOG_LEVEL", "debug")
    with pytest.raises(type(surprise)):
        cli.main(["fail"])


def test_ctrl_c_while_the_program_still_loads_ends_it_without_a_traceback() -> None:
    code = """
import runpy, sys, types
class Loading(types.ModuleType):
    def __getattr__(self, name):
        raise KeyboardInterrupt
sys.modules["service.commands.cli"] = Loading("service.commands.cli")
runpy.run_module("service", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=patient(60), check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_write_schemas_writes_what_is_missing_and_nothing_twice(call: Call, tmp_path: Path) -> None:
    first, second = call("write-schemas", "--root", tmp_path), call("write-schemas", "--root", tmp_path)

    assert (first.code, second.code) == (0, 0)
    assert "wrote schemas/delta.json" in first.out
    assert second.out == ""
