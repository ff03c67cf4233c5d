"""Sorts the places into categories and brands."""

from pipeline import log, paths
from pipeline.params import Params
from pipeline.places import read_places
from pipeline.pois import brand_pois, category_pois, write_pois
from pipeline.step import Step


def work(_params: Params) -> list[str]:
    """Reads all the places, not only those within reach, so that STATES does not change what a brand is."""
    places = read_places(paths.INPUT_PLACES)
    by_category, by_brand = category_pois(places), brand_pois(places)
    paths.CATEGORIES.parent.mkdir(parents=True, exist_ok=True)
    write_pois(paths.CATEGORIES, by_category)
    write_pois(paths.BRANDS, by_brand)
    log.info("pois", f"{len(by_category)} entries by category, {len(by_brand)} branches by brand")
    return []


STEP = Step(
    name="pois",
    inputs=(paths.INPUT_PLACES,),
    outputs=(str(paths.CATEGORIES), str(paths.BRANDS)),
    values=lambda params: (),
    work=work,
)
