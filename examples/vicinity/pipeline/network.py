"""A road-like network over the places: who is joined to whom, by which class of road, in how many seconds.

No road data is used. Every place is joined to its nearest places, and every city also to its nearest cities,
since highways pass the villages by. A road is longer than the great circle by a constant detour factor.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.geo import chord_of_km, km_of_chord, unit_vector
from pipeline.kdtree import KdTree
from pipeline.places import Place

CITY_POPULATION = 50_000
TOWN_POPULATION = 5_000
LOCAL_NEIGHBOURS = 6
HIGHWAY_NEIGHBOURS = 4
MAX_LOCAL_KM = 120.0
MAX_HIGHWAY_KM = 300.0
MAX_ROAD_KM = max(MAX_LOCAL_KM, MAX_HIGHWAY_KM)
DETOUR = 1.3
SPEED_KM_PER_HOUR: dict[str, float] = {"motorway": 105.0, "trunk": 80.0, "secondary": 55.0}

Adjacency = list[list[tuple[int, int]]]
"""For each place, by index: (neighbour's index, seconds)."""


class Road(NamedTuple):
    """Joins two places, by id, in both directions."""

    start: int
    end: int
    road_class: str
    seconds: int


def reach_km(cutoff_seconds: int) -> float:
    """A great-circle distance that no journey within the cutoff can pass."""
    return cutoff_seconds / 3600 * max(SPEED_KM_PER_HOUR.values()) / DETOUR


def build_roads(places: Sequence[Place]) -> list[Road]:
    """All roads between the places, each once, ordered by the ids of its ends (the lower is the start)."""
    chords = {
        **_joined(places, LOCAL_NEIGHBOURS, MAX_LOCAL_KM),
        **_joined(_cities(places), HIGHWAY_NEIGHBOURS, MAX_HIGHWAY_KM),
    }
    place_of_id = {place.id: place for place in places}
    roads = [_road(place_of_id[start], place_of_id[end], chord) for (start, end), chord in chords.items()]
    return sorted(roads)


def adjacency(places: Sequence[Place], roads: Iterable[Road]) -> Adjacency:
    """The network as neighbour lists over the places' indices."""
    index_of_id = {place.id: index for index, place in enumerate(places)}
    neighbours: Adjacency = [[] for _ in places]
    for road in roads:
        start, end = index_of_id[road.start], index_of_id[road.end]
        neighbours[start].append((end, road.seconds))
        neighbours[end].append((start, road.seconds))
    return neighbours


def write_roads(path: Path, roads: Iterable[Road]) -> None:
    """Writes `start,end,class,seconds`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("start", "end", "class", "seconds"))
        rows.writerows(roads)


def read_roads(path: Path) -> list[Road]:
    """Reads what write_roads wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return [
            Road(int(start), int(end), road_class, int(seconds)) for start, end, road_class, seconds in rows
        ]


def _cities(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.population >= CITY_POPULATION]


def _joined(places: Sequence[Place], neighbours: int, max_km: float) -> dict[tuple[int, int], float]:
    """The chord of every pair in which one is among the other's nearest."""
    tree = KdTree([unit_vector(place.lat, place.lon) for place in places])
    chords: dict[tuple[int, int], float] = {}
    for index, place in enumerate(places):
        for chord, other in tree.nearest(index, neighbours, chord_of_km(max_km)):
            pair = (min(place.id, places[other].id), max(place.id, places[other].id))
            chords[pair] = chord
    return chords


def _road(start: Place, end: Place, chord: float) -> Road:
    road_class = _road_class(min(start.population, end.population))
    hours = km_of_chord(chord) * DETOUR / SPEED_KM_PER_HOUR[road_class]
    # Whole seconds keep sums exact, and at least one keeps every step of a journey forward in time.
    return Road(start.id, end.id, road_class, max(1, round(hours * 3600)))


def _road_class(smaller_population: int) -> str:
    if smaller_population >= CITY_POPULATION:
        return "motorway"
    return "trunk" if smaller_population >= TOWN_POPULATION else "secondary"
