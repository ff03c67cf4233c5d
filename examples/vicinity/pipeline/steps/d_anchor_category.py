"""Seconds from every anchor to the K_BEST nearest places of each category."""

from pipeline import paths
from pipeline.d_anchor import Task, compute
from pipeline.params import Params
from pipeline.step import Step


def work(params: Params) -> list[str]:
    """Writes data/d_anchor_category/<category>.csv."""
    task = Task(
        step="d_anchor_category",
        groups=paths.CATEGORIES,
        k=params.k_best,
        shards=params.category_shards,
        output=paths.D_ANCHOR_CATEGORY,
    )
    return compute(task, params)


STEP = Step(
    name="d_anchor_category",
    inputs=(paths.PLACES, paths.ROADS, paths.CATEGORIES),
    outputs=(f"{paths.D_ANCHOR_CATEGORY}/*.csv",),
    values=lambda params: (params.states, params.cutoff_seconds, params.k_best),
    work=work,
)
