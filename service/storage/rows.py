"""Table rows to model values and back. Every conversion of a stored value is in this file.

Instants become ISO 8601 UTC text with microseconds, so text order is time order; nested values become JSON that is
the same for the same value (sorted keys, no spaces). Nothing is lost: what comes back equals what went in.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Protocol

from service.core.model import (
    Attribution,
    Change,
    ChangeRule,
    Decision,
    Delta,
    DeltaType,
    Development,
    Entry,
    Event,
    Fact,
    Feed,
    FeedState,
    Judgement,
    KnownEntry,
    Mention,
    Outcome,
    Quote,
    Reason,
    Span,
)

Params = dict[str, str | int | float | None]


class Row(Protocol):
    """A row whose columns are read by name, as sqlite3.Row and dict are."""

    def __getitem__(self, name: str, /) -> Any:
        """Return the value of a column."""
        ...


# --- instants and JSON -------------------------------------------------------------------


def instant_text(at: datetime) -> str:
    """Return an aware instant as fixed-width UTC text, `2025-02-01T09:30:00.000000Z`."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; instants must be aware")
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def instant_from(text: str) -> datetime:
    """Return the instant that `instant_text` wrote."""
    return datetime.fromisoformat(text)


def to_json(value: Any) -> str:
    """Return compact JSON with sorted keys: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _optional_text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _optional_instant(text: str | None) -> datetime | None:
    return None if text is None else instant_from(text)


# --- feeds and entries -------------------------------------------------------------------


def feed_params(feed: Feed) -> Params:
    """Return the columns of a feed."""
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "lang": feed.lang,
        "pole": feed.pole,
        "source": feed.source,
        "state": feed.state.value,
        "etag": feed.etag,
        "last_modified": feed.last_modified,
        "body_hash": feed.body_hash,
        "last_attempt_at": _optional_text(feed.last_attempt_at),
        "last_success_at": _optional_text(feed.last_success_at),
        "first_success_at": _optional_text(feed.first_success_at),
        "next_poll_at": _optional_text(feed.next_poll_at),
        "next_poll_reason": feed.next_poll_reason,
        "failures": feed.failures,
        "error_class": feed.error_class,
        "error": feed.error,
        "entries_seen": feed.entries_seen,
        "polls": feed.polls,
    }


def feed_from(row: Row) -> Feed:
    """Return the feed of a row."""
    return Feed(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        lang=row["lang"],
        pole=row["pole"],
        source=row["source"],
        state=FeedState(row["state"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        last_attempt_at=_optional_instant(row["last_attempt_at"]),
        last_success_at=_optional_instant(row["last_success_at"]),
        first_success_at=_optional_instant(row["first_success_at"]),
        next_poll_at=_optional_instant(row["next_poll_at"]),
        next_poll_reason=row["next_poll_reason"],
        failures=row["failures"],
        error_class=row["error_class"],
        error=row["error"],
        entries_seen=row["entries_seen"],
        polls=row["polls"],
    )


def entry_params(entry: Entry) -> Params:
    """Return the columns of an entry revision, without `seq`, which the ledger gives."""
    return {
        "entry_id": entry.id,
        "revision": entry.revision,
        "feed_id": entry.feed_id,
        "title": entry.title,
        "summary": entry.summary,
        "url": entry.url,
        "outlet": entry.outlet,
        "lang": entry.lang,
        "pole": entry.pole,
        "published_at": _optional_text(entry.published_at),
        "date_only": int(entry.date_only),
        "clamped": int(entry.clamped),
        "first_seen_at": instant_text(entry.first_seen_at),
        "seen_at": instant_text(entry.seen_at),
        "backlog": int(entry.backlog),
    }


def entry_from(row: Row) -> Entry:
    """Return the entry revision of a row."""
    return Entry(
        id=row["entry_id"],
        revision=row["revision"],
        feed_id=row["feed_id"],
        title=row["title"],
        summary=row["summary"],
        url=row["url"],
        outlet=row["outlet"],
        lang=row["lang"],
        pole=row["pole"],
        published_at=_optional_instant(row["published_at"]),
        date_only=bool(row["date_only"]),
        clamped=bool(row["clamped"]),
        first_seen_at=instant_from(row["first_seen_at"]),
        seen_at=instant_from(row["seen_at"]),
        backlog=bool(row["backlog"]),
        seq=row["seq"],
    )


def known_entry_from(row: Row) -> KnownEntry:
    """Return what ingest needs to know of an entry, from a row of its head."""
    return KnownEntry(
        id=row["entry_id"],
        revision=row["revision"],
        content_hash=row["content_hash"],
        first_seen_at=instant_from(row["first_seen_at"]),
        backlog=bool(row["backlog"]),
    )


# --- judgements --------------------------------------------------------------------------


def decision_params(decision: Decision) -> Params:
    """Return the columns of a decision."""
    return {
        "story": decision.story,
        "entry_id": decision.entry,
        "revision": decision.revision,
        "entry_seq": decision.entry_seq,
        "relevant": int(decision.relevant),
        "score": decision.score,
        "outcome": decision.outcome.value,
        "threads": to_json(decision.threads),
        "reasons": to_json([_reason_out(reason) for reason in decision.reasons]),
        "mentions": to_json([_mention_out(mention) for mention in decision.mentions]),
        "type": None if decision.type is None else decision.type.value,
        "delta": decision.delta,
        "development": decision.development,
        "duplicate_of": decision.duplicate_of,
        "origin": decision.origin,
        "novelty": decision.novelty,
        "decided_at": instant_text(decision.decided_at),
        "rules_version": decision.rules_version,
        "trace": decision.trace,
    }


def decision_from(row: Row) -> Decision:
    """Return the decision of a row."""
    return Decision(
        story=row["story"],
        entry=row["entry_id"],
        revision=row["revision"],
        entry_seq=row["entry_seq"],
        relevant=bool(row["relevant"]),
        score=row["score"],
        outcome=Outcome(row["outcome"]),
        threads=tuple(json.loads(row["threads"])),
        reasons=tuple(_reason_in(reason) for reason in json.loads(row["reasons"])),
        mentions=tuple(_mention_in(mention) for mention in json.loads(row["mentions"])),
        type=None if row["type"] is None else DeltaType(row["type"]),
        delta=row["delta"],
        development=row["development"],
        duplicate_of=row["duplicate_of"],
        origin=row["origin"],
        novelty=row["novelty"],
        decided_at=instant_from(row["decided_at"]),
        rules_version=row["rules_version"],
        trace=row["trace"],
    )


def judgement_params(judgement: Judgement) -> Params:
    """Return the columns of an editor's judgement."""
    return {
        "story": judgement.story,
        "entry_id": judgement.entry,
        "revision": judgement.revision,
        "relevant": int(judgement.relevant),
        "note": judgement.note,
        "judged_at": instant_text(judgement.judged_at),
    }


