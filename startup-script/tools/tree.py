"""The source tree, which the job may change at any time: files are opened so that no link leads root out of it.

A path is resolved first, since links within the tree are allowed. What it resolves to is then opened folder by
folder without following links, so that a link made in between is refused. Raises Outside for a path that leaves
the tree, OSError where it cannot be opened.
"""

import os
import stat
from contextlib import contextmanager
from typing import BinaryIO, ContextManager, Iterator, Optional, Tuple

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# A pipe that the job left must not block the reader.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Outside(OSError):
    """A path that leads out of the tree."""


class Tree:
    """Files below `root`. What it creates belongs to `owner`, a text UID:GID; empty: to whoever runs this."""

    def __init__(self, root: str, owner: str = ""):
        self.root = os.path.realpath(root)
        self._owner: Optional[Tuple[int, ...]] = tuple(int(part) for part in owner.split(":")) if owner else None

    def contains(self, path: str) -> bool:
        """Whether `path` leads to something below the root, and is not the root itself."""
        return path != "" and os.path.realpath(os.path.join(self.root, path)).startswith(self.root + os.sep)

    def is_root(self, path: str) -> bool:
        return os.path.realpath(os.path.join(self.root, path)) == self.root

    def open(self, path: str) -> BinaryIO:
        """A regular file, for reading."""
        with self._folder(os.path.realpath(os.path.join(self.root, path))) as (folder, name):
            descriptor = os.open(name, READ, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(f"{path} is not a regular file")
        return os.fdopen(descriptor, "rb")

    def move(self, source: str, path: str, mode: int = 0o644, mtime_ns: Optional[int] = None) -> os.stat_result:
        """Moves the file `source`, which only root can reach, in place of what is at `path`, a link included."""
        if self._owner:
            os.chown(source, *self._owner)
        os.chmod(source, mode & 0o777)
        if mtime_ns is not None:
            os.utime(source, ns=(mtime_ns, mtime_ns))
        with self._place(path) as (folder, name):
            os.rename(source, name, dst_dir_fd=folder)
            return os.stat(name, dir_fd=folder, follow_symlinks=False)

    def folder(self, path: str) -> ContextManager[Tuple[int, str]]:
        """The folder that `path` is in, opened, and the last part of the path, which may be a link. Of "." it is the
        root and "."."""
        return self._open_root() if os.path.normpath(path) == "." else self._folder(self._resolved(path))

    @contextmanager
    def _open_root(self) -> Iterator[Tuple[int, str]]:
        root = os.open(self.root, FOLDER)
        try:
            yield root, "."
        finally:
            os.close(root)

    def link(self, path: str, to: str) -> None:
        """Makes a symbolic link, unless there is something already."""
        with self._place(path) as (folder, name):
            try:
                os.symlink(to, name, dir_fd=folder)
            except FileExistsError:
                return
            if self._owner:
                os.chown(name, *self._owner, dir_fd=folder, follow_symlinks=False)

    def date(self, path: str, mtime_ns: int) -> None:
        """Sets the time of the last change."""
        with self._folder(os.path.join(self.root, path)) as (folder, name):
            os.utime(name, ns=(mtime_ns, mtime_ns), dir_fd=folder, follow_symlinks=False)

    def _place(self, path: str) -> ContextManager[Tuple[int, str]]:
        """As _folder, for something to be made there; folders that are missing are made as well."""
        return self._folder(self._resolved(path), create=True)

    def _resolved(self, path: str) -> str:
        """The whole path, resolved except for its last part."""
        folders, name = os.path.split(os.path.normpath(os.path.join(self.root, path)))
        return os.path.join(os.path.realpath(folders), name)

    @contextmanager
    def _folder(self, whole: str, create: bool = False) -> Iterator[Tuple[int, str]]:
        """The folder of `whole`, a resolved path, opened without following a link, and the last part of it."""
        if not whole.startswith(self.root + os.sep):
            raise Outside(f"{whole} lies outside the source tree")
        *folders, name = whole[len(self.root) + 1:].split(os.sep)
        folder = os.open(self.root, FOLDER)
        try:
            for part in folders:
                below = self._enter(part, folder, create)
                os.close(folder)
                folder = below
            yield folder, name
        finally:
            os.close(folder)

    def _enter(self, part: str, folder: int, create: bool) -> int:
        try:
            return os.open(part, FOLDER, dir_fd=folder)
        except FileNotFoundError:
            if not create:
                raise
        try:
            os.mkdir(part, 0o755, dir_fd=folder)
        except FileExistsError:
            pass  # Another thread has just made it.
        below = os.open(part, FOLDER, dir_fd=folder)
        self._give(below)
        os.fchmod(below, 0o755)
        return below

    def _give(self, descriptor: int) -> None:
        if self._owner:
            os.fchown(descriptor, *self._owner)
