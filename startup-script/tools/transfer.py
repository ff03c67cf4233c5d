"""Verified uploads of files: the server checks the md5, and reports size and crc32c of what it stored."""

import base64
import hashlib
import json
import mimetypes
import os
from typing import BinaryIO, Callable, Iterator, NamedTuple, Optional
from urllib.parse import urlencode

from gcp import persist, request
from objects import BLOCK, Bucket
from wire import CloudError, short

# Larger files go up in chunks (a multiple of 256 KiB), so that a broken connection costs one chunk and not
# the file.
CHUNK = int(os.environ.get("VICINITY_CHUNK_BYTES", str(32 << 20)))
BOUNDARY = "vicinity-part"
SESSION_TRIES = 3


class Stored(NamedTuple):
    """An object as the server confirmed it: an entry of the outcome's manifest."""

    name: str
    bytes: int
    crc32c: str


class Source(NamedTuple):
    """A file to upload: `label` names it in messages, `open` opens it anew for each part."""

    label: str
    open: Callable[[], BinaryIO]


class ShortFile(CloudError):
    """A file became shorter while it was uploaded: trying again does not help."""

    passing = False


def upload(bucket: Bucket, source: Source, name: str, md5_hash: Optional[str] = None) -> Stored:
    """Uploads the file and returns what the server stored. The server refuses bytes that do not have `md5_hash`,
    which is computed here unless it is given. Raises CloudError, OSError."""
    with source.open() as file:
        size = os.fstat(file.fileno()).st_size
        digest = md5_hash or md5(file)
    resource = {"name": name, "md5Hash": digest, "contentType": content_type(name)}
    send = upload_in_chunks if size > CHUNK else upload_at_once
    stored = send(bucket, source, size, resource)
    if int(stored["size"]) != size or stored.get("md5Hash", digest) != digest:
        raise CloudError(0, f"gs://{bucket.name}/{name} was stored with other bytes than {source.label} has")
    return Stored(name, size, stored["crc32c"])


def content_type(name: str) -> str:
    if name.endswith(".log"):
        return "text/plain"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def md5(file: BinaryIO) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for block in iter(lambda: file.read(BLOCK), b""):
        digest.update(block)
    return base64.b64encode(digest.digest()).decode()


def upload_at_once(bucket: Bucket, source: Source, size: int, resource: dict) -> dict:
    head = (f"--{BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(resource)}\r\n"
            f"--{BOUNDARY}\r\nContent-Type: {resource['contentType']}\r\n\r\n").encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from slice_of(source, 0, size)
        yield tail

    return request("POST", f"{bucket.uploads}?uploadType=multipart", body=body, headers={
        "Content-Type": f"multipart/related; boundary={BOUNDARY}",
        "Content-Length": str(len(head) + size + len(tail)),
    }).json()


def upload_in_chunks(bucket: Bucket, source: Source, size: int, resource: dict) -> dict:
    """A resumable upload. A session that the server no longer knows (404, 410) is started anew."""
    for tries in range(1, SESSION_TRIES + 1):
        try:
            return send_chunks(begin_session(bucket, resource), source, size)
        except CloudError as error:
            if error.status not in (404, 410) or tries == SESSION_TRIES:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def begin_session(bucket: Bucket, resource: dict) -> str:
    query = urlencode({"uploadType": "resumable", "name": resource["name"]})
    answer = request("POST", f"{bucket.uploads}?{query}", body=json.dumps(resource).encode(),
                     headers={"Content-Type": "application/json; charset=UTF-8"})
    return answer.headers["location"]


def send_chunks(session: str, source: Source, size: int) -> dict:
    """Sends chunk after chunk. After a failure it first asks how much has arrived."""
    offset, unsure = 0, False

    def step() -> Optional[dict]:
        nonlocal offset, unsure
        end = offset if unsure else min(offset + CHUNK, size)
        extent = f"bytes */{size}" if unsure else f"bytes {offset}-{end - 1}/{size}"
        unsure = True
        answer = request("PUT", session, accept=(200, 201, 308), seconds=0,
                         headers={"Content-Length": str(end - offset), "Content-Range": extent},
                         body=lambda: slice_of(source, offset, end))
        unsure = False
        if answer.status != 308:
            return answer.json()
        arrived = stored_bytes(answer.headers.get("range", ""))
        if end > offset and arrived <= offset:
            raise CloudError(0, f"PUT {short(session)} stored nothing of a chunk")
        offset = arrived
        return None

    while True:
        stored = persist(step, lambda: offset)
        if stored:
            return stored


def stored_bytes(header: str) -> int:
    """`bytes=0-41` means that 42 are stored; no header, none."""
    return int(header.rpartition("-")[2]) + 1 if header else 0


def slice_of(source: Source, start: int, end: int) -> Iterator[bytes]:
    with source.open() as file:
        file.seek(start)
        while start < end:
            block = file.read(min(BLOCK, end - start))
            if not block:
                raise ShortFile(0, f"{source.label} became shorter while it was uploaded")
            start += len(block)
            yield block
