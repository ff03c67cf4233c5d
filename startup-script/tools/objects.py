"""The bucket's objects, over Cloud Storage's JSON API (https://cloud.google.com/storage/docs/json_api)."""

import hashlib
import json
import os
from http.client import HTTPResponse
from typing import List, Optional
from urllib.parse import quote, urlencode

from gcp import persist, request
from wire import CloudError

BLOCK = 1 << 20


class Bucket:
    """One bucket. Methods raise wire.CloudError once trying again is of no use."""

    def __init__(self, name: str):
        host = os.environ.get("STORAGE_EMULATOR_HOST", "https://storage.googleapis.com").rstrip("/")
        self.name = name
        self.objects = f"{host}/storage/v1/b/{name}/o"
        self.uploads = f"{host}/upload/storage/v1/b/{name}/o"

    def url(self, name: str, **query: str) -> str:
        return f"{self.objects}/{quote(name, safe='')}" + ("?" + urlencode(query) if query else "")

    def stat(self, name: str, seconds: Optional[float] = None) -> Optional[dict]:
        """The object's resource (size, generation, crc32c …), or None."""
        answer = request("GET", self.url(name), accept=(200, 404), seconds=seconds)
        return answer.json() if answer.status == 200 else None

    def read(self, name: str) -> Optional[bytes]:
        answer = request("GET", self.url(name, alt="media"), accept=(200, 404))
        return answer.body if answer.status == 200 else None

    def write(self, name: str, data: bytes, seconds: Optional[float] = None,
              if_generation: Optional[str] = None, content_type: str = "application/json") -> Optional[dict]:
        """Writes a small object and returns its resource; None where `if_generation` ("0": no object) is
        not met."""
        query = {"uploadType": "media", "name": name}
        if if_generation is not None:
            query["ifGenerationMatch"] = if_generation
        answer = request("POST", f"{self.uploads}?{urlencode(query)}", headers={"Content-Type": content_type},
                         body=data, accept=(200, 412), seconds=seconds)
        return answer.json() if answer.status == 200 else None

    def create(self, name: str, data: bytes, seconds: Optional[float] = None) -> bool:
        """Creates the object unless there is one. A lost reply may look like a lost race: compare what is
        there."""
        return self.write(name, data, seconds, if_generation="0") is not None

    def compose(self, name: str, sources: List[dict], if_generation: str,
                seconds: Optional[float] = None) -> Optional[dict]:
        """Joins the sources ({name, generation}) into one object; None where a generation is not met."""
        body = json.dumps({"sourceObjects": sources, "destination": {"contentType": "text/plain"}})
        answer = request("POST", f"{self.url(name)}/compose?ifGenerationMatch={if_generation}",
                         headers={"Content-Type": "application/json"}, body=body.encode(),
                         accept=(200, 404, 412), seconds=seconds)
        return answer.json() if answer.status == 200 else None

    def delete(self, name: str, seconds: Optional[float] = None) -> None:
        request("DELETE", self.url(name), accept=(200, 204, 404), seconds=seconds)

    def download(self, name: str, path: str) -> str:
        """Streams the object to a file, going on where a broken transfer stopped. Returns the bytes'
        sha256."""
        digest = hashlib.sha256()
        with open(path, "wb") as file:

            def take(response: HTTPResponse) -> None:
                for block in iter(lambda: response.read(BLOCK), b""):
                    digest.update(block)
                    file.write(block)
                if response.length:
                    raise ConnectionError(f"gs://{self.name}/{name} ended {response.length} bytes early")

            def read_on() -> None:
                start = file.tell()
                headers, status = ({"Range": f"bytes={start}-"}, 206) if start else ({}, 200)
                request("GET", self.url(name, alt="media"), headers=headers, accept=(status,), seconds=0,
                        sink=take)

            persist(read_on, file.tell)
        return digest.hexdigest()
