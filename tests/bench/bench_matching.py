"""How many items a second the matcher judges, beside plain pyahocorasick on the same text in the same run.

Run by `make bench`; prints a table. CPU time of this process, median of three rounds. Items are those of a file given
as an argument (JSON lines, plain or .gz), else the bundled corpus over and over.

Items that pass the gate hold something of a story's rarest slots; most of them are turned away by the screen after it.
Items that hit are those for which `judge` returns a decision: they name a core entity or hold a pattern, and are read in
full. Of a day's feeds hardly any do, so they are taken from a second file; the length of their texts is printed, as what
they cost grows with it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import ahocorasick
from ahocorasick_rs import AhoCorasick

from service.core.errors import Invalid
from service.core.language.folding import fold
from service.core.model import Entity, Entry, Story
from service.core.rules import Rules
from service.loading.item_files import read_items
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_stories
from service.loading.weight_file import load_weights
from service.settings import BUNDLED_STORIES

CORPUS = Path(__file__).parent.parent / "data" / "corpus" / "items.jsonl"
LABELLED = Path(__file__).parents[3] / "shared" / "corpus" / "labelled" / "items.jsonl"  # where it lies beside
LEAST, SOME = 4000, 2000  # items to judge at least; items that pass the gate, and that hit
NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
ROUNDS = 3
STORIES, NAMES = 1000, 100_000


def entries_of(path: Path, least: int) -> list[Entry]:
    """Return the items of a file as entries, repeated until there are enough."""
    entries = [
        Entry(
            id=f"e-{item.id}",
            revision=1,
            feed_id="f-bench",
            title=item.title,
            summary=item.summary,
            url=None,
            outlet=item.source,
            lang=item.lang,
            first_seen_at=NOON,
            seen_at=NOON,
        )
        for item in read_items(path)
    ]
    if not entries:
        raise Invalid(f"{path}: holds no items")
    return entries * max(1, least // len(entries))


def rate(run: Callable[[], object], items: int) -> float:
    """Return items per CPU second, the median of some rounds."""
    rates = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        run()
        rates.append(items / (time.process_time() - begin))
    return statistics.median(rates)


def enough(entries: list[Entry]) -> list[Entry]:
    """Return entries, repeated or cut until there are as many as are timed."""
    if not entries:
        raise Invalid("the file of items holds none of what is to be timed; give another")
    return (entries * (SOME // len(entries) + 1))[:SOME]


def described(entries: list[Entry]) -> str:
    """Say how many entries there are, and how long they are."""
    letters = sum(len(entry.title) + len(entry.summary) for entry in entries) // len(entries)
    return f"{len(entries)} (of {letters} characters)"


def many_stories(story: Story) -> list[Story]:
    """Return a thousand stories that share the bundled one's threads, with a hundred thousand names of their own."""
    each = NAMES // STORIES
    stories = []
    for number in range(STORIES - 1):
        names = {"en": tuple(f"Qux{number:x}{part:x}ian Borough" for part in range(each))}
        core = Entity(id="core", name=f"Core {number}", type="place", role=story.entities[0].role, names=names)
        threads = tuple(replace(thread, belongs=(replace(thread.belongs[0], slots=(frozenset({"core"}),)),))
                        for thread in story.threads)  # fmt: skip
        stories.append(
            replace(story, id=f"story-{number}", entities=(core,), threads=threads, facts=(), words={}, actions=())
        )
    return [story, *stories]


def main() -> int:
    """Print the table."""
    files = [Path(argument) for argument in sys.argv[1:]] or [CORPUS]
    source = files[1] if len(files) > 1 else LABELLED if LABELLED.is_file() else CORPUS
    entries = entries_of(files[0], LEAST)
    lexicon, weights = load_lexicon(), load_weights()
    stories = read_stories(BUNDLED_STORIES, lexicon)
    rules = Rules.of(list(stories.values()), lexicon, weights)
    gated = enough([e for e in entries if rules.watchlist.concerned(f"{fold(e.title)} {fold(e.summary)}")])
    hits = enough([entry for entry in entries_of(source, 1) if rules.judge(entry)])
    crowd = Rules.of([s for story in stories.values() for s in many_stories(story)][:STORIES], lexicon, weights)

    forms = {fold(form) for s in stories.values() for e in s.entities for names in e.names.values() for form in names}
    plain, ours = ahocorasick.Automaton(), AhoCorasick(sorted(forms))
    for form in forms:
        plain.add_word(form, form)
    plain.make_automaton()
    folded = [fold(f"{entry.title}\n{entry.summary}") for entry in entries]

    baseline = rate(lambda: [list(plain.iter(text)) for text in folded], len(entries))
    rows = {
        "pyahocorasick alone, text folded before": baseline,
        "ahocorasick-rs alone, text folded before": rate(
            lambda: [ours.find_matches_as_indexes(text, overlapping=True) for text in folded], len(entries)
        ),
        "fold + pyahocorasick": rate(
            lambda: [list(plain.iter(fold(f"{e.title}\n{e.summary}"))) for e in entries], len(entries)
        ),
        "judge": rate(lambda: [rules.judge(entry) for entry in entries], len(entries)),
        f"judge, {STORIES} stories and {NAMES} names": rate(
            lambda: [crowd.judge(entry) for entry in entries], len(entries)
        ),
        "judge, items that pass the gate": rate(lambda: [rules.judge(entry) for entry in gated], len(gated)),
        "judge, items that all hit": rate(lambda: [rules.judge(entry) for entry in hits], len(hits)),
    }
    print(f"items per CPU second, median of {ROUNDS}: all {described(entries)} of {files[0].name};")
    print(f"passing the gate {described(gated)} of it; hits {described(hits)} of {source.parent.name}/{source.name}")
    for name, value in rows.items():
        print(f"{name:44} {value:10,.0f}  x {value / baseline:.3f}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Invalid as error:
        print(error, file=sys.stderr)
        sys.exit(2)
