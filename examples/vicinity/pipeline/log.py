"""The lines that a person, and the control plane's log gates, read in build.log."""

import sys
import time


def info(step: str, text: str) -> None:
    """An ordinary line: `[step] text`."""
    print(f"[{step}] {text}", flush=True)


def warn(step: str, text: str) -> None:
    """A result that is right but that somebody should look at: `[warn] step: text`."""
    print(f"[warn] {step}: {text}", flush=True)


def error(text: str) -> None:
    """Why the step ended: `[error] text`, on standard error."""
    print(f"[error] {text}", file=sys.stderr, flush=True)


class Progress:
    """Counts the finished parts of a step: `[step] 3/9 (33%) county-seat: …, 4.1 s`."""

    def __init__(self, step: str, total: int) -> None:
        self._step = step
        self._total = total
        self._done = 0
        self._started = time.monotonic()

    def advance(self, text: str) -> None:
        """Reports one more finished part, with the seconds since the step began."""
        self._done += 1
        percent = 100 * self._done // self._total
        seconds = time.monotonic() - self._started
        info(self._step, f"{self._done}/{self._total} ({percent}%) {text}, {seconds:.1f} s")
