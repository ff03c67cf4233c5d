"""Unpacks a verified file of provision.files and links its programs.

Usage: files.py FILE SHA256 NAME FOLDER PROGRAM…

The content of FILE goes to FOLDER/SHA256: an archive, by the ending of NAME, is unpacked there, and any other file
gets the name PROGRAM. FOLDER/bin gets a link for each PROGRAM, a path below FOLDER/SHA256, under its last part.
FILE is not needed where FOLDER/SHA256 exists.
"""

import os
import shutil
import stat
import sys
import tarfile
import zipfile
from typing import Iterator

from unpack import Unsafe, escapes, unpack_members

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz")
MAX_UNPACKED_BYTES = 8 << 30
MAX_MEMBERS = 200_000


def main(file: str, sha256: str, name: str, folder: str, *programs: str) -> int:
    target = os.path.join(folder, sha256)
    try:
        if not os.path.isdir(target):
            install(file, name, target, programs[0])
        os.utime(target)
        for program in programs:
            link(target, os.path.join(folder, "bin"), program)
    except (Unsafe, tarfile.TarError, zipfile.BadZipFile, OSError, EOFError) as error:
        print(f"{name} of provision.files cannot be installed: {error}", file=sys.stderr)
        return 1
    return 0


def install(file: str, name: str, target: str, program: str) -> None:
    partial = target + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial)
    if name.endswith(".zip"):
        unpack_zip(file, partial)
    elif name.endswith(ARCHIVES):
        with tarfile.open(file) as archive:
            unpack_members(archive, list(bounded(archive)), partial)
    else:
        os.chmod(shutil.copyfile(file, os.path.join(partial, program)), 0o755)
    for directory, _, _ in os.walk(partial):
        os.chmod(directory, 0o755)
    os.rename(partial, target)


def bounded(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Members, refused as soon as they are too many or too large."""
    size = 0
    for number, member in enumerate(archive):
        size += member.size
        check_bounds(number, size)
        yield member


def check_bounds(members: int, size: int) -> None:
    if members > MAX_MEMBERS or size > MAX_UNPACKED_BYTES:
        raise Unsafe(f"more than {MAX_MEMBERS} members or {MAX_UNPACKED_BYTES} bytes are in it")


def unpack_zip(file: str, target: str) -> None:
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        check_bounds(len(members), sum(member.file_size for member in members))
        for member in members:
            mode = member.external_attr >> 16
            if escapes(member.filename) or stat.S_ISLNK(mode):
                raise Unsafe(f"{member.filename} is a link or would be written outside the folder")
            path = archive.extract(member, target)
            if not member.is_dir():
                os.chmod(path, 0o755 if mode & 0o111 else 0o644)


def link(target: str, folder: str, program: str) -> None:
    whole = os.path.join(target, program)
    if not os.path.isfile(whole):
        raise Unsafe(f"it has no file {program}")
    if not os.access(whole, os.X_OK):
        os.chmod(whole, 0o755)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    os.symlink(whole, os.path.join(folder, os.path.basename(program)))


if __name__ == "__main__":
    os.umask(0o022)  # The job runs these programs.
    sys.exit(main(*sys.argv[1:]))
