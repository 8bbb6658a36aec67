"""Stories on other subjects, each with a labelled sample: nothing in the code may know the bundled one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.commands.setup import opened_store, rules_of
from service.core.items import Item
from service.core.model import Entry
from service.core.rules import Rules
from service.evaluation import Report, evaluate
from service.loading.corpus_files import Corpus, read_corpus
from service.loading.item_files import read_items
from service.replay import Replayed, replay
from service.settings import BUNDLED_STORIES

DATA = Path(__file__).resolve().parent.parent / "data"
STORIES = DATA / "stories"
CORPUS, BUNDLED = DATA / "corpus", "assad-exit"
IDS = sorted(path.stem for path in STORIES.glob("*.yaml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A story's labelled items, what they should come to, and what they came to."""

    corpus: Corpus
    replayed: Replayed
    report: Report
    expected: tuple[dict[str, str], ...]


def _corpus(story: str, rules: Rules) -> Corpus:
    return read_corpus(STORIES / story, frozenset(thread.id for thread in rules.stories[story].threads))


def _entry(item: Item) -> Entry:
    at = item.published_at or datetime.max.replace(tzinfo=UTC)  # undated is not old
    return Entry(
        id=item.id,
        revision=1,
        feed_id="f-none",
        title=item.title,
        summary=item.summary,
        url=None,
        outlet=item.source,
        lang=item.lang,
        published_at=at,
        first_seen_at=at,
        seen_at=at,
    )


async def _replayed(corpus: Corpus, story: str, rules: Rules) -> Replayed:
    async with opened_store(":memory:") as store:
        return await replay(corpus.items, story=rules.stories[story], rules=rules, store=store)


def _copied(folder: Path, *sources: Path) -> Path:
    folder.mkdir()
    for source in sources:
        (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def others() -> Rules:
    return rules_of(STORIES)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    files = [*BUNDLED_STORIES.glob("*.yaml"), *STORIES.glob("*.yaml")]
    return rules_of(_copied(tmp_path_factory.mktemp("stories") / "all", *files))


@pytest.fixture(params=IDS)
def story(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def samples() -> dict[str, Sample]:
    """What was replayed already; a sample is replayed once for all tests of this file."""
    return {}


@pytest.fixture
async def sample(story: str, others: Rules, samples: dict[str, Sample]) -> Sample:
    if story not in samples:
        corpus = _corpus(story, others)
        replayed = await _replayed(corpus, story, others)
        lines = (STORIES / story / "expect.jsonl").read_text(encoding="utf-8").splitlines()
        samples[story] = Sample(
            corpus=corpus,
            replayed=replayed,
            report=evaluate(corpus, replayed, others.stories[story], others),
            expected=tuple(json.loads(line) for line in lines if line.strip()),
        )
    return samples[story]


def test_the_samples_are_large_enough_to_say_something(sample: Sample) -> None:
    labels = sample.corpus.labels
    assert {item.id for item in sample.corpus.items} == set(labels)
    assert sum(label.relevant == 2 for label in labels.values()) >= 40
    assert sum(label.relevant == 0 for label in labels.values()) >= 60
    assert len({label.duplicate_group for label in labels.values()} - {None}) >= 5
    assert len(sample.expected) >= 8
    assert len({item.lang for item in sample.corpus.items}) >= 6


def test_follow_ups_are_found_and_little_else(sample: Sample) -> None:
    score = sample.report.relevance[0].score
    assert (score.precision or 0) >= 0.9, [f"false alarm: {i}" for i in sample.report.false_alarms]
    assert (score.recall or 0) >= 0.8, [f"missed: {i}" for i in sample.report.missed]


def test_follow_ups_stand_in_their_threads(sample: Sample) -> None:
    assert (sample.report.threads or 0) >= 0.85


def test_reports_of_one_happening_are_one_development(sample: Sample) -> None:
    assert sample.report.developments is not None
    assert sample.report.developments[2] >= 0.7


def test_wire_copies_are_known_as_copies(sample: Sample) -> None:
    assert sample.report.duplicates is not None
    assert (sample.report.duplicates.f1 or 0) >= 0.9


def test_quotes_and_names_are_exact(sample: Sample) -> None:
    assert sample.replayed.deltas
    texts = {
        row.decision.delta: {"title": row.item.title, "summary": row.item.summary}
        for row in sample.replayed.items
        if row.decision and row.decision.delta
    }
    for delta in sample.replayed.deltas:
        assert delta.added, delta.id
        said = [(added.quote, added.span) for added in delta.added]
        said += [(mention.surface, mention.span) for mention in delta.entities]
        for words, span in said:
            assert words
            assert texts[delta.id][span.field][span.start : span.end] == words


def test_what_changes_is_told_as_such(sample: Sample) -> None:
    lines = {row.item.id: row.line() for row in sample.replayed.items}
    problems = [
        f"{wanted['id']}: {key} should be {value}, is {lines[wanted['id']].get(key)}"
        for wanted in sample.expected
        for key, value in wanted.items()
        if key != "id" and lines[wanted["id"]].get(key) != value
    ]
    assert not problems, "\n".join(problems)


def test_every_kind_of_change_is_expected_somewhere() -> None:
    lines = [line for story in IDS for line in (STORIES / story / "expect.jsonl").read_text("utf-8").splitlines()]
    types = {json.loads(line).get("type") for line in lines if line.strip()}
    assert types >= {"value_change", "status_change", "contradiction", "confirmation", "correction"}


# Compiling and replaying twice takes seconds, so two stories must do: one that lists its names, one that lends them.
@pytest.mark.parametrize("story", ["key-bridge", "nordhanse-bank"])
async def test_a_story_is_judged_alike_alone_and_in_company(
    story: str, sample: Sample, together: Rules, tmp_path: Path
) -> None:
    alone = rules_of(_copied(tmp_path / "alone", STORIES / f"{story}.yaml"))

    def told(replayed: Replayed) -> Iterator[object]:
        yield [row.line() for row in replayed.items]
        yield list(replayed.deltas)

    by_itself = list(told(await _replayed(sample.corpus, story, alone)))
    in_company = list(told(await _replayed(sample.corpus, story, together)))
    assert by_itself == in_company == list(told(sample.replayed))


def test_no_item_of_one_story_follows_up_on_another(together: Rules) -> None:
    own = {BUNDLED: CORPUS, **{story: STORIES / story for story in IDS}}
    strays = [
        f"{story}: {item.id} is no news of {other.id}: {item.title}"
        for story, folder in own.items()
        for item in read_items(folder / "items.jsonl")
        for other in together.stories.values()
        if other.id != story and together.match(other, _entry(item), backlog_counts=True).relevant
    ]
    assert not strays, "\n".join(strays)
