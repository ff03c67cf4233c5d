"""Uploads files and directories under a prefix, in parallel, each verified.

Usage: outputs.py BUCKET PREFIX ROOT LEDGER PATH…, with TREE_READY in the environment: a file that was made when the
source, the inputs and the carried state were in place.

PATHs are relative to ROOT and keep their names under PREFIX. LEDGER, a file of JSON lines, gets a line for
every object stored ({"name", "bytes", "crc32c"}) and one for every PATH ({"path", "objects", "bytes"}), also for
one that is missing; and one ({"untouched"}) for every PATH whose files are all as they were before the job. The
control plane decides what that means. Exit status 1 if any file could not be stored; the others are stored all the
same.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Container, Dict, Iterator, List, Tuple

from names import RESERVED, problem_with
from objects import Bucket
from transfer import Source, Stored, upload
from tree import Tree
from wire import CloudError

PARALLEL = 24


def main(bucket: str, prefix: str, root: str, ledger: str, *paths: str,
         reserved: Container[str] = RESERVED) -> int:
    tree, skipped = Tree(root), []  # type: Tree, List[str]
    found = {path: list(files_under(tree, path, skipped)) for path in paths}
    names = sorted({name for files in found.values() for name in files})
    stored, problems = store_all(Bucket(bucket), prefix, tree, names, reserved)
    with open(ledger, "a", encoding="utf-8") as file:
        for entry in stored.values():
            print(json.dumps(entry._asdict()), file=file)
        for path, files in found.items():
            print(json.dumps(total(path, [stored[name] for name in files if name in stored])), file=file)
            if files and not any(is_touched(tree, name) for name in files):
                print(json.dumps({"untouched": path}), file=file)
    for path, files in found.items():
        if not files:
            print(f"output {path} is missing or empty")
    if skipped:
        print("left out (not a regular file, or a link to a folder, to nowhere or out of the source): "
              f"{some(skipped)}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def store_all(bucket: Bucket, prefix: str, tree: Tree, names: List[str],
              reserved: Container[str]) -> Tuple[Dict[str, Stored], List[str]]:
    """The stored objects by name, and a message for each file that was not stored."""
    stored: Dict[str, Stored] = {}
    problems: List[str] = []

    def store(name: str) -> None:
        problem = problem_with(prefix, name, reserved)
        if not problem:
            try:
                stored[name] = upload(bucket, Source(name, lambda: tree.open(name)), f"{prefix}/{name}")
                return
            except (CloudError, OSError) as error:
                problem = str(error)
        problems.append(f"{shown(name)} was not uploaded: {problem}")

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(store, names))
    return stored, sorted(problems)


def files_under(tree: Tree, path: str, skipped: List[str]) -> Iterator[str]:
    """Names of the files at `path`, relative to the root, without macOS's ._ files. Whatever else is there, such as
    links that leave the tree, is noted in `skipped`."""
    whole = os.path.join(tree.root, path)
    if not (tree.contains(path) or tree.is_root(path)) or os.path.isfile(whole):
        yield from kept(tree, path, skipped)
        return
    for directory, folders, files in os.walk(whole):
        links = [folder for folder in folders if os.path.islink(os.path.join(directory, folder))]
        skipped.extend(os.path.relpath(os.path.join(directory, link), tree.root) for link in links)
        for file in files:
            yield from kept(tree, os.path.relpath(os.path.join(directory, file), tree.root), skipped)


def kept(tree: Tree, name: str, skipped: List[str]) -> Iterator[str]:
    whole = os.path.join(tree.root, name)
    if os.path.basename(name).startswith("._") or not os.path.lexists(whole):
        return
    if tree.contains(name) and os.path.isfile(whole):
        yield os.path.normpath(name)
    else:
        skipped.append(name)


def is_touched(tree: Tree, name: str) -> bool:
    """Whether the job wrote, made, replaced or renamed the file. No program can set st_ctime."""
    mark = os.environ.get("TREE_READY")
    if not mark:
        return True
    try:
        with tree.open(name) as file:
            changed = max(os.fstat(file.fileno()).st_ctime_ns,
                          os.lstat(os.path.join(tree.root, name)).st_ctime_ns)
    except OSError:
        return True  # Somebody has just changed it.
    return changed >= os.stat(mark).st_ctime_ns


def some(names: List[str]) -> str:
    named = ", ".join(shown(name) for name in sorted(names)[:5])
    return f"{named} and {len(names) - 5} more" if len(names) > 5 else named


def shown(name: str) -> str:
    """The name in a message: bytes that are not UTF-8 and control characters as \\xNN."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def total(path: str, stored: List[Stored]) -> dict:
    return {"path": path, "objects": len(stored), "bytes": sum(entry.bytes for entry in stored)}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
