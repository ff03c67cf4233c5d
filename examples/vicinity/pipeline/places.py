"""The populated places: the one input of the pipeline, and its subset within reach of the chosen states."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import PipelineError
from pipeline.states import SLUG_OF_CODE

COLUMNS = ("id", "name", "state", "feature", "population", "lat", "lon")


class Place(NamedTuple):
    """id and feature are GeoNames' own; state is a slug; lat and lon in degrees."""

    id: int
    name: str
    state: str
    feature: str
    population: int
    lat: float
    lon: float


def read_places(path: Path) -> list[Place]:
    """All places of a CSV file, by id. Raises PipelineError with the line that does not fit."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise PipelineError(
                f"{path} must have the columns {','.join(COLUMNS)}; make it again with 'npm run prepare'"
            )
        places = [_place(row, path, rows.line_num) for row in rows]
    return sorted(places)


def write_places(path: Path, places: Iterable[Place]) -> None:
    """Writes what read_places reads, with GeoNames' state codes."""
    code_of_slug = {slug: code for code, slug in SLUG_OF_CODE.items()}
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(place._replace(state=code_of_slug[place.state]) for place in places)


def in_states(places: Iterable[Place], states: Sequence[str]) -> list[Place]:
    """The places of the given states, in the given order of places."""
    wanted = set(states)
    return [place for place in places if place.state in wanted]


def _place(row: dict[str, str], path: Path, line: int) -> Place:
    try:
        return Place(
            id=int(row["id"]),
            name=row["name"],
            state=SLUG_OF_CODE[row["state"]],
            feature=row["feature"],
            population=int(row["population"]),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
    except (KeyError, TypeError, ValueError) as cause:
        raise PipelineError(
            f"{path}, line {line}: not a place ({cause}); make it again with 'npm run prepare'"
        ) from cause
