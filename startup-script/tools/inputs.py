"""Puts the declared inputs of .vicinity/package.json into the source tree. Usage: inputs.py BUCKET SRC CACHE,
with JOB_OWNER (UID:GID of the job, or empty) in the environment.

Inputs are content-addressed. An input that the cache on this disk holds is not fetched again, but its hash is
checked again.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, List

from objects import BLOCK, Bucket
from tree import Tree
from wire import CloudError

PARALLEL = 8
# 1980-01-01, as the oldest file of a source package. Unpacking does not change a folder in the eyes of make: none is
# newer than what depends on it.
FOLDERS_DATE_NS = 315532800 * 10**9
# Coarser clocks of file systems would lose a nanosecond.
LATER_NS = 1000
KEPT_SECONDS = 14 * 86400


class Refused(Exception):
    """A declaration that leads out of the tree, or bytes that differ from what was declared."""


def main(bucket: str, src: str, cache: str) -> int:
    os.makedirs(cache, exist_ok=True)
    tree = Tree(src, os.environ.get("JOB_OWNER", ""))
    try:
        inputs = declared(tree)
        # Newer than all tracked files and as old as one another: make takes none of them for outdated.
        date_ns = newest(tree) + LATER_NS
        with ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(lambda entry: place(Bucket(bucket), entry, tree, cache, date_ns), inputs))
        date_folders(tree)
    except (CloudError, Refused, OSError) as error:
        print(f"An input cannot be fetched: {error}", file=sys.stderr)
        return 1
    forget_unused(cache)
    print(f"{len(inputs)} inputs, {sum(int(entry.get('bytes', 0)) for entry in inputs)} bytes")
    return 0


def declared(tree: Tree) -> List[dict]:
    """The entries ({"path", "sha256", "bytes", "executable"}), each checked. Raises Refused."""
    try:
        with tree.open(os.path.join(".vicinity", "package.json")) as file:
            inputs = json.load(file).get("inputs") or []
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise Refused(f".vicinity/package.json is not JSON ({error}): push again") from error
    for entry in inputs:
        if not re.fullmatch("[0-9a-f]{64}", str(entry.get("sha256"))):
            raise Refused(f"{entry.get('path')} has no sha256 in .vicinity/package.json")
        if not tree.contains(entry.get("path", "")):
            raise Refused(f"{entry.get('path')} lies outside the source tree")
    return inputs


def place(store: Bucket, entry: dict, tree: Tree, cache: str, date_ns: int) -> None:
    sha256, kept = entry["sha256"], os.path.join(cache, entry["sha256"])
    scratch = f"{kept}.{os.getpid()}.{hashlib.sha256(entry['path'].encode()).hexdigest()[:8]}"
    if not (os.path.exists(kept) and hash_of(kept) == sha256):
        found = store.download(f"inputs/{sha256}", scratch)
        if found != sha256:
            os.unlink(scratch)
            raise Refused(f"gs://{store.name}/inputs/{sha256} ({entry['path']}) is damaged: "
                          f"its sha256 is {found}")
        os.replace(scratch, kept)
    os.utime(kept)
    # A copy, not a link: the job may change its file, and the cache must not change with it.
    shutil.copyfile(kept, scratch)
    tree.move(scratch, entry["path"], 0o755 if entry.get("executable") else 0o644, date_ns)


def newest(tree: Tree) -> int:
    """When the newest file of the package was changed, in nanoseconds of the epoch."""
    paths = (os.path.join(folder, name) for folder, _, names in os.walk(tree.root) for name in names)
    return max((os.lstat(path).st_mtime_ns for path in paths if not os.path.islink(path)), default=0)


def date_folders(tree: Tree) -> None:
    for folder, folders, _ in os.walk(tree.root):
        for name in folders:
            tree.date(os.path.relpath(os.path.join(folder, name), tree.root), FOLDERS_DATE_NS)


def hash_of(path: str) -> str:
    with open(path, "rb") as file:
        return hash_of_file(file)


def hash_of_file(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(BLOCK), b""):
        digest.update(block)
    return digest.hexdigest()


def forget_unused(cache: str) -> None:
    for entry in os.scandir(cache):
        if entry.stat().st_mtime < time.time() - KEPT_SECONDS:
            os.unlink(entry.path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
