"""Which development a report belongs to: online, single pass, across languages and over days.

A development is one real-world happening. The average of a report's two best links to its last reports decides, so
that one odd report does not pull strangers in.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.core.developments.likeness import JoinRule, Kinship, Likeness
from service.core.developments.reports import Report
from service.core.developments.shelves import CAPACITY, LANE, Shelf

# Developments stay open to reports this long after their last one; later reports of the same kind begin a new one.
_OPEN = timedelta(days=45)
_KEPT = 12  # reports that stand for a development: its first and its last ones


@dataclass(slots=True)
class _Place:
    """A lane that some of a development's reports share."""

    shelf: Shelf[Cluster]
    lane: int
    lang: str
    filed: int = 1  # reports, so far
    left: int = 1  # of them, that still stand for the development


@dataclass(slots=True, kw_only=True)
class Cluster:
    """An open development as memory keeps it: its first report and its last ones stand for it."""

    id: str
    number: int  # in order of beginning
    reports: list[Report]
    last_at: datetime
    places: list[_Place] = field(default_factory=list, repr=False, compare=False)  # of its reports, in order


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
            for promise, cluster in shelf.promising(like):
                if promise < least:
                    break
                if cluster.id in asked or not is_in_reach(report, cluster, rule):
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
            self._leave(cluster.places.pop(1))
        for place in cluster.places:
            place.shelf.latest = max(place.shelf.latest, cluster.last_at)

    def _put(self, report: Report, cluster: Cluster) -> None:
        for place in cluster.places:
            if place.lang == report.lang and place.filed < LANE:
                place.shelf.add(report, place.lane)
                place.filed += 1
                place.left += 1
                break
        else:
            if not self._shelves or self._shelves[-1].is_full:
                self._shelves.append(Shelf(self._capacity))
            shelf = self._shelves[-1]
            place = _Place(shelf, shelf.put(report, cluster), report.lang)
        cluster.places.append(place)

    def _leave(self, place: _Place) -> None:
        """Take a report off its lane; a lane that none is left of is cleared."""
        place.left -= 1
        if place.left:
            return
        place.shelf.take_off(place.lane)
        if place.shelf.is_full and not place.shelf.filled:
            self._shelves.remove(place.shelf)

    def _close(self, now: datetime) -> None:
        """Close the developments whose last report is too old; their place in the heap may be older than that is."""
        while self._closing and now - self._closing[0][0] > _OPEN:
            cluster = self.clusters[heapq.heappop(self._closing)[1]]
            if now - cluster.last_at > _OPEN:
                del self.clusters[cluster.id]
                for place in cluster.places:
                    self._leave(place)
            else:
                heapq.heappush(self._closing, (cluster.last_at, cluster.id))
