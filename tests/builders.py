"""Model values that are valid by default and fit together; a test overrides only what matters to it.

One feed, one entry of it, and the decision, development and delta that the entry led to in one story.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from service.core.developments.reports import Words, hashed
from service.core.ids import delta_id, development_id, entry_id, feed_id
from service.core.language.folding import fold, words
from service.core.model import (
    Attribution,
    Change,
    Comparison,
    Decision,
    Delta,
    DeltaType,
    Development,
    Entry,
    EntryWrite,
    Event,
    Fact,
    Feed,
    Judgement,
    Mention,
    Outcome,
    PollWrite,
    Quote,
    Reason,
    Regrouping,
    Span,
)
from service.core.opinions import Opinion, Verdict

NOON = datetime(2025, 2, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STORY = "harbour"
FEED_URL = "https://news.example/rss.xml"
ENTRY = entry_id(feed_id(FEED_URL), "guid-1")


def word_hashes(text: str) -> Words:
    """Return the hashes of a text's words, as reports keep them."""
    return hashed(words(fold(text)))


def a_feed(**over: Any) -> Feed:
    url = over.get("url", FEED_URL)
    return Feed(**{"id": feed_id(url), "url": url, "title": "Example News", "lang": "en", "next_poll_at": NOON} | over)


def an_entry(key: str = "guid-1", **over: Any) -> Entry:
    of_feed = over.get("feed_id", feed_id(FEED_URL))
    values: dict[str, Any] = {
        "id": entry_id(of_feed, key),
        "revision": 1,
        "feed_id": of_feed,
        "title": "Navy leaves the northern harbour",
        "summary": "The last ships sailed on Friday, officials said.",
        "url": f"https://news.example/{key}",
        "outlet": "Example News",
        "lang": "en",
        "published_at": NOON - 30 * MINUTE,
        "first_seen_at": NOON,
        "seen_at": NOON,
    }
    return Entry(**values | over)


def an_entry_write(entry: Entry | None = None, *, keys: tuple[str, ...] | None = None) -> EntryWrite:
    entry = entry or an_entry()
    return EntryWrite(
        entry=entry, keys=(entry.id,) if keys is None else keys, content_hash=f"{entry.title}|{entry.summary}"
    )


def a_poll(*entries: Entry, **over: Any) -> PollWrite:
    """A poll that brought `entries` (one by default), each recognised by its own id."""
    writes = tuple(an_entry_write(entry) for entry in entries or (an_entry(),))
    values: dict[str, Any] = {"feed": a_feed(), "entries": writes}
    return PollWrite(**values | over)


def an_event(**over: Any) -> Event:
    values: dict[str, Any] = {
        "action": "withdraw",
        "actor": "navy",
        "target": "harbour-north",
        "span": Span(field="title", start=0, end=32),
    }
    return Event(**values | over)


def a_mention(**over: Any) -> Mention:
    values: dict[str, Any] = {"entity": "navy", "span": Span(field="title", start=0, end=4), "surface": "Navy"}
    return Mention(**values | over)


def a_decision(**over: Any) -> Decision:
    values: dict[str, Any] = {
        "story": STORY,
        "entry": ENTRY,
        "revision": 1,
        "entry_seq": 1,
        "relevant": True,
        "score": 0.9,
        "outcome": Outcome.PENDING,
        "threads": ("bases",),
        "reasons": (Reason(feature="entity:core", weight=2.2, span=Span(field="title", start=0, end=4), text="Navy"),),
        "mentions": (a_mention(),),
        "decided_at": NOON,
        "rules_version": "rules-1",
    }
    return Decision(**values | over)


def a_judgement(**over: Any) -> Judgement:
    values: dict[str, Any] = {"story": STORY, "entry": ENTRY, "revision": 1, "relevant": False, "judged_at": NOON}
    return Judgement(**values | over)


def an_opinion(**over: Any) -> Opinion:
    verdict = Verdict(agrees=False, type=DeltaType.UPDATE, reason="«Только» повтор.")
    values: dict[str, Any] = {"delta": "d-1", "model": "judge-1", "outcome": "given", "verdict": verdict}
    return Opinion(**values | {"attempts": 1, "asked_at": NOON} | over)


def a_regrouping(**over: Any) -> Regrouping:
    values: dict[str, Any] = {
        "id": "d-split",
        "story": STORY,
        "kind": "split",
        "development": "v-one",
        "into": "v-two",
        "entries": (ENTRY,),
        "ordered_at": NOON,
    }
    return Regrouping(**values | over)


def a_development(**over: Any) -> Development:
    values: dict[str, Any] = {
        "story": STORY,
        "threads": ("bases",),
        "title": "Navy leaves the northern harbour",
        "lang": "en",
        "line": "The navy withdraws from the northern harbour (reported)",
        "first_entry": ENTRY,
        "first_at": NOON,
        "last_at": NOON,
        "outlets": ("Example News",),
        "origins": ("officials",),
    } | over
    return Development(**{"id": development_id(values["story"], values["first_entry"])} | values)


def a_fact(**over: Any) -> Fact:
    values: dict[str, Any] = {
        "id": "harbour-left",
        "thread": "bases",
        "statement": "The navy has left the northern harbour.",
        "attribution": Attribution(text="officials", origin="officials"),
        "as_of": NOON,
        "delta": delta_id(STORY, ENTRY, 1, "entry"),
    }
    return Fact(**values | over)


def a_delta(**over: Any) -> Delta:
    values: dict[str, Any] = {
        "story": STORY,
        "threads": ("bases",),
        "type": DeltaType.STATUS_CHANGE,
        "line": "The navy withdraws from the northern harbour (reported)",
        "headline": "Navy leaves the northern harbour",
        "url": "https://news.example/guid-1",
        "outlet": "Example News",
        "feed": feed_id(FEED_URL),
        "pole": None,
        "lang": "en",
        "published_at": NOON - 30 * MINUTE,
        "first_seen_at": NOON,
        "created_at": NOON + MINUTE,
        "score": 0.9,
        "novelty": 0.8,
        "reason": "It changes what is known of the harbour.",
        "added": (Quote(quote="Navy leaves", span=Span(field="title", start=0, end=11)),),
        "changes": (Change(fact="harbour-held", before="The navy is there.", after="It left.", stance="contradicts"),),
        "event": an_event(),
        "plover": "RETREAT",
        "entities": (a_mention(),),
        "development_title": "Navy leaves the northern harbour",
        "first_report": True,
        "origin": "officials",
        "entry": ENTRY,
        "revision": 1,
        "supersedes": None,
        "by": "publisher",
        "rules_version": "rules-1",
    } | over
    derived = {
        "id": delta_id(values["story"], values["entry"], values["revision"], "entry"),
        "development": development_id(values["story"], values["entry"]),
    }
    return Delta(**derived | values)


def a_comparison(**over: Any) -> Comparison:
    """An entry that was compared and made a delta: the first report of its development."""
    delta = over.pop("delta", a_delta())
    decision = over.pop("decision", a_decision())
    if delta is not None:
        decision = replace(
            decision, outcome=Outcome.DELTA, type=delta.type, delta=delta.id, development=delta.development
        )
    return Comparison(**{"decision": decision, "delta": delta, "development": a_development()} | over)
