"""How many follow-ups a second are compared with what is known, and what one remembered item costs in memory.

Run by `make bench-compare` (FACTS=, ITEMS= open facts and remembered items; FOLLOW_UPS= how many are compared). Nothing
here is real news: sentences are put together from word lists of our own, with a tail of made-up words as in running
text, in all lengths. Remembered items are variations of some hundreds of read ones, spread over 45 days, half of them
copies, several to a development; follow-ups are one third copies, one third further reports and one third new. So it
says what the step costs at a size, not what share of news is new. Only `compare` and `apply` are timed, in CPU time.
What an item takes is what the process grows by, garbage of making the items included; TRACE=1 counts exactly, at thrice
the time.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.core.deltas.compare import compare
from service.core.deltas.reporting import report_of
from service.core.developments.reports import Report, Words
from service.core.events.extraction import read_events
from service.core.facts.memory import StoryMemory
from service.core.matching.reading import Reading
from service.core.model import Attribution, Comparison, Decision, Entry, Fact, Outcome, Story
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_stories
from service.loading.weight_file import load_weights
from service.settings import BUNDLED_STORIES

STORY = "assad-exit"
NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
SPREAD = timedelta(days=45)
READ = 600
WHO = ("Russia", "Moscow", "The Kremlin", "Vladimir Putin", "Sergei Lavrov", "Syria", "Damascus", "Bashar al-Assad")
DOES = (
    "withdraws {n} crews from", "sends {n} ships to", "denies leaving", "rejects talks on", "signs a deal on",
    "evacuates {n} people from", "demands the handover of", "attacks", "visits", "closes", "reinforces",
    "discusses", "confirms the return of", "plans to leave",
)  # fmt: skip
WHAT = (
    "Khmeimim air base", "Tartus naval base", "Bashar al-Assad", "the Syrian coast at Khmeimim", "Damascus", "Tartus",
    "Vladimir Putin in Moscow", "Asma al-Assad",
)  # fmt: skip
COMMON = (
    "after", "several", "days", "when", "people", "there", "saw", "lorries", "moving", "along", "coast", "road", "while",
    "others", "waited", "word", "from", "their", "government", "about", "what", "would", "follow", "this", "week", "more",
    "could", "happen", "before", "talks", "between", "both", "sides", "begin", "again", "next", "month", "under", "terms",
)  # fmt: skip
SYLLABLES = [
    a + b for a in ("ba", "ke", "li", "mo", "nu", "ra", "se", "to") for b in ("dan", "fer", "gil", "mon", "tav")
]
TAIL = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in ("ak", "el", "um")]


def _texts(rng: random.Random) -> tuple[str, str]:
    title = f"{rng.choice(WHO)} {rng.choice(DOES).format(n=rng.randint(2, 90))} {rng.choice(WHAT)}"
    length = rng.randint(4, 44)
    summary = rng.choices(COMMON, k=length * 14 // 24) + rng.choices(TAIL, k=length - length * 14 // 24)
    rng.shuffle(summary)
    return f"{title}, {rng.choice(TAIL)} {rng.choice(TAIL)}", " ".join(summary).capitalize() + "."


def _entry(number: int, at: datetime, title: str, summary: str) -> Entry:
    return Entry(
        id=f"e-{number}", revision=1, feed_id="f-bench", title=title, summary=summary, url=None,
        outlet=f"Paper {number % 400}", lang="en", published_at=at, first_seen_at=at, seen_at=at,
    )  # fmt: skip


class Desk:
    """One story with its rules."""

    def __init__(self) -> None:
        lexicon = load_lexicon()
        stories = read_stories(BUNDLED_STORIES, lexicon)
        self.rules = Rules.of(list(stories.values()), lexicon, load_weights())
        self.story: Story = stories[STORY]

    def read(self, entry: Entry) -> tuple[Decision, Reading] | None:
        """Return what the match step makes of an entry."""
        decision = next((d for d in self.rules.judge(entry) if d.story == STORY and d.relevant), None)
        reading = self.rules.read(self.story, entry) if decision else None
        return (decision, reading) if decision and reading else None

    def reports(self, rng: random.Random) -> list[tuple[Decision, Report]]:
        """Return some hundreds of reports as the compare step makes them."""
        made: list[tuple[Decision, Report]] = []
        while len(made) < READ:
            entry = _entry(len(made), NOW, *_texts(rng))
            read = self.read(entry)
            if read is not None:
                words = self.rules.compare[STORY].words
                rules = self.rules.compare[STORY]
                events = read_events(read[1], words)
                made.append((read[0], report_of(entry, read[0], read[1], events, rules, self.story.facts)))
        return made


def remembered(base: list[tuple[Decision, Report]], items: int, facts: int, rng: random.Random) -> Iterator[Comparison]:
    """Yield what would have been committed: `items` reports, oldest first, in `facts` developments."""
    tail = [rng.getrandbits(32) for _ in range(40_000)]
    open_now: list[tuple[str, int]] = []
    begun = 0
    for number in range(items):
        at = NOW - SPREAD + SPREAD * number / items
        first = number * facts // items >= begun and begun < facts
        if first:
            open_now.append((f"d-{begun}", number % len(base)))
            begun += 1
            del open_now[:-400]
        development, kin = open_now[-1] if first else rng.choice(open_now)
        decision, report = base[kin]
        words = Words.of([*list(report.text_words.as_set())[:20], *rng.sample(tail, 10)])
        is_copy = not first and rng.random() < 0.5
        report = replace(
            report, entry=f"k-{number}", dated_at=at, development=development, text_words=words,
            title_words=Words.of([*list(report.title_words.as_set())[:5], *rng.sample(tail, 2)]),
            outlet=f"Paper {number % 400}", duplicate_of=f"k-{number - 1}" if is_copy else None,
            delta=f"delta-{number}" if first else None,
        )  # fmt: skip
        settled = replace(decision, entry=report.entry, outcome=Outcome.DELTA if first else Outcome.REPEAT, trace="")
        later: tuple[Fact, ...] = ()
        if first:
            action, actor, target = (report.frames[0] if report.frames else "withdraw||").split("|")
            later = (
                Fact(
                    id=development, thread=report.threads[0], statement=f"Fact {number}", actor=actor or None,
                    action=action, object=target or None, place=None, negated=False, modality="done",
                    attribution=Attribution(text="Paper", origin="paper", on_record=False), as_of=at,
                    delta=f"delta-{number}",
                ),
            )  # fmt: skip
        yield Comparison(decision=settled, development=None, delta=None, facts=later, report=report.kept())


def follow_ups(desk: Desk, number: int, rng: random.Random) -> Iterator[tuple[Entry, Decision, Reading]]:
    """Yield entries a minute apart, read: a third are copies of earlier ones, a third tell the same in other words."""
    told: list[tuple[str, str]] = []
    made = 0
    while made < number:
        title, summary = _texts(rng)
        if told and rng.random() < 2 / 3:
            known_title, known = rng.choice(told[-200:])
            title = known_title if rng.random() < 0.5 else known_title.rsplit(", ", 1)[0] + f", {rng.choice(TAIL)}"
            summary = known if title == known_title else summary
        entry = _entry(1_000_000 + made, NOW + timedelta(minutes=made), title, summary)
        read = desk.read(entry)
        if read is not None:
            told.append((title, summary))
            made += 1
            yield entry, *read


def _resident() -> int:
    """Return how much memory the process has, in bytes; 0 where the system does not say it as Linux does."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if told.exists() else 0


