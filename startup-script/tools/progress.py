"""The progress of the job, by the newest line of its log that a pattern of vicinity.yaml matches."""

import os
import re
import signal
from typing import List, Optional

from clock import now_utc

# The newest match counts, so a look needs no more than the end of what is new.
TAIL_BYTES = 256 << 10
LINE_CHARACTERS = 2000
# A pattern may take for ever on an unlucky line: a look that takes longer is the last one.
LOOK_SECONDS = 1.0


class TooSlow(Exception):
    """The pattern takes too long."""


class Progress:
    """Follows a log."""

    def __init__(self, pattern: str, log: str):
        """Raises re.error where the pattern is none in Python."""
        # A group is named (?<name>…) in vicinity.yaml, and (?P<name>…) here.
        self._pattern = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", pattern), re.ASCII)
        self._log, self._offset = log, 0
        self._last: Optional[dict] = None

    def look(self) -> Optional[dict]:
        """The newest progress, as heartbeat.json has it; None before there is any. Raises TooSlow."""
        lines = self._new_lines()
        signal.signal(signal.SIGALRM, raise_too_slow)
        signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS)
        try:
            found = self._newest(lines)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if found:
            self._last = dated(found, self._last)
        return self._last

    def _new_lines(self) -> List[str]:
        """Whole lines that were added since the last look, the latest of them."""
        if not os.path.exists(self._log):
            return []
        with open(self._log, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            start = max(self._offset, size - TAIL_BYTES)
            file.seek(start)
            data = file.read(size - start).replace(b"\r", b"\n")
        end = data.rfind(b"\n") + 1
        self._offset = start + end
        return data[:end].decode("utf-8", "replace").splitlines()

    def _newest(self, lines: List[str]) -> Optional[dict]:
        for line in reversed(lines):
            for match in reversed(list(self._pattern.finditer(line[:LINE_CHARACTERS]))):
                found = reading(match.groupdict())
                if found:
                    return found
        return None


def raise_too_slow(*_: object) -> None:
    raise TooSlow


def reading(groups: dict) -> Optional[dict]:
    """What a match says; None where its groups are no numbers that make sense."""
    try:
        numbers = {name: float(text.replace(",", "")) for name, text in groups.items() if text is not None}
    except ValueError:
        return None
    if "percent" in numbers:
        return {"fraction": share(numbers["percent"], 100)}
    if numbers.get("total", 0) <= 0 or "done" not in numbers:
        return None
    done, total = numbers["done"], numbers["total"]
    return {"fraction": share(done, total), "done": done, "total": total}


def share(part: float, whole: float) -> float:
    return round(min(max(part / whole, 0.0), 1.0), 6)


def dated(found: dict, last: Optional[dict]) -> dict:
    """With the time of the reading, and the first one that its pace counts from. A stage that begins again at
    a lower fraction has a pace of its own."""
    now = now_utc()
    if last and last["fraction"] == found["fraction"]:
        return {**last, **found}
    if last and last["fraction"] < found["fraction"]:
        return {**found, "at": now, "since": last["since"], "sinceFraction": last["sinceFraction"]}
    return {**found, "at": now, "since": now, "sinceFraction": found["fraction"]}
