"""Copies growing logs to the bucket while they grow, so that a dead VM leaves them.

Usage: logship.py BUCKET PART_PREFIX SECONDS FILE=NAME [SECONDS FILE=NAME …]

Only new bytes travel: they go up as a part, which the bucket then joins to the object. The object's size,
as the bucket says it, is where the next part begins; so a lost reply loses or doubles nothing. Runs until
SIGTERM or its parent ends.
"""

import os
import signal
import sys
import threading
import time
from typing import List, Optional

from objects import Bucket
from wire import CloudError

MOST_PART_BYTES = 8 << 20
# Short, because the next round tries again anyway.
TRY_SECONDS = 20.0


class GrowingObject:
    """One log and its object. `part` is a scratch object, told apart by its generation."""

    def __init__(self, store: Bucket, path: str, name: str, part: str, seconds: float):
        self._store, self._path, self._name, self._part = store, path, name, part
        self._seconds, self._due = seconds, 0.0
        self._offset, self._generation = 0, "0"
        self._foreign: Optional[str] = None
        self._part_exists = False

    def begin(self) -> None:
        """What an earlier attempt of the run left there is replaced, never continued."""
        there = self._store.stat(self._name, seconds=TRY_SECONDS)
        self._generation = self._foreign = there["generation"] if there else "0"

    def ship(self) -> None:
        """Adds what is new, where this log's time has come. Raises CloudError; the next call mends what it
        left."""
        if time.monotonic() < self._due or not os.path.exists(self._path):
            return
        if self._foreign is None:
            self.begin()
        while self._ship_part():
            pass
        self._due = time.monotonic() + self._seconds

    def _ship_part(self) -> bool:
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            data = file.read(MOST_PART_BYTES)
        if not data:
            return False
        stored = self._replace(data) if self._generation == self._foreign else self._append(data)
        self._take_stock(stored)
        return len(data) == MOST_PART_BYTES

    def _replace(self, data: bytes) -> Optional[dict]:
        return self._store.write(self._name, data, TRY_SECONDS, self._generation, "text/plain")

    def _append(self, data: bytes) -> Optional[dict]:
        part = self._store.write(self._part, data, TRY_SECONDS, content_type="text/plain")
        self._part_exists = True
        assert part, "an unconditional write has no condition to miss"
        sources = [{"name": self._name, "generation": self._generation},
                   {"name": self._part, "generation": part["generation"]}]
        return self._store.compose(self._name, sources, self._generation, TRY_SECONDS)

    def _take_stock(self, stored: Optional[dict]) -> None:
        """Where a condition was missed, an earlier try that seemed lost has arrived: look."""
        there = stored or self._store.stat(self._name, seconds=TRY_SECONDS)
        if there is None:
            self._offset, self._generation, self._foreign = 0, "0", "0"
        elif there["generation"] != self._foreign:
            self._offset, self._generation = int(there["size"]), there["generation"]

    def clean_up(self) -> None:
        """Deletes the scratch object."""
        if self._part_exists:
            try:
                self._store.delete(self._part, seconds=0)
            except CloudError:
                pass  # A small leftover beside the attempt's records, and the VM is about to go.


def main(bucket: str, part: str, *logs: str) -> int:
    store, parent, ended = Bucket(bucket), os.getppid(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    growing = [open_log(store, part, seconds, log) for seconds, log in zip(logs[::2], logs[1::2])]
    pause = min(float(seconds) for seconds in logs[::2])
    complaint = ""
    while not ended.wait(pause) and os.getppid() == parent:
        for log in growing:
            try:
                log.ship()
            except CloudError as error:
                if str(error) != complaint:  # Once, not at every round of a long run.
                    complaint = str(error)
                    print(f"[vicinity] a log is not copied yet: {complaint}", flush=True)
    for log in growing:
        log.clean_up()
    return 0


def open_log(store: Bucket, part: str, seconds: str, log: str) -> GrowingObject:
    path, name = log.split("=", 1)
    return GrowingObject(store, path, name, f"{part}{os.path.basename(path)}.part", float(seconds))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
