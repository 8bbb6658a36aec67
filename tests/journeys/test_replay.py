"""Replay of recorded items: the same bytes every time, whatever the order of arrival, and harmless when repeated."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journeys.service_process import ROOT, command
from journeys.small_story import STORY, story_folder

from service.commands.cli import main
from service.commands.setup import rules_of
from service.core.developments.likeness import JoinRule, Kinship, Likeness
from service.core.developments.reports import Report, Words
from service.core.items import Item
from service.core.rules import Rules
from service.loading.item_files import read_items
from service.loading.lexicon_files import load_lexicon
from service.replay import ItemDecision, Replayed, replay
from service.storage.sqlite import SqliteStore

Json = dict[str, Any]
CORPUS = ROOT / "tests" / "data" / "corpus" / "items.jsonl"
AT = datetime(2025, 2, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LEAVES = "Ruritanian navy withdraws from Strelsau harbour"
EDITED = "Ruritanian navy withdraws from Strelsau harbour, minister confirms"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    return rules_of(story_folder(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="module")
def corpus() -> list[Item]:
    return list(read_items(CORPUS))


async def _replayed(items: list[Item], rules: Rules, story: str = STORY, until: datetime | None = None) -> Replayed:
    store = await SqliteStore.open(":memory:", now=lambda: AT)
    try:
        return await replay(items, story=rules.stories[story], rules=rules, store=store, until=until)
    finally:
        await store.close()


def _lines(rows: tuple[ItemDecision, ...]) -> dict[object, Json]:
    return {row.item.id: row.line() for row in rows}


def _item(name: str, title: str = LEAVES, **over: Any) -> Item:
    values: dict[str, Any] = {"id": name, "title": title, "lang": "en", "published_at": AT} | over
    return Item(**values)


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        kept = [name for name in names if name not in {"feeds", "story_versions"}]  # poll state and counters of change
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in kept}


def test_the_same_items_give_the_same_bytes_in_any_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        files = [tmp_path / f"{name}-{seed}.jsonl" for name in ("decisions", "deltas")]
        outs = ("--decisions", files[0], "--deltas", files[1])
        done = command(tmp_path, "replay", CORPUS, "--story", "assad-exit", *outs, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        outputs.append([done.stdout.encode(), *(file.read_bytes() for file in files)])

    assert outputs[0] == outputs[1]
    lines = [json.loads(line) for line in outputs[0][1].splitlines()]
    assert [line["id"] for line in lines] == [item.id for item in read_items(CORPUS)]
    assert json.loads(outputs[0][0])["deltas"] == len(outputs[0][2].splitlines()) > 0
    assert not (tmp_path / "aftermath.db").exists()  # the environment's store is left alone


@pytest.mark.parametrize("seed", range(2))
async def test_the_order_of_arrival_changes_neither_relevance_nor_score(
    rules: Rules, corpus: list[Item], seed: int
) -> None:
    chance = random.Random(seed)
    times = [item.first_seen_at or item.published_at for item in corpus]
    chance.shuffle(times)
    # An item without a date is dated by its arrival, so only what has one may arrive at any time.
    shuffled = [
        replace(item, first_seen_at=max(at or AT, item.published_at)) if item.published_at else item
        for item, at in zip(corpus, times, strict=True)
    ]
    chance.shuffle(shuffled)

    told = _lines((await _replayed(corpus, rules, "assad-exit")).items)
    other = _lines((await _replayed(shuffled, rules, "assad-exit")).items)

    assert sum(bool(line["relevant"]) for line in told.values()) > 50
    same = ("relevant", "score", "threads", "reasons")
    assert {key: {name: line[name] for name in same} for key, line in told.items()} == {
        key: {name: line[name] for name in same} for key, line in other.items()
    }


async def test_input_order_does_not_matter_where_every_item_has_its_own_time(small: Rules) -> None:
    items = [_item(str(n), f"{LEAVES}: part {n}", published_at=AT + n * DAY) for n in range(20)]

    told, other = await _replayed(items, small), await _replayed(items[::-1], small)

    assert _lines(told.items) == _lines(other.items)
    assert told.deltas == other.deltas
    assert [row.item.id for row in other.items] == [item.id for item in items[::-1]]


def _written(folder: Path, items: list[Json]) -> Path:
    file = folder / "items.jsonl"
    file.write_text("".join(f"{json.dumps(item)}\n" for item in items), encoding="utf-8")
    return file


@pytest.fixture
def small_stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERMATH_STORIES", str(story_folder(tmp_path)))


@pytest.mark.usefixtures("small_stories")
def test_replaying_into_a_file_again_is_a_no_op(tmp_path: Path) -> None:
    link = "https://news.example/1"
    items = _written(
        tmp_path,
        [
            {"id": "first", "title": LEAVES, "link": link, "lang": "en", "published": "2025-02-01T10:00:00Z"},
            {"id": "edited", "title": EDITED, "link": link, "lang": "en", "published": "2025-02-01T11:00:00Z"},
            {"id": "copy", "title": LEAVES, "link": f"{link}?copy", "lang": "en", "published": "2025-02-01T12:00:00Z"},
            {"id": "reverted", "title": LEAVES, "link": link, "lang": "en", "published": "2025-02-01T13:00:00Z"},
            {"id": "again", "title": LEAVES, "link": link, "lang": "en", "published": "2025-02-01T14:00:00Z"},
            {"id": "unlinked", "title": "Admiral Hentzau arrested in Strelsau", "lang": "en"},
            {"id": "other", "title": "Ten recipes", "lang": "en", "published": "2025-02-02"},
        ],
    )
    store = tmp_path / "replayed.db"
    outputs, rows = [], []
    for run in range(2):
        files = [tmp_path / f"{name}-{run}.jsonl" for name in ("decisions", "deltas")]
        options = ["--story", STORY, "--decisions", files[0], "--deltas", files[1]]
        options += ["--database-url", f"sqlite:///{store}"]
        assert main(["replay", *map(str, (items, *options))]) == 0
        outputs.append([file.read_text(encoding="utf-8") for file in files])
        rows.append(_rows(store))

    assert len(rows[0]["entries"]) == 6
    assert rows[0] == rows[1]
    assert outputs[0] == outputs[1]


@pytest.mark.usefixtures("small_stories")
def test_a_longer_recording_adds_only_what_is_new(tmp_path: Path) -> None:
    items = _written(
        tmp_path,
        [
            {"id": str(n), "title": f"{LEAVES}, day {n}", "link": f"https://n.example/{n % 4}", "published": str(at)}
            for n, at in enumerate(f"2025-02-{day:02}T10:00:00Z" for day in range(1, 13))
        ],
    )
    rows = []
    for name, steps in (("whole", [()]), ("parts", [("--until", "2025-02-06T10:00:00Z"), (), ()])):
        store = f"sqlite:///{tmp_path / f'{name}.db'}"
        for step in steps:
            assert main(["replay", str(items), "--story", STORY, "--database-url", store, *step]) == 0
        rows.append(_rows(tmp_path / f"{name}.db"))

    for table in ("entries", "decisions", "deltas", "developments"):
        assert len(rows[0][table]) == len(rows[1][table]), table
    assert rows[0]["deltas"] == rows[1]["deltas"]


async def test_until_leaves_out_what_arrived_later(small: Rules) -> None:
    items = [_item("now"), _item("then", published_at=AT + DAY), _item("late", published_at=AT, first_seen_at=AT + DAY)]

    told = await _replayed(items, small, until=AT)

    assert [row.item.id for row in told.items] == ["now"]


@pytest.mark.parametrize(
    ("published", "date_only", "outcome"),
    [
        (datetime(2025, 1, 19, 23, 59, tzinfo=UTC), False, "context"),
        (datetime(2025, 1, 19, tzinfo=UTC), True, "context"),
        (datetime(2025, 1, 20, tzinfo=UTC), False, "delta"),
        (datetime(2025, 1, 20, tzinfo=UTC), True, "delta"),
    ],
)
async def test_what_is_older_than_the_story_is_context(
    small: Rules, published: datetime, *, date_only: bool, outcome: str
) -> None:
    told = await _replayed([_item("a", published_at=published, date_only=date_only, first_seen_at=AT)], small)

    line = told.items[0].line()
    assert (line["outcome"], line["relevant"]) == (outcome, outcome == "delta")
    assert len(told.deltas) == (outcome == "delta")


async def test_an_undated_item_is_not_old_and_arrives_with_the_one_before(small: Rules) -> None:
    items = [
        _item("first", published_at=None),
        _item("dated", "Ten recipes for the weekend", published_at=AT),
        _item("second", "Admiral Hentzau arrested in Strelsau", published_at=None),
    ]

    told = await _replayed(items, small)

    assert [row.relevant for row in told.items] == [True, False, True]
    created = {delta.headline: delta.created_at for delta in told.deltas}
    assert created[LEAVES] == small.stories[STORY].as_of
    assert created["Admiral Hentzau arrested in Strelsau"] == AT


async def test_every_relevant_decision_names_its_development_and_copies_name_their_first(small: Rules) -> None:
    text = {"summary": "The last ships of the fleet sailed on Friday morning, port officials in the city said."}
    items = [_item(f"copy-{n}", link=f"https://n{n}.example/x", source=f"Outlet {n}", **text) for n in range(4)]

    lines = [row.line() for row in (await _replayed(items, small)).items]

    assert len({line["development"] for line in lines}) == 1
    assert [line.get("duplicate_of") for line in lines] == [None, "copy-0", "copy-0", "copy-0"]
    assert [line["outcome"] for line in lines] == ["delta", "repeat", "repeat", "repeat"]


_WORDS = st.frozensets(st.integers(0, 30), max_size=12).map(Words.of)
_NAMES = st.frozensets(st.sampled_from(["navy", "strelsau", "admiral", "king"]), max_size=3)
_FRAMES = st.lists(
    st.builds(
        "{}|{}|{}".format,
        st.sampled_from(["withdraw", "keep", "arrest", "unheard"]),
        st.sampled_from(["", "navy", "king"]),
        st.sampled_from(["", "strelsau", "navy"]),
    ),
    max_size=5,
).map(tuple)
_REPORTS = st.builds(
    Report,
    entry=st.just("e"),
    revision=st.just(1),
    dated_at=st.datetimes(datetime(2025, 1, 1), datetime(2025, 3, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    lang=st.sampled_from(["en", "ru"]),
    outlet=st.none(),
    threads=st.lists(st.sampled_from(["crews", "command"]), max_size=2, unique=True).map(tuple),
    frames=_FRAMES,
    polarity=st.just(()),
    core=_NAMES,
    entities=_NAMES,
    quantities=st.dictionaries(st.sampled_from(["sailor", "ship"]), st.integers(1, 3), max_size=2),
    title_words=_WORDS,
    text_words=_WORDS,
)


@given(_REPORTS, _REPORTS)
def test_likeness_does_not_depend_on_which_report_came_first(a: Report, b: Report) -> None:
    kin = Kinship(load_lexicon().actions)

    assert Likeness(a, kin, JoinRule()).to(b) == pytest.approx(Likeness(b, kin, JoinRule()).to(a))
