"""The parameters of a run, checked before any work: make hands them over as text."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.errors import PipelineError
from pipeline.states import SLUG_OF_CODE

DEFAULTS: dict[str, str] = {
    "STATES": "all",
    "WORKERS": "2",
    "CATEGORY_SHARDS": "1",
    "CUTOFF": "240",
    "K_BEST": "8",
}
MAX_WORKERS = 256
MAX_SHARDS = 64
MAX_CUTOFF_MINUTES = 1440
MAX_K_BEST = 50


class Params(NamedTuple):
    """states are slugs in alphabetical order; cutoff_seconds bounds every travel time."""

    states: tuple[str, ...]
    workers: int
    category_shards: int
    cutoff_seconds: int
    k_best: int


def parse_params(environment: Mapping[str, str]) -> Params:
    """What is unset or empty takes its default. Raises PipelineError naming every parameter that is wrong."""
    raw = {name: environment.get(name, "").strip() or default for name, default in DEFAULTS.items()}
    faults: list[str] = []
    params = Params(
        states=_states(raw["STATES"], faults),
        workers=_whole_number("WORKERS", raw, MAX_WORKERS, faults),
        category_shards=_whole_number("CATEGORY_SHARDS", raw, MAX_SHARDS, faults),
        cutoff_seconds=60 * _whole_number("CUTOFF", raw, MAX_CUTOFF_MINUTES, faults),
        k_best=_whole_number("K_BEST", raw, MAX_K_BEST, faults),
    )
    if faults:
        raise PipelineError("; ".join(faults))
    return params


def _whole_number(name: str, raw: dict[str, str], maximum: int, faults: list[str]) -> int:
    text = raw[name]
    if re.fullmatch(r"[0-9]{1,6}", text) and 1 <= int(text) <= maximum:
        return int(text)
    faults.append(f"{name} must be a whole number from 1 to {maximum}, not '{text}'")
    return 1


def _states(text: str, faults: list[str]) -> tuple[str, ...]:
    known = sorted(SLUG_OF_CODE.values())
    names = text.lower().replace(",", " ").split()
    unknown = [name for name in names if name != "all" and name not in known]
    if unknown or not names:
        faults.append(f"STATES must be 'all' or states such as 'massachusetts new-hampshire', not '{text}'")
    return tuple(known if "all" in names else sorted(set(names)))