def judgement_from(row: Row) -> Judgement:
    """Return the judgement of a row."""
    return Judgement(
        story=row["story"],
        entry=row["entry_id"],
        revision=row["revision"],
        relevant=bool(row["relevant"]),
        note=row["note"],
        judged_at=instant_from(row["judged_at"]),
    )


def development_params(development: Development) -> Params:
    """Return the columns of a development."""
    return {
        "id": development.id,
        "story": development.story,
        "threads": to_json(development.threads),
        "title": development.title,
        "lang": development.lang,
        "line": development.line,
        "first_entry": development.first_entry,
        "first_at": instant_text(development.first_at),
        "last_at": instant_text(development.last_at),
        "reports": development.reports,
        "outlets": to_json(development.outlets),
        "origins": to_json(development.origins),
    }


def development_from(row: Row) -> Development:
    """Return the development of a row."""
    return Development(
        id=row["id"],
        story=row["story"],
        threads=tuple(json.loads(row["threads"])),
        title=row["title"],
        lang=row["lang"],
        line=row["line"],
        first_entry=row["first_entry"],
        first_at=instant_from(row["first_at"]),
        last_at=instant_from(row["last_at"]),
        reports=row["reports"],
        outlets=tuple(json.loads(row["outlets"])),
        origins=tuple(json.loads(row["origins"])),
    )


def delta_params(delta: Delta) -> Params:
    """Return the columns of a delta, without `seq`: those that readers filter by, and all of it as `payload`."""
    return {
        "id": delta.id,
        "story": delta.story,
        "type": delta.type.value,
        "lang": delta.lang,
        "score": delta.score,
        "created_at": instant_text(delta.created_at),
        "threads": to_json(delta.threads),
        "entities": to_json(sorted({mention.entity for mention in delta.entities})),
        "payload": to_json(_delta_out(delta)),
    }


def delta_from(row: Row) -> Delta:
    """Return the delta of a row."""
    return _delta_in(json.loads(row["payload"]), seq=row["seq"])


def fact_params(fact: Fact, story: str) -> Params:
    """Return the columns of a fact that a delta brought to `story`."""
    # A fact is told apart by the delta that brought it; NULLs never collide, so "" stands for none.
    return {"id": fact.id, "story": story, "delta": fact.delta or "", "payload": to_json(_fact_out(fact))}


def fact_from(row: Row) -> Fact:
    """Return the fact of a row."""
    return _fact_in(json.loads(row["payload"]))


# --- parts that are stored as JSON -------------------------------------------------------


def _span_out(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"field": span.field, "start": span.start, "end": span.end}


def _span_in(value: dict[str, Any]) -> Span:
    return Span(field=value["field"], start=value["start"], end=value["end"])


def _optional_span_in(value: dict[str, Any] | None) -> Span | None:
    return None if value is None else _span_in(value)


