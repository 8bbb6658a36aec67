"""A delta as a CloudEvent (1.0, structured JSON). Pure: the same delta gives the same bytes, however often it is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from service.api.text import rfc3339
from service.api.wire import DeltaOut

if TYPE_CHECKING:
    from service.api.links import Links
    from service.api.wire import Entities
    from service.core.model import Delta

EVENT_TYPE = "aftermath.delta.v1"  # one for all deltas, so that nobody misses a retraction; data.type says which


def cloud_event(delta: Delta, entities: Entities, links: Links) -> bytes:
    """Return the event of a delta: its id is the delta's, so a receiver knows what it has already."""
    event = {
        "specversion": "1.0",
        "id": delta.id,
        "source": links.url(f"/v1/stories/{delta.story}"),
        "type": EVENT_TYPE,
        "subject": delta.development,
        "time": rfc3339(delta.created_at),
        "datacontenttype": "application/json",
        "dataschema": links.url("/schemas/delta.json"),
        "data": DeltaOut.from_model(delta, entities).model_dump(mode="json"),
    }
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")
