"""Shortest travel times to the k nearest of many sources, for all nodes at once."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush, merge
from itertools import islice

from pipeline.network import Adjacency

Nearest = list[list[tuple[int, int]]]
"""For each node: (seconds, source), nearest first, ties by the source's index."""


def nearest_sources(network: Adjacency, sources: Iterable[int], k: int, cutoff_seconds: int) -> Nearest:
    """Multi-source Dijkstra in which each node settles its k nearest distinct sources.

    Roads run both ways, so the time from a source is also the time to it. Entries leave the heap in the order
    (seconds, source), and every road takes at least a second: a source that is not among the k best of a node
    is not among the k best of any node reached through it, so it need not be followed.
    """
    nearest: Nearest = [[] for _ in network]
    heap = [(0, source, source) for source in sources]
    heapify(heap)
    while heap:
        seconds, source, node = heappop(heap)
        settled = nearest[node]
        if len(settled) == k or any(source == known for _, known in settled):
            continue
        settled.append((seconds, source))
        for neighbour, cost in network[node]:
            arrival = seconds + cost
            if arrival <= cutoff_seconds and len(nearest[neighbour]) < k:
                heappush(heap, (arrival, source, neighbour))
    return nearest


def merge_shards(shards: Sequence[Nearest], k: int) -> Nearest:
    """The k nearest of all sources, from the k nearest of each disjoint part of them."""
    return [list(islice(merge(*parts), k)) for parts in zip(*shards)]
