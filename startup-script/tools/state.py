"""Carries files of the source tree from run to run, and from attempt to attempt.

Usage: state.py save|checkpoint|keep BUCKET SRC RUN_DIR SECONDS PATH…
with TARGET, RUN_ID, ATTEMPT and SOURCE_SHA256 in the environment.

save        records the state of a job that has succeeded, once: state/<target>/<runId>/attempt-<n>.json.
keep        records a checkpoint every SECONDS while the job runs: state/<target>/<runId>/checkpoint.json.
            Ends with its parent or at SIGTERM.
checkpoint  records one more, of a job that has been stopped: without what it was writing then.

Prints what was recorded as a line of JSON. A record is one object, written after all the bytes that it names, so a
state is never incomplete. Files that are open for writing, or change while they are read, are
left out: whoever finds one missing makes it anew.
"""

import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, Optional, Set

from blobs import Changed, Index, store
from clock import now_utc
from objects import Bucket
from say import say
from snapshot import Entry, listing, open_for_writing, stands_still
from tree import Tree
from wire import CloudError

PARALLEL = 16
# How often is noted what the job writes, for the case that it is killed.
WATCH_SECONDS = 10.0


def folder(target: str) -> str:
    """A target may have slashes in its name; no target has a tilde or an equals sign. Each shard has its own state."""
    shard = os.environ.get("VICINITY_SHARD")
    return f"state/{target.replace('/', '~')}" + (f"={shard}" if shard else "")


class State:
    """The paths of one run that are carried."""

    def __init__(self, bucket: str, src: str, run_dir: str, paths: List[str]):
        env = os.environ
        self._store, self._src, self._run_dir, self._paths = Bucket(bucket), src, run_dir, paths
        self._tree = Tree(src)
        self._run = {"target": env["TARGET"], "runId": env["RUN_ID"], "attempt": int(env["ATTEMPT"]),
                     "source": env["SOURCE_SHA256"]}
        self._prefix = f"{folder(env['TARGET'])}/{env['RUN_ID']}"
        self._index = Index(os.path.join(run_dir, "state-index.json"))
        self._in_flux = os.path.join(run_dir, "state-writing.json")

    def save(self) -> dict:
        document = self._record(set(), None)
        name = f"{self._prefix}/attempt-{self._run['attempt']}.json"
        data = json.dumps(document).encode()
        if not self._store.create(name, data) and self._store.read(name) != data:
            raise CloudError(412, f"gs://{self._store.name}/{name} exists already and stands as it is")
        return summary(name, document)

    def checkpoint(self, is_stopped: bool) -> dict:
        writing, since = open_for_writing(self._src), None
        if is_stopped:
            writing, since = self._written_at_the_end()
        document = self._record(writing, since)
        name = f"{self._prefix}/checkpoint.json"
        self._store.write(name, json.dumps(document).encode())
        return summary(name, document)

    def watch(self) -> None:
        """Notes what is being written now."""
        noted = {"at": time.time_ns(), "paths": sorted(open_for_writing(self._src))}
        with open(self._in_flux + ".new", "w", encoding="utf-8") as file:
            json.dump(noted, file)
        os.replace(self._in_flux + ".new", self._in_flux)

    def _written_at_the_end(self) -> "tuple[Set[str], int]":
        """What the job may not have finished writing when it was stopped: what it had open when that was
        last noted, and what has changed since (nanoseconds of the epoch)."""
        try:
            with open(self._in_flux, encoding="utf-8") as file:
                noted = json.load(file)
            return set(noted["paths"]), noted["at"]
        except (OSError, ValueError):
            return set(), 0

    def _record(self, excluded: Set[str], unchanged_since: Optional[int]) -> dict:
        files, links = listing(self._src, self._paths)
        wanted = [entry for path, entry in files.items() if path not in excluded
                  and (unchanged_since is None or max(entry.key[3:]) < unchanged_since)]
        hashes = self._store_all(wanted)
        # Looked at again at the very end: what says that something is done must not be newer than that.
        kept = [entry for entry in wanted if entry.path in hashes and stands_still(self._src, entry)]
        self._index.write()
        return {
            "version": 1, **self._run,
            "at": now_utc(),
            "files": [described(entry, hashes[entry.path]) for entry in kept],
            "links": links,
            "sources": self._sources(),
        }

    def _store_all(self, entries: List[Entry]) -> Dict[str, str]:
        def store_one(entry: Entry) -> Optional[str]:
            try:
                return store(self._store, self._tree, entry, self._index)
            except Changed:
                return None

        with ThreadPoolExecutor(PARALLEL) as pool:
            hashes = pool.map(store_one, entries)
            return {entry.path: sha256 for entry, sha256 in zip(entries, hashes) if sha256}

    def _sources(self) -> Dict[str, str]:
        """What the job was given, by restore.py."""
        with open(os.path.join(self._run_dir, "sources.json"), encoding="utf-8") as file:
            return json.load(file)


def described(entry: Entry, sha256: str) -> dict:
    return {"path": entry.path, "sha256": sha256, "bytes": entry.size, "mode": entry.mode,
            "mtime": str(entry.mtime_ns)}


def summary(name: str, document: dict) -> dict:
    files = document["files"]
    return {"name": name, "files": len(files), "bytes": sum(file["bytes"] for file in files)}


def keep(state: State, seconds: float) -> None:
    os.nice(10)
    parent, ended = os.getppid(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    due = time.monotonic() + seconds
    state.watch()
    while not ended.wait(min(WATCH_SECONDS, seconds)) and os.getppid() == parent:
        state.watch()
        if time.monotonic() < due:
            continue
        due = time.monotonic() + seconds
        try:
            found = state.checkpoint(is_stopped=False)
            say(f"checkpoint: {found['files']} files, {found['bytes']} bytes")
        except (CloudError, OSError) as error:
            say(f"no checkpoint: {error}")


def main(verb: str, bucket: str, src: str, run_dir: str, seconds: str, *paths: str) -> int:
    state = State(bucket, src, run_dir, list(paths))
    if verb == "keep":
        keep(state, float(seconds))
        return 0
    try:
        found = state.save() if verb == "save" else state.checkpoint(is_stopped=True)
    except CloudError as error:
        print(f"The state is not saved: {error}", file=sys.stderr)
        return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
