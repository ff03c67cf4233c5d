"""Prints which shard a task of a Batch job works on, as NUL-separated NAME, VALUE pairs for bash: SHARD, ATTEMPT and
PARAMS (a JSON object). Usage: wave.py BUCKET RUN_ID WAVE INDEX

The control plane creates shards/<runId>/wave-<w>.json once, before the job; the index is the position in its tasks.
"""

import json
import sys

from objects import Bucket
from wire import CloudError


def main(bucket: str, run_id: str, wave: str, index: str) -> int:
    name = f"shards/{run_id}/wave-{wave}.json"
    try:
        data = Bucket(bucket).read(name)
        if data is None:
            raise ValueError("there is no such object")
        pairs = task_of(json.loads(data), int(index))
    except (CloudError, ValueError) as error:
        print(f"gs://{bucket}/{name}: {error}", file=sys.stderr)
        return 1
    sys.stdout.write("".join(f"{name}\0{value}\0" for name, value in pairs.items()))
    return 0


def task_of(wave: object, index: int) -> dict:
    """Raises ValueError if the wave has no such task. spec.py and bash check the values."""
    tasks = wave.get("tasks") if isinstance(wave, dict) else None
    if not isinstance(tasks, list) or index >= len(tasks):
        raise ValueError(f"it has no task {index}")
    task = tasks[index]
    if not isinstance(task, dict) or not isinstance(task.get("params", {}), dict):
        raise ValueError(f"task {index} is not an object with params")
    return {"SHARD": word(task.get("shard")), "ATTEMPT": word(task.get("attempt")),
            "PARAMS": json.dumps(task.get("params", {}))}


def word(value: object) -> str:
    return str(value).replace("\0", " ")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
