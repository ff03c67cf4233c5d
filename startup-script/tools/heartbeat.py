"""Says that the VM is alive, and where it is. Usage: heartbeat.py BUCKET RUN_ID ATTEMPT BOOT_ID SECONDS
PHASE_FILE LOG"""

import json
import os
import sys
import time
from datetime import datetime, timezone

from objects import Bucket
from wire import CloudError


def main(bucket: str, run_id: str, attempt: str, boot_id: str,
         seconds: str, phase_file: str, log: str) -> int:
    store, parent = Bucket(bucket), os.getppid()
    name = f"runs/{run_id}/attempt-{attempt}/heartbeat.json"
    while os.getppid() == parent:
        beat = {"runId": run_id, "attempt": int(attempt), "bootId": boot_id, **state(phase_file, log)}
        try:
            store.write(name, json.dumps(beat).encode(), seconds=float(seconds))
        except CloudError as error:
            print(f"[vicinity] no heartbeat: {error}", flush=True)
        time.sleep(float(seconds))
    return 0


def state(phase_file: str, log: str) -> dict:
    with open(phase_file, encoding="utf-8") as file:
        phase, started = file.read().split()
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    size = os.path.getsize(log) if os.path.exists(log) else 0
    return {"at": now, "phase": phase, "phaseStartedAt": started, "logBytes": size}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
