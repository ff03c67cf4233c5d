"""Restores carried state into the source tree, before make.

Usage: restore.py BUCKET SRC RUN_DIR PATH…, with TARGET, RUN_ID, ATTEMPT and JOB_OWNER (UID:GID of the job, or
empty) in the environment.

An attempt that continues a run takes the run's checkpoint; otherwise the target's last good state counts.
Prints what was restored as a line of JSON, or why nothing was. A state that is not complete in the bucket is not
restored at all: the run starts clean, which costs time and never a wrong result. Exit status 1: the bucket
cannot be read now.

make compares modification times. Restored files keep theirs. Files of the source package and inputs that have not
changed since the state was saved get a time before all of them; those that have changed get a later one. Both keep their
order among themselves.
"""

import json
import os
import re
import shutil
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, Optional, Tuple

from blobs import Index, blob_name
from inputs import declared, hash_of_file
from objects import Bucket
from snapshot import entry_of, listing
from state import folder
from tree import Tree
from wire import CloudError

PARALLEL = 16
# 1980-01-01, as the oldest file of a source package; no result is older.
OLDEST_NS = 315532800 * 10**9


class Unusable(Exception):
    """A state that cannot be restored, and why."""


def main(bucket: str, src: str, run_dir: str, *paths: str) -> int:
    tree = Tree(src, os.environ.get("JOB_OWNER", ""))
    sources = hashes_of_sources(tree)
    with open(os.path.join(run_dir, "sources.json"), "w", encoding="utf-8") as file:
        json.dump(sources, file)
    try:
        print(json.dumps(restore(Bucket(bucket), tree, run_dir, list(paths), sources)))
    except Unusable as reason:
        print(json.dumps({"note": f"The state was not restored, and the run starts clean: {reason}"}))
    except (CloudError, OSError) as error:
        print(f"The state cannot be restored: {error}", file=sys.stderr)
        return 1
    return 0


def hashes_of_sources(tree: Tree) -> Dict[str, str]:
    """The sha256 of every file in the tree. Those of inputs are known: inputs.py has just checked them."""
    files, _ = listing(tree.root, ["."])
    known = {os.path.normpath(entry["path"]): entry["sha256"] for entry in declared(tree)}
    return {path: known.get(path) or hash_in(tree, path) for path in files}


def hash_in(tree: Tree, path: str) -> str:
    with tree.open(path) as file:
        return hash_of_file(file)


def restore(store: Bucket, tree: Tree, run_dir: str, paths: List[str], sources: Dict[str, str]) -> dict:
    found = find(store, os.environ["TARGET"], os.environ["RUN_ID"], int(os.environ["ATTEMPT"]))
    if not found:
        return {"note": "There is no state yet."}
    name, document = found
    index = Index(os.path.join(run_dir, "state-index.json"))
    wanted = [file for file in document["files"] if is_wanted(tree, file["path"], paths, sources)]
    staging = os.path.join(run_dir, "restored")
    os.makedirs(staging)
    fetch_all(store, staging, sorted({file["sha256"] for file in wanted}))
    uses = Counter(file["sha256"] for file in wanted)
    for file in wanted:
        uses[file["sha256"]] -= 1
        place(tree, staging, file, uses[file["sha256"]] == 0, index)
    for path, to in document["links"].items():
        if is_wanted(tree, path, paths, sources):
            link(tree, path, to)
    index.write()
    date_sources(tree, sources, document["sources"])
    size = sum(file["bytes"] for file in wanted)
    return {"from": name, "runId": document["runId"], "attempt": document["attempt"], "at": document["at"],
            "files": len(wanted), "bytes": size}


def find(store: Bucket, target: str, run_id: str, attempt: int) -> Optional[Tuple[str, dict]]:
    """The name and the content of the state that this attempt begins with."""
    prefix = folder(target)
    if attempt > 1:
        name = f"{prefix}/{run_id}/checkpoint.json"
        checkpoint = store.read(name)
        if checkpoint:
            return name, parsed(name, checkpoint)
    latest = store.read(f"{prefix}/latest.json")
    if not latest:
        return None
    name = str(parsed(f"{prefix}/latest.json", latest).get("name"))
    saved = store.read(name)
    if not saved:
        raise Unusable(f"{prefix}/latest.json names {name}, which does not exist")
    return name, parsed(name, saved)


def parsed(name: str, data: bytes) -> dict:
    try:
        document = json.loads(data)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Unusable(f"{name} is not a JSON object")
    return document


def is_wanted(tree: Tree, path: str, paths: List[str], sources: Dict[str, str]) -> bool:
    """Whether the path is declared now and not in the package, whose files always win. Raises Unusable."""
    if not tree.contains(path) or os.path.normpath(path) != path:
        raise Unusable(f"{path} lies outside the source tree")
    return path not in sources and any(path == each or path.startswith(each + "/") for each in paths)


def fetch_all(store: Bucket, staging: str, hashes: List[str]) -> None:
    def fetch(sha256: str) -> None:
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            raise Unusable(f"{sha256!r} is no hash")
        try:
            found = store.download(blob_name(sha256), os.path.join(staging, sha256))
        except CloudError as error:
            if error.status != 404:
                raise
            raise Unusable(f"gs://{store.name}/{blob_name(sha256)} is missing") from error
        if found != sha256:
            raise Unusable(f"gs://{store.name}/{blob_name(sha256)} is damaged")

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(fetch, hashes))


def place(tree: Tree, staging: str, file: dict, is_last: bool, index: Index) -> None:
    source = os.path.join(staging, file["sha256"])
    if not is_last:
        # Not a link: the job may change one of two equal files.
        source = shutil.copyfile(source, source + ".copy")
    found = tree.move(source, file["path"], int(file["mode"]), int(file["mtime"]))
    index.note(entry_of(file["path"], found), file["sha256"])


def link(tree: Tree, path: str, to: str) -> None:
    if not os.path.isabs(to) and tree.contains(f"{os.path.dirname(path)}/{to}"):
        tree.link(path, to)


def date_sources(tree: Tree, now: Dict[str, str], then: Dict[str, str]) -> None:
    times = {path: os.lstat(os.path.join(tree.root, path)).st_mtime_ns for path in now}
    places = {mtime_ns: place for place, mtime_ns in enumerate(sorted(set(times.values())))}
    latest = time.time_ns()
    for path, sha256 in now.items():
        place = places[times[path]]
        tree.date(path, OLDEST_NS + place * 10**9 if then.get(path) == sha256 else latest + place)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
