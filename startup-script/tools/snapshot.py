"""The files that a state consists of, and whether they are still changing."""

import os
import stat
from typing import Dict, List, NamedTuple, Set, Tuple

from tree import Tree

# An octal bit pattern of open(2): O_WRONLY or O_RDWR.
WRITING = 0o3


class Entry(NamedTuple):
    """A regular file as it was listed. `key` changes whenever its content may have."""

    path: str
    key: Tuple[int, int, int, int, int]
    size: int
    mode: int
    mtime_ns: int


def entry_of(path: str, found: os.stat_result) -> Entry:
    key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return Entry(path, key, found.st_size, stat.S_IMODE(found.st_mode), found.st_mtime_ns)


def listing(root: str, paths: List[str]) -> Tuple[Dict[str, Entry], Dict[str, str]]:
    """Files and links below `paths`, by their names below `root`. No link is followed out of the tree, though the job
    may create links at the same time. What cannot be opened is left out."""
    files: Dict[str, Entry] = {}
    links: Dict[str, str] = {}

    def note(name: str, directory: int, path: str) -> None:
        try:
            found = os.stat(name, dir_fd=directory, follow_symlinks=False)
            if stat.S_ISLNK(found.st_mode):
                links[path] = os.readlink(name, dir_fd=directory)
            elif stat.S_ISREG(found.st_mode):
                files[path] = entry_of(path, found)
        except FileNotFoundError:
            pass  # Gone since it was listed.

    tree = Tree(root)
    for path in paths:
        try:
            with tree.folder(path) as (top, last):
                note(last, top, path)
                for folder, folders, names, directory in os.fwalk(last, dir_fd=top, follow_symlinks=False):
                    below = os.path.join(path, os.path.relpath(folder, last))
                    for name in names + folders:
                        note(name, directory, os.path.normpath(os.path.join(below, name)))
        except OSError:
            pass  # It is not there, or leads out of the tree.
    return files, links


def stands_still(root: str, entry: Entry) -> bool:
    try:
        return entry_of(entry.path, os.lstat(os.path.join(root, entry.path))).key == entry.key
    except OSError:
        return False


def open_for_writing(root: str) -> Set[str]:
    """Names below `root` of the files that some process has open for writing now. Empty where there is no
    /proc."""
    prefix = os.path.realpath(root) + os.sep
    found: Set[str] = set()
    for pid in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if pid.isdigit():
            found.update(path[len(prefix):] for path in written_by(pid, prefix))
    return found


def written_by(pid: str, prefix: str) -> Set[str]:
    found: Set[str] = set()
    try:
        for fd in os.listdir(f"/proc/{pid}/fd"):
            path = os.readlink(f"/proc/{pid}/fd/{fd}")
            if path.startswith(prefix) and is_written(pid, fd):
                found.add(path)
    except OSError:
        pass  # It has ended, or is another user's.
    return found


def is_written(pid: str, fd: str) -> bool:
    with open(f"/proc/{pid}/fdinfo/{fd}", encoding="ascii") as info:
        flags = next(int(line.split()[1], 8) for line in info if line.startswith("flags:"))
    return bool(flags & WRITING)
