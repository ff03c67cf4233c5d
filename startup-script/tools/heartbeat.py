"""Reports that the VM is alive, its phase and the progress of the job.

Usage: heartbeat.py BUCKET ATTEMPT_PREFIX RUN_ID ATTEMPT BOOT_ID SECONDS PHASE_FILE LOG PATTERN

A task of a Batch job whose attempt was given up is ended: no other machine is switched off for it.
PATTERN finds progress in LOG (see progress.py); empty: there is none to find.
"""

import json
import os
import re
import signal
import sys
import time
from typing import Optional

from clock import now_utc
from objects import Bucket
from progress import Progress, TooSlow
from say import say


def main(bucket: str, prefix: str, run_id: str, attempt: str, boot_id: str,
         seconds: str, phase_file: str, log: str, pattern: str) -> int:
    store, parent, observer = Bucket(bucket), os.getppid(), Observer(pattern, log)
    is_task = os.environ.get("VICINITY_ENGINE") == "batch"
    while os.getppid() == parent:
        try:
            beat = {"runId": run_id, "attempt": int(attempt), "bootId": boot_id, **state(phase_file, log),
                    **observer.look()}
            store.write(f"{prefix}/heartbeat.json", json.dumps(beat).encode(), seconds=float(seconds))
            if is_task and is_abandoned(store, f"{prefix}/outcome.json"):
                say("The control plane has given this attempt up.")
                os.kill(parent, signal.SIGTERM)
                return 0
        except Exception as error:  # Whatever it is: without heartbeats the VM counts as dead.
            say(f"no heartbeat: {error}")
        time.sleep(float(seconds))
    return 0


def is_abandoned(store: Bucket, name: str) -> bool:
    """Whether somebody else has ended the attempt. Nothing that it does from here on counts."""
    outcome = store.read(name)
    return outcome is not None and "abandoned" in json.loads(outcome)


class Observer:
    """Looks for progress until the pattern turns out to be unusable, which is reported once."""

    def __init__(self, pattern: str, log: str):
        self._progress: Optional[Progress] = None
        try:
            self._progress = Progress(pattern, log) if pattern else None
        except re.error as error:
            say(f"the progress pattern is of no use here: {error}")

    def look(self) -> dict:
        """The progress, as a part of the heartbeat."""
        try:
            found = self._progress.look() if self._progress else None
        except TooSlow:
            say("the progress pattern takes too long: it is not used any more")
            self._progress = found = None
        return {"progress": found} if found else {}


def state(phase_file: str, log: str) -> dict:
    with open(phase_file, encoding="utf-8") as file:
        phase, started = file.read().split()
    now = now_utc("milliseconds")
    size = os.path.getsize(log) if os.path.exists(log) else 0
    return {"at": now, "phase": phase, "phaseStartedAt": started, "logBytes": size}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
