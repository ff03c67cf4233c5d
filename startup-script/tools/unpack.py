"""Unpacks a source package from standard input, and refuses what would reach outside the directory.

Usage: unpack.py DIR <TARBALL
"""

import os
import sys
import tarfile
from typing import BinaryIO, List, Set


class Unsafe(Exception):
    """A member of an archive that must not be unpacked."""


def main(directory: str) -> int:
    try:
        unpack(sys.stdin.buffer, directory)
    except (Unsafe, tarfile.TarError, OSError, EOFError) as error:
        print(f"The source package cannot be unpacked: {error}", file=sys.stderr)
        return 1
    return 0


def unpack(tarball: BinaryIO, directory: str) -> None:
    with tarfile.open(fileobj=tarball, mode="r:gz") as archive:
        unpack_members(archive, archive.getmembers(), directory)


def unpack_members(archive: tarfile.TarFile, members: List[tarfile.TarInfo], directory: str) -> None:
    """The checks are made here, so that they are the same on every version of Python. Raises Unsafe."""
    root = os.path.realpath(directory)
    archive.extraction_filter = lambda member, path: member
    files = {os.path.normpath(member.name) for member in members if member.isfile()}
    for member in members:
        check(member, files)
    links = [member for member in members if member.issym()]
    # Links come last, so that no file can be written through one.
    for member in [m for m in members if not m.issym()] + links:
        extract(archive, member, root)
    for link in links:
        if not os.path.islink(os.path.join(root, link.name)):
            raise Unsafe(f"{link.name} is a link and something else as well")
        if not inside(root, os.path.join(root, link.name)):
            raise Unsafe(f"{link.name} is a link that leaves the source tree, to {link.linkname}")


def check(member: tarfile.TarInfo, files: Set[str]) -> None:
    if not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
        raise Unsafe(f"{member.name} is a device or another special file")
    if escapes(member.name):
        raise Unsafe(f"{member.name} would be written outside the source tree")
    target = os.path.join(os.path.dirname(member.name), member.linkname)
    if (member.issym() and escapes(target)) or (member.islnk() and escapes(member.linkname)):
        raise Unsafe(f"{member.name} is a link that leaves the source tree, to {member.linkname}")
    if member.islnk() and os.path.normpath(member.linkname) not in files:
        raise Unsafe(f"{member.name} is a hard link to {member.linkname}, which is not a file of the package")


def escapes(path: str) -> bool:
    return os.path.isabs(path) or os.path.normpath(path).split(os.sep)[0] == ".."


def inside(root: str, path: str) -> bool:
    real = os.path.realpath(path)
    return real == root or real.startswith(root + os.sep)


def extract(archive: tarfile.TarFile, member: tarfile.TarInfo, root: str) -> None:
    if not inside(root, os.path.join(root, os.path.dirname(member.name))):
        raise Unsafe(f"{member.name} would be written through a link outside the source tree")
    member.uid = member.gid = 0
    member.mode = (member.mode & 0o755) | (0o700 if member.isdir() else 0o600)
    archive.extract(member, root, set_attrs=not member.issym(), numeric_owner=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
