"""Copies growing logs to the bucket, so that they survive the VM.

Usage: logship.py BUCKET PART_PREFIX SECONDS FILE=NAME [SECONDS FILE=NAME …]

Only new bytes are uploaded, as parts that the bucket then composes into the object. The next part begins at the
size that the bucket reports, so a lost reply neither loses nor doubles anything. Runs until SIGTERM or the end of
its parent.
"""

import os
import signal
import sys
import threading
import time
from typing import BinaryIO, List, Optional

from objects import Bucket
from say import say
from wire import CloudError

PART_BYTES = int(os.environ.get("VICINITY_CHUNK_BYTES", str(8 << 20)))
# An object takes about one write a second (https://cloud.google.com/storage/quotas#objects), and a join 32
# sources, of which the log is one: so whatever has piled up goes up as many parts, and one join a round.
MOST_PARTS = 31
# Short, because the next round tries again anyway.
TRY_SECONDS = 20.0


class GrowingObject:
    """One log and its object. `part` begins the names of scratch objects, told apart by their generations."""

    def __init__(self, store: Bucket, path: str, name: str, part: str, seconds: float):
        self._store, self._path, self._name, self._part = store, path, name, part
        self._seconds, self._due = seconds, 0.0
        self._offset, self._generation = 0, "0"
        self._foreign: Optional[str] = None
        self._parts_made = 0

    def begin(self) -> None:
        """The log of an earlier attempt is replaced, never continued."""
        there = self._store.stat(self._name, seconds=TRY_SECONDS)
        self._generation = self._foreign = there["generation"] if there else "0"

    def ship(self) -> None:
        """Adds what is new, where this log's time has come. Raises CloudError; the next call mends what it
        left."""
        if time.monotonic() < self._due or not os.path.exists(self._path):
            return
        if self._foreign is None:
            self.begin()
        if os.path.getsize(self._path) > self._offset:
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                is_first = self._generation == self._foreign
                self._take_stock(self._replace(file) if is_first else self._append(file))
        self._due = time.monotonic() + self._seconds

    def _replace(self, file: BinaryIO) -> Optional[dict]:
        data = file.read(PART_BYTES)
        return self._store.write(self._name, data, TRY_SECONDS, self._generation, "text/plain")

    def _append(self, file: BinaryIO) -> Optional[dict]:
        sources = [{"name": self._name, "generation": self._generation}]
        for number in range(MOST_PARTS):
            data = file.read(PART_BYTES)
            if not data:
                break
            sources.append(self._write_part(number, data))
        return self._store.compose(self._name, sources, self._generation, TRY_SECONDS)

    def _write_part(self, number: int, data: bytes) -> dict:
        name = f"{self._part}.{number}.part"
        part = self._store.write(name, data, TRY_SECONDS, content_type="text/plain")
        assert part, "an unconditional write has no condition to miss"
        self._parts_made = max(self._parts_made, number + 1)
        return {"name": name, "generation": part["generation"]}

    def _take_stock(self, stored: Optional[dict]) -> None:
        """Where a condition was missed, an earlier try that seemed lost has arrived: look."""
        there = stored or self._store.stat(self._name, seconds=TRY_SECONDS)
        if there is None:
            self._offset, self._generation, self._foreign = 0, "0", "0"
        elif there["generation"] != self._foreign:
            self._offset, self._generation = int(there["size"]), there["generation"]

    def clean_up(self) -> None:
        """Deletes the scratch objects."""
        try:
            for number in range(self._parts_made):
                self._store.delete(f"{self._part}.{number}.part", seconds=0)
        except CloudError:
            pass  # A leftover beside the attempt's records, and the VM is about to go.


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
            except (CloudError, OSError) as error:
                if str(error) != complaint:  # Once, not at every round of a long run.
                    complaint = str(error)
                    say(f"a log is not copied yet: {complaint}")
    for log in growing:
        log.clean_up()
    return 0


def open_log(store: Bucket, part: str, seconds: str, log: str) -> GrowingObject:
    path, name = log.split("=", 1)
    return GrowingObject(store, path, name, f"{part}{os.path.basename(path)}", float(seconds))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
