"""Which development a report belongs to: online, single pass, across languages and over days.

A development is one real-world happening. The average of a report's two best links to its last reports decides, so
that one odd report does not pull strangers in.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.core.likeness import JoinRule, Kinship, Likeness
from service.core.reports import Report
from service.core.shelves import CAPACITY, Shelf

# Developments stay open to reports this long after their last one; later reports of the same kind begin a new one.
_OPEN = timedelta(days=45)
_ROUNDING = 1e-6
_KEPT = 12  # reports that stand for a development: its first and its last ones


@dataclass(slots=True, kw_only=True)
class Cluster:
    """An open development as memory keeps it: its first report and its last ones stand for it."""

    id: str
    number: int  # in order of beginning
    reports: list[Report]
    last_at: datetime
    places: list[tuple[Shelf[Cluster], int]] = field(default_factory=list, repr=False, compare=False)  # of its reports


def closeness(like: Likeness, cluster: Cluster) -> float:
    """Return how like a report is to a development: the average of its two best links, in log-odds."""
    links = sorted(map(like.to, cluster.reports), reverse=True)[:2]
    return sum(links) / len(links)


def is_in_reach(report: Report, cluster: Cluster, rule: JoinRule) -> bool:
    """Say whether a report comes soon enough after (or before) the last one of a development."""
    return abs((report.dated_at - cluster.last_at).total_seconds()) / 86400 <= rule.window_days


class OpenDevelopments:
    """The developments that reports may join."""

    def __init__(self, shelf_capacity: int = CAPACITY) -> None:
        self._capacity = shelf_capacity
        self.clusters: dict[str, Cluster] = {}  # oldest first
        self._begun = 0
        self._shelves: list[Shelf[Cluster]] = []
        self._closing: list[tuple[datetime, str]] = []  # heap: no development ends before its instant here

    def add(self, report: Report) -> None:
        """Take in a report that was told or repeated; a withdrawal begins a development but joins none."""
        cluster = self.clusters.get(report.development)
        if cluster is None:
            heapq.heappush(self._closing, (report.dated_at, report.development))
            cluster = Cluster(id=report.development, number=self._begun, reports=[], last_at=report.dated_at)
            self.clusters[cluster.id] = cluster
            self._begun += 1
        elif report.retracted:
            self._close(report.dated_at)
            return
        self._file(report, cluster)
        self._close(report.dated_at)

    def nearest(self, report: Report, kin: Kinship, rule: JoinRule, least: float = 0.0) -> Cluster | None:
        """Return the open development that a report joins, or None when it begins one.

        It is the closest of those in reach, of equally close ones the oldest; it must be at least as close as `least`.
        A development is no closer than its best link, so what no promise comes up to need not be looked at.
        """
        like = Likeness(report, kin, rule)
        best: Cluster | None = None
        asked: set[str] = set()
        for shelf in self._nearest_first(report, rule):
            for promise, other, cluster in shelf.promising(like):
                if promise < least:
                    break
                if cluster.id in asked or not is_in_reach(report, cluster, rule) or like.to(other) < least - _ROUNDING:
                    continue
                asked.add(cluster.id)
                close = closeness(like, cluster)
                if close > least or (close == least and (best is None or cluster.number < best.number)):
                    best, least = cluster, close
        return best

    def _nearest_first(self, report: Report, rule: JoinRule) -> list[Shelf[Cluster]]:
        reach = timedelta(days=rule.window_days)
        near = [shelf for shelf in self._shelves if report.dated_at - shelf.latest <= reach]
        return sorted(near, key=lambda shelf: abs(report.dated_at - shelf.latest))

    def _file(self, report: Report, cluster: Cluster) -> None:
        cluster.reports.append(report)
        cluster.last_at = max(cluster.last_at, report.dated_at)
        self._put(report, cluster)
        if len(cluster.reports) > _KEPT:
            del cluster.reports[1]
            self._take_off(*cluster.places.pop(1))
        for shelf, _ in cluster.places:
            shelf.latest = max(shelf.latest, cluster.last_at)

    def _put(self, report: Report, cluster: Cluster) -> None:
        if not self._shelves or self._shelves[-1].is_full:
            self._shelves.append(Shelf(self._capacity))
        shelf = self._shelves[-1]
        cluster.places.append((shelf, shelf.put(report, cluster)))

    def _take_off(self, shelf: Shelf[Cluster], lane: int) -> None:
        shelf.take_off(lane)
        if shelf.is_full and not shelf.filled:
            self._shelves.remove(shelf)

    def _close(self, now: datetime) -> None:
        """Close the developments whose last report is too old; their place in the heap may be older than that is."""
        while self._closing and now - self._closing[0][0] > _OPEN:
            cluster = self.clusters[heapq.heappop(self._closing)[1]]
            if now - cluster.last_at > _OPEN:
                del self.clusters[cluster.id]
                for place in cluster.places:
                    self._take_off(*place)
            else:
                heapq.heappush(self._closing, (cluster.last_at, cluster.id))
