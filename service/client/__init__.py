"""A typed client of a running service, for Python programs: the cursor API, the event stream, feedback.

    async with Client("http://127.0.0.1:8080") as client:
        async for page in client.delta_pages("assad-exit", after=cursor):
            keep(page.items, page.next_cursor)

It knows the wire and nothing of the service's inside, and works against a service of another version: fields it does
not know are passed over.
"""

from __future__ import annotations

from service.client.client import Client, Filters
from service.client.events import StreamedDelta
from service.client.transport import ProblemReceived, Unreachable

__all__ = ["Client", "Filters", "ProblemReceived", "StreamedDelta", "Unreachable"]
