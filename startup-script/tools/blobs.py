"""The files of carried state in the bucket: each content once, named by its hash."""

import base64
import hashlib
import json
import os
import threading
from typing import Dict, Optional, Set, Tuple

from objects import BLOCK, Bucket
from snapshot import Entry, entry_of
from transfer import ShortFile, Source, upload
from tree import Tree
from wire import CloudError


def blob_name(sha256: str) -> str:
    return f"state/blobs/{sha256}"


class Index:
    """The hashes of files whose bytes are in the bucket. It is kept in a file, so that each file is read once."""

    def __init__(self, path: str):
        self._path, self._lock = path, threading.Lock()
        self._known: Dict[str, Tuple[list, str]] = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self._known = json.load(file)
        self.stored: Set[str] = {sha256 for _, sha256 in self._known.values()}

    def find(self, entry: Entry) -> Optional[str]:
        key, sha256 = self._known.get(entry.path, (None, None))
        return sha256 if key == list(entry.key) else None

    def note(self, entry: Entry, sha256: str) -> None:
        with self._lock:
            self._known[entry.path] = (list(entry.key), sha256)
            self.stored.add(sha256)

    def write(self) -> None:
        with open(self._path + ".new", "w", encoding="utf-8") as file:
            json.dump(self._known, file)
        os.replace(self._path + ".new", self._path)


class Changed(Exception):
    """A file changed while it was read."""


def store(bucket: Bucket, tree: Tree, entry: Entry, index: Index) -> str:
    """Makes sure that the file's bytes are in the bucket, and returns their sha256. Raises Changed, CloudError."""
    known = index.find(entry)
    if known:
        return known
    sha256, md5 = hashes(tree, entry)
    name = blob_name(sha256)
    if sha256 not in index.stored and not is_kept(bucket, name):
        send(bucket, Source(entry.path, lambda: tree.open(entry.path)), name, md5)
    index.note(entry, sha256)
    return sha256


def is_kept(bucket: Bucket, name: str) -> bool:
    """Whether the bytes are there to stay. An object that is marked as superseded (customTime) may be deleted any
    day; uploading it again removes the mark."""
    there = bucket.stat(name)
    return there is not None and "customTime" not in there


def send(bucket: Bucket, source: Source, name: str, md5: str) -> None:
    """The bucket refuses bytes other than those that were hashed, so the name is always right."""
    try:
        upload(bucket, source, name, md5)
    except (OSError, ShortFile) as error:
        raise Changed from error
    except CloudError as error:
        if error.status == 400:
            raise Changed from error
        raise


def hashes(tree: Tree, entry: Entry) -> Tuple[str, str]:
    """sha256 (hexadecimal) and md5 (base64) of the file that was listed. Raises Changed where it is another now."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    try:
        opened = tree.open(entry.path)
    except OSError as error:
        raise Changed from error
    with opened as file:
        if entry_of(entry.path, os.fstat(file.fileno())).key != entry.key:
            raise Changed
        for block in iter(lambda: file.read(BLOCK), b""):
            sha256.update(block)
            md5.update(block)
    return sha256.hexdigest(), base64.b64encode(md5.digest()).decode()
