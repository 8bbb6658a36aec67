"""A stand-in for the steps, for tests of job queues."""

from __future__ import annotations

import asyncio
from collections import Counter

from service.core.model import Ingest, Job


class Runner:
    """Does jobs that wait for a gate, and remembers what ran."""

    def __init__(self) -> None:
        self.done: list[Job] = []
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.most_in_all = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.running[job.lane] += 1
        self.most[job.lane] = max(self.most[job.lane], self.running[job.lane])
        self.most_in_all = max(self.most_in_all, self.running.total())
        self.started.set()
        try:
            await self.gate.wait()
            if isinstance(job, Ingest) and job.feed_id == "bad":
                raise ValueError("this feed breaks")
            if isinstance(job, Ingest) and job.feed_id == "cancelled":
                raise asyncio.CancelledError
        finally:
            self.running[job.lane] -= 1
        self.done.append(job)
