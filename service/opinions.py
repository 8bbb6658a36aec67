"""The ports behind second opinions: where they are kept, and how they are asked for. Promises stand in docstrings.

As in `ports.py` one method is one transaction, instants are aware and UTC, and every method of Opinions may raise
StorageError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from service.core.model import Delta
    from service.core.opinions import Opinion
    from service.core.webhooks import Sent

Refused = Literal["taken", "spent"]


class Inquirer(Protocol):
    """Outbound HTTP to an endpoint whose answer counts. Failures are values; it raises nothing but CancelledError."""

    async def ask(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[Sent, bytes]:
        """Do one POST within the limits, without following redirects; return what came of it, and the answer."""
        ...


class Opinions(Protocol):
    """Opinions by delta and model, and how many requests were made on each day."""

    async def next_unasked(self, story: str, model: str, after: int, newest: int, now: datetime) -> Delta | None:
        """Return the oldest delta that a model is to be asked of now, None when there is none.

        Args:
            story: Whose ledger.
            model: Who is asked.
            after: Only deltas with a higher seq.
            newest: Only so many of these, from the newest back.
            now: What waits is left out until it is due.
        """
        ...

    async def claim(self, delta_id: str, model: str, now: datetime, until: datetime, budget: int) -> Opinion | Refused:
        """Count one request on the UTC day of `now`, and reserve the question until `until`, for one process only.

        The attempt is counted, too, so that a process which dies while it asks does not ask without end.

        Returns:
            The opinion as it waits now; "taken" when it is settled, not yet due or reserved; "spent" when the day has
            had `budget` requests. Of what is refused nothing is counted.
        """
        ...

    async def save(self, opinion: Opinion) -> None:
        """Commit an opinion in place of an earlier state of it. One that is settled is left as it is."""
        ...

    async def opinion(self, delta_id: str) -> Opinion | None:
        """Return the opinion on a delta that was settled, the one asked for last where several models were asked."""
        ...