def _reason_out(reason: Reason) -> dict[str, Any]:
    return {
        "feature": reason.feature,
        "weight": reason.weight,
        "span": _span_out(reason.span),
        "text": reason.text,
    }


def _reason_in(value: dict[str, Any]) -> Reason:
    return Reason(
        feature=value["feature"],
        weight=value["weight"],
        span=_optional_span_in(value["span"]),
        text=value["text"],
    )


def _mention_out(mention: Mention) -> dict[str, Any]:
    return {"entity": mention.entity, "span": _span_out(mention.span), "surface": mention.surface}


def _mention_in(value: dict[str, Any]) -> Mention:
    return Mention(entity=value["entity"], span=_span_in(value["span"]), surface=value["surface"])


def _event_out(event: Event) -> dict[str, Any]:
    return {
        "action": event.action,
        "actor": event.actor,
        "target": event.target,
        "negated": event.negated,
        "modality": event.modality,
        "quantity": event.quantity,
        "date": event.date,
        "place": event.place,
        "speaker": event.speaker,
        "on_record": event.on_record,
        "span": _span_out(event.span),
    }


def _event_in(value: dict[str, Any]) -> Event:
    return Event(**{**value, "span": _optional_span_in(value["span"])})


def _delta_out(delta: Delta) -> dict[str, Any]:
    return {
        "id": delta.id,
        "story": delta.story,
        "threads": delta.threads,
        "type": delta.type.value,
        "line": delta.line,
        "headline": delta.headline,
        "url": delta.url,
        "outlet": delta.outlet,
        "feed": delta.feed,
        "pole": delta.pole,
        "lang": delta.lang,
        "published_at": _optional_text(delta.published_at),
        "first_seen_at": instant_text(delta.first_seen_at),
        "created_at": instant_text(delta.created_at),
        "score": delta.score,
        "novelty": delta.novelty,
        "reason": delta.reason,
        "added": [{"quote": quote.quote, "span": _span_out(quote.span)} for quote in delta.added],
        "changes": [
            {"fact": change.fact, "before": change.before, "after": change.after, "stance": change.stance}
            for change in delta.changes
        ],
        "event": None if delta.event is None else _event_out(delta.event),
        "plover": delta.plover,
        "entities": [_mention_out(mention) for mention in delta.entities],
        "development": delta.development,
        "development_title": delta.development_title,
        "first_report": delta.first_report,
        "origin": delta.origin,
        "entry": delta.entry,
        "revision": delta.revision,
        "supersedes": delta.supersedes,
        "by": delta.by,
        "rules_version": delta.rules_version,
    }


def _delta_in(value: dict[str, Any], *, seq: int) -> Delta:
    nested = {
        "threads": tuple(value["threads"]),
        "type": DeltaType(value["type"]),
        "published_at": _optional_instant(value["published_at"]),
        "first_seen_at": instant_from(value["first_seen_at"]),
        "created_at": instant_from(value["created_at"]),
        "added": tuple(Quote(quote=added["quote"], span=_span_in(added["span"])) for added in value["added"]),
        "changes": tuple(Change(**change) for change in value["changes"]),
        "event": None if value["event"] is None else _event_in(value["event"]),
        "entities": tuple(_mention_in(mention) for mention in value["entities"]),
    }
    return Delta(**{**value, **nested}, seq=seq)


def _fact_out(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "thread": fact.thread,
        "statement": fact.statement,
        "actor": fact.actor,
        "action": fact.action,
        "object": fact.object,
        "place": fact.place,
        "value": fact.value,
        "negated": fact.negated,
        "modality": fact.modality,
        "attribution": {
            "text": fact.attribution.text,
            "origin": fact.attribution.origin,
            "on_record": fact.attribution.on_record,
        },
        "as_of": instant_text(fact.as_of),
        "changed_by": [_change_rule_out(rule) for rule in fact.changed_by],
        "delta": fact.delta,
    }


def _fact_in(value: dict[str, Any]) -> Fact:
    nested = {
        "attribution": Attribution(**value["attribution"]),
        "as_of": instant_from(value["as_of"]),
        "changed_by": tuple(_change_rule_in(rule) for rule in value["changed_by"]),
    }
    return Fact(**{**value, **nested})


def _change_rule_out(rule: ChangeRule) -> dict[str, Any]:
    return {
        "actions": sorted(rule.actions),
        "slots": [sorted(slot) for slot in rule.slots],
        "stance": rule.stance,
        "type": rule.type,
        "after": rule.after,
        "negated": rule.negated,
        "modality": sorted(rule.modality),
    }


def _change_rule_in(value: dict[str, Any]) -> ChangeRule:
    nested = {
        "actions": frozenset(value["actions"]),
        "slots": tuple(frozenset(slot) for slot in value["slots"]),
        "modality": frozenset(value["modality"]),
    }
    return ChangeRule(**{**value, **nested})
