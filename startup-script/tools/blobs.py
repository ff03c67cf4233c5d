"""Files of a state in the bucket, each once, by the hash of its bytes."""

import base64
import hashlib
import json
import os
import threading
from typing import Dict, Optional, Set, Tuple

from objects import BLOCK, Bucket
from snapshot import Entry, entry_of
from transfer import ShortFile, upload
from wire import CloudError


def blob_name(sha256: str) -> str:
    return f"state/blobs/{sha256}"


class Index:
    """What is known of files whose bytes are in the bucket: kept in a file, so that each is read once."""

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
    """A file changes while it is read."""


def store(bucket: Bucket, root: str, entry: Entry, index: Index) -> str:
    """Makes sure that the file's bytes are in the bucket; returns their sha256. Raises Changed, CloudError."""
    known = index.find(entry)
    if known:
        return known
    sha256, md5 = hashes(root, entry)
    name = blob_name(sha256)
    if sha256 not in index.stored and not is_kept(bucket, name):
        send(bucket, os.path.join(root, entry.path), name, md5)
    index.note(entry, sha256)
    return sha256


def is_kept(bucket: Bucket, name: str) -> bool:
    """Whether the bytes are there to stay. What is marked as superseded may be deleted any day; what is sent anew
    has no mark."""
    there = bucket.stat(name)
    return there is not None and "customTime" not in there


def send(bucket: Bucket, path: str, name: str, md5: str) -> None:
    """The bucket takes no bytes but those that were hashed, so a name never lies."""
    try:
        upload(bucket, path, name, md5)
    except (OSError, ShortFile) as error:
        raise Changed from error
    except CloudError as error:
        if error.status == 400:
            raise Changed from error
        raise


def hashes(root: str, entry: Entry) -> Tuple[str, str]:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    try:
        descriptor = os.open(os.path.join(root, entry.path), os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise Changed from error
    with open(descriptor, "rb") as file:
        # The very file that was listed, whatever links have been made since.
        if entry_of(entry.path, os.fstat(descriptor)).key != entry.key:
            raise Changed
        for block in iter(lambda: file.read(BLOCK), b""):
            sha256.update(block)
            md5.update(block)
    return sha256.hexdigest(), base64.b64encode(md5.digest()).decode()
