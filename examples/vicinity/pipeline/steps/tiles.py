"""Cuts the anchors, with their minutes to each category, into map tiles that tiles/web/index.html shows.

tiles/<z>/<x>/<y>.json: {"places": [[name, lon, lat, [minutes or null for each category]]]} in Web Mercator's
tiling; tiles/index.json: {"categories", "cutoffMinutes", "tiles": {"<z>": [[x, y]]}}.
"""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline import log, paths
from pipeline.params import Params
from pipeline.places import Place, in_states, read_places
from pipeline.step import Step

LEAST_POPULATION_OF_ZOOM: dict[int, int] = {3: 50_000, 4: 10_000, 5: 0}
"""Few places on the small scales, all on the largest."""


class Tile(NamedTuple):
    """A tile's address."""

    z: int
    x: int
    y: int


def work(params: Params) -> list[str]:
    """Writes a tile wherever there is a place to show."""
    anchors = in_states(read_places(paths.PLACES), params.states)
    files = sorted(paths.D_ANCHOR_CATEGORY.glob("*.csv"))
    minutes = [_minutes(file) for file in files]
    tiles = {
        tile: [
            [place.name, place.lon, place.lat, [column.get(place.id) for column in minutes]]
            for place in places
        ]
        for tile, places in _by_tile(anchors).items()
    }
    for tile, rows in tiles.items():
        _write_json(paths.TILES / str(tile.z) / str(tile.x) / f"{tile.y}.json", {"places": rows})
    _write_json(paths.TILES / "index.json", _index([file.stem for file in files], list(tiles), params))
    log.info("tiles", f"{len(tiles)} tiles of {len(anchors)} anchors")
    return []


def tile_at(lat: float, lon: float, z: int) -> Tile:
    """The tile of a point, as web maps number them: x from 180° west, y from the north."""
    width = 2**z
    mercator = math.asinh(math.tan(math.radians(lat)))
    return Tile(z, int((lon + 180) / 360 * width), int((1 - mercator / math.pi) / 2 * width))


def _by_tile(anchors: Sequence[Place]) -> dict[Tile, list[Place]]:
    found: dict[Tile, list[Place]] = {}
    for z, least_population in LEAST_POPULATION_OF_ZOOM.items():
        for anchor in anchors:
            if anchor.population >= least_population:
                found.setdefault(tile_at(anchor.lat, anchor.lon, z), []).append(anchor)
    return found


def _minutes(file: Path) -> dict[int, float]:
    with file.open(newline="", encoding="utf-8") as rows:
        return {int(row["anchor_id"]): round(int(row["seconds_1"]) / 60, 1) for row in csv.DictReader(rows)}


def _index(categories: Sequence[str], tiles: Sequence[Tile], params: Params) -> dict[str, object]:
    addresses: dict[str, list[tuple[int, int]]] = {}
    for tile in sorted(tiles):
        addresses.setdefault(str(tile.z), []).append((tile.x, tile.y))
    return {
        "categories": categories,
        "cutoffMinutes": params.cutoff_seconds // 60,
        "tiles": addresses,
    }


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


STEP = Step(
    name="tiles",
    inputs=(paths.PLACES, paths.D_ANCHOR_CATEGORY),
    # Not tiles/web, which is tracked.
    outputs=(f"{paths.TILES}/[0-9]*/*/*.json", f"{paths.TILES}/index.json"),
    values=lambda params: (params.states, params.cutoff_seconds),
    work=work,
)
