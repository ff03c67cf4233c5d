"""How long transient errors are retried, and with what pauses."""

import os
import random
from typing import Callable, Iterator

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 32.0


def retry_seconds() -> float:
    """How long a request is retried before it counts as failed."""
    return float(os.environ.get("VICINITY_RETRY_SECONDS", "300"))


def pauses(now: Callable[[], float], end: Callable[[], float],
           share: Callable[[], float] = lambda: random.uniform(0.5, 1.0)) -> Iterator[float]:
    """Seconds between a try and the next: growing, with jitter; the last try is at the end, which may move."""
    pause = FIRST_PAUSE_SECONDS
    while (left := end() - now()) > 0:
        yield min(pause * share(), left)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
