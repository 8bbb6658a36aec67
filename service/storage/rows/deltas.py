"""What was told: deltas and the developments they belong to."""

from __future__ import annotations

from typing import Any

from service.core.model import Change, Delta, DeltaType, Development, Event, Quote
from service.storage.rows.values import (
    Params,
    Row,
    from_json,
    instant_from,
    instant_text,
    mention_in,
    mention_out,
    optional_instant,
    optional_span_in,
    optional_text,
    span_in,
    span_out,
    to_json,
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
        threads=tuple(from_json(row["threads"])),
        title=row["title"],
        lang=row["lang"],
        line=row["line"],
        first_entry=row["first_entry"],
        first_at=instant_from(row["first_at"]),
        last_at=instant_from(row["last_at"]),
        reports=row["reports"],
        outlets=tuple(from_json(row["outlets"])),
        origins=tuple(from_json(row["origins"])),
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
    return _delta_in(from_json(row["payload"]), seq=row["seq"])


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
        "span": span_out(event.span),
    }


def _event_in(value: dict[str, Any]) -> Event:
    return Event(**{**value, "span": optional_span_in(value["span"])})


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
        "published_at": optional_text(delta.published_at),
        "first_seen_at": instant_text(delta.first_seen_at),
        "created_at": instant_text(delta.created_at),
        "score": delta.score,
        "novelty": delta.novelty,
        "reason": delta.reason,
        "added": [{"quote": quote.quote, "span": span_out(quote.span)} for quote in delta.added],
        "changes": [
            {"fact": change.fact, "before": change.before, "after": change.after, "stance": change.stance}
            for change in delta.changes
        ],
        "event": None if delta.event is None else _event_out(delta.event),
        "plover": delta.plover,
        "entities": [mention_out(mention) for mention in delta.entities],
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
        "published_at": optional_instant(value["published_at"]),
        "first_seen_at": instant_from(value["first_seen_at"]),
        "created_at": instant_from(value["created_at"]),
        "added": tuple(Quote(quote=added["quote"], span=span_in(added["span"])) for added in value["added"]),
        "changes": tuple(Change(**change) for change in value["changes"]),
        "event": None if value["event"] is None else _event_in(value["event"]),
        "entities": tuple(mention_in(mention) for mention in value["entities"]),
    }
    return Delta(**{**value, **nested}, seq=seq)
