"""Everything the steps decide by, as one value: stories, names, words, weights. Rebuilt when a file changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from service.core.deltas.compare import has_marker
from service.core.deltas.telling import CompareRules
from service.core.developments.kinds import STATES
from service.core.developments.likeness import JoinRule, Kinship
from service.core.events.dates import Calendar
from service.core.events.event_words import EventWords
from service.core.language.folding import fold
from service.core.language.lexicon import Lexicon
from service.core.language.number_words import NumberWords
from service.core.matching.match import decide, logistic, needs_core_or_pattern
from service.core.matching.patterns import PatternIndex
from service.core.matching.reading import EntryText, Reading, read_entry, read_text
from service.core.matching.screen import Screen
from service.core.matching.watchlist import Watchlist
from service.core.model import Decision, Entry, Match, Outcome, Reason, Story, TextField

# Moves when the code of the core decides otherwise than before (a test on frozen items says so); part of every delta's
# rules_version. Words, weights and stories have digests of their own.
CORE_VERSION = "11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Stories with all that judges entries for them."""

    stories: Mapping[str, Story]
    watchlist: Watchlist
    weights: Mapping[str, float]
    versions: Mapping[str, str]  # story id → rules_version
    actions: Mapping[str, frozenset[str]]  # story id → word classes that are actions
    patterns: Mapping[str, PatternIndex]  # story id → the patterns of its threads
    screen: Screen | None  # None: the weights let other items count than those it lets through
    compare: Mapping[str, CompareRules]
    cursor: str  # name of the match cursor: other stories, or an edited one, start over (DESIGN 24)

    @classmethod
    def of(
        cls,
        stories: Sequence[Story],
        lexicon: Lexicon,
        weights: Mapping[str, float],
        encode: Callable[[str], tuple[int, ...]] | None = None,
    ) -> Rules:
        """Compile the rules; `encode` says what a text means, where that counts."""
        numbers, months = NumberWords.by_language(lexicon.numbers), Calendar(lexicon.months)
        weight_text = ",".join(f"{name}={value}" for name, value in sorted(weights.items()))
        versions: dict[str, str] = {}
        actions: dict[str, frozenset[str]] = {}
        compare: dict[str, CompareRules] = {}
        for story in stories:
            own = {action.id: action for action in story.actions}
            table = {**lexicon.actions, **own}
            parts = f"{CORE_VERSION} {lexicon.digest} {story.digest} {weight_text}{' semantic' if encode else ''}"
            versions[story.id] = hashlib.blake2b(parts.encode(), digest_size=6).hexdigest()
            actions[story.id] = frozenset(name for name, action in table.items() if action.family not in STATES)
            compare[story.id] = CompareRules(
                words=EventWords(
                    actions=table,
                    units=lexicon.units,
                    numbers=numbers,
                    calendar=months,
                    sides={entity.id: entity.speaks_for for entity in story.entities if entity.speaks_for},
                    general=frozenset(own) & lexicon.subject_actions.keys(),
                    own=frozenset(own) - lexicon.subject_actions.keys(),
                ),
                kin=Kinship(table),
                join=JoinRule(),
                rules_version=versions[story.id],
                encode=encode,
            )
        watchlist = Watchlist(stories, lexicon)
        patterns = {story.id: PatternIndex(story) for story in stories}
        followed = "\x1f".join(sorted(f"{story.id} {story.digest}" for story in stories))
        return cls(
            stories={story.id: story for story in stories},
            watchlist=watchlist,
            weights=weights,
            versions=versions,
            actions=actions,
            patterns=patterns,
            screen=Screen(watchlist, patterns) if needs_core_or_pattern(weights) else None,
            compare=compare,
            cursor="match:" + hashlib.blake2b(followed.encode(), digest_size=6).hexdigest(),
        )

    def read(self, story: Story, entry: Entry, *, anyway: bool = False) -> Reading | None:
        """Read an entry for a story; None when it names nothing of it, unless wanted `anyway`."""
        return read_entry(self.watchlist, story, entry.title, entry.summary, entry.lang, anyway=anyway)

    def match(
        self, story: Story, entry: Entry, text: EntryText | None = None, *, backlog_counts: bool = False
    ) -> Match:
        """Decide whether an entry follows up on a story; `text` is what it says, where the caller has it."""
        return decide(
            story,
            self.read(story, entry) if text is None else read_text(self.watchlist, story, text),
            entry,
            dated_at=entry.published_at or entry.first_seen_at,
            weights=self.weights,
            actions=self.actions[story.id],
            index=self.patterns[story.id],
            backlog_counts=backlog_counts,
        )

    def decide(self, story: Story, entry: Entry) -> Decision:
        """Return the decision on an entry, also where it names nothing of the story and so none was stored."""
        return pending(self.match(story, entry), entry, self.versions[story.id])

    def implied(self, story: Story, entry: Entry) -> Decision | None:
        """Return the decision on an entry of which none was kept; None where the gate sees nothing of the story in it."""
        if story.id not in self.watchlist.concerned(f"{fold(entry.title)} {fold(entry.summary)}"):
            return None
        decision = self.decide(story, entry)
        return decision if decision.mentions else None

    def judge(self, entry: Entry, *, told: Collection[str] = (), backlog_counts: bool = False) -> list[Decision]:
        """Return a decision for every story that the entry touches; most entries touch none.

        Of a later revision a decision is kept for whatever names the story, so that what was told, or judged by an
        editor, is followed through all revisions.

        Args:
            entry: The entry revision.
            told: Stories in which an earlier revision of the entry was a follow-up. A notice that withdraws it
                concerns them whatever else it says: such notices drop the very words that told of the story.
            backlog_counts: What came with a feed's first poll is news too.
        """
        folded: dict[TextField, str] = {"title": fold(entry.title), "summary": fold(entry.summary)}
        concerned = {*told, *self.watchlist.concerned(f"{folded['title']} {folded['summary']}")}
        if not concerned:
            return []
        text = EntryText.of(entry.title, entry.summary, entry.lang, folded=folded)
        decisions = []
        for story in (self.stories[story] for story in sorted(concerned) if story in self.stories):
            is_first = entry.revision == 1 and story.id not in told
            if is_first and self.screen is not None and not self.screen.passes(story.id, text):
                continue
            match = self.match(story, entry, text, backlog_counts=backlog_counts)
            if story.id in told and match.outcome is Outcome.REJECTED and self._withdraws(story, entry):
                match = _brought_over(match)
            if match.touched or (match.mentions and not is_first):
                decisions.append(pending(match, entry, self.versions[story.id]))
        return decisions

    def _withdraws(self, story: Story, entry: Entry) -> bool:
        reading = self.read(story, entry, anyway=True)
        return reading is not None and has_marker(reading, "withdrawn")


def _brought_over(match: Match) -> Match:
    """Return a match that counts although its words do not: it withdraws what was told."""
    total = sum(reason.weight for reason in match.reasons)
    reason = Reason(feature="withdraws_a_told_report", weight=round(0.1 - total, 4))
    return replace(
        match,
        relevant=True,
        score=round(logistic(0.1), 4),
        reasons=(*match.reasons, reason),
        outcome=Outcome.PENDING,
        touched=True,
    )


def pending(match: Match, entry: Entry, rules_version: str) -> Decision:
    """Return a match as the decision to store; comparing completes it where it is relevant."""
    return Decision(
        story=match.story,
        entry=entry.id,
        revision=entry.revision,
        entry_seq=entry.seq,
        relevant=match.relevant and match.outcome in {Outcome.PENDING, Outcome.CONTEXT},
        score=match.score,
        outcome=match.outcome,
        threads=match.threads,
        reasons=match.reasons,
        mentions=match.mentions,
        decided_at=entry.seen_at,
        rules_version=rules_version,
    )
