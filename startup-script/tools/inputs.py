"""Places the declared inputs of .vicinity/package.json in the source tree. Usage: inputs.py BUCKET SRC
CACHE

They are content-addressed: what the cache on this disk holds is not fetched again, but its hash is checked
again.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import List

from objects import BLOCK, Bucket
from wire import CloudError

PARALLEL = 8
KEPT_SECONDS = 14 * 86400


class Refused(Exception):
    """A declaration that must not be followed, or bytes that are not what was declared."""


def main(bucket: str, src: str, cache: str) -> int:
    os.makedirs(cache, exist_ok=True)
    try:
        inputs = declared(src)
        with ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(lambda entry: place(Bucket(bucket), entry, src, cache), inputs))
    except (CloudError, Refused, OSError) as error:
        print(f"An input cannot be fetched: {error}", file=sys.stderr)
        return 1
    forget_unused(cache)
    print(f"{len(inputs)} inputs, {sum(int(entry.get('bytes', 0)) for entry in inputs)} bytes")
    return 0


def declared(src: str) -> List[dict]:
    path = os.path.join(src, ".vicinity", "package.json")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        try:
            inputs = json.load(file).get("inputs") or []
        except ValueError as error:
            raise Refused(f".vicinity/package.json is not JSON ({error}): push again") from error
    for entry in inputs:
        if not re.fullmatch("[0-9a-f]{64}", str(entry.get("sha256"))):
            raise Refused(f"{entry.get('path')} has no sha256 in .vicinity/package.json")
        if not within(src, entry.get("path", "")):
            raise Refused(f"{entry.get('path')} lies outside the source tree")
    return inputs


def within(src: str, path: str) -> bool:
    root = os.path.realpath(src)
    return path != "" and os.path.realpath(os.path.join(root, path)).startswith(root + os.sep)


def place(store: Bucket, entry: dict, src: str, cache: str) -> None:
    sha256, kept = entry["sha256"], os.path.join(cache, entry["sha256"])
    if not (os.path.exists(kept) and hash_of(kept) == sha256):
        partial = f"{kept}.{os.getpid()}.{hashlib.sha256(entry['path'].encode()).hexdigest()[:8]}"
        found = store.download(f"inputs/{sha256}", partial)
        if found != sha256:
            os.unlink(partial)
            raise Refused(f"gs://{store.name}/inputs/{sha256} ({entry['path']}) is damaged: "
                          f"its sha256 is {found}")
        os.replace(partial, kept)
    os.utime(kept)
    target = os.path.join(src, entry["path"])
    os.makedirs(os.path.dirname(target), exist_ok=True)
    # A copy, not a link: the job may change its file, and the cache must not change with it.
    shutil.copyfile(kept, target)


def hash_of(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def forget_unused(cache: str) -> None:
    for entry in os.scandir(cache):
        if entry.stat().st_mtime < time.time() - KEPT_SECONDS:
            os.unlink(entry.path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
