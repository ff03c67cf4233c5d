"""The searches of a step, spread over worker processes; results keep the order of the searches."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from pipeline.nearest import Nearest, merge_shards, nearest_sources
from pipeline.network import Adjacency


class Search(NamedTuple):
    """Asks for the k nearest of the sources, which are indices of the network."""

    sources: tuple[int, ...]
    k: int
    cutoff_seconds: int


# Set once in each worker process: the network is too large to travel with every job.
_network: Adjacency = []


def run_searches(
    network: Adjacency, searches: Sequence[Search], workers: int, shards: int
) -> Iterator[Nearest]:
    """One result for each search, each cut by sources into `shards` parts, so that more workers find work.

    An executor and not a multiprocessing.Pool, which waits for ever once the kernel kills a worker.
    """
    jobs = [part for search in searches for part in _split(search, shards)]
    with ProcessPoolExecutor(
        min(workers, len(jobs)), initializer=_use_network, initargs=(network,)
    ) as executor:
        parts = executor.map(_run, jobs)
        for search in searches:
            yield merge_shards([next(parts) for _ in range(shards)], search.k)


def _split(search: Search, shards: int) -> list[Search]:
    return [search._replace(sources=search.sources[shard::shards]) for shard in range(shards)]


def _use_network(network: Adjacency) -> None:
    global _network
    _network = network


def _run(job: Search) -> Nearest:
    return nearest_sources(_network, job.sources, job.k, job.cutoff_seconds)
