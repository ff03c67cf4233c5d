"""Builds the road network, and lists each state's anchors: the places from which travel times are asked."""

import csv
from collections.abc import Sequence

from pipeline import log, paths
from pipeline.network import build_roads, write_roads
from pipeline.params import Params
from pipeline.places import Place, in_states, read_places
from pipeline.step import Step


def work(params: Params) -> list[str]:
    """Writes data/anchors/roads.csv and data/anchors/<state>.csv (`anchor_id,name,lat,lon`)."""
    places = read_places(paths.PLACES)
    roads = build_roads(places)
    paths.ANCHORS.mkdir(parents=True, exist_ok=True)
    write_roads(paths.ROADS, roads)
    for state in params.states:
        _write_anchors(state, in_states(places, [state]))
    log.info("anchors", f"{len(places)} places, {len(roads)} roads")
    return []


def _write_anchors(state: str, anchors: Sequence[Place]) -> None:
    with (paths.ANCHORS / f"{state}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("anchor_id", "name", "lat", "lon"))
        rows.writerows((anchor.id, anchor.name, anchor.lat, anchor.lon) for anchor in anchors)


STEP = Step(
    name="anchors",
    inputs=(paths.PLACES,),
    outputs=(f"{paths.ANCHORS}/*.csv",),
    values=lambda params: (params.states,),
    work=work,
)
