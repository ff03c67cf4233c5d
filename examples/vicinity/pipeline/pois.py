"""The points of interest: places by category, and places by brand.

The data has no shops. What stands in for a brand is a name that many places share: like a chain, Springfield
has branches in many states, and one asks for the way to the nearest.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.places import Place

BRANDS = 20
SECTION_OF_A_PLACE = "PPLX"
CAPITALS = ("PPLC", "PPLA")
COUNTY_SEAT = "PPLA2"
LEAST_POPULATION: dict[str, int] = {
    "city-over-1m": 1_000_000,
    "city-over-500k": 500_000,
    "city-over-250k": 250_000,
    "city-over-100k": 100_000,
    "city-over-50k": 50_000,
    "town-over-25k": 25_000,
    "town-over-10k": 10_000,
}


class Poi(NamedTuple):
    """One place in one group, which is a category or a brand."""

    group: str
    place_id: int


def categories(place: Place) -> list[str]:
    """The categories that a place belongs to; a large city belongs to those of the smaller ones too."""
    # The Bronx and its like count: GeoNames files the boroughs of New York as places of their own.
    by_size = [] if place.feature == SECTION_OF_A_PLACE else list(LEAST_POPULATION.items())
    found = [name for name, least in by_size if place.population >= least]
    if place.feature in CAPITALS:
        found.append("capital")
    if place.feature == COUNTY_SEAT:
        found.append("county-seat")
    return found


def category_pois(places: Iterable[Place]) -> list[Poi]:
    """Every place in each of its categories, ordered."""
    return sorted(Poi(category, place.id) for place in places for category in categories(place))


def brand_pois(places: Sequence[Place]) -> list[Poi]:
    """The branches of the brands with the most branches, ordered."""
    branches = Counter(place.name for place in places)
    by_size = sorted(branches.items(), key=lambda item: (-item[1], item[0]))
    brands = {name for name, _ in by_size[:BRANDS]}
    return sorted(Poi(_slug(place.name), place.id) for place in places if place.name in brands)


def write_pois(path: Path, pois: Iterable[Poi]) -> None:
    """Writes `group,place_id`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(Poi._fields)
        rows.writerows(pois)


def read_groups(path: Path) -> dict[str, tuple[int, ...]]:
    """The place ids of each group, as write_pois wrote them."""
    groups: dict[str, list[int]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["group"], []).append(int(row["place_id"]))
    return {group: tuple(ids) for group, ids in groups.items()}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
