"""Each state's matrix of minutes: from every anchor to the K_BEST places nearest to it by road."""

import csv
from collections.abc import Sequence

from pipeline import log, paths
from pipeline.nearest import Nearest
from pipeline.network import adjacency, read_roads
from pipeline.parallel import Search, run_searches
from pipeline.params import Params
from pipeline.places import Place, in_states, read_places
from pipeline.step import Step


def work(params: Params) -> list[str]:
    """Writes data/minutes/<state>.csv (`anchor_id,place_id,minutes`, the nearest first)."""
    places = read_places(paths.PLACES)
    network = adjacency(places, read_roads(paths.ROADS))
    # Every place is a source, so each finds itself first: one more is asked for.
    search = Search(tuple(range(len(places))), params.k_best + 1, params.cutoff_seconds)
    (nearest,) = run_searches(network, [search], params.workers, params.category_shards)
    return _write_states(params, places, nearest)


def _write_states(params: Params, places: Sequence[Place], nearest: Nearest) -> list[str]:
    index_of_id = {place.id: index for index, place in enumerate(places)}
    paths.MINUTES.mkdir(parents=True, exist_ok=True)
    alone: list[Place] = []
    for state in params.states:
        anchors = in_states(places, [state])
        _write_state(state, anchors, places, index_of_id, nearest)
        alone += [anchor for anchor in anchors if len(nearest[index_of_id[anchor.id]]) == 1]
    log.info("minutes", f"{len(params.states)} matrices")
    return [_warning(params, alone)] if alone else []


def _write_state(
    state: str,
    anchors: Sequence[Place],
    places: Sequence[Place],
    index_of_id: dict[int, int],
    nearest: Nearest,
) -> None:
    with (paths.MINUTES / f"{state}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("anchor_id", "place_id", "minutes"))
        for anchor in anchors:
            for seconds, other in nearest[index_of_id[anchor.id]]:
                if places[other].id != anchor.id:
                    rows.writerow((anchor.id, places[other].id, f"{seconds / 60:.2f}"))


def _warning(params: Params, alone: Sequence[Place]) -> str:
    named = ", ".join(f"{anchor.name} ({anchor.state})" for anchor in alone[:3])
    more = ", …" if len(alone) > 3 else ""
    minutes = params.cutoff_seconds // 60
    return f"{len(alone)} anchors have no other place within {minutes} minutes: {named}{more}"


STEP = Step(
    name="minutes",
    inputs=(paths.PLACES, paths.ROADS),
    outputs=(f"{paths.MINUTES}/*.csv",),
    values=lambda params: (params.states, params.cutoff_seconds, params.k_best),
    work=work,
)
