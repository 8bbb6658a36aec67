"""Table rows to model values and back. Every conversion of a stored value is in this package.

Instants become ISO 8601 UTC text with microseconds, so text order is time order; nested values become JSON that is
the same for the same value (sorted keys, no spaces). Nothing is lost: what comes back equals what went in.
"""

from __future__ import annotations

from service.storage.rows.deltas import delta_from, delta_params, development_from, development_params
from service.storage.rows.facts import fact_from, fact_params
from service.storage.rows.feeds import (
    entry_from,
    entry_params,
    feed_from,
    feed_params,
    head_params,
    known_entry_from,
    outage_from,
    outage_params,
)
from service.storage.rows.judgements import decision_from, decision_params, judgement_from, judgement_params
from service.storage.rows.regroupings import regrouping_from, regrouping_params
from service.storage.rows.stories import kept_story_from, kept_story_params
from service.storage.rows.values import Params, Row, instant_from, instant_text, to_json

__all__ = [
    "Params",
    "Row",
    "decision_from",
    "decision_params",
    "delta_from",
    "delta_params",
    "development_from",
    "development_params",
    "entry_from",
    "entry_params",
    "fact_from",
    "fact_params",
    "feed_from",
    "feed_params",
    "head_params",
    "instant_from",
    "instant_text",
    "judgement_from",
    "judgement_params",
    "kept_story_from",
    "kept_story_params",
    "known_entry_from",
    "outage_from",
    "outage_params",
    "regrouping_from",
    "regrouping_params",
    "to_json",
]
