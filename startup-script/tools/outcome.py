"""Records the outcome of the attempt. The object is created once: the first outcome stands.

Usage: outcome.py BUCKET RUN_DIR, and in the environment ATTEMPT_PREFIX, RUN_ID, ATTEMPT, BOOT_ID, CAUSE, EXIT_CODE, END_PHASE, REASON,
STARTED_AT, FINISHED_AT, WORKERS, VCPUS, MEMORY_BYTES. RUN_DIR holds outputs.jsonl and logs.jsonl (ledgers of
outputs.py), phases.jsonl, build.log and, if state is carried, restored.json and saved.json. Exit status 3: another
outcome exists already.
"""

import json
import os
import re
import sys
from typing import Iterator, List, Mapping, Tuple

from objects import Bucket
from wire import CloudError

READ_BYTES = 1 << 20
LONGEST_LINE = 8 << 20
# Where a shell takes a word for a command: an echo that the output itself speaks of hides no mark.
PRINTING_COMMAND = re.compile(rb"(?:^|[;&|({]|\b(?:then|else|do)\b)\s*(?:echo|printf)\s")
# What restore.py and state.py have done, by the names of their reports.
STATE = ("restored", "saved")


def main(bucket: str, run_dir: str) -> int:
    outcome = compose_outcome(os.environ, run_dir)
    name = f"{os.environ['ATTEMPT_PREFIX']}/outcome.json"
    data = json.dumps(outcome).encode()
    store = Bucket(bucket)
    try:
        ours = store.create(name, data) or store.read(name) == data
    except CloudError as error:
        print(f"The outcome is not recorded: {error}", file=sys.stderr)
        return 1
    if not ours:
        print(f"gs://{bucket}/{name} exists already and stands as it is.", file=sys.stderr)
        return 3
    return 0


def compose_outcome(env: Mapping[str, str], run_dir: str) -> dict:
    exit_code = int(env["EXIT_CODE"])
    outputs = list(read_lines(os.path.join(run_dir, "outputs.jsonl")))
    logs = list(read_lines(os.path.join(run_dir, "logs.jsonl")))
    warnings, errors = count_marks(os.path.join(run_dir, "build.log"))
    outcome = {
        "runId": env["RUN_ID"],
        "attempt": int(env["ATTEMPT"]),
        "bootId": env["BOOT_ID"],
        "outcome": "failed" if exit_code else "succeeded",
        "cause": env["CAUSE"],
        "exitCode": exit_code,
        "phase": env["END_PHASE"],
        "startedAt": env["STARTED_AT"],
        "finishedAt": env["FINISHED_AT"],
        "phases": list(read_lines(os.path.join(run_dir, "phases.jsonl"))),
        "outputs": [entry for entry in outputs if "path" in entry],
        "manifest": [entry for entry in outputs + logs if "name" in entry],
        "warnings": warnings,
        "errors": errors,
        "workers": int(env["WORKERS"]),
        "vcpus": int(env["VCPUS"]),
        "memoryBytes": int(env["MEMORY_BYTES"]),
    }
    untouched = [entry["untouched"] for entry in outputs if "untouched" in entry]
    if untouched:
        outcome["untouched"] = untouched
    if exit_code:
        outcome["reason"] = env["REASON"]
    outcome["executed"] = [*read_lines(os.path.join(run_dir, "executed.jsonl")),
                           {"name": "source", "sha256": env.get("SOURCE_SHA256", "")}]
    outcome["job"] = {"user": env.get("JOB_RUNS_AS", ""), "metadataServer": env.get("METADATA_IS", "open")}
    state = {verb: next(read_lines(os.path.join(run_dir, f"{verb}.json")), None) for verb in STATE}
    if any(state.values()):
        outcome["state"] = {verb: found for verb, found in state.items() if found}
    return outcome


def read_lines(path: str) -> Iterator[dict]:
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            yield from (json.loads(line) for line in file)


def count_marks(path: str) -> Tuple[int, int]:
    """Lines of the log with [warn] and with [error]: the pipeline's own workers exit 0 after an exception. A recipe that make
    shows before it runs it has only said what it would print."""
    warnings = errors = 0
    for lines in whole_lines(path):
        folded = lines.lower()
        # Most of a long log has neither, and need not be taken apart.
        if b"[warn]" in folded or b"[error]" in folded:
            for line in folded.split(b"\n"):
                warnings += is_marked(line, b"[warn]")
                errors += is_marked(line, b"[error]")
    return warnings, errors


def is_marked(line: bytes, mark: bytes) -> bool:
    before, found, _ = line.partition(mark)
    return bool(found) and not PRINTING_COMMAND.search(before)


def whole_lines(path: str) -> Iterator[bytes]:
    """Pieces of the log that end where a line does; a carriage return ends one too. What is longer than LONGEST_LINE
    counts as several lines."""
    rest: List[bytes] = []
    if not os.path.exists(path):
        return
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(READ_BYTES), b""):
            whole, end, last = block.replace(b"\r", b"\n").rpartition(b"\n")
            if end or len(rest) * READ_BYTES > LONGEST_LINE:
                yield b"".join([*rest, whole])
                rest = [last]
            else:
                rest.append(block)
    yield b"".join(rest)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