def main() -> int:
    """Print the figures."""
    items, facts = int(os.environ.get("ITEMS") or 100_000), int(os.environ.get("FACTS") or 10_000)
    number = int(os.environ.get("FOLLOW_UPS") or 1500)
    rng = random.Random(7)  # the same figures every time
    desk = Desk()
    base = desk.reports(rng)
    entries = list(follow_ups(desk, number, rng))
    memory = StoryMemory(desk.story)
    gc.collect()
    if os.environ.get("TRACE"):
        tracemalloc.start()
    before, resident = tracemalloc.get_traced_memory()[0], _resident()
    begin = time.process_time()
    for comparison in remembered(base, items, facts, rng):
        memory.apply(comparison)
    took = time.process_time() - begin
    gc.collect()
    used, resident = tracemalloc.get_traced_memory()[0] - before, _resident() - resident
    traced = tracemalloc.is_tracing()
    tracemalloc.stop()
    costs, outcomes = [], dict[str, int]()
    for entry, decision, reading in entries:
        begin = time.process_time()
        comparison = compare(decision, entry, reading, memory, desk.rules.compare[STORY], entry.seen_at)
        memory.apply(comparison)
        costs.append(time.process_time() - begin)
        kind = "copy" if comparison.decision.duplicate_of else comparison.decision.outcome.value
        outcomes[kind] = outcomes.get(kind, 0) + 1
    print(f"{items} items remembered, {len(memory.facts)} facts, {len(memory.clusters)} open developments")
    grown = (
        f", {used / items:,.0f} bytes each" if traced else f", the process grew by {resident / items:,.0f} bytes each"
    )
    print(f"remembering them took {took:.1f} s{grown}")
    print(f"{number} follow-ups: {', '.join(f'{n} {kind}' for kind, n in sorted(outcomes.items()))}")
    cuts = statistics.quantiles(costs, n=100)
    print(
        f"compared and applied: {number / sum(costs):,.0f}/s; median {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
