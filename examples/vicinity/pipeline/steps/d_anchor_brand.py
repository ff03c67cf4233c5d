"""Seconds from every anchor to the nearest branch of each brand."""

from pipeline import paths
from pipeline.d_anchor import Task, compute
from pipeline.params import Params
from pipeline.step import Step


def work(params: Params) -> list[str]:
    """Writes data/d_anchor_brand/<brand>.csv."""
    task = Task(step="d_anchor_brand", groups=paths.BRANDS, k=1, shards=1, output=paths.D_ANCHOR_BRAND)
    return compute(task, params)


STEP = Step(
    name="d_anchor_brand",
    inputs=(paths.PLACES, paths.ROADS, paths.BRANDS),
    outputs=(f"{paths.D_ANCHOR_BRAND}/*.csv",),
    values=lambda params: (params.states, params.cutoff_seconds),
    work=work,
)
