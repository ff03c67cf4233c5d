"""One HTTP request and its answer, on connections that are kept. Python's standard library only."""

import http.client
import json
import threading
from typing import Callable, Dict, Iterable, NamedTuple, Optional, Union
from urllib.parse import urlsplit

SOCKET_SECONDS = 60.0
# https://cloud.google.com/storage/docs/retry-strategy. And 401: a token may be refused for a while. And 403: a change of
# rights takes minutes to arrive (https://cloud.google.com/iam/docs/access-change-propagation), and a run takes hours.
PASSING = {401, 403, 408, 429, 500, 502, 503, 504}

# A body that is not bytes is a function that makes it anew for each try.
Body = Union[bytes, Callable[[], Iterable[bytes]], None]
Sink = Callable[[http.client.HTTPResponse], None]


class CloudError(Exception):
    """A request that failed for good. `status` is the HTTP status, 0 where there was no answer."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status == 0 or self.status in PASSING


class Answer(NamedTuple):
    """What the server said; header names are in lower case."""

    status: int
    headers: Dict[str, str]
    body: bytes

    def json(self) -> dict:
        return json.loads(self.body or b"{}")


def exchange(method: str, url: str, headers: Dict[str, str], body: Body,
             sink: Optional[Sink] = None) -> Answer:
    """Asks once. `sink` reads the body of a 2xx answer in place of keeping it in memory."""
    parts = urlsplit(url)
    target = parts.path + ("?" + parts.query if parts.query else "")
    connection = _connection(parts.scheme, parts.netloc)
    try:
        try:
            connection.request(method, target, body() if callable(body) else body, headers)
        except (BrokenPipeError, ConnectionResetError):
            pass  # A server may refuse before it has read everything: its answer says why.
        response = connection.getresponse()
        if sink and 200 <= response.status < 300:
            sink(response)
        content = response.read()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content)
    except Exception:
        connection.close()
        raise


_local = threading.local()


def _connection(scheme: str, host: str) -> http.client.HTTPConnection:
    """This thread's open connection to the host."""
    kept = _local.__dict__.setdefault("connections", {})
    if (scheme, host) not in kept:
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        kept[scheme, host] = kind(host, timeout=SOCKET_SECONDS, blocksize=1 << 20)
    return kept[scheme, host]


def short(url: str) -> str:
    """The URL without its query, which may hold an upload session's key."""
    return url.split("?")[0]


def describe(method: str, url: str, answer: Answer) -> str:
    """What went wrong, in words."""
    try:
        detail = answer.json()["error"]["message"]
    except (ValueError, KeyError, TypeError):
        detail = answer.body[:200].decode("utf-8", "backslashreplace")
    remedy = ""
    if answer.status == 403:
        remedy = " The VM's service account may not do this: `vicinity doctor` names the missing role."
    return f"{method} {short(url)} answered {answer.status}: {detail}{remedy}"
