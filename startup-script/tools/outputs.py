"""Uploads files and directories under a prefix, in parallel, each verified.

Usage: outputs.py BUCKET PREFIX ROOT LEDGER PATH…

PATHs are relative to ROOT and keep their names under PREFIX. LEDGER, a file of JSON lines, gets a line for
every object stored ({"name", "bytes", "crc32c"}) and one for every PATH ({"path", "objects", "bytes"}),
also where it is missing: what that means is for the control plane to judge. Exit status 1 if any file could
not be stored; the others are stored all the same.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, Iterator, List, Tuple

from objects import Bucket
from transfer import Stored, upload
from wire import CloudError

PARALLEL = 24


def main(bucket: str, prefix: str, root: str, ledger: str, *paths: str) -> int:
    left: List[str] = []
    found = {path: list(files_under(root, path, left)) for path in paths}
    names = sorted({name for files in found.values() for name in files})
    stored, faults = store_all(Bucket(bucket), prefix, root, names)
    with open(ledger, "a", encoding="utf-8") as file:
        for entry in stored.values():
            print(json.dumps(entry._asdict()), file=file)
        for path, files in found.items():
            print(json.dumps(total(path, [stored[name] for name in files if name in stored])), file=file)
    for path, files in found.items():
        if not files:
            print(f"output {path} is missing or empty")
    if left:
        print(f"left out (no file, or a link to a folder, to nowhere or out of the source): {some(left)}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def store_all(bucket: Bucket, prefix: str, root: str,
              names: List[str]) -> Tuple[Dict[str, Stored], List[str]]:
    """What was stored, by name, and why the rest was not."""
    stored: Dict[str, Stored] = {}
    faults: List[str] = []

    def store(name: str) -> None:
        try:
            stored[name] = upload(bucket, os.path.join(root, name), f"{prefix}/{name}")
        except (CloudError, OSError, UnicodeError) as error:
            faults.append(f"{ascii(name)[1:-1]} was not uploaded: {error}")

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(store, names))
    return stored, sorted(faults)


def files_under(root: str, path: str, left: List[str]) -> Iterator[str]:
    """Names of the files at `path`, relative to `root`; macOS's ._ files stay behind. Whatever else is there,
    such as links that leave `root`, stays behind as well, and is noted in `left`."""
    whole = os.path.join(root, path)
    if not is_inside(root, whole) or os.path.isfile(whole):
        yield from kept(root, path, left)
        return
    for directory, folders, files in os.walk(whole):
        links = [folder for folder in folders if os.path.islink(os.path.join(directory, folder))]
        left.extend(os.path.relpath(os.path.join(directory, link), root) for link in links)
        for file in files:
            yield from kept(root, os.path.relpath(os.path.join(directory, file), root), left)


def kept(root: str, name: str, left: List[str]) -> Iterator[str]:
    whole = os.path.join(root, name)
    if os.path.basename(name).startswith("._") or not os.path.lexists(whole):
        return
    if is_inside(root, whole) and os.path.isfile(whole):
        yield os.path.normpath(name)
    else:
        left.append(name)


def is_inside(root: str, path: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(root) + os.sep)


def some(names: List[str]) -> str:
    named = ", ".join(ascii(name)[1:-1] for name in sorted(names)[:5])
    return f"{named} and {len(names) - 5} more" if len(names) > 5 else named


def total(path: str, stored: List[Stored]) -> dict:
    return {"path": path, "objects": len(stored), "bytes": sum(entry.bytes for entry in stored)}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
