"""Takes in the places. The real pipeline fetches extracts; here the declared input has them all."""

from collections.abc import Sequence

from pipeline import log, paths
from pipeline.errors import PipelineError
from pipeline.geo import Box, widen
from pipeline.network import MAX_ROAD_KM, reach_km
from pipeline.params import Params
from pipeline.places import Place, in_states, read_places, write_places
from pipeline.step import Step


def work(params: Params) -> list[str]:
    """Keeps the chosen states and all around them that can matter to them."""
    places = read_places(paths.INPUT_PLACES)
    chosen = in_states(places, params.states)
    if not chosen:
        raise PipelineError(
            f"{paths.INPUT_PLACES} has no place in {' '.join(params.states)}; choose other STATES"
        )
    kept = within_reach(places, chosen, params.cutoff_seconds)
    paths.PLACES.parent.mkdir(parents=True, exist_ok=True)
    write_places(paths.PLACES, kept)
    log.info(
        "download",
        f"{len(chosen)} places in {len(params.states)} states, {len(kept)} with all within reach",
    )
    return []


def within_reach(places: Sequence[Place], chosen: Sequence[Place], cutoff_seconds: int) -> list[Place]:
    """A part of the places on which the chosen ones have the same travel times as on the whole.

    Wide enough for every journey within the cutoff, and one road more, so that the last place of a journey
    also finds its true neighbours.
    """
    lats, lons = [place.lat for place in chosen], [place.lon for place in chosen]
    box = widen(Box(min(lats), min(lons), max(lats), max(lons)), reach_km(cutoff_seconds) + MAX_ROAD_KM)
    return [place for place in places if box.holds(place.lat, place.lon)]


STEP = Step(
    name="download",
    inputs=(paths.INPUT_PLACES,),
    outputs=(str(paths.PLACES),),
    values=lambda params: (params.states, params.cutoff_seconds),
    work=work,
)
