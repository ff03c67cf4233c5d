"""A k-d tree over points on the unit sphere: exact nearest neighbours, ties broken by index."""

from collections.abc import Sequence
from heapq import heapreplace
from typing import NamedTuple, Optional

from pipeline.geo import Vector


class _Branch(NamedTuple):
    point: int
    axis: int
    low: Optional["_Branch"]  # points whose coordinate on `axis` is at most this point's
    high: Optional["_Branch"]


class KdTree:
    """Indexes `points`; neighbours are given by their index in that sequence."""

    def __init__(self, points: Sequence[Vector]) -> None:
        self._points = points
        self._root = self._build(list(range(len(points))), 0)

    def nearest(self, index: int, k: int, max_chord: float) -> list[tuple[float, int]]:
        """The k nearest other points within max_chord, as (chord, index), nearest first."""
        # A heap of the k best with the worst on top, hence the negated (squared chord, index).
        best: list[tuple[float, int]] = [(-max_chord * max_chord, -len(self._points))] * k
        self._search(self._root, index, best)
        found = sorted((-square, -other) for square, other in best)
        return [(square**0.5, other) for square, other in found if other < len(self._points)]

    def _build(self, indices: list[int], depth: int) -> Optional[_Branch]:
        if not indices:
            return None
        axis = depth % 3
        indices.sort(key=lambda index: (self._points[index][axis], index))
        middle = len(indices) // 2
        low = self._build(indices[:middle], depth + 1)
        high = self._build(indices[middle + 1 :], depth + 1)
        return _Branch(indices[middle], axis, low, high)

    def _search(self, branch: Optional[_Branch], index: int, best: list[tuple[float, int]]) -> None:
        if branch is None:
            return
        here, there = self._points[index], self._points[branch.point]
        if branch.point != index:
            square = (here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2 + (here[2] - there[2]) ** 2
            if (-square, -branch.point) > best[0]:
                heapreplace(best, (-square, -branch.point))
        offset = here[branch.axis] - there[branch.axis]
        near, far = (branch.low, branch.high) if offset < 0 else (branch.high, branch.low)
        self._search(near, index, best)
        # Equality goes on: a point at exactly the worst distance may win by its lower index.
        if offset * offset <= -best[0][0]:
            self._search(far, index, best)
