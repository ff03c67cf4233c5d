"""Travel times from every anchor to the nearest of each group of POIs; one file for each group.

A file has a row for each anchor that reaches the group within the cutoff:
`anchor_id,poi_id,seconds_1,…,seconds_k`, where poi_id is the nearest, and fewer than k leave cells empty.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline import log, paths
from pipeline.nearest import Nearest
from pipeline.network import adjacency, read_roads
from pipeline.parallel import Search, run_searches
from pipeline.params import Params
from pipeline.places import Place, read_places
from pipeline.pois import read_groups


class Task(NamedTuple):
    """What to search (groups is a file of POIs), how many of each group to keep, and where the files go."""

    step: str
    groups: Path
    k: int
    shards: int
    output: Path


def compute(task: Task, params: Params) -> list[str]:
    """Writes a file for each group; one that no anchor reaches has no rows, and makes a warning."""
    places = read_places(paths.PLACES)
    network = adjacency(places, read_roads(paths.ROADS))
    sources = _sources(places, read_groups(task.groups))
    searches = [Search(indices, task.k, params.cutoff_seconds) for indices in sources.values()]
    task.output.mkdir(parents=True, exist_ok=True)
    progress = log.Progress(task.step, len(searches))
    warnings: list[str] = []
    for group, nearest in zip(sources, run_searches(network, searches, params.workers, task.shards)):
        reached = _write_group(task.output / f"{group}.csv", task.k, params, places, nearest)
        progress.advance(f"{group}: {reached} anchors reach one of {len(sources[group])}")
        if reached == 0:
            warnings.append(f"{group}: none within {params.cutoff_seconds // 60} minutes of any anchor")
    return warnings


def _sources(places: Sequence[Place], groups: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The indices of each group's places; those out of reach are not in the network."""
    index_of_id = {place.id: index for index, place in enumerate(places)}
    return {group: tuple(index_of_id[id] for id in ids if id in index_of_id) for group, ids in groups.items()}


def _write_group(path: Path, k: int, params: Params, places: Sequence[Place], nearest: Nearest) -> int:
    """The number of anchors that reach the group."""
    chosen = set(params.states)
    reached = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("anchor_id", "poi_id", *(f"seconds_{rank}" for rank in range(1, k + 1))))
        for place, found in zip(places, nearest):
            if place.state in chosen and found:
                seconds = [seconds for seconds, _ in found]
                rows.writerow((place.id, places[found[0][1]].id, *seconds, *[""] * (k - len(seconds))))
                reached += 1
    return reached
