"""Runs steps: `python -m pipeline STEP…`, with the parameters in the environment."""

import os
import sys

from pipeline import log
from pipeline.errors import PipelineError
from pipeline.params import parse_params
from pipeline.step import Step, run_step
from pipeline.steps import (
    anchors,
    d_anchor_brand,
    d_anchor_category,
    download,
    minutes,
    pois,
    tiles,
)

STEPS: dict[str, Step] = {
    module.STEP.name: module.STEP
    for module in (download, pois, anchors, minutes, d_anchor_category, d_anchor_brand, tiles)
}


def main(arguments: list[str]) -> int:
    """The exit status: 0 done, 2 wrong parameters or inputs, which are said in one line."""
    try:
        params = parse_params(os.environ)
        for name in arguments:
            run_step(STEPS[name], params)
    except PipelineError as cause:
        log.error(str(cause))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
