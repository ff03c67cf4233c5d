"""What a step is, and how one is run: skipped when nothing changed, and never left half recorded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Callable, NamedTuple

from pipeline import fingerprint, log
from pipeline.params import Params


class Step(NamedTuple):
    """A named part of the pipeline.

    inputs are files and directories; outputs are glob patterns of the files that the step makes; values picks
    the parameters on which the results depend (the number of workers is none of them); work makes the outputs
    and returns its warnings.
    """

    name: str
    inputs: tuple[Path, ...]
    outputs: tuple[str, ...]
    values: Callable[[Params], Sequence[object]]
    work: Callable[[Params], list[str]]


def run_step(step: Step, params: Params) -> None:
    """Brings the step's outputs up to date. Outputs of an earlier run that no longer belong are removed."""
    current = fingerprint.inputs_fingerprint(step.inputs, step.values(params))
    warnings = fingerprint.recall(step.name, current)
    if warnings is None:
        fingerprint.forget(step.name)
        for path in _outputs(step):
            path.unlink()
        warnings = step.work(params)
        fingerprint.remember(step.name, current, _outputs(step), warnings)
    else:
        log.info(step.name, "up to date: inputs, parameters and outputs are unchanged")
    for warning in warnings:
        log.warn(step.name, warning)


def _outputs(step: Step) -> list[Path]:
    return sorted(path for pattern in step.outputs for path in Path().glob(pattern))
